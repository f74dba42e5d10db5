// What belongs to a database as a whole: extensions, event triggers, publications, settings, encoding, privileges on it. Several legacy databases share the target's.
import type { Reader } from '../reading.ts';
import { columnList, enabledWord } from './pieces.ts';
import { MADE, grantee, privileges } from './privileges.ts';

const OWN_DATABASE = '(SELECT d.* FROM pg_database d WHERE d.datname = current_database()) d';

const database: Reader = {
  kind: 'database',
  of: 'database',
  sql: ({ version, oldest }) => `
SELECT 'itself' AS "_name", pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collation, d.datctype AS "character types",
  ${oldest >= 150_000 ? "CASE d.datlocprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' ELSE 'builtin' END AS \"locale provider\"," : ''}
  ${oldest >= 150_000 ? `d.${version >= 170_000 ? 'datlocale' : 'daticulocale'} AS locale,` : ''}
  NULLIF(d.datconnlimit, -1)::text AS "connection limit"
FROM ${OWN_DATABASE}`,
};

const ofDatabase: Reader = {
  kind: 'database privileges',
  of: 'database',
  sql: (scope) => `
SELECT 'itself' AS "_name", ${grantee('d.datdba')} AS "_grantee", pg_get_userbyid(d.datdba) AS "_owner", ${privileges(scope)} AS privileges
FROM ${OWN_DATABASE}, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a GROUP BY d.datdba, a.grantee`,
};

/** Those that hold in every schema. */
const defaults: Reader = {
  kind: 'default privileges',
  of: 'database',
  sql: (scope) => `
SELECT ${MADE} AS "_name", pg_get_userbyid(d.defaclrole) AS "_owner",
  ${grantee('d.defaclrole')} AS "_grantee", ${privileges(scope)} AS privileges
FROM pg_default_acl d, aclexplode(d.defaclacl) a WHERE d.defaclnamespace = 0 GROUP BY d.defaclobjtype, d.defaclrole, a.grantee`,
};

const extensions: Reader = {
  kind: 'extension',
  of: 'database',
  sql: () => `SELECT e.extname AS "_name", e.extversion AS version FROM pg_extension e`,
};

const eventTriggers: Reader = {
  kind: 'event trigger',
  of: 'database',
  sql: () => `
SELECT e.evtname AS "_name", e.evtevent AS event, ${enabledWord('e.evtenabled')} AS state, e.evtfoid::regproc::text AS routine, pg_get_userbyid(e.evtowner) AS owner,
  (SELECT string_agg(t, ', ' ORDER BY t) FROM unnest(e.evttags) t) AS tags
FROM pg_event_trigger e WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid AND d.deptype = 'e')`,
};

const publications: Reader = {
  kind: 'publication',
  of: 'database',
  sql: ({ oldest }) => `
SELECT p.pubname AS "_name", pg_get_userbyid(p.pubowner) AS owner, p.puballtables::text AS "all tables",
  concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) AS operations
  ${oldest >= 130_000 ? ', p.pubviaroot::text AS "via the partitioned table"' : ''}
FROM pg_publication p`,
};

const published: Reader = {
  kind: 'publication table',
  of: 'database',
  sql: ({ oldest }) => `
SELECT p.pubname AS "_name", n.nspname AS "_schema", c.relname AS "_table"
  ${oldest >= 150_000 ? `, pg_get_expr(r.prqual, r.prrelid, true) AS rows, ${columnList('r.prrelid', 'r.prattrs::int2[]')} AS columns` : ''}
FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid JOIN pg_class c ON c.oid = r.prrelid
JOIN pg_namespace n ON n.oid = c.relnamespace`,
};

const publishedSchemas: Reader = {
  kind: 'publication schema',
  of: 'database',
  sql: ({ version }) =>
    version >= 150_000
      ? `SELECT p.pubname AS "_name", n.nspname AS "_schema" FROM pg_publication_namespace r JOIN pg_publication p ON p.oid = r.pnpubid JOIN pg_namespace n ON n.oid = r.pnnspid`
      : `SELECT NULL AS "_name" WHERE false`,
};

/** The time zone says how times are shown, not what they are: no difference (DATA-INTEGRITY, "Not faults"). */
const settings: Reader = {
  kind: 'setting',
  of: 'database',
  sql: () => `
SELECT lower(split_part(s.setting, '=', 1)) AS "_name", CASE WHEN r.setrole <> 0 THEN pg_get_userbyid(r.setrole) END AS "_owner",
  substring(s.setting FROM position('=' IN s.setting) + 1) AS value
FROM pg_db_role_setting r, unnest(r.setconfig) AS s (setting)
WHERE (r.setdatabase = (SELECT d.oid FROM ${OWN_DATABASE}) OR r.setdatabase = 0)
  AND lower(split_part(s.setting, '=', 1)) <> 'timezone'
  AND NOT (r.setdatabase = 0 AND EXISTS (SELECT FROM pg_db_role_setting o, unnest(o.setconfig) AS q (setting)
    WHERE o.setrole = r.setrole AND o.setdatabase = (SELECT d.oid FROM ${OWN_DATABASE}) AND split_part(q.setting, '=', 1) = split_part(s.setting, '=', 1)))`,
};

export const databaseReaders: readonly Reader[] = [
  database,
  ofDatabase,
  defaults,
  extensions,
  eventTriggers,
  publications,
  published,
  publishedSchemas,
  settings,
];
