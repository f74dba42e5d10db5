// An application in memory that answers as any surface says, with defects on request: what the tests of the API checks measure besides the twin.
import type { Endpoint, FieldType, HttpClient, HttpRequest, HttpResponse, Surface } from '../../../gates/model.ts';
import { readField } from '../../instruments/json-field.ts';

/** Each a defect that a check must see. */
export interface Defects {
  /** Changes the answer of an endpoint just before it is sent. */
  spoil?(endpoint: Endpoint, response: HttpResponse, request: HttpRequest): HttpResponse;
  readonly ignoresOwners?: boolean;
  readonly removesThoughRefused?: boolean;
  readonly keepsRemoved?: boolean;
  readonly hidesWritten?: boolean;
  readonly logoutKeepsSession?: boolean;
  readonly takesQueryTokens?: boolean;
  readonly takesExpired?: boolean;
  readonly takesAnyToken?: boolean;
  readonly ignoresCookies?: boolean;
  readonly needsNoCsrf?: boolean;
}

export interface Person {
  readonly email: string;
  readonly password: string;
  readonly role: string;
}
export interface SurfaceApplication extends HttpClient {
  readonly requests: readonly { readonly method: string; readonly path: string }[];
  /** Ids of objects that are still there. */
  left(): string[];
}

export const EXPIRED = 'expired-token';

type Kept = { readonly id: string; readonly create: string; readonly owner: string };

function answer(status: number, json: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, json, text: JSON.stringify(json) ?? '', headers, durationMs: 1 };
}
export function refuse(status: number, code: string): HttpResponse {
  return answer(status, { success: false, error: { code, message: code.toLowerCase() }, meta: {} });
}

const EXAMPLES: Readonly<Record<FieldType, unknown>> = {
  string: 'x',
  number: 1,
  boolean: true,
  array: [],
  object: {},
  timestamp: '2026-08-01T12:00:00.000Z',
  any: 1,
};

function setField(target: Record<string, unknown>, path: string, value: unknown): void {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) target[key] = value;
  else setField((target[key] ??= {}) as Record<string, unknown>, rest.join('.'), value);
}

function makeData(endpoint: Endpoint, known: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const [path, type] of Object.entries(endpoint.expect.fields ?? {})) setField(data, path, EXAMPLES[type]);
  for (const [path, value] of Object.entries(known)) setField(data, path, value);
  return data;
}

function matchPath(template: string, path: string): RegExpMatchArray | null {
  const pattern = template
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith('{') ? '([^/?]+)' : part.replace(/[.?+*()[\]\\^$|]/g, '\\$&')))
    .join('');
  return path.match(new RegExp(`^${pattern}$`));
}

/** Literal paths before templates, as routers do. */
function route(surface: Surface, method: string, path: string): { endpoint: Endpoint; id: string | undefined } | undefined {
  const hits = surface.endpoints
    .filter((endpoint) => endpoint.method === method)
    .flatMap((endpoint) => {
      const match = matchPath(endpoint.path, path) ?? matchPath(endpoint.path, path.split('?')[0] ?? path);
      return match === null ? [] : [{ endpoint, id: match[1] }];
    });
  return hits.toSorted((a, b) => Number(a.endpoint.path.includes('{')) - Number(b.endpoint.path.includes('{')))[0];
}

