// Indexes of tables and materialised views, those behind constraints too.
import type { Reader } from '../reading.ts';
import { columnNames, notOfExtension } from './pieces.ts';

/** Columns of its expressions and of its predicate. */
const USED = `(SELECT string_agg(a.attname, chr(31)) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = o.indrelid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = o.indexrelid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = o.indrelid AND d.refobjsubid > 0)`;

/** The definition begins behind the name, and its predicate is told apart. */
const indexes: Reader = {
  kind: 'index',
  of: 'schema',
  sql: () => `
WITH own AS (
  SELECT i.*, x.relname AS name, x.reltablespace, pg_get_indexdef(i.indexrelid, 0, true) AS whole, pg_get_expr(i.indpred, i.indrelid, true) AS predicate
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
  WHERE x.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND c.relkind IN ('r', 'p', 'm') AND ${notOfExtension('pg_class', 'c.oid')}
)
SELECT c.relname AS "_table", o.name AS "_name", concat_ws(chr(31), ${columnNames('o.indrelid', 'o.indkey::int2[]')}, ${USED}) AS "_columns",
  pc.relname AS "_parentTable", px.relname AS "_parentName",
  CASE WHEN o.indisprimary THEN 'primary key' WHEN o.indisexclusion THEN 'exclusion' WHEN o.indisunique THEN 'unique' ELSE 'plain' END AS kind,
  substring(CASE WHEN o.predicate IS NULL THEN o.whole ELSE left(o.whole, length(o.whole) - length(' WHERE ' || o.predicate)) END
    FROM position(' USING ' IN o.whole) + 1) AS definition,
  o.predicate,
  CASE WHEN NOT o.indisvalid THEN 'INVALID' WHEN NOT o.indisready THEN 'not ready' ELSE 'valid' END AS state,
  o.indimmediate::text AS "checked at once",
  CASE WHEN o.indisreplident THEN 'true' END AS "replica identity", CASE WHEN o.indisclustered THEN 'true' END AS "clustered by",
  (SELECT string_agg(a.attnum || ':' || a.attstattarget, ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = o.indexrelid AND a.attstattarget >= 0) AS "statistics targets"
FROM own o JOIN pg_class c ON c.oid = o.indrelid
LEFT JOIN pg_inherits i ON i.inhrelid = o.indexrelid LEFT JOIN pg_class px ON px.oid = i.inhparent
LEFT JOIN pg_index pi ON pi.indexrelid = px.oid LEFT JOIN pg_class pc ON pc.oid = pi.indrelid`,
};

export const indexReaders: readonly Reader[] = [indexes];
