// The life of a session, as cases: refused logins, one login, what its token opens, and its end. Called by the check api-auth.
import type { Case, Endpoint, HttpResponse, Session } from '../../gates/model.ts';
import { readSession } from '../instruments/accounts.ts';
import { readField } from '../instruments/json-field.ts';
import { findAnswerFlaw, findErrorEnvelopeFlaw, findRefusalFlaw, nameAnswer } from './answers.ts';
import { ANONYMOUS, ask, findEndpoint, listWhoMay, NotRun, openSession, sendPaced } from './asking.ts';
import type { Asking } from './asking.ts';
import { runCase, skipCase } from './cases.ts';
import type { Attempt } from './cases.ts';
import { findCookieFlaw, parseSetCookies } from './cookies.ts';
import type { SetCookie } from './cookies.ts';
import { nextTag } from './placeholders.ts';

/** A session of the check's own, which it may end, with all that the login answered. */
export interface FreshLogin {
  readonly session: Session;
  readonly response: HttpResponse;
  readonly cookie: SetCookie | undefined;
}

/** Clocks of two machines may differ by this much, s. */
const CLOCK_SKEW_SECONDS = 60;

/** A login is asked once, retry or not: the auth quota has room for no more. */
async function postLogin(asking: Asking, email: string, password: string): Promise<HttpResponse> {
  const { context, http } = asking;
  await context.accounts.authQuota(context.signal);
  return http.send({ path: context.surface.auth.login, method: 'POST', body: { email, password } });
}

/**
 * A wrong password, then a user that does not exist: both refused, and alike, so that nobody learns which addresses have accounts.
 * Put before the login: five failures in a row lock an account, and a login that succeeds ends the row.
 */
export async function runRefusedLogins(asking: Asking, account: string): Promise<readonly Case[]> {
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
export async function logInFresh(asking: Asking, account: string): Promise<{ readonly made: Case; readonly login: FreshLogin | undefined }> {
  const { context } = asking;
  const { email, password } = context.accounts.credentials(account);
  let login: FreshLogin | undefined;
  const made = await runCase(
    'login/answer',
    async () => {
      const response = await postLogin(asking, email, password);
      const session = readSession(account, { role: context.accounts.roleOf(account), email }, response);
      const cookies = parseSetCookies(response.headers['set-cookie'], context.clock.now());
      if (session !== undefined) login = { session, response, cookie: cookies.find(({ name }) => name === context.surface.auth.cookie) };
      if (session !== undefined) promiseLogout(asking, session);
      return findLoginFlaw(asking, response);
    },
    true,
  );
  return { made, login };
}

function promiseLogout(asking: Asking, session: Session): void {
  asking.context.cleanup(`session of ${session.account}`, async () => {
    await sendPaced(asking, 'POST', asking.context.surface.auth.logout, { session });
  });
}

function findLoginFlaw(asking: Asking, response: HttpResponse): string | undefined {
  const { context } = asking;
  const listed = findEndpoint(context.surface.endpoints, 'POST', context.surface.auth.login);
  const endpoint: Endpoint = listed ?? {
    id: 'auth.login',
    method: 'POST',
    path: context.surface.auth.login,
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

/** The session's own route, which must know who asks. */
async function askMe(asking: Asking, more: { readonly headers?: Readonly<Record<string, string>> }, query = ''): Promise<HttpResponse> {
  return sendPaced(asking, 'GET', `${asking.context.surface.auth.me}${query}`, more);
}

async function findAccepted(asking: Asking, session: Session, more: { readonly headers: Readonly<Record<string, string>> }): Promise<string | undefined> {
  const response = await askMe(asking, more);
  if (response.status !== 200) return `expected 200, got ${nameAnswer(response)}`;
  const email = readField(response.json, 'data.user.email') ?? readField(response.json, 'data.email');
  return email === session.email ? undefined : `200, but of somebody else than ${session.account}`;
}

async function findRefused(asking: Asking, more: { readonly headers?: Readonly<Record<string, string>> }, query = ''): Promise<string | undefined> {
  const response = await askMe(asking, more, query);
  if (response.status === 200) return 'expected 401, got 200: it was accepted';
  return findRefusalFlaw(response, [401]);
}

/** What opens a session and what does not, while the fresh one lives. */
export async function runTokenCases(asking: Asking, login: FreshLogin): Promise<readonly Case[]> {
  const { auth } = asking.context.surface;
  const { session, response, cookie } = login;
  const token = encodeURIComponent(session.token);
  const attempts: Readonly<Record<string, Attempt>> = {
    'login/expires-at': () => Promise.resolve(findExpiryFlaw(asking, response)),
    'login/cookie': () => Promise.resolve(cookie === undefined ? `the login sets no cookie ${auth.cookie}` : findCookieFlaw(cookie, auth.sessionSeconds)),
    'bearer/accepted': () => findAccepted(asking, session, withBearer(session.token)),
    'cookie/accepted': () =>
      cookie === undefined
        ? Promise.reject(new NotRun(`the login sets no cookie ${auth.cookie}`))
        : findAccepted(asking, session, withCookie(asking, cookie.value)),
    'query-token/refused': () => findRefused(asking, {}, `?token=${token}&access_token=${token}`),
  };
  const cases: Case[] = [];
  for (const [id, attempt] of Object.entries(attempts)) cases.push(await runCase(id, attempt));
  return cases;
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

/** Ends the fresh session; afterwards its token opens nothing, in either form. */
export async function runLogout(asking: Asking, { session, cookie }: FreshLogin): Promise<readonly Case[]> {
  const ended = await runCase(
    'logout/answer',
    async () => {
      const response = await sendPaced(asking, 'POST', asking.context.surface.auth.logout, { session });
      return response.status < 300 ? undefined : `expected 200, got ${nameAnswer(response)}`;
    },
    true,
  );
  return [
    ended,
    await runCase('logout/bearer-refused', () => findRefused(asking, withBearer(session.token))),
    await runCase('logout/cookie-refused', () => findRefused(asking, withCookie(asking, cookie?.value ?? session.token))),
  ];
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

/** Cases that need the fresh login, when there is none. */
export function skipFreshCases(): readonly Case[] {
  const ids = [
    'login/expires-at',
    'login/cookie',
    'bearer/accepted',
    'cookie/accepted',
    'query-token/refused',
    'logout/answer',
    'logout/bearer-refused',
    'logout/cookie-refused',
  ];
  return ids.map((id) => skipCase(id, 'needs a login, which failed'));
}
