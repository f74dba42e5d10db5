// Lays an environment's differences over a surface and validates the outcome; called by naapSurface().
import { GateError, Surface } from '../gates/model.ts';

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
  readonly ownership?: RowOverrides<Surface['ownership'][number]>;
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
    else merged[key] = WHOLE.has(key) ? (value ?? base[key]) : merge(base[key], value);
  }
  return merged;
}

function mergeRows<Row extends { readonly id: string }>(rows: readonly Row[], over: RowOverrides<Row> = {}): unknown[] {
  const known = rows.flatMap((row) => (over[row.id] === null ? [] : [merge(row, over[row.id])]));
  const ids = new Set(rows.map((row) => row.id));
  const added = Object.entries(over).flatMap(([id, row]) => (ids.has(id) || row === null ? [] : [{ ...row, id }]));
  return [...known, ...added];
}

/** Names that must agree across the table, which a schema of single rows cannot see. */
function findDisagreements(surface: Surface): string[] {
  const ids = new Set(surface.endpoints.map((endpoint) => endpoint.id));
  const mistakes: string[] = [];
  for (const { id, access, params = {}, path, loadWeight, effect, method, undo, readBack } of surface.endpoints) {
    const references = Object.values(params).filter((value) => value.startsWith('@') && value !== '@self');
    if (Array.isArray(access)) for (const role of access) if (!surface.roles.includes(role)) mistakes.push(`endpoints.${id}.access: no role "${role}". Known: ${surface.roles.join(', ')}.`);
    for (const value of references) if (!ids.has(value.slice(1))) mistakes.push(`endpoints.${id}.params: no endpoint "${value.slice(1)}".`);
    for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) if (!(name in params)) mistakes.push(`endpoints.${id}.params: no value for {${name}} of ${path}.`);
    if (loadWeight !== undefined && (effect !== 'read' || method !== 'GET' || references.length > 0)) mistakes.push(`endpoints.${id}.loadWeight: only a GET that reads, of a path known beforehand, may be under load.`);
    if (undo !== undefined && ['PATCH', 'PUT'].includes(undo.method) && readBack === undefined) mistakes.push(`endpoints.${id}.readBack: needed to restore the former value.`);
  }
  for (const { id, create } of surface.ownership) if (!ids.has(create)) mistakes.push(`ownership.${id}.create: no endpoint "${create}".`);
  return mistakes;
}

/** Throws GateError CONFIG_INVALID, which lists every mistake with its path. */
export function overrideSurface(defaults: Surface, over: SurfaceOverrides): Surface {
  const parsed = Surface.safeParse({
    roles: over.roles ?? defaults.roles,
    auth: merge(defaults.auth, over.auth),
    health: merge(defaults.health, over.health),
    endpoints: mergeRows(defaults.endpoints, over.endpoints),
    pages: mergeRows(defaults.pages, over.pages),
    ownership: mergeRows(defaults.ownership, over.ownership),
  });
  const mistakes = parsed.success ? findDisagreements(parsed.data) : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (parsed.success && mistakes.length === 0) return parsed.data;
  throw new GateError('CONFIG_INVALID', `The surface has ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}:\n${mistakes.map((line) => `  surface.${line}`).join('\n')}`, {
    remedy: 'Correct naapSurface({ … }) in the configuration; `null` removes an endpoint, a page or an ownership row.',
  });
}
