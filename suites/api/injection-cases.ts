// SQL injection, as cases: the same request with a harmless value and with hostile ones, which must make no difference. Called by the check api-security.
import type { Endpoint, HttpResponse, Session, Surface } from '../../gates/model.ts';
import { nameAnswer } from './answers.ts';
import { ANONYMOUS, fillPath, listWhoMay, makeBody, NotRun, openSession, requireWrite } from './asking.ts';
import type { Asking } from './asking.ts';
import type { Attempt } from './cases.ts';
import { findInside } from './leaks.ts';
import { listPublicReads, listReadsByName } from './sample-endpoints.ts';
import { removeObject, writeObject } from './written-object.ts';

/** Long beside what an answer takes, and beside a stall of either machine. */
const SLEEP_SECONDS = 3;
/** Added to a value. Nothing of them changes data, whatever the statement is that they get into. */
const PAYLOADS: Readonly<Record<string, string>> = {
  quote: `'"`,
  'always-true': `' OR '1'='1`,
  'sleep-after': `'; SELECT pg_sleep(${SLEEP_SECONDS})--`,
  'sleep-within': `'||(SELECT pg_sleep(${SLEEP_SECONDS}))||'`,
};
/** Stands where the payloads stand, and is nobody's. */
const HARMLESS = 'naap-gate-none';
/** Parameters that a list usually takes; what does not know them ignores them or answers 400. */
const QUERIES = ['search', 'sort', 'limit', 'offset', 'id'] as const;

type Send = (value: string) => Promise<HttpResponse>;

function isSlow({ durationMs }: HttpResponse, beside: HttpResponse): boolean {
  return durationMs >= SLEEP_SECONDS * 1000 && durationMs - beside.durationMs >= (SLEEP_SECONDS * 1000) / 2;
}

/** What the payload changed. A sleep is believed when it comes twice. */
async function findDifference(send: Send, payload: string, harmless: HttpResponse): Promise<string | undefined> {
  const answer = await send(HARMLESS + payload);
  const inside = answer.status >= 400 ? findInside(answer.text) : undefined;
  if (inside !== undefined) return `${nameAnswer(answer)}: ${inside}`;
  if (answer.status >= 500) return `${nameAnswer(answer)}, and ${nameAnswer(harmless)} to a harmless value: it gets into a statement`;
  if (answer.status < 300 && harmless.status >= 400) return `${nameAnswer(answer)}, and ${nameAnswer(harmless)} to a harmless value: the condition is taken`;
  if (isSlow(answer, harmless) && isSlow(await send(HARMLESS + payload), harmless))
    return `it waits ${SLEEP_SECONDS} s as the value says: the statement runs it`;
  return undefined;
}

async function findInjection(send: Send): Promise<string | undefined> {
  const harmless = await send(HARMLESS);
  if (harmless.status >= 500) throw new NotRun(`a harmless value is answered ${nameAnswer(harmless)} too`);
  for (const [name, payload] of Object.entries(PAYLOADS)) {
    const flaw = await findDifference(send, payload, harmless);
    if (flaw !== undefined) return `${name}: ${flaw}`;
  }
  return undefined;
}

async function openFirst(asking: Asking, endpoint: Endpoint): Promise<Session | undefined> {
  return openSession(asking, listWhoMay(endpoint, asking.context.surface.roles)[0] ?? ANONYMOUS);
}

/** In place of each parameter of the path. */
function planPath(asking: Asking, endpoint: Endpoint): Attempt {
  return async () => {
    const session = await openFirst(asking, endpoint);
    return findInjection((value) => {
      const params = Object.fromEntries(Object.keys(endpoint.params ?? {}).map((name) => [name, value]));
      return asking.http.send({ path: fillPath(endpoint.path, params, {}), as: session });
    });
  };
}

function planQuery(asking: Asking, { path }: Endpoint, name: string): Attempt {
  return () => findInjection((value) => asking.http.send({ path: `${path}?${name}=${encodeURIComponent(value)}` }));
}

/** Texts that may hold anything, since the sample body puts the run's tag there. */
function poison(body: unknown, payload: string, tag: string): unknown {
  if (typeof body === 'string') return body.includes(tag) ? body + payload : body;
  if (Array.isArray(body)) return body.map((inner) => poison(inner, payload, tag));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, inner]) => [key, poison(inner, payload, tag)]));
}

/** In the texts of a body that makes an object, which is removed again. */
function planBody(asking: Asking, endpoint: Endpoint): Attempt {
  return async () => {
    requireWrite(asking);
    const session = await openFirst(asking, endpoint);
    const who = listWhoMay(endpoint, asking.context.surface.roles)[0] ?? ANONYMOUS;
    return findInjection(async (value) => {
      const payload = value.slice(HARMLESS.length);
      const body = poison(makeBody(asking, endpoint), payload, asking.context.tag) as Record<string, unknown>;
      const { object, response } = await writeObject(asking, endpoint, who, session, body);
      if (object !== undefined) await removeObject(asking, object);
      return response;
    });
  };
}

/** Endpoints that make an object of the asking account's own, which goes again with its `undo`. */
function listBodies({ endpoints }: Surface): readonly Endpoint[] {
  return endpoints.filter(
    ({ method, access, undo, body, authQuota, csrf, params }) =>
      method === 'POST' &&
      access === 'authenticated' &&
      undo?.method === 'DELETE' &&
      body !== undefined &&
      params === undefined &&
      authQuota !== true &&
      csrf !== true,
  );
}

/** By case id. */
export function planInjections(asking: Asking): Readonly<Record<string, Attempt>> {
  const { surface } = asking.context;
  return Object.fromEntries([
    ...listReadsByName(surface).map((endpoint) => [`sql-injection/${endpoint.id}/path`, planPath(asking, endpoint)] as const),
    ...listPublicReads(surface).flatMap((endpoint) =>
      QUERIES.map((name) => [`sql-injection/${endpoint.id}/query-${name}`, planQuery(asking, endpoint, name)] as const),
    ),
    ...listBodies(surface).map((endpoint) => [`sql-injection/${endpoint.id}/body`, planBody(asking, endpoint)] as const),
  ]);
}

/** Upper bound of a healthy run: a harmless value and each payload, and for a body its removal. */
export function countInjectionRequests(surface: Surface): number {
  const values = Object.keys(PAYLOADS).length + 1;
  return values * (listReadsByName(surface).length + listPublicReads(surface).length * QUERIES.length + listBodies(surface).length * 2);
}
