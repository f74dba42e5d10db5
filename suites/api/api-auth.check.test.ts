import { expect, test } from 'vitest';
import type { HttpResponse } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { apiAuth } from './api-auth.check.ts';
import { runCheck } from './testing/run-check.ts';
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
  const surface = naapSurface();
  const application = createSurfaceApplication(surface, Object.values(PEOPLE), defects);
  const ran = await runCheck(apiAuth, { surface, http: application, people: PEOPLE, expiredSession: EXPIRED, ...more });
  return { ...ran, left: application.left(), sent: application.sent };
}
function spoilLogin(change: (response: HttpResponse) => HttpResponse): Defects {
  return { spoil: (endpoint, response) => (endpoint.id === 'auth.login' ? change(response) : response) };
}

test('an application as the surface says passes every case, and nothing that was written is left', async () => {
  const { notOk, left, leftBehind, all } = await run();
  expect({ notOk, left, leftBehind }).toEqual({ notOk: [], left: [], leftBehind: [] });
  expect(all['auth.sessions']?.map(({ id }) => id)).toMatchInlineSnapshot(`
    [
      "bearer/accepted",
      "cookie/accepted",
      "csrf-missing/developer.create-key",
      "csrf-missing/developer.delete-key",
      "expired-token/bearer-refused",
      "expired-token/cookie-refused",
      "garbage-token/bearer-refused",
      "garbage-token/cookie-refused",
      "login/answer",
      "login/cookie",
      "login/expires-at",
      "logout/answer",
      "logout/bearer-refused",
      "logout/cookie-refused",
      "query-token/refused",
      "unknown-user/like-wrong-password",
      "unknown-user/refused",
      "wrong-password/refused",
    ]
  `);
  expect(all['auth.authorization']?.map(({ id }) => id)).toMatchInlineSnapshot(`
    [
      "analytics.audit/member",
      "gateway.create-gateway/member",
      "gateway.delete-gateway/member",
      "owner-only/capacity.request-delete",
      "owner-only/community.post-delete",
      "owner-only/community.post-update",
      "owner-only/developer.key-delete",
      "owner-only/storage.file-delete",
      "owner-only/storage.file-read",
      "owner-only/wallet.connection-delete",
      "owner-only/wallet.connection-read",
      "registry.publish/member",
      "registry.unpublish/member",
      "users.delete/member",
      "users.get/member",
      "users.list/member",
      "users.update/member",
    ]
  `);
});

test('it costs no more requests than it said', async () => {
  expect((await run()).sent).toBeLessThanOrEqual(apiAuth.estimate(apiAuth.presets.pr, naapSurface()).requests);
});

const withHeader = (response: HttpResponse, change: (cookie: string) => string): HttpResponse => ({
  ...response,
  headers: { ...response.headers, ...(response.status === 200 ? { 'set-cookie': change(response.headers['set-cookie'] ?? '') } : {}) },
});

