// Tables and their columns, as the catalogue has them.
import type { Reader } from '../reading.ts';
import { notOfExtension, optionList } from './pieces.ts';

const tables: Reader = {
  kind: 'table',
  of: 'schema',
  sql: ({ version }) => `
SELECT c.relname AS "_table", c.relname AS "_name",
  CASE c.relkind WHEN 'r' THEN 'table' ELSE 'partitioned table' END AS kind,
  CASE c.relpersistence WHEN 'p' THEN 'logged' WHEN 'u' THEN 'unlogged' ELSE c.relpersistence::text END AS persistence,
  pg_get_userbyid(c.relowner) AS owner,
  c.relrowsecurity::text AS "row-level security", c.relforcerowsecurity::text AS "row-level security forced on the owner",
  CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' ELSE 'index' END AS "replica identity",
  CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS "partition key",
  CASE WHEN c.relispartition THEN (SELECT format('%s %s%s', i.inhparent::regclass, pg_get_expr(c.relpartbound, c.oid), ${version >= 140_000 ? "CASE WHEN i.inhdetachpending THEN ', being detached' END" : "''"})
    FROM pg_inherits i WHERE i.inhrelid = c.oid) END AS "partition of",
  CASE WHEN NOT c.relispartition THEN (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid) END AS "inherits from",
  CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype::text END AS "of type",
  ${optionList('c.reloptions')} AS options,
  (SELECT ${optionList('t.reloptions')} FROM pg_class t WHERE t.oid = c.reltoastrelid) AS "TOAST options",
  (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap') AS "access method"
FROM pg_class c
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND c.relkind IN ('r', 'p') AND ${notOfExtension('pg_class', 'c.oid')}`,
};

const columns: Reader = {
  kind: 'column',
  of: 'schema',
  sql: ({ version, oldest }) => `
SELECT c.relname AS "_table", a.attname AS "_name", a.attname AS "_columns",
  p.relname AS "_parentTable", a.attname AS "_parentName",
  format_type(a.atttypid, a.atttypmod) AS type,
  CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid, true) END AS "default",
  CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid, true) || CASE a.attgenerated WHEN 's' THEN ' STORED' ELSE ' VIRTUAL' END END AS generated,
  ${
    version >= 180_000
      ? `CASE WHEN EXISTS (SELECT FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'n' AND o.conkey = ARRAY[a.attnum] AND NOT o.convalidated) THEN 'not validated' ELSE a.attnotnull::text END`
      : 'a.attnotnull::text'
  } AS "not null",
  CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
  CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(o.collname) FROM pg_collation o WHERE o.oid = a.attcollation) END AS collation,
  CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END END AS storage,
  ${oldest >= 140_000 ? `CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,` : ''}
  NULLIF(a.attstattarget, -1)::text AS "statistics target",
  ${optionList('a.attoptions')} AS options
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition LEFT JOIN pg_class p ON p.oid = i.inhparent
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
  AND ${notOfExtension('pg_class', 'c.oid')}`,
};

export const tableReaders: readonly Reader[] = [tables, columns];
