// Constraints of tables: checks, keys and exclusions; foreign keys apart, for a check of their own reads them.
import type { Reader } from '../reading.ts';
import { columnList, columnNames, deferrableWord } from './pieces.ts';

/** The end of a definition says what has words of its own. */
const STATE = String.raw`'( DEFERRABLE)?( INITIALLY (DEFERRED|IMMEDIATE))?( NOT VALID)?( NOT ENFORCED)?$'`;
const enforced = (version: number): string => (version >= 180_000 ? 'o.conenforced::text' : "'true'");

const constraints: Reader = {
  kind: 'constraint',
  of: 'schema',
  // From 18 on NOT NULL is a constraint as well; it is compared as what it is of its column.
  sql: ({ version }) => `
SELECT c.relname AS "_table", o.conname AS "_name", ${columnNames('o.conrelid', 'o.conkey')} AS "_columns",
  p.relname AS "_parentTable", coalesce((SELECT q.conname FROM pg_constraint q WHERE q.oid = o.conparentid), o.conname) AS "_parentName",
  CASE o.contype WHEN 'c' THEN 'check' WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' ELSE 'exclusion' END AS kind,
  regexp_replace(pg_get_constraintdef(o.oid, true), ${STATE}, '') AS definition,
  o.convalidated::text AS validated, ${deferrableWord('o')} AS deferrable, ${enforced(version)} AS enforced
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhseqno = 1 AND o.coninhcount > 0 LEFT JOIN pg_class p ON p.oid = i.inhparent
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND o.contype IN ('c', 'p', 'u', 'x')`,
};

const action = (column: string): string =>
  `CASE ${column} WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END`;

/**
 * A foreign key is as good as its triggers, on both tables and on every partition: those of the keys that PostgreSQL derives
 * from it for partitions of the table that it points to are its own (`family`).
 */
const foreignKeys: Reader = {
  kind: 'foreign key',
  of: 'schema',
  sql: ({ version }) => `
WITH RECURSIVE family AS (
  SELECT o.oid, o.oid AS root, o.conrelid FROM pg_constraint o WHERE o.contype = 'f'
  UNION ALL
  SELECT k.oid, f.root, f.conrelid FROM family f JOIN pg_constraint k ON k.conparentid = f.oid AND k.conrelid = f.conrelid AND k.contype = 'f'
)
SELECT c.relname AS "_table", o.conname AS "_name", ${columnNames('o.conrelid', 'o.conkey')} AS "_columns",
  pc.relname AS "_parentTable", q.conname AS "_parentName",
  ${columnList('o.conrelid', 'o.conkey')} AS columns, o.confrelid::regclass::text AS "refers to", ${columnList('o.confrelid', 'o.confkey')} AS "referred columns",
  ${action('o.confupdtype')} AS "on update",
  ${action('o.confdeltype')}${version >= 150_000 ? ` || coalesce(' of ' || ${columnList('o.conrelid', 'o.confdelsetcols')}, '')` : ''} AS "on delete",
  CASE o.confmatchtype WHEN 'f' THEN 'full' ELSE 'simple' END AS match,
  o.convalidated::text AS validated, ${deferrableWord('o')} AS deferrable, ${enforced(version)} AS enforced,
  coalesce((SELECT string_agg(DISTINCT format('%s on %s', CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas only' ELSE 'always' END, t.tgrelid::regclass), ', ')
    FROM family f JOIN pg_trigger t ON t.tgconstraint = f.oid WHERE f.root = o.oid AND t.tgenabled <> 'O'), 'enabled') AS triggers,
  CASE WHEN r.relnamespace <> c.relnamespace THEN 'true' END AS "across schemas"
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_class r ON r.oid = o.confrelid
LEFT JOIN pg_constraint q ON q.oid = o.conparentid LEFT JOIN pg_class pc ON pc.oid = q.conrelid
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND o.contype = 'f' AND q.conrelid IS DISTINCT FROM o.conrelid`,
};

export const constraintReaders: readonly Reader[] = [constraints];
export const foreignKeyReaders: readonly Reader[] = [foreignKeys];
