// The checks of the API's boundary against the application in memory: one defect each, and exactly its cases. One file, since they share that application.
import { expect, test } from 'vitest';
import type { Check, HttpRequest, HttpResponse, Surface } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { apiErrors } from './api-errors.check.ts';
import { apiSecurity } from './api-security.check.ts';
import { cors } from './cors.check.ts';
import { openapi } from './openapi.check.ts';
import { rateLimit } from './rate-limit.check.ts';
import { CODES, createBoundaryApplication } from './testing/boundary-application.ts';
import type { BoundaryDefects } from './testing/boundary-application.ts';
import { runCheck } from './testing/run-check.ts';
import type { Ran, RunOptions } from './testing/run-check.ts';

const PEOPLE = {
  admin: { email: 'admin@example.com', password: 'pw-admin', role: 'admin' },
  member: { email: 'member@example.com', password: 'pw-member', role: 'member' },
};

type SurfaceOverrides = Parameters<typeof naapSurface>[0];

interface Tried extends Ran {
  readonly sent: number;
  readonly left: readonly string[];
  readonly surface: Surface;
}

async function run<Options>(check: Check<Options>, defects: BoundaryDefects = {}, over: SurfaceOverrides = {}, more: Partial<RunOptions> = {}): Promise<Tried> {
  const surface = naapSurface({ errors: CODES, maxBodyBytes: 1000, ...over });
  const waitedMs: number[] = [];
  const application = createBoundaryApplication(surface, Object.values(PEOPLE), { waitedMs, ...defects });
  const ran = await runCheck(check, { surface, http: application, people: PEOPLE, waitedMs, ...more });
  return { ...ran, surface, sent: application.sent, left: application.left() };
}
/** Spoils the answers to some requests. */
function spoilWhere(
  fits: (request: HttpRequest, response: HttpResponse) => boolean,
  change: (response: HttpResponse) => Partial<HttpResponse>,
): BoundaryDefects {
  return { spoil: (response, request) => (fits(request, response) ? { ...response, ...change(response) } : response) };
}
const asText = (json: unknown): Partial<HttpResponse> => ({ json, text: JSON.stringify(json) });
const dropHeader = (name: string) => (response: HttpResponse) => ({
  headers: Object.fromEntries(Object.entries(response.headers).filter(([key]) => key !== name)),
});

test('a sound boundary passes every case of error answers, origins and attacks', async () => {
  for (const check of [apiErrors, cors, apiSecurity] as readonly Check<{ concurrency: number }>[]) {
    const { notOk, left, leftBehind, sent, surface } = await run(check);
    expect({ notOk, left, leftBehind }, check.id).toEqual({ notOk: [], left: [], leftBehind: [] });
    expect(sent, check.id).toBeLessThanOrEqual(check.estimate(check.presets.pr, surface).requests + 3);
  }
});

test('every documented status that a client can cause is caused, but for the 429 of rate-limit', async () => {
  const { all } = await run(apiErrors);
  expect(all['errors.envelope']?.map(({ id }) => id)).toMatchInlineSnapshot(`
    [
      "invalid-body",
      "malformed-json",
      "no-session",
      "not-json",
      "too-large",
      "unknown-object",
      "unknown-route",
      "wrong-method",
      "wrong-role",
    ]
  `);
  expect(all['errors.codes']).toEqual(all['errors.envelope']);
});

test('a surface without documented codes leaves error answers unmeasured, with the reason', async () => {
  const { notOk } = await run(apiErrors, {}, { errors: null });
  expect(notOk).toEqual([
    'errors.envelope documented: not-run: the surface lists no `errors`: the codes that the API documents, with their statuses',
    'errors.codes documented: not-run: the surface lists no `errors`: the codes that the API documents, with their statuses',
  ]);
});

test.each([
  [
    'an undocumented code',
    spoilWhere(
      (_, { status }) => status === 405,
      () => asText({ success: false, error: { code: 'E_4711', message: 'no' } }),
    ),
    ['errors.codes wrong-method: failed: 405 E_4711: the code is not documented (known for 405: METHOD)'],
  ],
  [
    'a refusal without the envelope',
    spoilWhere(
      (_, { status }) => status === 413,
      () => ({ json: undefined, text: 'Request Entity Too Large' }),
    ),
    ['errors.envelope too-large: failed: 413, but the body is no JSON', 'errors.codes too-large: failed: 413 without a code'],
  ],
  [
    'a stack trace in the message',
    spoilWhere(
      (_, { status }) => status === 415,
      () => ({ text: 'Error\n    at parse (/srv/app.js:1:2)' }),
    ),
    ['errors.envelope not-json: failed: it tells a stack trace'],
  ],
  [
    'a 405 that does not tell the methods',
    spoilWhere((_, { status }) => status === 405, dropHeader('allow')),
    ['errors.envelope wrong-method: failed: 405 without `Allow`: the client is not told which methods there are'],
  ],
])('%s fails exactly its cases', async (_, defects, expected) => {
  expect((await run(apiErrors, defects)).notOk).toEqual(expected);
});

