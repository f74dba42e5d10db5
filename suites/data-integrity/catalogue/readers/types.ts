// Types of the database's own: enums with their labels in order, domains with their checks, composites, ranges. Base types are counted by uncompared.ts.
import type { Reader } from '../reading.ts';
import { notOfExtension } from './pieces.ts';

const FROM_TYPES = `FROM pg_type t WHERE t.typnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND ${notOfExtension('pg_type', 't.oid')}`;

const enums: Reader = {
  kind: 'enum',
  of: 'schema',
  sql: () => `
SELECT t.typname AS "_name", pg_get_userbyid(t.typowner) AS owner,
  (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
${FROM_TYPES} AND t.typtype = 'e'`,
};

/** From 18 on NOT NULL of a domain is a constraint as well. */
const domains: Reader = {
  kind: 'domain',
  of: 'schema',
  sql: () => `
SELECT t.typname AS "_name", pg_get_userbyid(t.typowner) AS owner, format_type(t.typbasetype, t.typtypmod) AS type, t.typnotnull::text AS "not null", t.typdefault AS "default",
  (SELECT quote_ident(o.collname) FROM pg_collation o JOIN pg_type b ON b.oid = t.typbasetype WHERE o.oid = t.typcollation AND o.oid <> b.typcollation) AS collation,
  (SELECT string_agg(format('%I %s', o.conname, pg_get_constraintdef(o.oid, true)), ', ' ORDER BY o.conname COLLATE "C")
    FROM pg_constraint o WHERE o.contypid = t.oid AND o.contype = 'c') AS checks
${FROM_TYPES} AND t.typtype = 'd'`,
};

const composites: Reader = {
  kind: 'composite type',
  of: 'schema',
  sql: () => `
SELECT t.typname AS "_name", pg_get_userbyid(t.typowner) AS owner,
  (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
      || CASE WHEN a.attcollation <> b.typcollation THEN ' COLLATE ' || (SELECT quote_ident(o.collname) FROM pg_collation o WHERE o.oid = a.attcollation) ELSE '' END, ', ' ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type b ON b.oid = a.atttypid WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS parts
${FROM_TYPES} AND t.typtype = 'c' AND (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c'`,
};

const ranges: Reader = {
  kind: 'range type',
  of: 'schema',
  sql: ({ oldest }) => `
SELECT t.typname AS "_name", pg_get_userbyid(t.typowner) AS owner,
  (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid) AS "range of",
  (SELECT o.opcname FROM pg_range r JOIN pg_opclass o ON o.oid = r.rngsubopc WHERE r.rngtypid = t.oid) AS "operator class",
  (SELECT quote_ident(o.collname) FROM pg_range r JOIN pg_collation o ON o.oid = r.rngcollation WHERE r.rngtypid = t.oid) AS collation,
  (SELECT NULLIF(r.rngcanonical, 0)::regproc::text FROM pg_range r WHERE r.rngtypid = t.oid) AS "canonical form by",
  (SELECT NULLIF(r.rngsubdiff, 0)::regproc::text FROM pg_range r WHERE r.rngtypid = t.oid) AS "difference by"
  ${oldest >= 140_000 ? ', (SELECT format_type(r.rngmultitypid, NULL) FROM pg_range r WHERE r.rngtypid = t.oid) AS multirange' : ''}
${FROM_TYPES} AND t.typtype = 'r'`,
};

export const typeReaders: readonly Reader[] = [enums, domains, composites, ranges];
