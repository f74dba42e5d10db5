import { expect, test } from 'vitest';
import type { Environment, StoredCookie, Surface } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { apiAuth } from './api-auth.check.ts';
import { runCheck } from './testing/run-check.ts';
import type { Ran } from './testing/run-check.ts';
import { createSurfaceApplication, EXPIRED } from './testing/surface-application.ts';
import type { Defects } from './testing/surface-application.ts';

const PEOPLE = {
  admin: { email: 'admin@example.com', password: 'pw-admin', role: 'admin' },
  member: { email: 'member@example.com', password: 'pw-member', role: 'member' },
  other: { email: 'other@example.com', password: 'pw-other', role: 'member' },
};

/** OAuth only: nobody logs in with a password, so nobody registers one either. */
function withoutLogin(auth: NonNullable<Parameters<typeof naapSurface>[0]>['auth'] = {}): Surface {
  return naapSurface({ auth: { login: null, ...auth }, endpoints: { 'auth.register': null, 'users.update': null, 'users.delete': null } });
}

/** The same application, and sessions that were made before the check came: cookies, or tokens. */
async function runGiven(
  kind: 'token' | 'cookies',
  {
    defects = {},
    cookie = {},
    surface = withoutLogin(),
    disposable = true,
  }: { defects?: Defects; cookie?: Partial<StoredCookie>; surface?: Surface; disposable?: boolean } = {},
): Promise<Ran> {
  const application = createSurfaceApplication(naapSurface(), Object.values(PEOPLE), defects);
  const people: Record<string, Environment['accounts'][string]> = {};
  for (const [name, { role, email, password }] of Object.entries(PEOPLE)) {
    const { json } = await application.send({ path: '/api/v1/auth/login', method: 'POST', body: { email, password } });
    const { token } = (json as { data: { token: string } }).data;
    const stored: StoredCookie = {
      name: 'naap_auth_token',
      value: token,
      domain: 'naap.test',
      path: '/',
      expires: Date.now() / 1000 + 3600,
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      ...cookie,
    };
    people[name] = { role, disposable: disposable && name === 'other', session: kind === 'token' ? { token } : { cookies: [stored] } };
  }
  return runCheck(apiAuth, { surface, http: application, people, expiredSession: EXPIRED });
}

test.each(['token', 'cookies'] as const)(
  'with sessions made elsewhere (%s) roles, ownership and the life of the session are measured, and no login',
  async (kind) => {
    const { notOk, all, leftBehind } = await runGiven(kind);
    expect({ notOk, leftBehind }).toEqual({ notOk: [], leftBehind: [] });
    const [form, attributes] = kind === 'token' ? ['bearer', []] : ['cookie', ['cookie/attributes']];
    expect(all['auth.sessions']?.map(({ id }) => id)).toEqual(
      [
        `${form}/accepted`,
        ...attributes,
        'csrf-missing/developer.create-key',
        'csrf-missing/developer.delete-key',
        'expired-token/bearer-refused',
        'expired-token/cookie-refused',
        'garbage-token/bearer-refused',
        'garbage-token/cookie-refused',
        'logout/answer',
        `logout/${form}-refused`,
        'query-token/refused',
        'session/accepted',
      ].toSorted(),
    );
    expect(all['auth.authorization']?.length).toBeGreaterThan(10);
  },
);

test.each<readonly [string, Parameters<typeof runGiven>, readonly string[]]>([
  [
    'a logout that ends nothing',
    ['cookies', { defects: { logoutKeepsSession: true } }],
    ['logout/cookie-refused: failed: expected 401, got 200: it was accepted'],
  ],
  [
    'a session cookie that scripts can read',
    ['cookies', { cookie: { httpOnly: false } }],
    ['cookie/attributes: failed: HttpOnly is missing, so scripts can read it'],
  ],
  [
    'a cookie that is not the one the surface names, so that bad ones would be tried in vain',
    ['cookies', { surface: withoutLogin({ cookie: 'session' }) }],
    [
      'cookie/attributes: not-run: the session of "other" holds no cookie session, but naap_auth_token; say in the surface which it is (`auth.cookie`)',
      'query-token/refused: not-run: the session of "other" holds no cookie session, but naap_auth_token; say in the surface which it is (`auth.cookie`)',
    ],
  ],
  [
    'a session that others use',
    ['token', { disposable: false }],
    ['logout/answer', 'logout/bearer-refused'].map(
      (id) => `${id}: not-run: it would end the session of "other", which others use; give a second account of the role "member" with \`disposable: true\``,
    ),
  ],
])('with sessions that were made elsewhere: %s', async (_name, given, expected) => {
  const { all } = await runGiven(...given);
  const seen = all['auth.sessions']?.filter(({ state }) => state !== 'ok').map(({ id, state, detail }) => `${id}: ${state}: ${detail}`) ?? [];
  expect(seen).toEqual(expect.arrayContaining([...expected]));
});

test('an application whose surface has a login, and accounts without passwords: its login was not looked at, and that is no pass', async () => {
  const { notOk } = await runGiven('token', { surface: naapSurface() });
  const ids = ['login/answer', 'login/cookie', 'login/expires-at', 'unknown-user/like-wrong-password', 'unknown-user/refused', 'wrong-password/refused'];
  expect(notOk).toEqual(
    ids.map(
      (id) => `auth.sessions ${id}: not-run: the accounts have no passwords; where the application has no login, say so in the surface (\`auth.login: null\`)`,
    ),
  );
});

test('where the surface declares no logout nobody is logged out, and there is no such case', async () => {
  const { all, notOk } = await runGiven('token', { surface: withoutLogin({ logout: null }) });
  expect(notOk).toEqual([]);
  expect(all['auth.sessions']?.filter(({ id }) => id.startsWith('logout'))).toEqual([]);
});
