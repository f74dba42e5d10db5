// The life of a session, as cases: what it opens, what opens none, double submit, and its end. Called by the check api-auth.
import type { Case, HttpResponse, Session, StoredCookie } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';
import { findErrorEnvelopeFlaw, findRefusalFlaw, nameAnswer } from './answers.ts';
import { ANONYMOUS, ask, listWhoMay, NotRun, openSession, sendPaced } from './asking.ts';
import type { Asking } from './asking.ts';
import { runCase, skipCase } from './cases.ts';
import type { Attempt } from './cases.ts';
import { findCookieFlaw } from './cookies.ts';
import type { SetCookie } from './cookies.ts';
import { findExpiryFlaw } from './login-cases.ts';
import type { TriedSession } from './login-cases.ts';

function withCookie(asking: Asking, value: string): { readonly headers: Record<string, string> } {
  return { headers: { cookie: `${asking.context.surface.auth.cookie}=${value}` } };
}

function withBearer(token: string): { readonly headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } };
}

/** In which form a session is shown. */
type As = { readonly headers?: Readonly<Record<string, string>>; readonly session?: Session };

/** The session's own route, which must know who asks. */
async function askMe(asking: Asking, more: As, query = ''): Promise<HttpResponse> {
  return sendPaced(asking, 'GET', `${asking.context.surface.auth.me}${query}`, more);
}

async function findAccepted(asking: Asking, session: Session, more: As): Promise<string | undefined> {
  const response = await askMe(asking, more);
  if (response.status !== 200) return `expected 200, got ${nameAnswer(response)}`;
  const email = readField(response.json, 'data.user.email') ?? readField(response.json, 'data.email');
  return email === session.email ? undefined : `200, but of somebody else than ${session.account}`;
}

async function findRefused(asking: Asking, more: As, query = ''): Promise<string | undefined> {
  const response = await askMe(asking, more, query);
  if (response.status === 200) return 'expected 401, got 200: it was accepted';
  return findRefusalFlaw(response, [401]);
}

/** What opens a session and what does not, while this one lives. */
export async function runTokenCases(asking: Asking, tried: TriedSession): Promise<readonly Case[]> {
  const cases: Case[] = [];
  const attempts = tried.login === undefined ? givenAttempts(asking, tried.session) : loginAttempts(asking, tried.session, tried.login);
  for (const [id, attempt] of Object.entries(attempts)) cases.push(await runCase(id, attempt));
  return cases;
}

function loginAttempts(asking: Asking, session: Session, { response, cookie }: NonNullable<TriedSession['login']>): Readonly<Record<string, Attempt>> {
  const { auth } = asking.context.surface;
  return {
    'login/expires-at': () => Promise.resolve(findExpiryFlaw(asking, response)),
    'login/cookie': () => Promise.resolve(cookie === undefined ? `the login sets no cookie ${auth.cookie}` : findCookieFlaw(cookie, auth.sessionSeconds)),
    'bearer/accepted': () => findAccepted(asking, session, withBearer(session.token ?? '')),
    'cookie/accepted': () =>
      cookie === undefined
        ? Promise.reject(new NotRun(`the login sets no cookie ${auth.cookie}`))
        : findAccepted(asking, session, withCookie(asking, cookie.value)),
    'query-token/refused': () => refuseInQuery(asking, session.token ?? ''),
  };
}

/** A token is shown as a token and cookies as cookies: of the other form a session that was made elsewhere tells nothing. */
function givenAttempts(asking: Asking, session: Session): Readonly<Record<string, Attempt>> {
  const { token } = session;
  if (token !== undefined)
    return { 'bearer/accepted': () => findAccepted(asking, session, withBearer(token)), 'query-token/refused': () => refuseInQuery(asking, token) };
  return {
    'cookie/accepted': () => findAccepted(asking, session, { session }),
    'cookie/attributes': async () =>
      findCookieFlaw(asSetCookie(findSessionCookie(asking, session), asking.context.clock.now()), asking.context.surface.auth.sessionSeconds),
    'query-token/refused': async () => refuseInQuery(asking, findSessionCookie(asking, session).value),
  };
}

async function refuseInQuery(asking: Asking, token: string): Promise<string | undefined> {
  const value = encodeURIComponent(token);
  return findRefused(asking, {}, `?token=${value}&access_token=${value}`);
}