const EVIL = /evil/;
const originOf = ({ headers }: HttpRequest): string => headers?.['origin'] ?? '';
const letIn = (request: HttpRequest, response: HttpResponse): HttpResponse => ({
  ...response,
  headers: { ...response.headers, 'access-control-allow-origin': originOf(request), 'access-control-allow-credentials': 'true' },
});

test('an application that reflects every origin fails for each of the strangers, with and without a session and by preflight', async () => {
  const { notOk } = await run(cors, { spoil: (response, request) => (EVIL.test(originOf(request)) ? letIn(request, response) : response) });
  expect(notOk).toHaveLength(18);
  expect(notOk[0]).toBe(
    'cors.origins foreign/evil/auth.me: failed: https://naap-gate.evil.example is reflected with credentials: a page there reads what the visitor may read',
  );
});

test.each([
  ['the origin null', 'null', 6],
  ['an origin that ends like ours', 'https://evilnaap.test', 6],
  ['an origin that begins like ours', 'https://naap.test.evil.example', 6],
])('an application that lets in %s fails for it alone', async (_, origin, count) => {
  const { notOk } = await run(cors, { spoil: (response, request) => (originOf(request) === origin ? letIn(request, response) : response) });
  expect(notOk).toHaveLength(count);
});

test('answers that depend on the origin and do not say so fail', async () => {
  const { notOk } = await run(cors, { spoil: (response) => ({ ...response, ...dropHeader('vary')(response) }) });
  expect(notOk.map((line) => line.split(': failed')[0])).toEqual(['cors.origins vary/auth.me', 'cors.origins vary/registry.packages']);
});

test('an origin that the surface allows must be let in, preflight included', async () => {
  const over = { cors: { origins: ['https://app.naap.dev'] } };
  const { notOk } = await run(cors, {}, over);
  expect(notOk).toHaveLength(2);
  expect(notOk[0]).toContain('allowed/app.naap.dev/auth.me: failed: https://app.naap.dev is ours and not allowed');
  const headers = { 'access-control-allow-headers': 'authorization, content-type' };
  const sound = await run(
    cors,
    {
      spoil: (response, request) =>
        originOf(request) === 'https://app.naap.dev' ? letIn(request, { ...response, headers: { ...response.headers, ...headers } }) : response,
    },
    over,
  );
  expect(sound.notOk).toEqual([]);
});

const said = ({ path, body }: HttpRequest): string => `${path}${JSON.stringify(body ?? '')}`;

test.each([
  [
    'a quote that breaks the statement',
    spoilWhere(
      (request) => /^\/api\/v1\/registry\/packages\/[^?]*'/.test(request.path),
      () => ({ status: 500, text: '{}' }),
    ),
    ['api.security sql-injection/registry.package/path: failed: quote: 500, and 200 to a harmless value: it gets into a statement'],
  ],
  [
    'an error of the database in the answer',
    spoilWhere(
      (request) => /sort=.*'/.test(request.path) && request.path.includes('/tags'),
      () => ({ status: 400, text: 'syntax error at or near' }),
    ),
    ['api.security sql-injection/community.tags/query-sort: failed: quote: 400: it tells an error of the database'],
  ],
  [
    'a sleep that is slept',
    spoilWhere(
      (request) => said(request).includes('pg_sleep') && request.path.endsWith('/posts'),
      () => ({ durationMs: 3100 }),
    ),
    ['api.security sql-injection/community.create-post/body: failed: sleep-after: it waits 3 s as the value says: the statement runs it'],
  ],
  [
    'a health answer with a secret',
    spoilWhere(
      ({ path }) => path === '/api/health',
      () => asText({ redis: 'redis://u:pw@host' }),
    ),
    ['api.security leaks/health: failed: it tells a URL with a password'],
  ],
  [
    'a server that says what it is',
    spoilWhere(
      ({ path, as }) => path === '/api/v1/auth/me' && as !== undefined,
      ({ headers }) => ({ headers: { ...headers, 'x-powered-by': 'Next.js' } }),
    ),
    ['api.security headers/auth.me: failed: `X-Powered-By: Next.js` tells what it is built with'],
  ],
  [
    'answers of one person that a cache may keep',
    spoilWhere(({ path }) => path === '/api/v1/auth/me', dropHeader('cache-control')),
    ['api.security caching/auth.me: failed: `Cache-Control` is absent: a cache between may keep what belongs to one person'],
  ],
  [
    'a TRACE that is answered',
    spoilWhere(
      ({ method }) => method === 'TRACE',
      () => ({ status: 200, text: 'x-naap-gate-trace: naap-gate-test' }),
    ),
    ['api.security trace/refused: failed: 200: TRACE sends the headers of the request back'],
  ],
  [
    'a body of any size',
    spoilWhere(
      (_, { status }) => status === 413,
      () => ({ status: 201 }),
    ),
    ['api.security oversized/registry.publish: failed: a body of more than 1000 bytes is answered 201 TOO_LARGE, expected 413'],
  ],
  [
    'a redirect to wherever the query says',
    spoilWhere(
      ({ path }) => path.includes('github/callback'),
      () => ({ headers: { location: 'https://naap-gate.evil.example/' } }),
    ),
    [
      'api.security open-redirect/auth.oauth-github-callback: failed: 302 to where the query says (https://naap-gate.evil.example): a link to us leads to any site',
    ],
  ],
  [
    'a double submit that is not compared',
    spoilWhere(
      ({ path, headers }) => path === '/api/v1/developer/keys' && headers?.['x-csrf-token'] !== undefined,
      () => ({ status: 400 }),
    ),
    ["api.security csrf-mismatch/developer.create-key: failed: expected 403 for a token that is not the cookie's, got 400 CSRF"],
  ],
] satisfies [string, BoundaryDefects, string[]][])('%s fails exactly its case', async (_, defects, expected) => {
  expect((await run(apiSecurity, defects)).notOk).toEqual(expected);
});