export function createSurfaceApplication(surface: Surface, people: readonly Person[], defects: Defects = {}): SurfaceApplication {
  const sessions = new Map<string, Person>();
  const names = new Map<string, string>();
  let kept: Kept[] = [];
  let serial = 0;
  const requests: { method: string; path: string }[] = [];

  function findPerson(request: HttpRequest): Person | undefined {
    const sent = request.headers?.['cookie'] ?? request.as?.cookies?.map(({ name, value }) => `${name}=${value}`).join('; ');
    const cookie = defects.ignoresCookies === true ? undefined : sent?.match(new RegExp(`${surface.auth.cookie}=([^;]+)`))?.[1];
    const query = defects.takesQueryTokens === true ? new URLSearchParams(request.path.split('?')[1]).get('token') : undefined;
    const token = request.as?.token ?? request.headers?.['authorization']?.replace('Bearer ', '') ?? cookie ?? query ?? undefined;
    if (token === undefined || (token === EXPIRED && defects.takesExpired !== true)) return undefined;
    return sessions.get(token) ?? (defects.takesAnyToken === true || token === EXPIRED ? people[0] : undefined);
  }

  function logIn(endpoint: Endpoint, body: unknown): HttpResponse {
    const person = people.find(({ email, password }) => email === readField(body, 'email') && password === readField(body, 'password'));
    if (person === undefined) return refuse(401, 'INVALID_CREDENTIALS');
    const token = `token-${(serial += 1)}`;
    sessions.set(token, person);
    const data = makeData(endpoint, {
      'user.id': person.email,
      'user.email': person.email,
      token,
      expiresAt: new Date(Date.now() + surface.auth.sessionSeconds * 1000).toISOString(),
    });
    return answer(
      200,
      { success: true, data },
      { 'set-cookie': `${surface.auth.cookie}=${token}; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=${surface.auth.sessionSeconds}` },
    );
  }

  function touch(endpoint: Endpoint, origin: string, id: string, person: Person | undefined): HttpResponse {
    const object = kept.find((one) => one.id === id && one.create === origin);
    if (object === undefined) return refuse(404, 'NOT_FOUND');
    const isStranger =
      object.owner !== (person?.email ?? '') && person?.role !== 'admin' && endpoint.access !== 'public' && endpoint.id !== 'community.create-comment';
    const isRemoval = endpoint.method === 'DELETE';
    if (isRemoval && (!isStranger || defects.ignoresOwners === true || defects.removesThoughRefused === true) && defects.keepsRemoved !== true)
      kept = kept.filter((one) => one !== object);
    if (isStranger && defects.ignoresOwners !== true) return refuse(403, 'FORBIDDEN');
    return answer(endpoint.expect.status[0] ?? 200, { success: true, data: makeData(endpoint, {}) });
  }

  function create(endpoint: Endpoint, undo: NonNullable<Endpoint['undo']>, person: Person | undefined): HttpResponse {
    const id = `${endpoint.id}-${(serial += 1)}`.replaceAll('.', '-');
    kept.push({ id, create: endpoint.id, owner: person?.email ?? '' });
    return answer(201, { success: true, data: makeData(endpoint, { [undo.idField]: id }) });
  }

  function me(endpoint: Endpoint, person: Person | undefined): HttpResponse {
    const displayName = names.get(person?.email ?? '') ?? 'Somebody';
    return answer(200, { success: true, data: makeData(endpoint, { 'user.id': person?.email, 'user.email': person?.email, 'user.displayName': displayName }) });
  }

  function isInvalid(endpoint: Endpoint, request: HttpRequest): boolean {
    const text = request.rawBody ?? JSON.stringify(request.body ?? {}).replaceAll(/naap-gate-[a-z0-9-]+/g, '{tag}');
    return request.rawBody !== undefined || (endpoint.invalidBody !== undefined && text === JSON.stringify(endpoint.invalidBody));
  }

  function refuseDoor(endpoint: Endpoint, request: HttpRequest, person: Person | undefined): HttpResponse | undefined {
    if (endpoint.access !== 'public' && person === undefined) return refuse(401, 'UNAUTHORIZED');
    if (Array.isArray(endpoint.access) && !endpoint.access.includes(person?.role ?? '')) return refuse(403, 'FORBIDDEN');
    if (endpoint.csrf === true && defects.needsNoCsrf !== true && request.headers?.['x-csrf-token'] !== 'csrf-token') return refuse(403, 'CSRF');
    return isInvalid(endpoint, request) ? refuse(400, 'VALIDATION') : undefined;
  }

  function handle(endpoint: Endpoint, id: string | undefined, request: HttpRequest): HttpResponse {
    const person = findPerson(request);
    const refused = refuseDoor(endpoint, request, person);
    if (refused !== undefined) return refused;
    const origin = Object.values(endpoint.params ?? {})
      .find((value) => value.startsWith('@') && value !== '@self')
      ?.slice(1);
    if (endpoint.path === surface.auth.login) return logIn(endpoint, request.body);
    if (endpoint.path === surface.auth.csrf) return answer(200, { success: true, data: { token: 'csrf-token' } });
    if (endpoint.path === surface.auth.me) return me(endpoint, person);
    if (endpoint.path === surface.auth.logout && defects.logoutKeepsSession !== true)
      sessions.delete(request.as?.token ?? request.as?.cookies?.[0]?.value ?? '');
    if (endpoint.undo?.method === 'PATCH') names.set(person?.email ?? '', String(readField(request.body, 'displayName')));
    if (origin !== undefined && id !== undefined) return touch(endpoint, origin, id, person);
    if (endpoint.undo?.method === 'DELETE') return create(endpoint, endpoint.undo, person);
    if (endpoint.expect.location !== undefined) return answer(302, undefined, { location: `${endpoint.expect.location}x` });
    const shown =
      id !== undefined && kept.some((one) => one.id === id)
        ? [id]
        : surface.endpoints.some(({ readBack }) => readBack?.path === endpoint.path)
          ? kept.map((one) => one.id)
          : [];
    if (id?.startsWith('auth-register') === true && shown.length === 0) return refuse(404, 'NOT_FOUND');
    const data = { ...makeData(endpoint, {}), ...(defects.hidesWritten === true ? {} : { shown }) };
    return answer(200, endpoint.expect.envelope === false ? data : { success: true, data });
  }

  function send(request: HttpRequest): Promise<HttpResponse> {
    const method = request.method ?? 'GET';
    requests.push({ method, path: request.path });
    const found = route(surface, method, request.path);
    if (found === undefined) return Promise.resolve(refuse(404, 'NO_ROUTE'));
    const response = handle(found.endpoint, found.id, request);
    return Promise.resolve(defects.spoil?.(found.endpoint, response, request) ?? response);
  }

  return {
    send,
    requests,
    get sent() {
      return requests.length;
    },
    left: () => kept.map(({ id }) => id),
  };
}
