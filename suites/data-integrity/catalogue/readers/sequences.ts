// Sequences: what they are, and to which column they belong. Where they stand is read by sequence-positions.ts.
import type { Reader } from '../reading.ts';
import { notOfExtension } from './pieces.ts';

const sequences: Reader = {
  kind: 'sequence',
  of: 'schema',
  sql: () => `
SELECT t.relname AS "_table", c.relname AS "_name", a.attname AS "_columns",
  format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start, s.seqincrement::text AS increment, s.seqmin::text AS minimum, s.seqmax::text AS maximum,
  s.seqcache::text AS cache, s.seqcycle::text AS cycle, pg_get_userbyid(c.relowner) AS owner,
  CASE c.relpersistence WHEN 'p' THEN 'logged' ELSE 'unlogged' END AS persistence,
  CASE WHEN t.oid IS NOT NULL THEN format('%s.%I', t.oid::regclass, a.attname) END AS "owned by"
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND ${notOfExtension('pg_class', 'c.oid')}`,
};

export const sequenceReaders: readonly Reader[] = [sequences];
