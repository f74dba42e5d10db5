// Who may do what with relations, columns, routines and types. The rights that come with owning are told as such, so that another owner is one difference and not many.
import type { Kind } from '../facts.ts';
import type { Reader, ReaderScope } from '../reading.ts';
import { notOfExtension } from './pieces.ts';

const IN_SCHEMA = 'SELECT oid FROM pg_namespace WHERE nspname = $1';
/** New in 17: no difference where one side cannot know it. */
const MAINTAIN_SINCE = 170_000;

export const grantee = (owner: string): string => `CASE a.grantee WHEN 0 THEN 'PUBLIC' WHEN ${owner} THEN 'its owner' ELSE pg_get_userbyid(a.grantee) END`;
export const privileges = ({ oldest }: ReaderScope): string =>
  `string_agg(DISTINCT a.privilege_type || CASE WHEN a.is_grantable THEN ' with grant option' ELSE '' END, ', ')${
    oldest >= MAINTAIN_SINCE ? '' : " FILTER (WHERE a.privilege_type <> 'MAINTAIN')"
  }`;

/** pg_default_acl.defaclobjtype. */
export const MADE = `CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'routines' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END`;

/** `acl` with its defaults filled in: a null one is not an empty one. */
function ofObjects(kind: Kind, from: string, parts: { name: string; table?: string; owner: string; acl: string; letter: string }): Reader {
  const { name, table, owner, acl, letter } = parts;
  return {
    kind,
    of: 'schema',
    sql: (scope) => `
SELECT ${table === undefined ? '' : `${table} AS "_table", `}${name} AS "_name", ${grantee(owner)} AS "_grantee", pg_get_userbyid(${owner}) AS "_owner", ${privileges(scope)} AS privileges
FROM ${from}, aclexplode(coalesce(${acl}, acldefault('${letter}', ${owner}))) a
GROUP BY ${[...(table === undefined ? [] : [table]), name, owner, 'a.grantee'].join(', ')}`,
  };
}

/** The table that a sequence belongs to: the sequence goes where it goes. */
const OWNER_OF_SEQUENCE = `(SELECT t.relname FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))`;

const ofRelations = (kind: Kind, kinds: string, table: string, letter: string): Reader =>
  ofObjects(
    kind,
    `(SELECT c.*, ${OWNER_OF_SEQUENCE} AS "table" FROM pg_class c WHERE c.relnamespace = (${IN_SCHEMA}) AND c.relkind IN (${kinds}) AND ${notOfExtension('pg_class', 'c.oid')}) c`,
    { name: 'c.relname', table, owner: 'c.relowner', acl: 'c.relacl', letter },
  );

const columns: Reader = {
  kind: 'column privileges',
  of: 'schema',
  sql: (scope) => `
SELECT c.relname AS "_table", t.attname AS "_name", t.attname AS "_columns", ${grantee('c.relowner')} AS "_grantee", pg_get_userbyid(c.relowner) AS "_owner", ${privileges(scope)} AS privileges
FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a
WHERE c.relnamespace = (${IN_SCHEMA}) AND t.attnum > 0 AND NOT t.attisdropped AND ${notOfExtension('pg_class', 'c.oid')}
GROUP BY c.relname, t.attname, c.relowner, a.grantee`,
};

export const privilegeReaders: readonly Reader[] = [
  ofRelations('table privileges', "'r', 'p', 'v', 'm'", 'c.relname', 'r'),
  ofRelations('sequence privileges', "'S'", 'c."table"', 's'),
  columns,
  ofObjects(
    'routine privileges',
    `(SELECT p.*, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS label FROM pg_proc p WHERE p.pronamespace = (${IN_SCHEMA}) AND ${notOfExtension('pg_proc', 'p.oid')}
      AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')) p`,
    { name: 'p.label', owner: 'p.proowner', acl: 'p.proacl', letter: 'f' },
  ),
  ofObjects(
    'type privileges',
    `(SELECT t.* FROM pg_type t WHERE t.typnamespace = (${IN_SCHEMA}) AND ${notOfExtension('pg_type', 't.oid')}
      AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c')) t`,
    { name: 't.typname', owner: 't.typowner', acl: 't.typacl', letter: 'T' },
  ),
];
