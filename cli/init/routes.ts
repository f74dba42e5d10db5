// Routes that were seen, folded to templates, and the surface that they make beside NaaP's. Pure; used by the discoverers.
import type { Endpoint, FieldType, Surface } from '../../gates/model.ts';
import { Method } from '../../gates/model.ts';
import { naapSurface } from '../../suites/naap-surface.ts';
import type { ProposedSurface, Unknown } from './findings.ts';

export interface SeenRoute {
  readonly method: Method;
  /** `/api/v1/users/{id}`, without query. */
  readonly path: string;
  /** Values that a document gives as examples; what traffic held is never kept. */
  readonly params: Readonly<Record<string, string>>;
  readonly access: 'public' | 'authenticated';
  /** Statuses below 300 that it answered, or that are promised. */
  readonly statuses: readonly number[];
  readonly envelope: boolean;
  /** Fields of `data`, or of the body where there is no envelope. */
  readonly fields: Readonly<Record<string, FieldType>>;
}

const DEFAULTS = naapSurface();
/** With fewer of NaaP's routes than this share the application is another one. */
const NAAP_SHARE = 0.25;
const FIELDS_KEPT = 6;

/** What only that one request knew becomes `{id}`: numbers, UUIDs, cuids, hashes, addresses, e-mail addresses, tokens. */
export function foldPath(path: string): string {
  let ids = 0;
  const name = (): string => `{id${(ids += 1) === 1 ? '' : ids}}`;
  return path
    .split('/')
    .map((segment) => (isId(segment) ? name() : segment))
    .join('/');
}

/** A version, or words as people write them; a word may end in a few digits (`oauth2`), and none is as long as a token. */
const VERSION = /^v\d+$|^v?\d+(\.\d+)+$/i;
const WORDS = /^(?:[a-z]{1,16}|[A-Z]{1,16}|[A-Z]?[a-z]{2,16}(?:[A-Z][a-z]{2,15})*)\d{0,3}(?:[-_.](?:[A-Za-z][a-z]{0,15}|[A-Z]{1,16})\d{0,3})*$/;
const LONGEST_WORDS = 40;

/** Anything that is not plainly words: a token in an address is a secret. */
function isId(segment: string): boolean {
  const plain = safeDecode(segment);
  if (plain === '' || VERSION.test(plain)) return false;
  return plain.length > LONGEST_WORDS || !WORDS.test(plain);
}

function safeDecode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const shape = (method: string, path: string): string => `${method} ${path.replace(/\?.*$/, '').replace(/\{[^}]+\}/g, '{}')}`;

export interface Proposed {
  readonly surface: ProposedSurface | undefined;
  readonly learned: readonly string[];
  readonly unknown: readonly Unknown[];
}
export interface SurfaceRequest {
  readonly routes: readonly SeenRoute[];
  /** Differences that were learned elsewhere, laid over what comes of the routes. */
  readonly more: Extract<ProposedSurface, { kind: 'differences' }>['value'];
  /** Whether the routes are all that there are, as in a document; traffic shows some. */
  readonly isComplete: boolean;
}

/** Reads whose path is known beforehand become endpoints; all else is named for a person to add. */
export function surfaceOf({ routes, more, isComplete }: SurfaceRequest): Proposed {
  const known = new Set(DEFAULTS.endpoints.map(({ method, path }) => shape(method, path)));
  const ofNaap = routes.filter(({ method, path }) => known.has(shape(method, path)));
  const isNaap = routes.length === 0 || ofNaap.length >= known.size * NAAP_SHARE || (!isComplete && ofNaap.length > 0);
  const rest = isNaap ? routes.filter((route) => !ofNaap.includes(route)) : routes;
  const askable = rest.filter(isAskable);
  const ids = new Set(isNaap ? DEFAULTS.endpoints.map(({ id }) => id) : []);
  const endpoints = askable.map((route) => endpointOf(route, ids));
  const unknown = [...leftOut(rest), ...(isNaap ? missing(routes, isComplete) : notNaap())];
  const learned =
    routes.length === 0 ? [] : [`${routes.length} routes: ${ofNaap.length} of them NaaP's own, ${askable.length} more that can be asked as they are`];
  if (!isNaap) return { surface: { kind: 'whole', value: wholeSurface(endpoints, more) }, learned, unknown };
  const added = Object.fromEntries(endpoints.map(({ id, ...endpoint }) => [id, endpoint]));
  const value = { ...more, ...(endpoints.length === 0 && more.endpoints === undefined ? {} : { endpoints: { ...more.endpoints, ...added } }) };
  return { surface: Object.keys(value).length === 0 ? undefined : { kind: 'differences', value }, learned, unknown };
}

function isAskable({ method, path, params, statuses }: SeenRoute): boolean {
  return method === 'GET' && statuses.length > 0 && placeholders(path).every((name) => name in params);
}

