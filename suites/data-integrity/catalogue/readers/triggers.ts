// What happens by itself when rows are written: triggers and rules; and who may see which rows: policies.
import type { Reader } from '../reading.ts';
import { enabledWord, notOfExtension } from './pieces.ts';

const IN_SCHEMA = 'c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)';
/** Since 13 a trigger on a partition knows the one that it was made from. */
const parentOf = (version: number): string => (version >= 130_000 ? 't.tgparentid' : '0');

const triggers: Reader = {
  kind: 'trigger',
  of: 'schema',
  sql: ({ version }) => `
SELECT c.relname AS "_table", t.tgname AS "_name", replace(pg_get_triggerdef(t.oid, true), ' EXECUTE PROCEDURE ', ' EXECUTE FUNCTION ') AS definition,
  ${enabledWord('t.tgenabled')} AS state
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE ${IN_SCHEMA} AND NOT t.tgisinternal AND ${parentOf(version)} = 0 AND ${notOfExtension('pg_trigger', 't.oid')}`,
};

/** Made by the server with the trigger of the whole table, so only what somebody has changed is a fact. */
const triggersOfPartitions: Reader = {
  kind: 'trigger of a partition',
  of: 'schema',
  sql: ({ version }) => `
SELECT c.relname AS "_table", t.tgname AS "_name", ${enabledWord('t.tgenabled')} AS state
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_trigger p ON p.oid = ${parentOf(version)}
WHERE ${IN_SCHEMA} AND NOT t.tgisinternal AND t.tgenabled <> p.tgenabled`,
};

const rules: Reader = {
  kind: 'rule',
  of: 'schema',
  sql: () => `
SELECT c.relname AS "_table", r.rulename AS "_name", pg_get_ruledef(r.oid, true) AS definition, ${enabledWord('r.ev_enabled')} AS state
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE ${IN_SCHEMA} AND r.rulename <> '_RETURN' AND ${notOfExtension('pg_rewrite', 'r.oid')} AND ${notOfExtension('pg_class', 'c.oid')}`,
};

const policies: Reader = {
  kind: 'policy',
  of: 'schema',
  sql: () => `
SELECT c.relname AS "_table", p.polname AS "_name",
  CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
  CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END AS kind,
  (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r) END, ', ' ORDER BY pg_get_userbyid(r)) FROM unnest(p.polroles) r) AS roles,
  pg_get_expr(p.polqual, p.polrelid, true) AS using, pg_get_expr(p.polwithcheck, p.polrelid, true) AS "with check"
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE ${IN_SCHEMA}`,
};

export const triggerReaders: readonly Reader[] = [triggers, triggersOfPartitions, rules, policies];