test('a role that can be taken is found, and given back', async () => {
  const roles: unknown[] = [];
  const { notOk } = await run(apiSecurity, {
    takesRoles: true,
    spoil: (response, { path, method }) => {
      if (path === '/api/v1/auth/me' && method !== 'TRACE')
        roles.push((response.json as { data?: { user?: { role?: unknown } } } | undefined)?.data?.user?.role);
      return response;
    },
  });
  expect(notOk).toEqual(['api.security mass-assignment/auth.profile: failed: 200: member became admin by sending `role`']);
  expect(roles.at(-1)).toBe('member');
});

test('where writing is not allowed, bodies and roles are not sent, with the reason', async () => {
  const { notOk } = await run(apiSecurity, {}, {}, { allow: ['read'] });
  expect(notOk.length).toBeGreaterThan(4);
  for (const line of notOk) expect(line).toMatch(/^api\.security (sql-injection\/.*\/body|mass-assignment\/.*): not-run: it writes/);
});

// A second is the shortest window that `Retry-After` can tell, and the application in memory counts by the real clock.
const SECOND: SurfaceOverrides = { auth: { quotaWindowSeconds: 1 } };

test.concurrent('a sound limit lets the quota in, refuses the next, tells, is not dodged, and recovers', async () => {
  const { notOk, all } = await run(rateLimit, {}, SECOND);
  expect(notOk).toEqual([]);
  expect(all['rate-limit.behaviour']?.map(({ id }) => id)).toContain('recovers');
});

test.concurrent.each([
  ['no limit', { limit: 1000 }, ['quota/refused-beyond: failed: 20 were let in and 10 may be'], 12],
  ['a limit that is too wide', { limit: 12 }, ['quota/refused-beyond: failed: 12 were let in before one was refused, and 10 may be'], 0],
  ['a limit that is too tight', { limit: 4 }, ['quota/let-in: failed: 4 were let in, expected 10'], 0],
  ['a limit that believes a header', { believes: 'x-real-ip' }, ['dodge/x-real-ip: failed: with `x-real-ip` it is 401'], 0],
  [
    'a limit that never ends',
    { neverRecovers: true },
    ['quota/let-in: failed: 0 were let in', 'recovers: failed: still refused 1.5 s after the refusal, which asked for 1 s'],
    0,
  ],
  [
    'a refusal that does not say when to come back',
    spoilWhere((_, { status }) => status === 429, dropHeader('retry-after')),
    ['refused/retry-after: failed: `Retry-After` is absent'],
    0,
  ],
  [
    'a refusal with another code',
    spoilWhere(
      (_, { status }) => status === 429,
      (response) => asText({ ...(response.json as object), error: { code: 'SLOW_DOWN', message: 'x', retryAfter: 1 } }),
    ),
    ['refused/code: failed: 429 SLOW_DOWN: the code is not documented'],
    0,
  ],
  [
    'a limit that refuses who has a session',
    spoilWhere(
      ({ path }) => path === '/api/v1/auth/me',
      () => ({ status: 429 }),
    ),
    ['others/session-holder: failed: who has a session is refused too'],
    0,
  ],
] satisfies [string, BoundaryDefects, string[], number][])('%s fails exactly its case', async (_, defects, failed, notRun) => {
  const { notOk } = await run(rateLimit, defects, SECOND);
  const failures = notOk.filter((line) => !line.includes(': not-run: ')).map((line) => line.replace('rate-limit.behaviour ', ''));
  expect(failures.map((line, index) => line.slice(0, failed[index]?.length))).toEqual(failed);
  expect(notOk.length - failures.length).toBe(notRun);
});