test.each<[string, Defects, string[]]>([
  [
    'an expired token that is accepted',
    { takesExpired: true },
    [
      'auth.sessions expired-token/bearer-refused: failed: expected 401, got 200: it was accepted',
      'auth.sessions expired-token/cookie-refused: failed: expected 401, got 200: it was accepted',
    ],
  ],
  ['a token in the query that is accepted', { takesQueryTokens: true }, ['auth.sessions query-token/refused: failed: expected 401, got 200: it was accepted']],
  ['a cookie that opens nothing', { ignoresCookies: true }, ['auth.sessions cookie/accepted: failed: expected 200, got 401 UNAUTHORIZED']],
  [
    'a logout that ends nothing',
    { logoutKeepsSession: true },
    [
      'auth.sessions logout/bearer-refused: failed: expected 401, got 200: it was accepted',
      'auth.sessions logout/cookie-refused: failed: expected 401, got 200: it was accepted',
    ],
  ],
  [
    'routes that need no double submit',
    { needsNoCsrf: true },
    [
      'auth.sessions csrf-missing/developer.create-key: failed: expected 403 without the double-submit token, got 201',
      'auth.sessions csrf-missing/developer.delete-key: failed: expected 403 without the double-submit token, got 404 NOT_FOUND',
    ],
  ],
  [
    'a cookie that scripts can read',
    spoilLogin((response) => withHeader(response, (cookie) => cookie.replace(' HttpOnly;', ''))),
    ['auth.sessions login/cookie: failed: HttpOnly is missing, so scripts can read it'],
  ],
  [
    'a session that lives too long',
    spoilLogin((response) => ({
      ...response,
      json: JSON.parse(JSON.stringify(response.json).replace(/"expiresAt":"[^"]+"/, '"expiresAt":"2099-01-01T00:00:00Z"')) as unknown,
    })),
    [expect.stringMatching(/^auth\.sessions login\/expires-at: failed: `expiresAt` is \d+ s away, expected 1 to 604800$/) as string],
  ],
  [
    'a member let in where admins alone may',
    { spoil: (endpoint, response, request) => (endpoint.id === 'analytics.audit' && request.as?.role === 'member' ? { ...response, status: 200 } : response) },
    ['auth.authorization analytics.audit/member: failed: expected 403 for member, got 200 FORBIDDEN: the role was let in'],
  ],
  [
    'a role that is not known at one endpoint',
    { spoil: (endpoint, response, request) => (endpoint.id === 'users.list' && request.as?.role === 'member' ? refuse(401, 'WHO') : response) },
    ['auth.authorization users.list/member: failed: expected 403, got 401: it does not know who asks, though the session is good elsewhere'],
  ],
])('%s fails exactly its cases', async (_, defects, expected) => {
  expect((await run(defects)).notOk).toEqual(expected);
});

test('an unknown user that is told apart from a wrong password fails', async () => {
  const { notOk } = await run({
    spoil: (endpoint, response, request) =>
      endpoint.id === 'auth.login' && JSON.stringify(request.body).includes('naap-gate-test') ? refuse(401, 'NO_SUCH_USER') : response,
  });
  expect(notOk).toEqual([
    'auth.sessions unknown-user/like-wrong-password: failed: `error.code` and `error.message` differ between a wrong password and an unknown user: that tells which addresses have accounts',
  ]);
});

test('any token that is accepted fails all that ask for a refusal', async () => {
  const { notOk } = await run({ takesAnyToken: true });
  expect(notOk.map((line) => line.split(':')[0])).toEqual(
    ['garbage-token/bearer-refused', 'garbage-token/cookie-refused', 'logout/bearer-refused', 'logout/cookie-refused'].map((id) => `auth.sessions ${id}`),
  );
});

test('objects that a stranger may see, change or remove fail their rows', async () => {
  const { notOk, left } = await run({ ignoresOwners: true });
  expect(notOk.map((line) => line.split(':')[0])).toEqual(
    naapSurface()
      .ownership.map(({ id }) => `auth.authorization owner-only/${id}`)
      .toSorted(),
  );
  expect(left).toEqual([]);
});

test('a refusal that removes all the same fails', async () => {
  const { notOk } = await run({ removesThoughRefused: true });
  expect(notOk).toContain(
    'auth.authorization owner-only/capacity.request-delete: failed: refused, but the object is gone: GET /api/v1/capacity/requests as member answers 200 without it',
  );
});

test('a login that fails leaves what needs it not run, with the reason, and still measures the rest', async () => {
  const { notOk, all } = await run(spoilLogin((response) => (response.status === 200 ? refuse(500, 'DOWN') : response)));
  expect(notOk).toContain('auth.sessions login/answer: failed: expected 200, got 500 DOWN');
  expect(notOk).toContain('auth.sessions logout/answer: not-run: needs a login, which failed');
  expect(all['auth.sessions']?.find(({ id }) => id === 'garbage-token/bearer-refused')?.state).toBe('ok');
  expect(all['auth.authorization']?.every(({ state }) => state === 'not-run')).toBe(true);
});

test('without an expired token its cases are not run, with the reason', async () => {
  const { notOk } = await run({}, { expiredSession: undefined });
  expect(notOk).toEqual(
    ['bearer', 'cookie'].map(
      (way) =>
        `auth.sessions expired-token/${way}-refused: not-run: the environment names no \`expiredSession\`: a token that the application once issued and that has expired`,
    ),
  );
});

test('with one account of each role ownership is not run, with the reason', async () => {
  const { notOk } = await run({}, { people: { admin: PEOPLE.admin, member: PEOPLE.member } });
  expect(notOk).toContain('auth.authorization owner-only/storage.file-read: not-run: needs two accounts of the role "member"');
});

test('where writing is not allowed nothing is written and ownership is not run', async () => {
  const { notOk, left, all } = await run({}, { allow: ['read'] });
  expect(left).toEqual([]);
  expect(notOk.map((line) => line.split(':')[0])).toEqual(
    naapSurface()
      .ownership.map(({ id }) => `auth.authorization owner-only/${id}`)
      .toSorted(),
  );
  expect(all['auth.authorization']?.find(({ id }) => id === 'analytics.audit/member')?.state).toBe('ok');
});

test('no password and no token is in any detail', async () => {
  const { measurements } = await run({ takesAnyToken: true, ignoresOwners: true, takesQueryTokens: true });
  expect(JSON.stringify(measurements)).not.toMatch(/pw-|token-\d/);
});