/** Without it the cases of bad cookies would speak of a cookie that nobody looks at. Some libraries cut a long one into `name.0`, `name.1`. */
function findSessionCookie({ context }: Asking, { account, cookies = [] }: Session): StoredCookie {
  const { cookie: wanted } = context.surface.auth;
  const found = cookies.find(({ name }) => name === wanted || name === `${wanted}.0`);
  if (found !== undefined) return found;
  throw new NotRun(
    `the session of "${account}" holds no cookie ${wanted}, but ${cookies.map(({ name }) => name).join(', ')}; say in the surface which it is (\`auth.cookie\`)`,
  );
}

function asSetCookie({ name, value, httpOnly, secure, sameSite, expires }: StoredCookie, now: Date): SetCookie {
  const maxAgeSeconds = expires < 0 ? undefined : Math.round(expires - now.getTime() / 1000);
  return { name, value, httpOnly, secure, sameSite: sameSite.toLowerCase(), maxAgeSeconds };
}

/** What must never open a session. */
export async function runBadTokenCases(asking: Asking): Promise<readonly Case[]> {
  const { expiredToken } = asking.context.accounts;
  const requireExpired = (): string => {
    if (expiredToken === undefined)
      throw new NotRun('the environment names no `expiredSession`: a token that the application once issued and that has expired');
    return expiredToken;
  };
  const garbage = 'naap-gate.not-a-token';
  return [
    await runCase('garbage-token/bearer-refused', () => findRefused(asking, withBearer(garbage))),
    await runCase('garbage-token/cookie-refused', () => findRefused(asking, withCookie(asking, garbage))),
    await runCase('expired-token/bearer-refused', async () => findRefused(asking, withBearer(requireExpired()))),
    await runCase('expired-token/cookie-refused', async () => findRefused(asking, withCookie(asking, requireExpired()))),
  ];
}

/** Ends the session; afterwards it opens nothing, in whatever form. No cases where the surface declares no logout. */
export async function runLogout(asking: Asking, { session, login, keep }: TriedSession): Promise<readonly Case[]> {
  const path = asking.context.surface.auth.logout;
  if (path === undefined) return [];
  const after: Readonly<Record<string, Attempt>> = {
    ...(session.token === undefined ? {} : { 'logout/bearer-refused': () => findRefused(asking, { session }) }),
    ...(session.token === undefined ? { 'logout/cookie-refused': () => findRefused(asking, { session }) } : {}),
    ...(login === undefined ? {} : { 'logout/cookie-refused': () => findRefused(asking, withCookie(asking, login.cookie?.value ?? session.token ?? '')) }),
  };
  if (keep !== undefined) return ['logout/answer', ...Object.keys(after)].map((id) => skipCase(id, keep));
  const ended = await runCase(
    'logout/answer',
    async () => {
      const response = await sendPaced(asking, 'POST', path, { session });
      return response.status < 300 ? undefined : `expected 200, got ${nameAnswer(response)}`;
    },
    true,
  );
  const cases = [ended];
  for (const [id, attempt] of Object.entries(after)) cases.push(await runCase(id, attempt));
  return cases;
}

/** Each route under double submit, asked with a session and without the token. */
export async function runCsrfCases(asking: Asking): Promise<readonly Case[]> {
  const { endpoints, roles } = asking.context.surface;
  const cases: Case[] = [];
  for (const endpoint of endpoints.filter(({ csrf }) => csrf === true)) {
    cases.push(
      await runCase(`csrf-missing/${endpoint.id}`, async () => {
        const session = await openSession(asking, listWhoMay(endpoint, roles)[0] ?? ANONYMOUS);
        const response = await ask(asking, endpoint, { session, withoutCsrf: true, body: endpoint.body === undefined ? undefined : {} });
        return response.status === 403 ? findErrorEnvelopeFlaw(response) : `expected 403 without the double-submit token, got ${nameAnswer(response)}`;
      }),
    );
  }
  return cases;
}

/** Cases that need the session, when there is none. */
export function skipSessionCases({ context }: Asking, account: string): readonly Case[] {
  const logout = context.surface.auth.logout === undefined ? [] : ['logout/answer', 'logout/bearer-refused', 'logout/cookie-refused'];
  if (!context.accounts.hasPassword(account)) return logout.map((id) => skipCase(id, 'needs a session, which was not accepted'));
  const ids = ['login/expires-at', 'login/cookie', 'bearer/accepted', 'cookie/accepted', 'query-token/refused', ...logout];
  return ids.map((id) => skipCase(id, 'needs a login, which failed'));
}
