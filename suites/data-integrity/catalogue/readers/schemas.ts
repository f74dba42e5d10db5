// The schema itself: its owner, who may enter it and create in it, and what is granted by default on what will be made there.
import type { Reader } from '../reading.ts';
import { MADE, grantee, privileges } from './privileges.ts';

const SCHEMA = '(SELECT n.* FROM pg_namespace n WHERE n.nspname = $1) n';

/** `public` is the server's to begin with: its owner is the database's. */
const schemas: Reader = {
  kind: 'schema',
  of: 'schema',
  sql: () => `
SELECT n.nspname AS "_name", pg_get_userbyid(CASE WHEN n.nspname = 'public' THEN (SELECT d.datdba FROM pg_database d WHERE d.datname = current_database()) ELSE n.nspowner END) AS owner
FROM ${SCHEMA}`,
};

/** Everybody whom something in the schema was granted to; what nobody can reach is not granted. PUBLIC counts where it was given a relation. */
const GRANTED = `
  SELECT a.grantee FROM pg_class c, aclexplode(c.relacl) a, ${SCHEMA} WHERE c.relnamespace = n.oid AND a.grantee <> c.relowner
  UNION SELECT a.grantee FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a, ${SCHEMA} WHERE c.relnamespace = n.oid AND a.grantee <> c.relowner
  UNION SELECT a.grantee FROM pg_proc p, aclexplode(p.proacl) a, ${SCHEMA} WHERE p.pronamespace = n.oid AND a.grantee NOT IN (0, p.proowner)
  UNION SELECT a.grantee FROM pg_type t, aclexplode(t.typacl) a, ${SCHEMA} WHERE t.typnamespace = n.oid AND a.grantee NOT IN (0, t.typowner)
  UNION SELECT a.grantee FROM ${SCHEMA}, aclexplode(n.nspacl) a WHERE a.grantee <> 0`;

/**
 * USAGE as it works out, by membership and by PUBLIC too; CREATE as it was granted. The target answers for every role, so that a
 * role which has lost its last grant is still asked about: what was not granted on the schema itself is incidental there.
 * On the legacy side what PUBLIC and the owner may do in `public` is the server's doing.
 */
const access: Reader = {
  kind: 'schema privileges',
  of: 'schema',
  sql: ({ side }) => `
WITH granted AS (${GRANTED}), roles AS (${side === 'legacy' ? 'SELECT grantee FROM granted UNION SELECT 0' : 'SELECT oid AS grantee FROM pg_roles WHERE NOT rolsuper UNION SELECT grantee FROM granted UNION SELECT 0'}),
said AS (
  SELECT r.grantee, n.nspname, n.nspowner, n.nspacl,
    concat_ws(', ',
      CASE WHEN has_schema_privilege(r.grantee, n.oid, 'USAGE') THEN 'USAGE' END,
      CASE WHEN EXISTS (SELECT FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a WHERE a.grantee = r.grantee AND a.privilege_type = 'CREATE') THEN 'CREATE' END) AS privileges
  FROM (SELECT grantee FROM roles UNION SELECT n.nspowner FROM ${SCHEMA}) r, ${SCHEMA}
)
SELECT s.nspname AS "_name", CASE s.grantee WHEN 0 THEN 'PUBLIC' WHEN s.nspowner THEN 'its owner' ELSE pg_get_userbyid(s.grantee) END AS "_grantee",
  pg_get_userbyid(s.nspowner) AS "_owner", s.privileges,
  ${
    side === 'legacy'
      ? `(s.nspname = 'public' AND s.grantee IN (0, s.nspowner) AND s.grantee NOT IN (SELECT grantee FROM granted))::text`
      : '(s.grantee <> s.nspowner AND NOT EXISTS (SELECT FROM aclexplode(s.nspacl) a WHERE a.grantee = s.grantee))::text'
  } AS "_incidental"
FROM said s WHERE s.privileges <> ''`,
};

const defaults: Reader = {
  kind: 'default privileges',
  of: 'schema',
  sql: (scope) => `
SELECT ${MADE} AS "_name", pg_get_userbyid(d.defaclrole) AS "_owner",
  ${grantee('d.defaclrole')} AS "_grantee", ${privileges(scope)} AS privileges
FROM pg_default_acl d, aclexplode(d.defaclacl) a WHERE d.defaclnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
GROUP BY d.defaclobjtype, d.defaclrole, a.grantee`,
};

export const schemaReaders: readonly Reader[] = [schemas, access, defaults];
