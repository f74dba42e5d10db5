// What answers tell a stranger and what the server does with requests that nobody sends in good faith, as cases. Called by the check api-security.
import type { Endpoint, HttpResponse, Surface } from '../../gates/model.ts';
import { nameAnswer } from './answers.ts';
import { ANONYMOUS, ask, listWhoMay, NO_OBJECT, openSession } from './asking.ts';
import type { Asking } from './asking.ts';
import type { Attempt } from './cases.ts';
import { findInside, findSecret } from './leaks.ts';
import { findBodyTaker, findProtectedRead, listBareReads, listPublicReads } from './sample-endpoints.ts';

/** Headers of an answer that hold for any API. Those of pages (CSP, HSTS and the rest) are graded by the check of the pages. */
function findHeaderFlaw({ headers }: HttpResponse): string | undefined {
  const flaws: string[] = [];
  if (headers['x-content-type-options']?.toLowerCase() !== 'nosniff') flaws.push('`X-Content-Type-Options: nosniff` is missing');
  if (headers['x-powered-by'] !== undefined) flaws.push(`\`X-Powered-By: ${headers['x-powered-by']}\` tells what it is built with`);
  if (/\d\.\d/.test(headers['server'] ?? '')) flaws.push(`\`Server: ${headers['server']}\` tells its version`);
  return flaws.length === 0 ? undefined : flaws.join('; ');
}

function findCachingFlaw({ headers }: HttpResponse): string | undefined {
  const said = headers['cache-control'];
  return /no-store|private/i.test(said ?? '') ? undefined : `\`Cache-Control\` is ${said ?? 'absent'}: a cache between may keep what belongs to one person`;
}

function planHeaders(asking: Asking): Readonly<Record<string, Attempt>> {
  const { surface } = asking.context;
  const [open] = listPublicReads(surface);
  const guarded = findProtectedRead(surface);
  const withSession = async (endpoint: Endpoint): Promise<HttpResponse> =>
    ask(asking, endpoint, { session: await openSession(asking, listWhoMay(endpoint, surface.roles)[0] ?? ANONYMOUS) });
  return {
    ...(open === undefined ? {} : { [`headers/${open.id}`]: async () => findHeaderFlaw(await ask(asking, open)) }),
    'headers/unknown-route': async () => findHeaderFlaw(await asking.http.send({ path: `/api/${NO_OBJECT}` })),
    ...(guarded === undefined
      ? {}
      : {
          [`headers/${guarded.id}`]: async () => findHeaderFlaw(await withSession(guarded)),
          [`caching/${guarded.id}`]: async () => findCachingFlaw(await withSession(guarded)),
        }),
  };
}

/** Health is asked by monitors without a session, so by everybody. */
function planHealth(asking: Asking): Readonly<Record<string, Attempt>> {
  const { surface } = asking.context;
  const paths = new Map([[surface.health.path, 'health'], ...listBareReads(surface).map(({ path, id }) => [path, id] as const)]);
  return Object.fromEntries(
    [...paths].map(([path, id]) => [
      `leaks/${id}`,
      async () => {
        const answer = await asking.http.send({ path });
        return findSecret(answer) ?? findInside(answer.text);
      },
    ]),
  );
}

/** TRACE sends the request back, credentials and all (RFC 9110 §9.3.8). */
function planTrace(asking: Asking): Readonly<Record<string, Attempt>> {
  const { surface, tag } = asking.context;
  return {
    'trace/refused': async () => {
      const answer = await asking.http.send({ path: surface.health.path, method: 'TRACE', headers: { 'x-naap-gate-trace': tag } });
      if (answer.text.includes(tag)) return `${answer.status}: TRACE sends the headers of the request back`;
      return (answer.status >= 400 && answer.status < 500) || answer.status === 501
        ? undefined
        : `TRACE is answered ${nameAnswer(answer)}, expected 405 or 501`;
    },
  };
}

function planOversized(asking: Asking): Readonly<Record<string, Attempt>> {
  const { surface } = asking.context;
  const { maxBodyBytes } = surface;
  const endpoint = findBodyTaker(surface);
  if (maxBodyBytes === undefined || endpoint === undefined) return {};
  const rawBody = JSON.stringify({ ...endpoint.invalidBody, naapGatePadding: 'x'.repeat(maxBodyBytes) });
  return {
    [`oversized/${endpoint.id}`]: async () => {
      const answer = await ask(asking, endpoint, { session: await openSession(asking, listWhoMay(endpoint, surface.roles)[0] ?? ANONYMOUS), rawBody });
      return [400, 413].includes(answer.status) ? undefined : `a body of more than ${maxBodyBytes} bytes is answered ${nameAnswer(answer)}, expected 413`;
    },
  };
}

/** By case id. */
export function planExposures(asking: Asking): Readonly<Record<string, Attempt>> {
  return { ...planHeaders(asking), ...planHealth(asking), ...planTrace(asking), ...planOversized(asking) };
}

/** Upper bound of a healthy run: four for headers, one for each health answer, TRACE, an oversized body. */
export function countExposureRequests(surface: Surface): number {
  return 6 + 1 + listBareReads(surface).length;
}
