// Comments on tables, columns, views, routines, types, constraints, triggers and schemas: compared where it is asked for.
import type { Reader } from '../reading.ts';

const IN_SCHEMA = '(SELECT oid FROM pg_namespace WHERE nspname = $1)';

export const comments: Reader = {
  kind: 'comment',
  of: 'schema',
  sql: () => `
SELECT c.relname AS "_table", c.relname || coalesce('.' || a.attname, '') AS "_name", d.description AS text
FROM pg_description d JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
WHERE c.relnamespace = ${IN_SCHEMA}
UNION ALL
SELECT NULL, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', d.description FROM pg_description d JOIN pg_proc p ON d.classoid = 'pg_proc'::regclass AND p.oid = d.objoid WHERE p.pronamespace = ${IN_SCHEMA}
UNION ALL
SELECT NULL, t.typname || ' (type)', d.description FROM pg_description d JOIN pg_type t ON d.classoid = 'pg_type'::regclass AND t.oid = d.objoid WHERE t.typnamespace = ${IN_SCHEMA}
UNION ALL
SELECT c.relname, c.relname || '.' || o.conname || ' (constraint)', d.description FROM pg_description d JOIN pg_constraint o ON d.classoid = 'pg_constraint'::regclass AND o.oid = d.objoid JOIN pg_class c ON c.oid = o.conrelid WHERE c.relnamespace = ${IN_SCHEMA}
UNION ALL
SELECT c.relname, c.relname || '.' || t.tgname || ' (trigger)', d.description FROM pg_description d JOIN pg_trigger t ON d.classoid = 'pg_trigger'::regclass AND t.oid = d.objoid JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = ${IN_SCHEMA}
UNION ALL
SELECT c.relname, c.relname || '.' || t.polname || ' (policy)', d.description FROM pg_description d JOIN pg_policy t ON d.classoid = 'pg_policy'::regclass AND t.oid = d.objoid JOIN pg_class c ON c.oid = t.polrelid WHERE c.relnamespace = ${IN_SCHEMA}`,
};
