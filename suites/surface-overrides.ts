// Lays an environment's differences over a surface and validates the outcome; called by naapSurface().
import { GateError, JOURNEY_IDS, Surface, type WebSurface } from '../gates/model.ts';

/** Every field may be left out; `null` removes an optional field. Arrays are replaced whole. */
export type Override<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [Key in keyof T]?: Override<T[Key]> | null } : T;

/** Rows by id: fields that differ, a whole new row under a new id, or `null` to remove the row. */
export type RowOverrides<Row> = Readonly<Record<string, Override<Omit<Row, 'id'>> | null>>;

export interface SurfaceOverrides {
  readonly roles?: readonly string[];
  readonly auth?: Override<Surface['auth']>;
  readonly health?: Override<Surface['health']>;
  readonly endpoints?: RowOverrides<Surface['endpoints'][number]>;
  readonly pages?: RowOverrides<Surface['pages'][number]>;
  /** Journeys by id: fields that differ, `{ spec: 'e2e/post.journey.ts' }` for one of your own, `null` for one that is not there (declare it not applicable). */
  readonly web?: Override<WebSurface> | null;
  readonly ownership?: RowOverrides<Surface['ownership'][number]>;
  readonly cors?: Override<NonNullable<Surface['cors']>> | null;
  /** Replaced whole: the codes are one list. */
  readonly errors?: Surface['errors'] | null;
  readonly openapi?: Override<NonNullable<Surface['openapi']>> | null;
  readonly maxBodyBytes?: number | null;
  readonly coldStart?: Surface['coldStart'];
}

type Plain = Record<string, unknown>;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys whose values are an application's own data, not fields of ours: replaced whole, so that nothing of a default body lingers. */
const WHOLE = new Set(['body', 'invalidBody', 'params']);

function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isPlain(base) || !isPlain(over)) return over;
  const merged: Plain = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = WHOLE.has(key) ? value : merge(base[key], value);
  }
  return merged;
}

/** A journey with a spec of its own replaces ours whole. */
function mergeWeb(base: Surface['web'], over: SurfaceOverrides['web']): unknown {
  const merged = mergeOptional(base, over);
  const journeys: unknown = over?.journeys;
  if (!isPlain(merged) || !isPlain(journeys)) return merged;
  const own = JOURNEY_IDS.flatMap((id) => (isPlain(journeys[id]) && 'spec' in journeys[id] ? [[id, journeys[id]] as const] : []));
  return { ...merged, journeys: { ...(merged['journeys'] as Plain), ...Object.fromEntries(own) } };
}

/** A field of the surface itself, which `null` removes. */
function mergeOptional(base: unknown, over: unknown): unknown {
  return over === null ? undefined : merge(base, over);
}

function mergeRows<Row extends { readonly id: string }>(rows: readonly Row[], over: RowOverrides<Row> = {}): unknown[] {
  const known = rows.flatMap((row) => (over[row.id] === null ? [] : [merge(row, over[row.id])]));
  const ids = new Set(rows.map((row) => row.id));
  const added = Object.entries(over).flatMap(([id, row]) => (ids.has(id) || row === null ? [] : [{ ...row, id }]));
  return [...known, ...added];
}

type EndpointRow = Surface['endpoints'][number];

function findEndpointDisagreements(row: EndpointRow, roles: readonly string[], ids: ReadonlySet<string>): string[] {
  const { access, params = {}, path, loadWeight, effect, method, undo, readBack } = row;
  const references = Object.values(params)
    .filter((value) => value.startsWith('@') && value !== '@self')
    .map((value) => value.slice(1));
  const unknownRoles = Array.isArray(access) ? access.filter((role) => !roles.includes(role)) : [];
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const isLoadable = effect === 'read' && method === 'GET' && references.length === 0;
  const isSetting = undo?.method === 'PATCH' || undo?.method === 'PUT';
  return [
    ...unknownRoles.map((role) => `access: no role "${role}". Known: ${roles.join(', ')}.`),
    ...references.filter((id) => !ids.has(id)).map((id) => `params: no endpoint "${id}".`),
    ...names.filter((name) => !(name in params)).map((name) => `params: no value for {${name}} of ${path}.`),
    ...(loadWeight === undefined || isLoadable ? [] : ['loadWeight: only a GET that reads, of a path known beforehand, may be under load.']),
    ...(isSetting && readBack === undefined ? ['readBack: needed to restore the former value.'] : []),
  ].map((mistake) => `endpoints.${row.id}.${mistake}`);
}

