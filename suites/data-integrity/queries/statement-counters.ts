// What a side's databases count of statements (pg_stat_statements), read before and after a request. Used by statement-counts.
import type { Databases, DatabaseSession } from '../../../gates/model.ts';
import { quoteName } from '../../instruments/database/quoting.ts';
import type { Side } from './readied.ts';
import { statisticsSchema } from './workload.ts';

/** Calls by statement, of all databases of the side. */
export type Counts = ReadonlyMap<string, number>;

export interface StatementCounters {
  read(): Promise<Counts>;
  /** Text of a statement, normalised by the server. */
  textOf(statement: string): Promise<string>;
  close(): Promise<void>;
}

/** One server, by a database of it that has the extension. */
interface Server {
  readonly session: DatabaseSession;
  readonly schema: string;
  readonly databases: readonly string[];
}

/** Or why this side cannot be counted, with what would change that. */
export async function openCounters(databases: Databases, side: Side): Promise<StatementCounters | string> {
  const places = side === 'target' ? (['target'] as const) : databases.legacy.map((legacy) => ({ legacy }));
  const sessions: DatabaseSession[] = [];
  const close = async (): Promise<void> => void (await Promise.all(sessions.map((session) => session.close())));
  const refuse = async (why: string): Promise<string> => {
    await close();
    return why;
  };
  if (places.length === 0) return 'the environment has no legacy databases';
  try {
    for (const place of places) sessions.push(await databases.open(place));
    const servers = await serversOf(sessions);
    const silent = servers.find((server) => server.schema === '');
    if (silent !== undefined)
      return await refuse(
        `${silent.databases.join(', ')} count${silent.databases.length === 1 ? 's' : ''} no statements: CREATE EXTENSION pg_stat_statements (and shared_preload_libraries) on the ${side} side`,
      );
    for (const { session, schema, databases: own } of servers) {
      const [row] = await session.rows(
        `SELECT count(*) AS hidden FROM ${quoteName(schema)}.pg_stat_statements(false) s WHERE s.queryid IS NULL AND ${ofDatabases('$1')}`,
        [own],
      );
      if (Number(row?.['hidden']) > 0) return await refuse(`statements of other users are hidden from our role on the ${side} side: GRANT pg_read_all_stats`);
    }
    await readAll(servers);
    const own = await ownStatements(servers);
    return {
      read: async () => new Map([...(await readAll(servers))].filter(([id]) => !own.has(id))),
      textOf: (statement) => textOf(servers, statement),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const ofDatabases = (parameter: string): string => `s.dbid IN (SELECT oid FROM pg_database WHERE datname = ANY (${parameter}))`;

/** Databases of one server share their counters, and one of them with the extension tells about all. */
async function serversOf(sessions: readonly DatabaseSession[]): Promise<readonly Server[]> {
  const known = await Promise.all(
    sessions.map(async (session) => {
      const [row] = await session.rows(
        "SELECT current_database() AS name, coalesce(host(inet_server_addr()), '') || ' ' || coalesce(inet_server_port()::text, '') || ' ' || pg_postmaster_start_time()::text AS server",
      );
      return { session, name: String(row?.['name']), server: String(row?.['server']), schema: await statisticsSchema(session) };
    }),
  );
  return [...Map.groupBy(known, ({ server }) => server).values()].flatMap((own) => {
    const told = own.find(({ schema }) => schema !== undefined) ?? own[0];
    return told === undefined ? [] : [{ session: told.session, schema: told.schema ?? '', databases: own.map(({ name }) => name) }];
  });
}

async function readAll(servers: readonly Server[]): Promise<Counts> {
  const counts = new Map<string, number>();
  for (const [index, { session, schema, databases }] of servers.entries()) {
    const rows = await session.rows(
      `SELECT s.dbid::text || ' ' || s.queryid::text AS id, sum(s.calls)::bigint AS calls FROM ${quoteName(schema)}.pg_stat_statements(false) s WHERE ${ofDatabases('$1')} GROUP BY 1`,
      [databases],
    );
    for (const { id, calls } of rows) counts.set(`${index} ${String(id)}`, Number(calls));
  }
  return counts;
}

/** Reading the counters is itself counted. */
async function ownStatements(servers: readonly Server[]): Promise<ReadonlySet<string>> {
  const own = new Set<string>();
  for (const [index, { session, schema }] of servers.entries())
    for (const { id } of await session.rows(
      `SELECT s.dbid::text || ' ' || s.queryid::text AS id FROM ${quoteName(schema)}.pg_stat_statements s WHERE s.query ~ 'pg_stat_statements'`,
    ))
      own.add(`${index} ${String(id)}`);
  return own;
}

async function textOf(servers: readonly Server[], statement: string): Promise<string> {
  const [index, dbid, queryid] = statement.split(' ');
  const server = servers[Number(index)];
  if (server === undefined) return '';
  const [row] = await server.session.rows(
    `SELECT s.query FROM ${quoteName(server.schema)}.pg_stat_statements s WHERE s.dbid::text = $1 AND s.queryid::text = $2 LIMIT 1`,
    [dbid, queryid],
  );
  return (row?.['query'] ?? '').replaceAll(/\s+/gu, ' ').trim();
}

/** What was called in between; statements that were forgotten meanwhile are left out. */
export function added(before: Counts, after: Counts): Counts {
  return new Map([...after].flatMap(([id, calls]) => (calls > (before.get(id) ?? 0) ? [[id, calls - (before.get(id) ?? 0)] as const] : [])));
}

/** Whatever others did meanwhile only adds: the least that was seen of each statement is the request's own. */
export function least(repeated: readonly Counts[]): Counts {
  const [first = new Map<string, number>(), ...others] = repeated;
  return new Map(
    [...first].flatMap(([id, calls]) => {
      const fewest = Math.min(calls, ...others.map((one) => one.get(id) ?? 0));
      return fewest === 0 ? [] : [[id, fewest] as const];
    }),
  );
}
