// What tables a database has, with their columns and keys, from the catalogue; read once for each side by the checks of rows.
import type { DatabaseSession } from '../../gates/model.ts';

export interface Column {
  readonly name: string;
  /** As declared: `numeric(12,2)`. */
  readonly type: string;
  /** Name of the built-in type that its values are of, domains looked through; undefined where it is a type of the database's own. */
  readonly builtIn: string | undefined;
  readonly notNull: boolean;
  /** Whether its own order is that of the bytes: COLLATE "C" costs no sort then. */
  readonly isOrderedByBytes: boolean;
}
export interface Table {
  readonly schema: string;
  readonly table: string;
  readonly isPartitioned: boolean;
  readonly columns: readonly Column[];
  /** Columns of the key that tells one row from another: the primary key, else the shortest unique one without nulls. Undefined: there is none. */
  readonly key: readonly string[] | undefined;
  /** The planner's estimate; for progress alone, never judged. */
  readonly estimatedRows: number;
}

const TABLES = `
SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS "table", c.relkind = 'p' AS partitioned, greatest(c.reltuples, 0)::bigint AS rows
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY ($1)
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C"`;

/** Domains are looked through to the type beneath. */
const COLUMNS = `
WITH RECURSIVE base AS (
  SELECT t.oid AS type, t.oid AS beneath, t.typtype, t.typbasetype FROM pg_type t
  UNION ALL
  SELECT b.type, t.oid, t.typtype, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd'
)
SELECT a.attrelid::text AS oid, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
  CASE WHEN tn.nspname = 'pg_catalog' AND t.typtype = 'b' AND t.typelem = 0 THEN t.typname END AS "builtIn",
  coalesce(CASE WHEN co.collname = 'default' THEN d.datcollate IN ('C', 'POSIX') ELSE co.collname IN ('C', 'POSIX') END, false) AS bytes
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN base b ON b.type = a.atttypid AND b.typtype <> 'd' JOIN pg_type t ON t.oid = b.beneath JOIN pg_namespace tn ON tn.oid = t.typnamespace
LEFT JOIN pg_collation co ON co.oid = a.attcollation
CROSS JOIN pg_database d
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY ($1) AND d.datname = current_database()
ORDER BY a.attrelid, a.attnum`;

/** Of columns alone, over all rows, and checked at once. Before PostgreSQL 11 every column of an index is of its key. */
const KEYS = `
SELECT i.indrelid::text AS oid, i.indisprimary AS "isPrimary",
  (SELECT string_agg(a.attname, chr(31) ORDER BY k.position) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
   JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.position <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts)) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indimmediate AND n.nspname = ANY ($1)`;

/** All tables of these schemas; partitions are part of their table. */
export async function readTables(session: DatabaseSession, schemas: readonly string[]): Promise<readonly Table[]> {
  const tables = await session.rows(TABLES, [schemas]);
  const columns = Map.groupBy(await session.rows(COLUMNS, [schemas]), ({ oid }) => oid);
  const keys = Map.groupBy(await session.rows(KEYS, [schemas]), ({ oid }) => oid);
  return tables.map(({ oid, schema, table, partitioned, rows }) => {
    const own = (columns.get(oid ?? '') ?? []).map((column) => ({
      name: String(column['name']),
      type: String(column['type']),
      builtIn: column['builtIn'] ?? undefined,
      notNull: column['notNull'] === 't',
      isOrderedByBytes: column['bytes'] === 't',
    }));
    return {
      schema: String(schema),
      table: String(table),
      isPartitioned: partitioned === 't',
      columns: own,
      key: bestKey(keys.get(oid ?? '') ?? [], own),
      estimatedRows: Number(rows),
    };
  });
}

function bestKey(keys: readonly Readonly<Record<string, string | null>>[], columns: readonly Column[]): readonly string[] | undefined {
  const isNotNull = (name: string): boolean => columns.some((column) => column.name === name && column.notNull);
  const usable = keys
    .map(({ isPrimary, columns: names }) => ({ isPrimary: isPrimary === 't', names: (names ?? '').split('\u001F') }))
    .filter(({ names }) => names.every(isNotNull))
    .toSorted((a, b) => Number(b.isPrimary) - Number(a.isPrimary) || a.names.length - b.names.length || (a.names.join() < b.names.join() ? -1 : 1));
  return usable[0]?.names;
}
