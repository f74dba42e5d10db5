// The life of a session, as cases: refused logins, one login, what its token opens, and its end. Called by the check api-auth.
// One thing though longer than most: the cases of a session that was logged in here, and those of one that was made elsewhere.
import type { Case, Endpoint, HttpResponse, Session, StoredCookie } from '../../gates/model.ts';
import { readSession } from '../instruments/accounts.ts';
import { readField } from '../instruments/json-field.ts';
import { findAnswerFlaw, findErrorEnvelopeFlaw, findRefusalFlaw, nameAnswer } from './answers.ts';
import { ANONYMOUS, ask, findEndpoint, listWhoMay, NotRun, openAccount, openSession, sendPaced } from './asking.ts';
import type { Asking } from './asking.ts';
import { runCase, skipCase } from './cases.ts';
import type { Attempt } from './cases.ts';
import { findCookieFlaw, parseSetCookies } from './cookies.ts';
import type { SetCookie } from './cookies.ts';
import { nextTag } from './placeholders.ts';

/** The session that the check tries in every way. */
export interface TriedSession {
  readonly session: Session;
  /** What the login answered; absent where the session was made elsewhere. */
  readonly login?: { readonly response: HttpResponse; readonly cookie: SetCookie | undefined };
  /** Why the check must not log it out; absent where it may. */
  readonly keep?: string;
}
export interface BegunSession {
  readonly cases: readonly Case[];
  /** Undefined where it could not be opened. */
  readonly tried: TriedSession | undefined;
}

/** Clocks of two machines may differ by this much, s. */
const CLOCK_SKEW_SECONDS = 60;

/** Cases of a login that need no session. */
const REFUSED_LOGINS = ['wrong-password/refused', 'unknown-user/refused', 'unknown-user/like-wrong-password'];

function requireLogin({ context }: Asking): string {
  const { login } = context.surface.auth;
  if (login === undefined) throw new NotRun('the accounts have passwords, and the surface says that nobody logs in with one (`auth.login`)');
  return login;
}

/** A login is asked once, retry or not: the auth quota has room for no more. */
async function postLogin(asking: Asking, email: string, password: string): Promise<HttpResponse> {
  const { context, http } = asking;
  const path = requireLogin(asking);
  await context.accounts.authQuota(context.signal);
  return http.send({ path, method: 'POST', body: { email, password } });
}

/** With a password: refused logins, then one login. Otherwise the given session, and the login's cases as not run — or not at all, where the surface declares no login. */
export async function beginSession(asking: Asking, account: string): Promise<BegunSession> {
  const { accounts, surface } = asking.context;
  if (accounts.hasPassword(account)) {
    const refused = await runRefusedLogins(asking, account);
    const { made, tried } = await logInFresh(asking, account);
    return { cases: [...refused, made], tried };
  }
  let session: Session | undefined;
  const opened = await runCase('session/accepted', async () => {
    session = await openAccount(asking.context, account);
    return undefined;
  });
  const why = 'the accounts have no passwords; where the application has no login, say so in the surface (`auth.login: null`)';
  const login = surface.auth.login === undefined ? [] : [...REFUSED_LOGINS, 'login/answer', 'login/cookie', 'login/expires-at'].map((id) => skipCase(id, why));
  return { cases: [...login, opened], tried: session === undefined ? undefined : { session, ...keepGiven(asking, session) } };
}

/** A session that others use must live on: they could not log in again. */
function keepGiven({ context }: Asking, { account, role }: Session): { readonly keep?: string } {
  const { accounts } = context;
  const heir = accounts.names.some((name) => name !== account && accounts.roleOf(name) === role && !accounts.isDisposable(name));
  if (accounts.isDisposable(account) && heir) return {};
  return { keep: `it would end the session of "${account}", which others use; give a second account of the role "${role}" with \`disposable: true\`` };
}

/**
 * A wrong password, then a user that does not exist: both refused, and alike, so that nobody learns which addresses have accounts.
 * Put before the login: five failures in a row lock an account, and a login that succeeds ends the row.
 */