/** Names that must agree across the table, which a schema of single rows cannot see. */
function findDisagreements({ endpoints, roles, ownership, coldStart }: Surface): string[] {
  const ids = new Set(endpoints.map(({ id }) => id));
  const strangers = ownership.filter(({ create }) => !ids.has(create)).map(({ id, create }) => `ownership.${id}.create: no endpoint "${create}".`);
  return [...endpoints.flatMap((row) => findEndpointDisagreements(row, roles, ids)), ...strangers, ...findUnaskable(endpoints, coldStart?.routes ?? [])];
}

/** A cold start is asked for again and again, so it must be a read of a path known beforehand. */
function findUnaskable(endpoints: Surface['endpoints'], routes: readonly string[]): string[] {
  return routes.flatMap((id) => {
    const row = endpoints.find((one) => one.id === id);
    if (row === undefined) return [`coldStart.routes: no endpoint "${id}".`];
    const isFixed = !Object.values(row.params ?? {}).some((value) => value.startsWith('@'));
    return row.method === 'GET' && row.effect === 'read' && isFixed ? [] : [`coldStart.routes: "${id}" is no GET that reads a path known beforehand.`];
  });
}

/** The path of a schema's issue as the override wrote it: rows by id, not by position. */
function namePath(candidate: Plain, path: readonly PropertyKey[]): string {
  const [table, index, ...rest] = path;
  const rows = candidate[String(table)];
  const row: unknown = Array.isArray(rows) && typeof index === 'number' ? rows[index] : undefined;
  return (isPlain(row) ? [table, row['id'], ...rest] : path).map(String).join('.');
}

/** What is declared absent is absent from the table of endpoints too, unless that speaks of it itself. */
function withoutAbsent({ endpoints, auth }: Surface, over: SurfaceOverrides): Surface['endpoints'] {
  const absent = (['login', 'logout'] as const).filter((route) => over.auth?.[route] === null).map((route) => auth[route]);
  return endpoints.filter(({ id, path }) => !absent.includes(path) || over.endpoints?.[id] !== undefined);
}

const TABLES = ['endpoints', 'pages', 'ownership'] as const;
const FIELDS: readonly string[] = Object.keys(Surface.shape);

/** What the types forbid, and JSON may hold all the same: a list where rows go by id, a name that is none of the surface's. */
function findMisshapen(over: SurfaceOverrides): string[] {
  return [
    ...TABLES.filter((table) => over[table] !== undefined && !isPlain(over[table])).map((table) => `${table}: rows by id, { "home": { … } }, not a list.`),
    ...Object.keys(over)
      .filter((key) => !FIELDS.includes(key))
      .map((key) => `${key}: no such part. Known: ${FIELDS.join(', ')}.`),
  ];
}

/** Throws GateError CONFIG_INVALID, which lists every mistake with its path. */
export function overrideSurface(defaults: Surface, over: SurfaceOverrides): Surface {
  const misshapen = findMisshapen(over);
  if (misshapen.length > 0) throw invalid(misshapen);
  const candidate = {
    roles: over.roles ?? defaults.roles,
    auth: merge(defaults.auth, over.auth),
    health: merge(defaults.health, over.health),
    endpoints: mergeRows(withoutAbsent(defaults, over), over.endpoints),
    pages: mergeRows(defaults.pages, over.pages),
    web: mergeWeb(defaults.web, over.web),
    ownership: mergeRows(defaults.ownership, over.ownership),
    coldStart: over.coldStart ?? defaults.coldStart,
    cors: mergeOptional(defaults.cors, over.cors),
    errors: mergeOptional(defaults.errors, over.errors),
    openapi: mergeOptional(defaults.openapi, over.openapi),
    maxBodyBytes: mergeOptional(defaults.maxBodyBytes, over.maxBodyBytes),
  };
  const parsed = Surface.safeParse(candidate);
  const mistakes = parsed.success ? findDisagreements(parsed.data) : parsed.error.issues.map((issue) => `${namePath(candidate, issue.path)}: ${issue.message}`);
  if (parsed.success && mistakes.length === 0) return parsed.data;
  throw invalid(mistakes);
}

function invalid(mistakes: readonly string[]): GateError {
  return new GateError(
    'CONFIG_INVALID',
    `The surface has ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}:\n${mistakes.map((line) => `  surface.${line}`).join('\n')}`,
    {
      remedy: 'Correct naapSurface({ … }) in the configuration; `null` removes an endpoint, a page or an ownership row.',
    },
  );
}
