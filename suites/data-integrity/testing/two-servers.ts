// A PostgreSQL server with a legacy and a target database, for the tests of the data checks.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { installBinaries } from '../../../fixtures/twin/postgres/binaries.ts';
import { chooseRunAs } from '../../../fixtures/twin/postgres/run-as.ts';
import { startPostgres } from '../../../fixtures/twin/postgres/server.ts';
import type { Check, CheckContext, DataMapping, Environment, Measurement } from '../../../gates/model.ts';
import { createDatabases } from '../../instruments/database/sessions.ts';

export interface TwoDatabases {
  /** As the environment names them: one target, one legacy database, `naap_shop`. */
  readonly databases: Environment['databases'];
  /** In the target its schema comes first on the search path. */
  run(side: 'legacy' | 'target', sql: string): Promise<pg.QueryResult>;
  /** Ends the sessions of `run`; the next statement opens another. */
  reconnect(): Promise<void>;
  /** Everything that the server was asked since it logs statements (`ALTER DATABASE … SET log_statement = 'all'`). */
  log(): Promise<string>;
  /** Both databases as they were at the start; one alone where the other was left as it is. */
  reset(only?: 'legacy' | 'target'): Promise<void>;
  close(): Promise<void>;
}
const LEGACY = 'naap_shop';
const TARGET = 'naap_production';

/** `made`: the statements that fill each side. */
export async function twoDatabases(made: Readonly<Record<'legacy' | 'target', string>>): Promise<TwoDatabases> {
  const folder = await mkdtemp(join(tmpdir(), 'naap-gate-data-'));
  // PostgreSQL may run as another user, who must be able to enter.
  await chmod(folder, 0o755);
  const files = { data: join(folder, 'data'), log: join(folder, 'log') };
  const server = await startPostgres(await installBinaries(join(folder, 'cache')), files, 'a-password', await chooseRunAs());
  const names = { legacy: LEGACY, target: TARGET } as const;
  const clients = new Map<string, pg.Client>();
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: server.url(database) });
    await client.connect();
    return client;
  };
  const clientOf = async (side: 'legacy' | 'target'): Promise<pg.Client> => {
    const client = clients.get(side) ?? (await connect(names[side]));
    clients.set(side, client);
    return client;
  };
  const endAll = async (): Promise<void> => {
    await Promise.all([...clients.values()].map((client) => client.end()));
    clients.clear();
  };
  const owner = await connect('postgres');
  for (const side of ['legacy', 'target'] as const) {
    await owner.query(`CREATE DATABASE ${names[side]}_whole TEMPLATE template0`);
    const client = await connect(`${names[side]}_whole`);
    await client.query(made[side]);
    await client.end();
  }
  const reset = async (only?: 'legacy' | 'target'): Promise<void> => {
    await endAll();
    for (const name of only === undefined ? [LEGACY, TARGET] : [names[only]]) {
      await owner.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await owner.query(`CREATE DATABASE ${name} TEMPLATE ${name}_whole`);
    }
    await (await clientOf('target')).query('SET search_path TO shop');
  };
  await reset();
  return {
    databases: { target: { url: server.url(TARGET) }, legacy: { [LEGACY]: { url: server.url(LEGACY) } } },
    async run(side, sql) {
      return (await clientOf(side)).query(sql);
    },
    reconnect: endAll,
    log: () => readFile(files.log, 'utf8'),
    reset,
    async close() {
      await endAll();
      await owner.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface MeasureOptions<Options> {
  readonly mapping?: DataMapping;
  readonly options?: Partial<Options>;
  readonly signal?: AbortSignal;
  /** What the check needs besides. */
  readonly context?: Partial<CheckContext>;
}

/** What a data check measures, by metric. */
export async function measureData<Options>(
  check: Check<Options>,
  databases: Environment['databases'],
  more: MeasureOptions<Options> = {},
): Promise<ReadonlyMap<string, Measurement>> {
  return new Map((await firstRound(check, databases, more)).map((measurement) => [measurement.metric, measurement]));
}

/** All that a data check measures in its first round. */
export async function firstRound<Options>(
  check: Check<Options>,
  databases: Environment['databases'],
  more: MeasureOptions<Options> = {},
): Promise<readonly Measurement[]> {
  const signal = more.signal ?? new AbortController().signal;
  const opened = createDatabases({ databases, signal });
  const notHere = (): never => {
    throw new Error('a data check has no business here');
  };
  const context = {
    profile: 'pr',
    databases: opened,
    mapping: more.mapping,
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    signal,
    artifacts: { put: async () => '0'.repeat(64) },
    checkpoint: { read: () => undefined, write: () => undefined },
    cleanup: () => undefined,
    http: { send: notHere, sent: 0 },
    sql: { query: notHere },
    log: () => undefined,
    ...more.context,
  } as unknown as CheckContext;
  const measured: Measurement[] = [];
  try {
    for await (const event of check.measure(context, { ...check.presets.pr, ...more.options })) {
      if (event.kind === 'measurement') measured.push(event.measurement);
      if (event.kind === 'end-of-round') break;
    }
  } finally {
    await opened.close();
  }
  return measured;
}
