// Views and materialised views, whether they are filled, and the planner's extended statistics.
import type { Reader } from '../reading.ts';
import { columnNames, columnList, notOfExtension, optionList } from './pieces.ts';

const IN_SCHEMA = 'c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)';

const views: Reader = {
  kind: 'view',
  of: 'schema',
  sql: () => `
SELECT c.relname AS "_name", pg_get_viewdef(c.oid, true) AS definition, pg_get_userbyid(c.relowner) AS owner, ${optionList('c.reloptions')} AS options,
  (SELECT string_agg(format('%I %s', a.attname, pg_get_expr(d.adbin, d.adrelid, true)), ', ' ORDER BY a.attname COLLATE "C")
    FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = c.oid) AS defaults
FROM pg_class c WHERE ${IN_SCHEMA} AND c.relkind = 'v' AND ${notOfExtension('pg_class', 'c.oid')}`,
};

const materialised: Reader = {
  kind: 'materialised view',
  of: 'schema',
  sql: () => `
SELECT c.relname AS "_name", pg_get_viewdef(c.oid, true) AS definition, pg_get_userbyid(c.relowner) AS owner, ${optionList('c.reloptions')} AS options,
  c.relispopulated::text AS populated
FROM pg_class c WHERE ${IN_SCHEMA} AND c.relkind = 'm' AND ${notOfExtension('pg_class', 'c.oid')}`,
};

const statistics: Reader = {
  kind: 'extended statistics',
  of: 'schema',
  sql: ({ version }) => `
SELECT c.relname AS "_table", s.stxname AS "_name", ${columnNames('s.stxrelid', 's.stxkeys::int2[]')} AS "_columns",
  c.oid::regclass::text AS "of table", ${columnList('s.stxrelid', 's.stxkeys::int2[]')} AS columns,
  ${version >= 140_000 ? "array_to_string(pg_get_statisticsobjdef_expressions(s.oid), ', ') AS expressions," : ''}
  (SELECT string_agg(CASE k WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' WHEN 'm' THEN 'mcv' WHEN 'e' THEN 'expressions' END, ', ' ORDER BY k::text) FROM unnest(s.stxkind) k) AS kinds,
  ${version >= 130_000 ? 'NULLIF(s.stxstattarget, -1)::text AS "statistics target",' : ''}
  pg_get_userbyid(s.stxowner) AS owner
FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid
WHERE s.stxnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND ${notOfExtension('pg_statistic_ext', 's.oid')}`,
};

export const viewReaders: readonly Reader[] = [views, materialised, statistics];
