// Asks an endpoint of the surface as somebody: parameters, body, session, double submit and auth quota in one place. Used by the API checks.
import { GateError } from '../../gates/model.ts';
import type { CheckContext, Endpoint, HttpResponse, Method, Session } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';
import type { WatchedHttp } from '../instruments/http-health.ts';
import { lastingAccount } from '../instruments/lasting-account.ts';
import { readCookiePairs } from './cookies.ts';
import { fillPlaceholders, nextTag } from './placeholders.ts';

export interface Asking {
  readonly context: CheckContext;
  readonly http: WatchedHttp;
}

/** A role of the surface, or nobody. */
export type Who = string;
export const ANONYMOUS: Who = 'anonymous';

/** Stands for an object that does not exist, where who asks must be refused before anything is looked up. */
export const NO_OBJECT = 'naap-gate-none';

/** Thrown by a case that cannot be put here; its message is the reason. */
export class NotRun extends Error {}

/** Who may ask: nobody in particular for a public endpoint, else each role that has access. */
export function listWhoMay(endpoint: Endpoint, roles: readonly string[]): readonly Who[] {
  if (endpoint.access === 'public') return [ANONYMOUS];
  return endpoint.access === 'authenticated' ? roles : endpoint.access;
}

function normalise(path: string): string {
  return path.replace(/\{\w+\}/g, '{}');
}

/** The endpoint that a path template belongs to, whatever its parameters are called. */
export function findEndpoint(endpoints: readonly Endpoint[], method: Method, path: string): Endpoint | undefined {
  return endpoints.find((endpoint) => endpoint.method === method && normalise(endpoint.path) === normalise(path));
}

/** The shared session of the first account that has this role, of those that last where there are such; undefined for nobody. Throws NotRun where there is none. */
export async function openSession({ context }: Asking, who: Who): Promise<Session | undefined> {
  if (who === ANONYMOUS) return undefined;
  const { accounts } = context;
  const fitting = accounts.names.filter((name) => accounts.roleOf(name) === who);
  const account = lastingAccount(accounts, fitting);
  if (account === undefined) throw new NotRun(`the environment has no account with the role "${who}"`);
  return openAccount(context, account);
}

/** The shared session of an account. Throws NotRun where it cannot log in: that is a finding of api-auth, and here nothing can be asked. */
export async function openAccount(context: CheckContext, account: string): Promise<Session> {
  try {
    return await context.accounts.session(account);
  } catch (error) {
    if (error instanceof GateError && error.code === 'LOGIN_FAILED') throw new NotRun(error.message);
    throw error;
  }
}

/** What is asked besides the endpoint. */
export interface Question {
  readonly session?: Session | undefined;
  /** Value of params that begin with `@`, and of `{…}` in paths of `undo`, `readBack` and ownership. */
  readonly objectId?: string | undefined;
  readonly body?: Record<string, unknown> | undefined;
  readonly rawBody?: string;
  /** Leaves the double-submit token out where the endpoint needs one. */
  readonly withoutCsrf?: boolean;
}

/** `{name}` of the path from `params`: static values, `@self`, or `@create` as the object's id. */
export function fillPath(path: string, params: Readonly<Record<string, string>>, question: Question): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? '@';
    if (value === '@self') return encodeURIComponent(question.session?.userId ?? NO_OBJECT);
    return encodeURIComponent(value.startsWith('@') ? (question.objectId ?? NO_OBJECT) : value);
  });
}

// The double submit that the surface speaks of: token in this header, and the cookies of the answer that gave it.
const CSRF_HEADER = 'x-csrf-token';

async function fetchCsrfHeaders(asking: Asking, session: Session | undefined): Promise<Record<string, string>> {
  const { auth } = asking.context.surface;
  if (auth.csrf === undefined) throw new NotRun('the surface names no `auth.csrf`, and this endpoint needs a double-submit token');
  const response = await sendPaced(asking, 'GET', auth.csrf, { session });
  const token = readField(response.json, 'data.token') ?? readField(response.json, 'token');
  if (typeof token !== 'string') throw new NotRun(`${auth.csrf} gave no token (${response.status})`);
  const cookies = readCookiePairs(response.headers['set-cookie']);
  return { [CSRF_HEADER]: token, ...(cookies === '' ? {} : { cookie: cookies }) };
}

/** Sends to a path of the surface; takes from the auth quota where the endpoint there counts against it. */
export async function sendPaced(
  asking: Asking,
  method: Method,
  path: string,
  more: Question & { readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<HttpResponse> {
  const { context, http } = asking;
  const endpoint = findEndpoint(context.surface.endpoints, method, path.split('?')[0] ?? path);
  if (endpoint?.authQuota === true) await context.accounts.authQuota(context.signal);
  return http.send({ path, method, as: more.session, body: more.body, rawBody: more.rawBody, headers: more.headers });
}

/** The sample body with its placeholders filled, each time anew. */
export function makeBody(asking: Asking, endpoint: Endpoint, body = endpoint.body): Record<string, unknown> | undefined {
  if (body === undefined) return undefined;
  const { accounts, tag } = asking.context;
  const account = accounts.names.find((name) => accounts.hasPassword(name));
  if (/\{(email|password)\}/.test(JSON.stringify(body)) && account === undefined) throw new NotRun('the environment has no account with a password');
  return fillPlaceholders(body, { tag: nextTag(tag), ...(account === undefined ? {} : accounts.credentials(account)) });
}

export async function ask(asking: Asking, endpoint: Endpoint, question: Question = {}): Promise<HttpResponse> {
  const { context, http } = asking;
  const headers = endpoint.csrf === true && question.withoutCsrf !== true ? await fetchCsrfHeaders(asking, question.session) : undefined;
  if (endpoint.authQuota === true) await context.accounts.authQuota(context.signal);
  const path = fillPath(endpoint.path, endpoint.params ?? {}, question);
  return http.send({ path, method: endpoint.method, as: question.session, body: question.body, rawBody: question.rawBody, headers });
}

/** Whether this run may write to the environment; why not, otherwise. */
export function requireWrite({ context }: Asking): void {
  if (!context.allow.includes('write')) throw new NotRun("it writes, and the environment does not allow it (`allow: [… 'write']`)");
}