test.concurrent('a burst that was not as declared once, and then was, is flaky', async () => {
  let refusals = 0;
  const { notOk } = await run(
    rateLimit,
    { spoil: (response) => (response.status === 429 && (refusals += 1) === 1 ? { ...response, status: 401 } : response) },
    SECOND,
  );
  expect(notOk).toEqual([
    'rate-limit.behaviour quota/refused-beyond: flaky: first: 11 were let in before one was refused, and 10 may be; as declared in the next window',
  ]);
});

test('without a login that is limited there is nothing to measure, with the reason', async () => {
  const { notOk } = await run(rateLimit, {}, { endpoints: { 'auth.login': { authQuota: null } } });
  expect(notOk).toEqual([
    'rate-limit.behaviour quota/let-in: not-run: the surface names no login whose route has `authQuota`; where nobody logs in with a password, declare the row not applicable',
  ]);
});

/** Describes every endpoint of the surface, and of its answers no more than that they are there. */
function describeAll({ endpoints }: Surface): Record<string, unknown> {
  const anything = { description: 'x', content: { 'application/json': {} } };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, expect: expected } of endpoints) {
    const item = (paths[path.split('?')[0] ?? path] ??= {});
    const statuses = [...expected.status, 401];
    item[method.toLowerCase()] = {
      responses: Object.fromEntries(statuses.map((status) => [status, status < 400 && status >= 300 ? { description: 'x' } : anything])),
    };
  }
  return { openapi: '3.1.0', info: { title: 'x', version: '1' }, paths };
}
const whole = describeAll(naapSurface());

test('a document that is valid, whole and true passes', async () => {
  const { notOk, all, sent, surface } = await run(openapi, { document: whole });
  expect(notOk).toEqual([]);
  expect(all['openapi.conformance']?.filter(({ id }) => id.startsWith('covers/'))).toHaveLength(surface.endpoints.length);
  expect(sent).toBeLessThanOrEqual(openapi.estimate(openapi.presets.pr, surface).requests + 2);
});

function without(path: string): Record<string, unknown> {
  const { [path]: _gone, ...paths } = whole['paths'] as Record<string, unknown>;
  return { ...whole, paths };
}
function lyingOf(path: string, responses: unknown): Record<string, unknown> {
  return { ...whole, paths: { ...(whole['paths'] as object), [path]: { get: { responses } } } };
}

test.each([
  [
    'is not there',
    undefined,
    [
      'document/served: failed: GET /api/openapi.json answers 404 NO_ROUTE',
      'answers: not-run: needs the document',
      'covers: not-run: needs the document',
      'document/valid: not-run: needs the document',
    ],
  ],
  [
    'leaves an endpoint out',
    without('/api/v1/community/tags'),
    [
      'answers/community.tags/anonymous: not-run: the document does not describe it',
      'covers/community.tags: failed: the document does not describe GET /api/v1/community/tags',
    ],
  ],
  [
    'gives a field another type',
    lyingOf('/api/v1/community/tags', {
      200: { description: 'x', content: { 'application/json': { schema: { properties: { data: { properties: { tags: { type: 'string' } } } } } } } },
    }),
    ['answers/community.tags/anonymous: failed: 200: `data.tags` must be string'],
  ],
  [
    'does not declare the status',
    lyingOf('/api/v1/community/tags', { 404: { description: 'x' } }),
    ['answers/community.tags/anonymous: failed: 200 is not declared'],
  ],
  [
    'does not declare that a session is needed',
    lyingOf('/api/v1/dashboard/kpi', { 200: { description: 'x', content: { 'application/json': {} } } }),
    ['answers/dashboard.kpi/anonymous: failed: 401 is not declared'],
  ],
  ['is no valid document', { ...whole, info: {} }, [expect.stringMatching(/^document\/valid: failed: .*must have required property/)]],
])('a document that %s fails exactly its cases', async (_, document, expected) => {
  const { notOk } = await run(openapi, document === undefined ? {} : { document });
  expect(notOk.map((line) => line.replace('openapi.conformance ', '')).toSorted()).toEqual(expected.toSorted());
});

test('an endpoint that does not answer leaves what the document says of it unseen', async () => {
  const { notOk } = await run(openapi, {
    document: whole,
    ...spoilWhere(
      ({ path }) => path.endsWith('/tags'),
      () => ({ status: 500 }),
    ),
  });
  expect(notOk).toEqual(['openapi.conformance answers/community.tags/anonymous: not-run: answers 500, so what the document says of its success was not seen']);
});

test('a surface that names no document leaves it unmeasured', async () => {
  expect((await run(openapi, {}, { openapi: null })).notOk[0]).toContain('not-run');
});
