// Which tables were written to, and how often, by the servers' own counters. Used by the watch for drift and to go on with an interrupted comparison.
import type { DataMapping, DatabasePlace, DatabaseSession } from '../../../gates/model.ts';
import type { TablePair } from '../mapping.ts';

interface Written {
  /** Undefined before PostgreSQL 15, where an idle session may keep its counts to itself for ever. Changes when the table was written to, made anew or rewritten, when its columns were altered, and when the counters were reset. */
  readonly stamp: string | undefined;
  /** Rows written since the counters began. */
  readonly writes: number;
}

/** Partitions count for their table. Counters come up to some seconds late, so a stamp is taken before what it stands for begins. */
const WRITTEN = `
SELECT n.nspname AS schema, c.relname AS "table", sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::bigint AS writes,
  md5(concat_ws(' ', c.oid, string_agg(concat_ws(' ', l.oid, l.relfilenode, s.n_tup_ins, s.n_tup_upd, s.n_tup_del), ',' ORDER BY l.oid),
    (SELECT string_agg(concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod), ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0),
    pg_postmaster_start_time())) AS stamp
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  WITH RECURSIVE parts AS (SELECT c.oid AS relid UNION ALL SELECT i.inhrelid FROM parts p JOIN pg_inherits i ON i.inhparent = p.relid WHERE c.relkind = 'p')
  SELECT relid FROM parts
) AS part
JOIN pg_class l ON l.oid = part.relid LEFT JOIN pg_stat_all_tables s ON s.relid = l.oid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY ($1)
GROUP BY c.oid, n.nspname, c.relname`;

/** By `schema.table`. Undefined where the server does not count: with track_counts off, and on a standby, whose writes are another server's. */
async function readWritten(session: DatabaseSession, schemas: readonly string[]): Promise<ReadonlyMap<string, Written> | undefined> {
  const [server] = await session.rows("SELECT current_setting('track_counts') = 'on' AND NOT pg_is_in_recovery() AS counts");
  if (server?.['counts'] !== 't') return undefined;
  const rows = await session.rows(WRITTEN, [schemas]);
  return new Map(
    rows.map(({ schema, table, writes, stamp }) => [
      `${schema}.${table}`,
      { stamp: session.version < 150_000 ? undefined : (stamp ?? undefined), writes: Number(writes ?? 0) },
    ]),
  );
}

export interface Stamps {
  /** Of both sides together, by table; undefined where one of them does not count. */
  readonly stamps: Map<TablePair, string | undefined>;
  /** Rows written on the legacy side since its counters began. */
  readonly counters: Map<TablePair, number>;
  /** Every legacy server counts. */
  readonly isCounted: boolean;
}

export async function readStamps(of: {
  readonly mapping: DataMapping;
  readonly pairs: readonly TablePair[];
  readonly databases: readonly string[];
  readonly session: (place: DatabasePlace) => DatabaseSession | Promise<DatabaseSession>;
}): Promise<Stamps> {
  const target = await readWritten(await of.session('target'), [...new Set(of.pairs.map((pair) => pair.target.schema))]);
  const legacy = new Map<string, ReadonlyMap<string, Written> | undefined>();
  for (const name of of.databases) legacy.set(name, await readWritten(await of.session({ legacy: name }), [of.mapping.databases[name]?.from ?? 'public']));
  const stamps = new Map<TablePair, string | undefined>();
  const counters = new Map<TablePair, number>();
  for (const pair of of.pairs) {
    const [a, b] = [legacy.get(pair.database)?.get(`${pair.legacy.schema}.${pair.legacy.table}`), target?.get(`${pair.target.schema}.${pair.target.table}`)];
    stamps.set(pair, a?.stamp === undefined || b?.stamp === undefined ? undefined : `${a.stamp} ${b.stamp}`);
    if (a !== undefined) counters.set(pair, a.writes);
  }
  return { stamps, counters, isCounted: [...legacy.values()].every((counts) => counts !== undefined) };
}
