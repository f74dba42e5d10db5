// Pieces of SQL that the readers of the catalogue share. Pure text.

/** An extension brings its own objects; its version stands for them. */
export const notOfExtension = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** Names of a table's columns with these numbers, in their order, separated as `SEPARATOR` has it. */
export const columnNames = (table: string, numbers: string): string =>
  `(SELECT string_agg(a.attname, chr(31) ORDER BY k.position) FROM unnest(${numbers}) WITH ORDINALITY AS k (number, position)
    JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.number)`;

/** The same as people write them. */
export const columnList = (table: string, numbers: string): string =>
  `(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.position) FROM unnest(${numbers}) WITH ORDINALITY AS k (number, position)
    JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.number)`;

/** `fillfactor=70, autovacuum_enabled=false`, in an order of their own. */
export const optionList = (options: string): string => `(SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(${options}) o)`;

/** pg_trigger.tgenabled, pg_rewrite.ev_enabled, pg_event_trigger.evtenabled. */
export const enabledWord = (column: string): string =>
  `CASE ${column} WHEN 'O' THEN 'enabled' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas only' WHEN 'A' THEN 'always' END`;

/** Deferrability of a constraint: one word for two flags. */
export const deferrableWord = (alias: string): string =>
  `CASE WHEN NOT ${alias}.condeferrable THEN 'no' WHEN ${alias}.condeferred THEN 'initially deferred' ELSE 'initially immediate' END`;

/** Schemas of the server's own. */
export const SYSTEM_SCHEMAS = `(n.nspname ~ '^pg_' OR n.nspname = 'information_schema')`;

/** First object identifier that is not of the server itself (src/include/access/transam.h, FirstNormalObjectId). */
export const FIRST_OWN_OID = 16_384;
