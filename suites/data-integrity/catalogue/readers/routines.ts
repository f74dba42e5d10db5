// Functions, procedures and aggregates, told apart by the types of their arguments.
import type { Reader } from '../reading.ts';
import { notOfExtension, optionList } from './pieces.ts';

const routines: Reader = {
  kind: 'routine',
  of: 'schema',
  sql: ({ version }) => `
SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS "_name",
  CASE p.prokind WHEN 'f' THEN 'function' WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'window function' END AS kind,
  pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result, l.lanname AS language, pg_get_userbyid(p.proowner) AS owner,
  ${version >= 140_000 ? 'coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)' : 'p.prosrc'} || coalesce(' in ' || p.probin, '') AS body,
  CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility,
  CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel,
  p.proisstrict::text AS strict, CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END AS security, p.proleakproof::text AS leakproof,
  p.procost::text AS cost, p.prorows::text AS rows, CASE WHEN p.prosupport <> 0 THEN p.prosupport::text END AS support,
  ${optionList('p.proconfig')} AS settings,
  (SELECT concat_ws(', ', 'kind ' || g.aggkind::text, 'direct ' || g.aggnumdirectargs, 'state ' || format_type(g.aggtranstype, NULL), 'by ' || g.aggtransfn::regproc,
      'final ' || NULLIF(g.aggfinalfn, 0)::regproc, 'combine ' || NULLIF(g.aggcombinefn, 0)::regproc, 'serial ' || NULLIF(g.aggserialfn, 0)::regproc,
      'deserial ' || NULLIF(g.aggdeserialfn, 0)::regproc, 'moving ' || NULLIF(g.aggmtransfn, 0)::regproc, 'inverse ' || NULLIF(g.aggminvtransfn, 0)::regproc,
      'moving final ' || NULLIF(g.aggmfinalfn, 0)::regproc, 'initial ' || g.agginitval, 'moving initial ' || g.aggminitval, 'modify ' || g.aggfinalmodify::text,
      'order ' || (SELECT o.oprname FROM pg_operator o WHERE o.oid = g.aggsortop))
    FROM pg_aggregate g WHERE g.aggfnoid = p.oid) AS aggregation
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND ${notOfExtension('pg_proc', 'p.oid')}
  AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')`,
};

export const routineReaders: readonly Reader[] = [routines];