async function runRefusedLogins(asking: Asking, account: string): Promise<readonly Case[]> {
  const { email, password } = asking.context.accounts.credentials(account);
  let wrong: HttpResponse | undefined;
  const wrongPassword = await runCase(
    'wrong-password/refused',
    async () => {
      wrong = await postLogin(asking, email, `not-${password}`);
      return findRefusalFlaw(wrong, [401]);
    },
    true,
  );
  let unknown: HttpResponse | undefined;
  const unknownUser = await runCase(
    'unknown-user/refused',
    async () => {
      unknown = await postLogin(asking, `${nextTag(asking.context.tag)}@example.com`, password);
      return findRefusalFlaw(unknown, [401]);
    },
    true,
  );
  const alike = await runCase('unknown-user/like-wrong-password', () => Promise.resolve(findDifference(wrong, unknown)), true);
  return [wrongPassword, unknownUser, alike];
}

function findDifference(wrong: HttpResponse | undefined, unknown: HttpResponse | undefined): string | undefined {
  if (wrong === undefined || unknown === undefined) throw new NotRun('needs the answers of both refused logins');
  if (wrong.status !== unknown.status)
    return `a wrong password answers ${nameAnswer(wrong)}, an unknown user ${nameAnswer(unknown)}: that tells which addresses have accounts`;
  const differing = ['error.code', 'error.message'].filter((field) => readField(wrong.json, field) !== readField(unknown.json, field));
  return differing.length === 0
    ? undefined
    : `\`${differing.join('` and `')}\` differ between a wrong password and an unknown user: that tells which addresses have accounts`;
}

/** Logs in once. The session is ended with the check, should the logout case not come to it. */
async function logInFresh(asking: Asking, account: string): Promise<{ readonly made: Case; readonly tried: TriedSession | undefined }> {
  const { context } = asking;
  const { email, password } = context.accounts.credentials(account);
  let tried: TriedSession | undefined;
  const made = await runCase(
    'login/answer',
    async () => {
      const response = await postLogin(asking, email, password);
      const session = readSession(account, { role: context.accounts.roleOf(account), email }, response);
      const cookies = parseSetCookies(response.headers['set-cookie'], context.clock.now());
      if (session !== undefined) tried = { session, login: { response, cookie: cookies.find(({ name }) => name === context.surface.auth.cookie) } };
      if (session !== undefined) promiseLogout(asking, session);
      return findLoginFlaw(asking, response);
    },
    true,
  );
  return { made, tried };
}

/** Ends a session of the check's own when the check ends; where the application ends none, its time will. */
export function promiseLogout(asking: Asking, session: Session): void {
  const { logout } = asking.context.surface.auth;
  if (logout === undefined) return;
  asking.context.cleanup(`session of ${session.account}`, async () => {
    await sendPaced(asking, 'POST', logout, { session });
  });
}

function findLoginFlaw(asking: Asking, response: HttpResponse): string | undefined {
  const { context } = asking;
  const path = requireLogin(asking);
  const listed = findEndpoint(context.surface.endpoints, 'POST', path);
  const endpoint: Endpoint = listed ?? {
    id: 'auth.login',
    method: 'POST',
    path,
    access: 'public',
    effect: 'read',
    expect: { status: [200], fields: { user: 'object', token: 'string', expiresAt: 'timestamp' } },
  };
  return findAnswerFlaw(endpoint, response, new URL(context.url('/')).origin);
}

/** `expiresAt` against the server's own clock where the answer tells it. */
function findExpiryFlaw(asking: Asking, response: HttpResponse): string | undefined {
  const expiresAt = Date.parse(String(readField(response.json, 'data.expiresAt')));
  const served = Date.parse(response.headers['date'] ?? '');
  const now = Number.isNaN(served) ? asking.context.clock.now().getTime() : served;
  const seconds = Math.round((expiresAt - now) / 1000);
  const longest = asking.context.surface.auth.sessionSeconds;
  if (Number.isNaN(expiresAt)) return '`expiresAt` is no timestamp';
  return seconds > 0 && seconds <= longest + CLOCK_SKEW_SECONDS ? undefined : `\`expiresAt\` is ${seconds} s away, expected 1 to ${longest}`;
}

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
