// A PostgreSQL server of the bench's own with both sides' databases, made once a run in the cache and removed with it. Used by bench.ts.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { installBinaries } from '../../fixtures/twin/postgres/binaries.ts';
import { chooseRunAs } from '../../fixtures/twin/postgres/run-as.ts';
import { startPostgres } from '../../fixtures/twin/postgres/server.ts';
import { schemaOf } from '../../suites/data-integrity/mapping.ts';

/** What a tool is told of where the data is. */
export interface Databases {
  /** By name of the legacy database: its URL. */
  readonly legacy: Readonly<Record<string, string>>;
  readonly target: string;
}
export interface BenchServer {
  /** Databases of these names with so many rows in their table `event` each, and a target that has all of them as schemas. */
  make(name: string, rows: Readonly<Record<string, number>>): Promise<Databases & { readonly bytes: number }>;
  run(url: string, sql: string): Promise<void>;
  close(): Promise<void>;
}

/** DATA-INTEGRITY: "a table of 5 M rows (id, uuid, timestamptz, numeric, text, jsonb, bytea; 1.15 GB)". */
const TABLE =
  'CREATE TABLE event (id bigint PRIMARY KEY, ident uuid NOT NULL, at timestamptz NOT NULL, amount numeric(12,2), label text, doc jsonb, bin bytea)';
const ROW = `i, md5(i::text)::uuid, timestamptz '2026-01-01' + i * interval '1.234567 s', (i % 1000003) * 1.37,
  CASE WHEN i % 11 > 0 THEN 'event ' || i || ' ' || repeat('x', (i % 161)::int) END, jsonb_build_object('n', i, 'kind', 'k' || i % 7, 'ok', i % 2 = 0),
  decode(md5((i * 7)::text) || md5((i * 3)::text), 'hex')`;
const fill = (rows: number): string => `INSERT INTO event SELECT ${ROW} FROM generate_series(1::bigint, ${rows}) i`;

/** `cacheDir`: the data lies below it, since PostgreSQL must be able to enter. */
export async function startServer(cacheDir: string): Promise<BenchServer> {
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(cacheDir, 'bench-data-'));
  await chmod(folder, 0o755);
  const binaries = await installBinaries(cacheDir);
  const server = await startPostgres(binaries, { data: join(folder, 'data'), log: join(folder, 'log') }, 'bench', await chooseRunAs());
  const run = async (url: string, sql: string): Promise<void> => {
    await asking(url, (client) => client.query(sql));
  };
  return {
    run,
    async make(name, rows) {
      const target = `${name}_target`;
      await run(server.url('postgres'), `CREATE DATABASE ${target}`);
      for (const [database, count] of Object.entries(rows)) {
        await run(server.url('postgres'), `CREATE DATABASE ${database}`);
        await Promise.all([
          run(server.url(database), `${TABLE}; ${fill(count)}`),
          run(server.url(target), `CREATE SCHEMA ${schemaOf(database)}; SET search_path TO ${schemaOf(database)}; ${TABLE}; ${fill(count)}`),
        ]);
      }
      const urls = Object.keys(rows).map((database) => [database, server.url(database)] as const);
      for (const url of [server.url(target), ...urls.map(([, one]) => one)]) await run(url, 'VACUUM ANALYZE');
      const bytes = await asking(server.url(target), async (client) => {
        const answer = await client.query<{ bytes: string }>("SELECT sum(pg_table_size(oid)) AS bytes FROM pg_class WHERE relname = 'event' AND relkind = 'r'");
        return Number(answer.rows[0]?.bytes);
      });
      return { legacy: Object.fromEntries(urls), target: server.url(target), bytes };
    },
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function asking<Answer>(url: string, ask: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}
