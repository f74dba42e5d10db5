import { expect, test } from 'vitest';
import type { GateError, HttpResponse } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { apiAuth } from './api-auth.check.ts';
import { apiEndpoints } from './api-endpoints.check.ts';
import { openAccounts, runCheck } from './testing/run-check.ts';
import type { Ran } from './testing/run-check.ts';
import { createSurfaceApplication, EXPIRED, refuse } from './testing/surface-application.ts';
import type { Defects } from './testing/surface-application.ts';

const PEOPLE = {
  admin: { email: 'admin@example.com', password: 'pw-admin', role: 'admin' },
  member: { email: 'member@example.com', password: 'pw-member', role: 'member' },
  other: { email: 'other@example.com', password: 'pw-other', role: 'member' },
};

async function run(
  defects: Defects = {},
  more: Partial<Parameters<typeof runCheck>[1]> = {},
): Promise<Ran & { readonly left: string[]; readonly sent: number }> {
  const surface = more.surface ?? naapSurface();
  const application = createSurfaceApplication(surface, Object.values(PEOPLE), defects);
  const ran = await runCheck(apiEndpoints, { surface, http: application, people: PEOPLE, ...more });
  return { ...ran, left: application.left(), sent: application.sent };
}
function spoil(id: string, status: number): Defects {
  return { spoil: (endpoint, response) => (endpoint.id === id ? refuse(status, 'SPOILT') : response) };
}

test('an application as the surface says passes every case, and nothing that was written is left', async () => {
  const { notOk, all, left, leftBehind, waitedMs, measurements } = await run();
  expect(notOk).toEqual([]);
  expect(Object.entries(all).map(([metric, cases]) => `${metric} ${cases.length}`)).toMatchInlineSnapshot(`
    [
      "api.endpoints 159",
      "api.validation 15",
      "api.round-trips 17",
    ]
  `);
  expect({ left, leftBehind, waitedMs }).toEqual({ left: [], leftBehind: [], waitedMs: [] });
  for (const { n, payload } of measurements) expect(payload.shape === 'cases' && payload.cases.length).toBe(n);
});

test('every endpoint of the surface is asked, as nobody and as each role that may', async () => {
  const { all } = await run();
  const surface = naapSurface();
  const asked = new Set(all['api.endpoints']?.map(({ id }) => id));
  for (const { id, access } of surface.endpoints) {
    const whos = access === 'public' ? ['anonymous'] : ['anonymous', ...(access === 'authenticated' ? surface.roles : access)];
    for (const who of id === 'auth.logout' ? ['anonymous'] : whos) expect(asked, `${id}/${who}`).toContain(`${id}/${who}`);
  }
});

test('it costs no more requests than it said', async () => {
  const { sent } = await run();
  expect(sent).toBeLessThanOrEqual(apiEndpoints.estimate(apiEndpoints.presets.pr, naapSurface()).requests);
});

test('both checks of one run stay within the auth quota without waiting', async () => {
  const surface = naapSurface();
  const http = createSurfaceApplication(surface, Object.values(PEOPLE));
  const waitedMs: number[] = [];
  const options = { surface, http, people: PEOPLE, expiredSession: EXPIRED, waitedMs };
  const accounts = openAccounts(options);
  for (const check of [apiEndpoints, apiAuth]) expect((await runCheck(check, { ...options, accounts })).notOk).toEqual([]);
  const limited = surface.endpoints.filter(({ authQuota }) => authQuota === true).map(({ path }) => path);
  expect(http.requests.filter(({ path }) => limited.includes(path))).toHaveLength(9);
  expect(waitedMs).toEqual([]);
});

test.each([
  ['marketplace.categories', 404, ['api.endpoints marketplace.categories/anonymous: failed: expected 200, got 404 SPOILT (no such route?)']],
  [
    'community.tags',
    501,
    ['api.endpoints community.tags/anonymous: failed: expected 200, got 501 SPOILT (not implemented: a proxy that points nowhere answers so)'],
  ],
  [
    'wallet.transactions',
    500,
    ['anonymous: failed: expected 401', 'admin: failed: expected 200', 'member: failed: expected 200'].map(
      (end) => `api.endpoints wallet.transactions/${end}, got 500 SPOILT`,
    ),
  ],
])('%s answering %i fails exactly its cases', async (id, status, expected) => {
  expect((await run(spoil(id, status))).notOk.toSorted()).toEqual(expected.toSorted());
});

test('an endpoint that creates and does not answer fails, and what needs its objects is not run', async () => {
  const { notOk } = await run(spoil('community.create-post', 404));
  expect(notOk).toMatchInlineSnapshot(`
    [
      "api.endpoints community.comments/anonymous: not-run: needs an object of community.create-post, which failed",
      "api.endpoints community.create-comment/admin: not-run: needs an object of community.create-post, which failed",
      "api.endpoints community.create-comment/member: not-run: needs an object of community.create-post, which failed",
      "api.endpoints community.create-post/admin: failed: expected 200 or 201, got 404 SPOILT (no such route?)",
      "api.endpoints community.create-post/anonymous: failed: expected 401, got 404 SPOILT (no such route?)",
      "api.endpoints community.create-post/member: failed: expected 200 or 201, got 404 SPOILT (no such route?)",
      "api.endpoints community.delete-post/admin: not-run: needs an object of community.create-post, which failed",
      "api.endpoints community.delete-post/member: not-run: needs an object of community.create-post, which failed",
      "api.endpoints community.post/anonymous: not-run: needs an object of community.create-post, which failed",
      "api.endpoints community.update-post/admin: not-run: needs an object of community.create-post, which failed",
      "api.endpoints community.update-post/member: not-run: needs an object of community.create-post, which failed",
      "api.validation community.create-comment: not-run: needs an object of community.create-post, which failed",
      "api.validation community.create-post: failed: expected 400, got 404 SPOILT (no such route?)",
      "api.validation community.update-post: not-run: needs an object of community.create-post, which failed",
      "api.round-trips community.create-post/admin: failed: expected 200 or 201, got 404 SPOILT (no such route?)",
      "api.round-trips community.create-post/member: failed: expected 200 or 201, got 404 SPOILT (no such route?)",
    ]
  `);
});

