// How a session begins, as cases: refused logins and one login, or a session that was made elsewhere. Called by the check api-auth.
import type { Case, Endpoint, HttpResponse, Session } from '../../gates/model.ts';
import { readSession } from '../instruments/accounts.ts';
import { readField } from '../instruments/json-field.ts';
import { findAnswerFlaw, findRefusalFlaw, nameAnswer } from './answers.ts';
import { findEndpoint, NotRun, openAccount, sendPaced } from './asking.ts';
import type { Asking } from './asking.ts';
import { runCase, skipCase } from './cases.ts';
import { parseSetCookies } from './cookies.ts';
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
export function findExpiryFlaw(asking: Asking, response: HttpResponse): string | undefined {
  const expiresAt = Date.parse(String(readField(response.json, 'data.expiresAt')));
  const served = Date.parse(response.headers['date'] ?? '');
  const now = Number.isNaN(served) ? asking.context.clock.now().getTime() : served;
  const seconds = Math.round((expiresAt - now) / 1000);
  const longest = asking.context.surface.auth.sessionSeconds;
  if (Number.isNaN(expiresAt)) return '`expiresAt` is no timestamp';
  return seconds > 0 && seconds <= longest + CLOCK_SKEW_SECONDS ? undefined : `\`expiresAt\` is ${seconds} s away, expected 1 to ${longest}`;
}
