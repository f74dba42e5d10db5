// Measures whether every endpoint of the surface answers as specified: to nobody, to each role that may, to bad input, and over an object's life.
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, Endpoint, Surface } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';
import { watchHttp } from '../instruments/http-health.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { findAnswerFlaw, findRefusalFlaw } from './answers.ts';
import { ANONYMOUS, ask, listWhoMay, makeBody, openSession, requireWrite } from './asking.ts';
import type { Asking, Who } from './asking.ts';
import { runCase, runParallel } from './cases.ts';
import { findOrigin, isSetting, planLifecycles, runLifecycle, startsLifecycle } from './lifecycles.ts';
import type { EndpointCases } from './lifecycles.ts';
import { promiseLogout } from './login-cases.ts';
import { runSetting } from './settings.ts';

const Options = z.object({
  /** Requests under way at a time. */
  concurrency: z.int().min(1).max(16).default(8),
});
type Options = z.infer<typeof Options>;

type Task = () => Promise<EndpointCases>;
const NONE: EndpointCases = { endpoints: [], validation: [], roundTrips: [] };

/** A protected endpoint, asked without a session and with an empty object: who is nobody is refused before the body is looked at. */
async function refuseNobody(asking: Asking, endpoint: Endpoint): Promise<string | undefined> {
  const body = endpoint.body === undefined ? undefined : {};
  return findRefusalFlaw(await ask(asking, endpoint, { body, withoutCsrf: true }), [401]);
}

async function answerAsSpecified(asking: Asking, endpoint: Endpoint, who: Who): Promise<string | undefined> {
  const { context } = asking;
  if (endpoint.effect !== 'read') requireWrite(asking);
  const session = await openSession(asking, who);
  const response = await ask(asking, endpoint, { session, body: makeBody(asking, endpoint) });
  // The login endpoint's own case opens a session that nobody uses.
  const token = endpoint.path === context.surface.auth.login ? readField(response.json, 'data.token') : undefined;
  if (typeof token === 'string') promiseLogout(asking, { account: endpoint.id, role: '', email: '', userId: '', token });
  return findAnswerFlaw(endpoint, response, new URL(context.url('/')).origin);
}

async function refuseInvalid(asking: Asking, endpoint: Endpoint): Promise<string | undefined> {
  if (endpoint.effect !== 'read') requireWrite(asking);
  const session = await openSession(asking, listWhoMay(endpoint, asking.context.surface.roles)[0] ?? ANONYMOUS);
  return findRefusalFlaw(await ask(asking, endpoint, { session, body: makeBody(asking, endpoint, endpoint.invalidBody) }), [400]);
}

async function refuseMalformed(asking: Asking, endpoint: Endpoint): Promise<string | undefined> {
  const session = await openSession(asking, listWhoMay(endpoint, asking.context.surface.roles)[0] ?? ANONYMOUS);
  return findRefusalFlaw(await ask(asking, endpoint, { session, rawBody: '{"unfinished": ' }), [400]);
}

/**
 * The shared sessions must outlive this check, so logging out as a role is asked by api-auth, of a session of its own.
 * What only sounds like a logout is left alone too: a session that was made elsewhere could not be made again.
 */
function isLogout(endpoint: Endpoint, surface: Surface): boolean {
  return endpoint.path === surface.auth.logout || (endpoint.method !== 'GET' && /\b(log|sign)-?out$/i.test(endpoint.path));
}

function planEndpoint(asking: Asking, endpoint: Endpoint): readonly Task[] {
  const { surface } = asking.context;
  const once = endpoint.authQuota;
  const tasks: Task[] = [];
  if (endpoint.access !== 'public')
    tasks.push(async () => ({ ...NONE, endpoints: [await runCase(`${endpoint.id}/${ANONYMOUS}`, () => refuseNobody(asking, endpoint), once)] }));
  if (endpoint.invalidBody !== undefined && findOrigin(endpoint) === undefined)
    tasks.push(async () => ({ ...NONE, validation: [await runCase(endpoint.id, () => refuseInvalid(asking, endpoint), once)] }));
  if (findOrigin(endpoint) !== undefined || isLogout(endpoint, surface)) return tasks;
  for (const who of listWhoMay(endpoint, surface.roles)) {
    if (isSetting(endpoint)) tasks.push(() => runSetting(asking, endpoint, who));
    else if (!startsLifecycle(endpoint))
      tasks.push(async () => ({ ...NONE, endpoints: [await runCase(`${endpoint.id}/${who}`, () => answerAsSpecified(asking, endpoint, who), once)] }));
  }
  return tasks;
}

/** Malformed JSON is refused by one parser for all routes, so one route stands for them. */
function planMalformed(asking: Asking): readonly Task[] {
  const endpoint = asking.context.surface.endpoints.find(
    (one) => one.method === 'POST' && one.invalidBody !== undefined && one.authQuota !== true && one.csrf !== true && findOrigin(one) === undefined,
  );
  if (endpoint === undefined) return [];
  return [async () => ({ ...NONE, validation: [await runCase(`malformed-json/${endpoint.id}`, () => refuseMalformed(asking, endpoint))] })];
}