function placeholders(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

function endpointOf({ method, path, params, access, statuses, envelope, fields }: SeenRoute, taken: Set<string>): Endpoint {
  const used = placeholders(path);
  const kept = Object.fromEntries(Object.entries(params).filter(([name]) => used.includes(name)));
  const shown = Object.fromEntries(Object.entries(fields).slice(0, FIELDS_KEPT));
  return {
    id: newId(path, taken),
    method,
    path,
    ...(used.length === 0 ? {} : { params: kept }),
    access,
    effect: 'read',
    expect: { status: [...statuses], ...(Object.keys(shown).length === 0 ? {} : { fields: shown }), ...(envelope ? {} : { envelope: false }) },
  };
}

/** `/api/v1/forum/posts/{id}` → `forum.posts-by-id`. */
function newId(path: string, taken: Set<string>): string {
  const words = path
    .split('/')
    .filter((segment) => segment !== '' && segment !== 'api' && !/^v\d+$/.test(segment))
    .map((segment) =>
      segment
        .replace(/^\{(\w+)\}$/, 'by-$1')
        .replace(/([a-z])([A-Z])/g, '$1-$2')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, ''),
    )
    .filter((word) => word !== '');
  const [area = 'root', ...others] = words;
  const base = others.length === 0 ? area : `${area}.${others.join('-')}`;
  const id = [base, ...Array.from({ length: 1000 }, (_, index) => `${base}-${index + 2}`)].find((one) => !taken.has(one)) ?? base;
  taken.add(id);
  return id;
}

/** What another application needs at least; what is NaaP's in it is named as unknown. */
function wholeSurface(endpoints: readonly Endpoint[], more: SurfaceRequest['more']): Surface {
  const { login: _, logout: __, csrf: ___, ...auth } = DEFAULTS.auth;
  return {
    roles: DEFAULTS.roles,
    auth: { ...auth, ...(typeof more.auth?.cookie === 'string' ? { cookie: more.auth.cookie } : {}) },
    health: {
      path: typeof more.health?.path === 'string' ? more.health.path : DEFAULTS.health.path,
      ...(typeof more.health?.commit === 'string' ? { commit: more.health.commit } : {}),
    },
    endpoints: [...endpoints],
    pages: [],
    ownership: [],
    ...(typeof more.openapi?.path === 'string' ? { openapi: { path: more.openapi.path } } : {}),
  };
}

const SHOWN = 12;
const list = (routes: readonly SeenRoute[]): string =>
  routes
    .slice(0, SHOWN)
    .map(({ method, path }) => `${method} ${path}`)
    .join(', ') + (routes.length > SHOWN ? ` and ${routes.length - SHOWN} more` : '');

function leftOut(rest: readonly SeenRoute[]): Unknown[] {
  const writes = rest.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
  const withoutValue = rest.filter((route) => route.method === 'GET' && !isAskable(route));
  return [
    ...(withoutValue.length === 0
      ? []
      : [
          {
            field: 'surface.endpoints',
            what: `values to ask these with, or what they answer: ${list(withoutValue)}`,
            fill: "add them with `params`, for example { id: '@self' }",
          },
        ]),
    ...(writes.length === 0
      ? []
      : [
          {
            field: 'surface.endpoints',
            what: `bodies of what writes, and how to undo it: ${list(writes)}`,
            fill: "add them with `body`, `invalidBody`, `undo` and `readBack`, and 'write' to `allow`",
          },
        ]),
  ];
}

/** A row that is not documented is not gone: it is named, and stays. */
function missing(routes: readonly SeenRoute[], isComplete: boolean): Unknown[] {
  if (!isComplete || routes.length === 0) return [];
  const seen = new Set(routes.map(({ method, path }) => shape(method, path)));
  const absent = DEFAULTS.endpoints.filter(({ method, path }) => !seen.has(shape(method, path)));
  if (absent.length === 0) return [];
  return [
    {
      field: 'surface.endpoints',
      what: `whether it has those of NaaP's routes that its document does not name: ${absent
        .slice(0, SHOWN)
        .map(({ id }) => id)
        .join(', ')}${absent.length > SHOWN ? ` and ${absent.length - SHOWN} more` : ''}`,
      fill: 'set to null what it has not; until then they are asked',
    },
  ];
}

function notNaap(): Unknown[] {
  return [
    {
      field: 'surface.auth',
      what: "who is logged in (`me`), how long a session lives, and how many logins a minute are let through: the application is not laid out as NaaP is, so these are NaaP's values",
      fill: 'correct me, cookie, sessionSeconds and quotaPerMinute; add login and logout where it has them',
    },
    { field: 'surface.pages, surface.ownership', what: 'its pages, and which objects belong to whom', fill: 'add them' },
  ];
}
