// The application in memory with what stands between it and strangers: limit, origins, error answers, headers, its own description. Defects on request.
import type { HttpRequest, HttpResponse, Surface } from '../../../gates/model.ts';
import { readField } from '../../instruments/json-field.ts';
import type { Person, SurfaceApplication } from './surface-application.ts';
import { createSurfaceApplication, refuse } from './surface-application.ts';

/** Each a defect that one of the checks must see. */
export interface BoundaryDefects {
  /** Changes any answer just before it is sent. */
  spoil?(response: HttpResponse, request: HttpRequest): HttpResponse;
  /** How many logins it lets in; default: as many as the surface says. */
  readonly limit?: number;
  /** Header that it knows a client by. */
  readonly believes?: string;
  /** All clients share one window. */
  readonly limitsAllTogether?: boolean;
  readonly neverRecovers?: boolean;
  readonly takesRoles?: boolean;
  readonly document?: unknown;
  /** Time that was slept through without passing, ms each: its windows end by it too. */
  readonly waitedMs?: readonly number[];
}

/** Codes of the application in memory. */
export const CODES: NonNullable<Surface['errors']> = [
  { code: 'VALIDATION', status: 400 },
  { code: 'UNAUTHORIZED', status: 401 },
  { code: 'INVALID_CREDENTIALS', status: 401 },
  { code: 'FORBIDDEN', status: 403 },
  { code: 'CSRF', status: 403 },
  { code: 'NOT_FOUND', status: 404 },
  { code: 'NO_ROUTE', status: 404 },
  { code: 'METHOD', status: 405 },
  { code: 'TOO_LARGE', status: 413 },
  { code: 'NOT_JSON', status: 415 },
  { code: 'LIMITED', status: 429 },
];

const OWN_ORIGIN = 'https://naap.test';
const SAFE = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', vary: 'Origin' };

function plain(status: number, json: unknown): HttpResponse {
  return { status, json, text: json === undefined ? '' : JSON.stringify(json), headers: {}, durationMs: 1 };
}

export function createBoundaryApplication(surface: Surface, people: readonly Person[], defects: BoundaryDefects = {}): SurfaceApplication {
  const inner = createSurfaceApplication(surface, people);
  const windows = new Map<string, { endsAt: number; count: number }>();
  const windowMs = (surface.auth.quotaWindowSeconds ?? 60) * 1000;
  let raised: string | undefined;

  function limit(request: HttpRequest): HttpResponse | undefined {
    if (request.method !== 'POST' || request.path !== surface.auth.login) return undefined;
    const claimed = defects.believes === undefined ? undefined : request.headers?.[defects.believes];
    const client = defects.limitsAllTogether === true ? 'all' : (claimed ?? request.from ?? 'client');
    const now = performance.now() + (defects.waitedMs ?? []).reduce((sum, ms) => sum + ms, 0);
    const known = windows.get(client);
    const window = known === undefined || (known.endsAt <= now && defects.neverRecovers !== true) ? { endsAt: now + windowMs, count: 0 } : known;
    window.count += 1;
    windows.set(client, window);
    if (window.count <= (defects.limit ?? surface.auth.quotaPerMinute)) return undefined;
    const retryAfter = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
    const refusal = { success: false, error: { code: 'LIMITED', message: 'Later.', retryAfter } };
    return { ...plain(429, refusal), headers: { 'retry-after': String(retryAfter) } };
  }

  function refuseBadly(request: HttpRequest): HttpResponse | undefined {
    const { method = 'GET', path, rawBody = '', headers } = request;
    const isKnown = surface.endpoints.some((endpoint) => endpoint.path === path);
    if (method === 'TRACE' || (isKnown && method === 'PUT')) return { ...refuse(405, 'METHOD'), headers: { allow: 'GET' } };
    if (rawBody.length > (surface.maxBodyBytes ?? Number.POSITIVE_INFINITY)) return refuse(413, 'TOO_LARGE');
    return headers?.['content-type'] === 'text/plain' ? refuse(415, 'NOT_JSON') : undefined;
  }

  /** The profile's role: told by the session's own route, and by a defect taken from the body. */
  function withRole(request: HttpRequest, response: HttpResponse): HttpResponse {
    const sent = readField(request.body, 'role');
    if (request.method === 'PATCH' && defects.takesRoles === true && typeof sent === 'string') raised = sent;
    if (request.path !== surface.auth.me || response.status !== 200) return response;
    const user = { ...(readField(response.json, 'data.user') as object), role: raised ?? request.as?.role };
    return plain(200, { success: true, data: { user } });
  }

  async function answer(request: HttpRequest): Promise<HttpResponse> {
    const refused = limit(request) ?? refuseBadly(request);
    if (refused !== undefined) return refused;
    if (request.method === 'OPTIONS') return plain(204, undefined);
    if (request.path === surface.openapi?.path) return defects.document === undefined ? refuse(404, 'NO_ROUTE') : plain(200, defects.document);
    const query = request.path.includes('delete?') ? request.path : (request.path.split('?')[0] ?? request.path);
    return withRole(request, await inner.send({ ...request, path: query }));
  }

  async function send(request: HttpRequest): Promise<HttpResponse> {
    const response = await answer(request);
    const isOwn = request.headers?.['origin'] === OWN_ORIGIN;
    const cors: Record<string, string> = isOwn ? { 'access-control-allow-origin': OWN_ORIGIN, 'access-control-allow-credentials': 'true' } : {};
    const dressed = { ...response, headers: { ...SAFE, ...cors, ...response.headers } };
    return defects.spoil?.(dressed, request) ?? dressed;
  }

  return {
    send,
    requests: inner.requests,
    left: () => inner.left(),
    get sent() {
      return inner.sent;
    },
  };
}
