// The environment's accounts: sessions opened once and shared by all checks, logins paced by the auth quota. Made by cli/, one for a run.
import { GateError } from '../../gates/model.ts';
import type { Accounts, Environment, GivenSession, HttpClient, HttpResponse, Session, SideName } from '../../gates/model.ts';
import { adoptSession } from './given-session.ts';
import { readField } from './json-field.ts';
import type { LoginQuota, PacingClock } from './login-quota.ts';
import { createLoginQuota } from './login-quota.ts';

export interface AccountsOptions {
  readonly environment: Pick<Environment, 'accounts' | 'expiredSession' | 'surface'>;
  readonly http: HttpClient;
  readonly clock: PacingClock;
  readonly signal: AbortSignal;
  /** Makes the sessions of accounts that have neither a password nor a session; asked once, when the first of them is needed. */
  readonly setUp?: (() => Promise<ReadonlyMap<string, GivenSession>>) | undefined;
}

type Known = Environment['accounts'][string];
type Credentials = Extract<Known, { readonly password: string }>;

/** Longest time (s) that a Retry-After is honoured; beyond it the run would look dead. */
const MAX_RETRY_AFTER_SECONDS = 120;

/** Seconds that a 429 asks for: the header, else `retryAfter` somewhere in the body; a minute where it says nothing. */
function readRetryAfter(response: HttpResponse): number {
  const said = response.headers['retry-after'] ?? readField(response.json, 'error.retryAfter') ?? readField(response.json, 'retryAfter');
  const seconds = Number(said);
  return said !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : 60;
}

/** The session in a login's answer; undefined where it holds none. */
export function readSession(account: string, credentials: { readonly role: string; readonly email: string }, response: HttpResponse): Session | undefined {
  const data = readField(response.json, 'data') ?? response.json;
  const token = readField(data, 'token');
  const userId = readField(data, 'user.id');
  if (response.status !== 200 || typeof token !== 'string' || token === '') return undefined;
  return { account, role: credentials.role, email: credentials.email, userId: typeof userId === 'string' ? userId : '', token };
}

function refuse(account: string, side: SideName, response: HttpResponse): GateError {
  const code = readField(response.json, 'error.code');
  const said = `${response.status}${typeof code === 'string' ? ` ${code}` : ''}`;
  const remedy =
    response.status === 429
      ? 'Something else logs in from this address too; wait a minute, or give `surface.auth.quotaPerMinute` the limit that the environment has.'
      : response.status === 200
        ? 'The answer holds no `token`: check `surface.auth.login` against the application.'
        : 'Check that the account exists, that its secret is right, and that it is not locked (five failures lock an account for 30 minutes).';
  const where = side === 'target' ? '' : ` on the ${side} side`;
  return new GateError('LOGIN_FAILED', `Account "${account}" could not log in${where}: ${said}.`, { remedy });
}

async function logIn(
  options: AccountsOptions,
  quota: LoginQuota,
  { account, side, credentials }: { account: string; side: SideName; credentials: Credentials },
): Promise<Session> {
  const { environment, http, clock, signal } = options;
  const path = environment.surface.auth.login;
  if (path === undefined) {
    throw new GateError('LOGIN_FAILED', `Account "${account}" has a password, and the surface says that nobody logs in with one (\`surface.auth.login\`).`, {
      remedy: "Give sessions instead (`auth.kind: 'storageState'`, for example), or name the login's path.",
    });
  }
  const ask = async (): Promise<HttpResponse> => {
    await quota.take(signal);
    return http.send({ path, method: 'POST', side, body: { email: credentials.email, password: credentials.password } });
  };
  let response = await ask();
  const waitSeconds = response.status === 429 ? readRetryAfter(response) : undefined;
  if (waitSeconds !== undefined && waitSeconds <= MAX_RETRY_AFTER_SECONDS) {
    await clock.sleep(waitSeconds * 1000, signal);
    response = await ask();
  }
  const session = readSession(account, credentials, response);
  if (session === undefined) throw refuse(account, side, response);
  return session;
}

function findAccount({ environment }: AccountsOptions, account: string): Known {
  const found = environment.accounts[account];
  if (found !== undefined) return found;
  throw new GateError('LOGIN_FAILED', `The environment has no account "${account}". Known: ${Object.keys(environment.accounts).join(', ') || 'none'}.`, {
    remedy: 'Accounts are defined in `auth.accounts` of the environment.',
  });
}

/** Throws GateError LOGIN_FAILED where the set-up command made none for this account. */
function requireMade(account: string, made: ReadonlyMap<string, GivenSession> | undefined): GivenSession {
  const session = made?.get(account);
  if (session !== undefined) return session;
  throw new GateError('LOGIN_FAILED', `Account "${account}" has no session.`, { remedy: 'The set-up command must print one for it (`auth.command`).' });
}

/** A refused session stays refused for the run: asking again would only lock the account. One that found nobody is asked again. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { accounts, expiredSession, surface } = options.environment;
  const quotaOf = (): LoginQuota => createLoginQuota(surface.auth.quotaPerMinute, options.clock, surface.auth.quotaWindowSeconds);
  const quotas: Readonly<Record<SideName, LoginQuota>> = { target: quotaOf(), legacy: quotaOf() };
  const sessions = new Map<string, Promise<Session>>();
  let made: ReturnType<NonNullable<AccountsOptions['setUp']>> | undefined;

  async function open(account: string, side: SideName): Promise<Session> {
    const known = findAccount(options, account);
    if ('password' in known) return logIn(options, quotas[side], { account, side, credentials: known });
    const given = known.session ?? requireMade(account, await (made ??= options.setUp?.()));
    return adoptSession(given, { account, role: known.role, side }, { http: options.http, surface });
  }

  function session(account: string, side: SideName = 'target'): Promise<Session> {
    const key = `${side} ${account}`;
    const shared = sessions.get(key);
    if (shared !== undefined) return shared;
    const opening = open(account, side);
    sessions.set(key, opening);
    opening.catch((error: unknown) => {
      if (!(error instanceof GateError && error.code === 'LOGIN_FAILED')) sessions.delete(key);
    });
    return opening;
  }

  return {
    names: Object.keys(accounts),
    roleOf: (account) => findAccount(options, account).role,
    session,
    hasPassword: (account) => 'password' in findAccount(options, account),
    isDisposable(account) {
      const known = findAccount(options, account);
      return 'disposable' in known && known.disposable;
    },
    credentials(account) {
      const known = findAccount(options, account);
      if ('password' in known) return { email: known.email, password: known.password };
      throw new GateError('LOGIN_FAILED', `Account "${account}" has no password: its session was made elsewhere.`, {
        remedy: "Give it one with `auth.kind: 'password'`, where the application has a login.",
      });
    },
    authQuota: (signal) => quotas.target.take(signal),
    wholeAuthQuota: (signal) => quotas.target.takeAll(signal),
    countAuthRequests: (count) => quotas.target.count(count),
    expiredToken: expiredSession,
  };
}
