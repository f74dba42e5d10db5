// Measures which origins the API lets read its answers: four strangers, with and without a session and by preflight, and the application's own.
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, Endpoint, HttpResponse, Surface } from '../../gates/model.ts';
import { watchHttp } from '../instruments/http-health.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { ANONYMOUS, listWhoMay, openSession } from './asking.ts';
import type { Asking } from './asking.ts';
import { runCase, runParallel, skipCase } from './cases.ts';
import { findForeignFlaw, findOwnFlaw, findPreflightFlaw, findVaryFlaw, listForeignOrigins } from './cross-origin.ts';
import { findProtectedRead, listPublicReads } from './sample-endpoints.ts';

const Options = z.object({
  /** Requests under way at a time. */
  concurrency: z.int().min(1).max(16).default(4),
});
type Options = z.infer<typeof Options>;

type Task = () => Promise<Case>;

/** What a script with a bearer token asks leave for: a header that no simple request has. */
const PREFLIGHT = { method: 'GET', headers: ['authorization', 'content-type'] } as const;

/** One read that everybody may ask and one that needs a session: an application configures CORS for all its routes, or for these two kinds. */
function listSamples(surface: Surface): readonly Endpoint[] {
  return [listPublicReads(surface)[0], findProtectedRead(surface)].filter((endpoint) => endpoint !== undefined);
}

async function askFrom({ http }: Asking, { path }: Endpoint, origin: string | undefined, as?: Awaited<ReturnType<typeof openSession>>): Promise<HttpResponse> {
  return http.send({ path, as, ...(origin === undefined ? {} : { headers: { origin } }) });
}

async function preflight({ http }: Asking, { path }: Endpoint, origin: string): Promise<HttpResponse> {
  return http.send({
    path,
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': PREFLIGHT.method, 'access-control-request-headers': PREFLIGHT.headers.join(',') },
  });
}

async function openAny(asking: Asking, endpoint: Endpoint): ReturnType<typeof openSession> {
  const { roles } = asking.context.surface;
  const who = listWhoMay(endpoint, roles)[0] ?? ANONYMOUS;
  return openSession(asking, who === ANONYMOUS ? (roles[0] ?? ANONYMOUS) : who);
}

function planForeign(asking: Asking, endpoint: Endpoint, own: string): readonly Task[] {
  return listForeignOrigins(own).flatMap(({ id, origin }) => [
    () => runCase(`foreign/${id}/${endpoint.id}`, async () => findForeignFlaw(await askFrom(asking, endpoint, origin), origin)),
    () =>
      runCase(`foreign/${id}/${endpoint.id}/with-session`, async () =>
        findForeignFlaw(await askFrom(asking, endpoint, origin, await openAny(asking, endpoint)), origin),
      ),
    () => runCase(`foreign/${id}/${endpoint.id}/preflight`, async () => findForeignFlaw(await preflight(asking, endpoint, origin), origin)),
  ]);
}

/** Pages on the API's own origin need no permission: there the answer must only be the same as without an `Origin`. */
async function findSameOriginFlaw(asking: Asking, endpoint: Endpoint, origin: string): Promise<string | undefined> {
  const session = await openAny(asking, endpoint);
  const plain = await askFrom(asking, endpoint, undefined, session);
  const named = await askFrom(asking, endpoint, origin, session);
  return plain.status === named.status ? undefined : `${plain.status} without \`Origin\`, ${named.status} with the own one`;
}

async function findCrossOriginFlaw(asking: Asking, endpoint: Endpoint, origin: string): Promise<string | undefined> {
  const answer = await askFrom(asking, endpoint, origin, await openAny(asking, endpoint));
  const asked = await preflight(asking, endpoint, origin);
  return findOwnFlaw(answer, origin) ?? findOwnFlaw(asked, origin) ?? findPreflightFlaw(asked, PREFLIGHT);
}

function planOwn(asking: Asking, endpoint: Endpoint, own: string): readonly Task[] {
  const { context } = asking;
  const isSameOrigin = new URL(context.url(endpoint.path)).origin === own;
  const find = isSameOrigin ? findSameOriginFlaw : findCrossOriginFlaw;
  return [
    () => runCase(`own/${endpoint.id}`, () => find(asking, endpoint, own)),
    ...(context.surface.cors?.origins ?? []).map(
      (allowed) => () => runCase(`allowed/${new URL(allowed).host}/${endpoint.id}`, () => findCrossOriginFlaw(asking, endpoint, new URL(allowed).origin)),
    ),
    () =>
      runCase(`vary/${endpoint.id}`, async () => {
        const origins = [undefined, own, listForeignOrigins(own)[0]?.origin];
        return findVaryFlaw(await Promise.all(origins.map((origin) => askFrom(asking, endpoint, origin))));
      }),
  ];
}

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const http = watchHttp(context.http);
  const asking: Asking = { context, http };
  const own = new URL(context.url('/')).origin;
  const cases: Case[] = [];
  try {
    const samples = listSamples(context.surface);
    if (samples.length === 0) cases.push(skipCase('own', 'the surface lists no read whose path is known beforehand'));
    const tasks = samples.flatMap((endpoint) => [...planForeign(asking, endpoint, own), ...planOwn(asking, endpoint, own)]);
    for await (const ran of runParallel(tasks, options.concurrency)) {
      cases.push(ran);
      yield { kind: 'progress', text: 'asking from other origins', done: cases.length, total: tasks.length };
    }
    http.requireAnswers();
    yield { kind: 'measurement', measurement: measureCases(context, 'cors.origins', cases, startedAt, http.instrument()) };
    yield { kind: 'end-of-round' };
  } finally {
    http.stop();
  }
}

/** For each sample: three for each of four strangers, two for our own, three for `Vary`, two for each origin that is allowed. */
function countRequests(surface: Surface): number {
  return Math.max(1, listSamples(surface).length * (17 + 2 * (surface.cors?.origins.length ?? 0)));
}

export const cors: Check<Options> = {
  id: 'cors',
  title: 'Origins that may read',
  about: {
    proves: "Only the application's own origins can read answers with credentials; pages of strangers cannot, and caches do not mix the two.",
    how: "One public and one protected read are asked from four origins that are nobody's (a stranger, one that begins like the host, one that ends like it, and `null`), without a session, with one, and by preflight. None may be allowed with credentials. The own origin and those of `surface.cors.origins` must be allowed, and answers that differ by origin must say `Vary: Origin`.",
    source: 'The rules are those of browsers (Fetch standard, CORS protocol); the allowed origins come from the surface.',
    leavesOpen:
      'Two routes stand for all: an application that configures CORS for each route by itself can differ elsewhere. Reading without credentials shows what anybody can see, and is not judged.',
    whenItFails:
      'A reflected origin is the usual finding: the configuration echoes whatever `Origin` says, or compares by `startsWith` or `endsWith`. Use an exact list. If the own origin is refused, compare `target.web` of the environment with what the application allows.',
  },
  revision: 1,
  effects: ['read'],
  needs: [],
  wants: ['accounts'],
  locks: [],
  after: [],
  options: Options,
  presets: { pr: { concurrency: 4 }, full: { concurrency: 4 } },
  metrics: { 'cors.origins': { title: 'Only the own origins read answers with credentials', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'cors.origins', required: 'all' }],
  // 100 ms a request: plan §3.6 "P50 latency < 100ms".
  estimate: ({ concurrency }, surface) => ({ requests: countRequests(surface), seconds: Math.ceil((countRequests(surface) * 0.1) / concurrency) }),
  // Logins that wait for the auth quota, and a slow application.
  timeoutMs: () => 180_000,
  measure,
};
