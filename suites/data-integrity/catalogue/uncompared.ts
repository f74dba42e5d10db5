// Counts what the comparison of catalogues does not look into, on both sides: silence is never agreement. Used by catalogue-parity.
import type { DataMapping, DatabaseSession, Item } from '../../../gates/model.ts';
import type { Sides } from '../sides.ts';
import type { Unseen } from '../workers.ts';
import { withoutIntended } from './findings.ts';
import { FIRST_OWN_OID, SYSTEM_SCHEMAS, notOfExtension } from './readers/pieces.ts';

/** By kind of object: how many the database has of its own. */
type Uncompared = Readonly<Record<string, number>>;

/** What an extension brought, or the server with another object (the casts of a range type), is not counted. */
const CATALOGUES: readonly (readonly [kind: string, catalogue: string, also?: string])[] = [
  ['access methods', 'pg_am'],
  ['base types', 'pg_type', "o.typtype = 'b' AND o.typelem = 0"],
  ['casts', 'pg_cast'],
  ['collations', 'pg_collation'],
  ['conversions', 'pg_conversion'],
  ['foreign tables', 'pg_class', "o.relkind = 'f'"],
  ['foreign-data wrappers', 'pg_foreign_data_wrapper'],
  ['foreign servers', 'pg_foreign_server'],
  ['operators', 'pg_operator'],
  ['operator classes', 'pg_opclass'],
  ['operator families', 'pg_opfamily'],
  ['procedural languages', 'pg_language'],
  ['text search configurations', 'pg_ts_config'],
  ['text search dictionaries', 'pg_ts_dict'],
  ['text search parsers', 'pg_ts_parser'],
  ['text search templates', 'pg_ts_template'],
  ['transforms', 'pg_transform'],
];

/** What no count would tell, for every pair of servers has it. */
export const NEVER_COMPARED: readonly string[] = [
  'roles, their attributes and memberships (but for what they work out to: USAGE of a schema)',
  'who granted a privilege',
  'server settings (postgresql.conf), TimeZone of the database, tablespaces, replication slots',
  'order of columns, object identifiers, sizes, statistics that ANALYZE gathered',
  'schema that an extension lies in',
];

/** Throws what the server says. */
async function countUncompared(session: DatabaseSession): Promise<Uncompared> {
  const counts = CATALOGUES.map(
    ([kind, catalogue, also = 'true']) =>
      `SELECT '${kind}' AS kind, count(*) AS count FROM ${catalogue} o WHERE o.oid >= ${FIRST_OWN_OID} AND ${also}
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalogue}'::regclass AND d.objid = o.oid AND d.deptype IN ('e', 'i'))`,
  );
  const rows = await session.rows(
    [
      ...counts,
      `SELECT 'large objects', count(*) FROM pg_largeobject_metadata`,
      `SELECT 'user mappings', count(*) FROM pg_user_mappings`,
      `SELECT 'subscriptions', count(oid) FROM pg_subscription WHERE subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`,
      `SELECT 'security labels', count(*) FROM pg_seclabel`,
    ].join(' UNION ALL '),
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [String(kind), Number(count)] as const).filter(([, count]) => count > 0));
}

/** Schemas besides these that hold something: what nothing is mapped from or to. */
export async function otherSchemas(
  session: DatabaseSession,
  mapped: readonly string[],
): Promise<readonly { readonly schema: string; readonly holds: string }[]> {
  const rows = await session.rows(
    `
SELECT * FROM (
  SELECT n.nspname AS schema,
    (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ${notOfExtension('pg_class', 'c.oid')}) AS relations,
    (SELECT count(*) FROM pg_proc p WHERE p.pronamespace = n.oid AND ${notOfExtension('pg_proc', 'p.oid')}) AS routines,
    (SELECT count(*) FROM pg_type t WHERE t.typnamespace = n.oid AND t.typtype IN ('e', 'd', 'r') AND ${notOfExtension('pg_type', 't.oid')}) AS types
  FROM pg_namespace n WHERE NOT ${SYSTEM_SCHEMAS} AND n.nspname <> ALL ($1)
) o WHERE o.relations + o.routines + o.types > 0 ORDER BY o.schema COLLATE "C"`,
    [mapped],
  );
  return rows.map(({ schema, relations, routines, types }) => ({
    schema: String(schema),
    holds: `${relations} relations, ${routines} routines, ${types} types`,
  }));
}

export interface UncomparedCounts {
  readonly legacy: Readonly<Record<string, Uncompared>>;
  readonly target: Uncompared;
}
export interface JudgedUncompared {
  readonly counts: UncomparedCounts;
  readonly items: readonly Item[];
  readonly unseen: readonly Unseen[];
  /** `casts (2, 0), large objects (1, 1)`: by legacy and target; or `nothing`. */
  readonly words: string;
}

export async function readUncompared(sides: Sides, databases: readonly string[]): Promise<UncomparedCounts> {
  const legacy: Record<string, Uncompared> = {};
  for (const database of databases) legacy[database] = await countUncompared(sides.session({ legacy: database }));
  return { legacy, target: await countUncompared(sides.session('target')) };
}

/**
 * Another number is a finding. The same number proves nothing: it makes the check unfit to say that there is no difference, until
 * somebody has looked and the mapping says so (`intended: { 'not compared casts': '…' }`).
 */
export function judgeUncompared(counts: UncomparedCounts, mapping: DataMapping | undefined): JudgedUncompared {
  const kinds = [...new Set([...Object.values(counts.legacy), counts.target].flatMap((one) => Object.keys(one)))].toSorted();
  const sums = kinds.map((kind) => ({
    kind,
    legacy: Object.values(counts.legacy).reduce((sum, one) => sum + (one[kind] ?? 0), 0),
    target: counts.target[kind] ?? 0,
  }));
  const different = sums.filter(({ legacy, target }) => legacy !== target);
  const same = sums
    .filter(({ legacy, target }) => legacy === target)
    .map(({ kind, legacy }) => ({ key: `not compared ${kind}`, detail: `${legacy} on either side, which nobody compared` }));
  return {
    counts,
    items: different.map(({ kind, legacy, target }) => ({
      key: `not compared ${kind}`,
      detail: `The legacy databases have ${legacy}, the target ${target}; only their number is compared.`,
    })),
    unseen: withoutIntended(same, mapping ?? { databases: {} }).items.map(({ key, detail }) => ({ table: key.replace('not compared ', ''), why: detail })),
    words: sums.length === 0 ? 'nothing' : sums.map(({ kind, legacy, target }) => `${kind} (${legacy}, ${target})`).join(', '),
  };
}