/** Lives first: they are the longest. */
function planTasks(asking: Asking): readonly Task[] {
  const { endpoints, roles } = asking.context.surface;
  const lives = planLifecycles(endpoints, roles).map(
    (life): Task =>
      () =>
        runLifecycle(asking, life),
  );
  return [...lives, ...endpoints.flatMap((endpoint) => planEndpoint(asking, endpoint)), ...planMalformed(asking)];
}

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const http = watchHttp(context.http);
  const asking: Asking = { context, http };
  const found = { endpoints: [] as Case[], validation: [] as Case[], roundTrips: [] as Case[] };
  try {
    const tasks = planTasks(asking);
    let done = 0;
    for await (const { endpoints, validation, roundTrips } of runParallel(tasks, options.concurrency)) {
      found.endpoints.push(...endpoints);
      found.validation.push(...validation);
      found.roundTrips.push(...roundTrips);
      yield { kind: 'progress', text: 'asking every endpoint', done: (done += 1), total: tasks.length };
    }
    http.requireAnswers();
    const instrument = http.instrument();
    yield { kind: 'measurement', measurement: measureCases(context, 'api.endpoints', found.endpoints, startedAt, instrument) };
    yield { kind: 'measurement', measurement: measureCases(context, 'api.validation', found.validation, startedAt, instrument) };
    yield { kind: 'measurement', measurement: measureCases(context, 'api.round-trips', found.roundTrips, startedAt, instrument) };
    yield { kind: 'end-of-round' };
  } finally {
    http.stop();
  }
}

/** Upper bound of a healthy run: each endpoint as nobody and as each role, one bad body, and five requests more for each life. */
function countRequests({ endpoints, roles }: Surface): number {
  const lives = endpoints.filter(startsLifecycle).length;
  return (
    endpoints.reduce(
      (sum, endpoint) => sum + 1 + listWhoMay(endpoint, roles).length + (endpoint.invalidBody === undefined ? 0 : 1) + (endpoint.csrf === true ? 2 : 0),
      1,
    ) +
    lives * roles.length * 5
  );
}

/**
 * Requests to the auth routes: one each of login and register as specified, one each with a bad body, and the shared logins.
 * With the three of api-auth that is nine a minute, the most that the surface's quota of ten leaves (one is spared).
 */
export const apiEndpoints: Check<Options> = {
  id: 'api-endpoints',
  title: 'API endpoints',
  about: {
    proves:
      'Every endpoint that the surface names is there, answers whoever may ask in the declared shape, refuses whoever is nobody, refuses bad input as 400, and keeps what is written until it is removed.',
    how: 'Each protected endpoint is asked without a session (401 is expected), and each endpoint as every role that may, with the sample body of the surface; status, envelope and fields are held against the surface. Each endpoint with an invalid body is given it, and one of them malformed JSON (400 is expected). Each object is created, looked for where it must be shown, used, removed and looked for again; settings are changed and put back. A failed case is tried once more: if it then passes it is flaky. Cases that write run only where the environment allows `write`.',
    source: 'No numbers of its own: the expectations are those of the surface (suites/naap-surface.ts and the `surface` of the environment).',
    leavesOpen:
      'Endpoints that the surface does not name are not asked. Roles that may not are asked by api-auth, error codes by api-errors, speed by api-load.',
    whenItFails:
      'Each failed case names the endpoint, who asked, what was expected and what came. A 404 mostly is a route that was not migrated, a 501 or 502 a proxy to where nothing listens, a missing field a serializer that changed. If many cases fail alike, look at the proxy or the database first. If the application is right and the expectation is not, correct the surface in the configuration.',
  },
  revision: 1,
  // Cases that write are put only where the environment allows 'write', and are `not-run` elsewhere.
  effects: ['read'],
  needs: [],
  wants: ['accounts'],
  locks: ['auth-quota'],
  after: [],
  options: Options,
  presets: { pr: { concurrency: 8 }, full: { concurrency: 8 } },
  metrics: {
    'api.endpoints': { title: 'Endpoints answer as specified', unit: 'count', shape: 'cases', better: 'higher' },
    'api.validation': { title: 'Bad input is refused as 400', unit: 'count', shape: 'cases', better: 'higher' },
    'api.round-trips': { title: 'What is written is shown, and gone when removed', unit: 'count', shape: 'cases', better: 'higher' },
  },
  defaultExpect: [
    { kind: 'cases', metric: 'api.endpoints', required: 'all' },
    { kind: 'cases', metric: 'api.validation', required: 'all' },
    { kind: 'cases', metric: 'api.round-trips', required: 'all' },
  ],
  // 100 ms a request: plan §3.6 "P50 latency < 100ms".
  estimate: ({ concurrency }, surface) => ({ requests: countRequests(surface), seconds: Math.ceil((countRequests(surface) * 0.1) / concurrency) }),
  // Two full waits for the auth quota, and a slow application.
  timeoutMs: () => 240_000,
  measure,
};