test('a protected endpoint that answers nobody fails', async () => {
  const { notOk } = await run({
    spoil: (endpoint, response): HttpResponse => (endpoint.id === 'dashboard.kpi' && response.status === 401 ? { ...response, status: 200 } : response),
  });
  expect(notOk).toEqual(['api.endpoints dashboard.kpi/anonymous: failed: expected 401, got 200 UNAUTHORIZED']);
});

test('a failure that passes on the second try is flaky, never ok', async () => {
  let asked = 0;
  const { notOk } = await run({ spoil: (endpoint, response) => (endpoint.id === 'community.tags' && (asked += 1) === 1 ? refuse(503, 'BUSY') : response) });
  expect(notOk).toEqual(['api.endpoints community.tags/anonymous: flaky: first: expected 200, got 503 BUSY; as specified on the second try']);
});

test('bad input answered 500 fails every case of validation and nothing else', async () => {
  const { notOk, all } = await run({ spoil: (_, response) => (response.status === 400 ? refuse(500, 'INTERNAL') : response) });
  expect(notOk).toHaveLength(all['api.validation']?.length ?? -1);
  expect(notOk.every((line) => /^api\.validation .*: failed: expected 400, got 500 INTERNAL$/.test(line))).toBe(true);
});

test('what is written and not shown fails the round trip', async () => {
  const { notOk, left } = await run({ hidesWritten: true });
  expect(notOk).toContain(
    'api.round-trips community.create-post/member: failed: written, but not there: GET /api/v1/community/posts as anonymous answers 200 without it',
  );
  expect(left).toEqual([]);
});

test('what is removed and still there fails the round trip', async () => {
  const { notOk } = await run({ keepsRemoved: true });
  expect(notOk).toContain(
    'api.round-trips wallet.create-connection/admin: failed: removed, but still there: GET /api/v1/wallet/connections as admin answers 200 with it',
  );
});

test('a setting that is not kept, and one that cannot be put back, fail the round trip', async () => {
  let changes = 0;
  const stuck = await run({
    spoil: (endpoint, response, request) =>
      endpoint.id === 'auth.profile' && request.as?.role === 'member' && response.status === 200 && (changes += 1) % 2 === 0 ? refuse(500, 'STUCK') : response,
  });
  expect(stuck.notOk).toContain('api.round-trips auth.profile/member: failed: cannot be put back: PATCH /api/v1/auth/profile answers 500 STUCK');
});

test('what cannot be removed is told as left behind', async () => {
  const { leftBehind } = await run(spoil('gateway.delete-gateway', 500));
  expect(leftBehind[0]).toMatch(/^gateway\.create-gateway gateway-create-gateway-\d+: left behind: DELETE .* as admin answers 500 SPOILT$/);
});

test('where writing is not allowed nothing is written, and those cases are not run, with the reason', async () => {
  const { notOk, left, all } = await run({}, { allow: ['read'] });
  expect(left).toEqual([]);
  expect(notOk.every((line) => line.includes("not-run: it writes, and the environment does not allow it (`allow: [… 'write']`)"))).toBe(true);
  expect(all['api.round-trips']?.every(({ state }) => state === 'not-run')).toBe(true);
  expect(all['api.endpoints']?.filter(({ state }) => state === 'ok').length).toBeGreaterThan(70);
});

test("without accounts nobody's cases are measured and the roles' are not run, with the reason", async () => {
  const { all } = await run({}, { people: {} });
  const states = Map.groupBy(all['api.endpoints'] ?? [], ({ id, state }) => `${id.endsWith('/anonymous') ? 'nobody' : 'role'} ${state}`);
  expect([...states].map(([key, cases]) => `${key} ${cases.length}`).toSorted()).toMatchInlineSnapshot(`
    [
      "nobody not-run 3",
      "nobody ok 65",
      "role not-run 91",
    ]
  `);
  expect(all['api.endpoints']?.find(({ id }) => id === 'dashboard.kpi/admin')).toEqual({
    id: 'dashboard.kpi/admin',
    state: 'not-run',
    detail: 'the environment has no account with the role "admin"',
  });
});

test('an application that answers nothing is an error of the check, not a failure of each endpoint', async () => {
  const surface = naapSurface();
  const { createHttpClient } = await import('../instruments/http.ts');
  const address = { web: 'http://127.0.0.1:1', api: 'http://127.0.0.1:1/api' };
  const http = createHttpClient({
    sides: { target: address },
    accessHeaders: {},
    ca: undefined,
    signal: new AbortController().signal,
    onRequest: () => undefined,
    maxRps: 100_000,
  });
  const error = await runCheck(apiEndpoints, { surface, http, people: PEOPLE }).then(
    () => undefined,
    (thrown: GateError) => thrown,
  );
  expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') });
  await http.close();
});
