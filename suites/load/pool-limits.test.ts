import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installBinaries } from '../../fixtures/twin/postgres/binaries.ts';
import { chooseRunAs } from '../../fixtures/twin/postgres/run-as.ts';
import { type PostgresServer, startPostgres } from '../../fixtures/twin/postgres/server.ts';
import { createSql } from '../instruments/sql.ts';
import { readConnections } from './pool-limits.ts';

let folder: string;
let server: PostgresServer;
const opened: pg.Client[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'naap-gate-pool-'));
  await chmod(folder, 0o755);
  server = await startPostgres(
    await installBinaries(join(folder, 'cache')),
    { data: join(folder, 'data'), log: join(folder, 'log') },
    'a-password',
    await chooseRunAs(),
  );
}, 60_000);
afterAll(async () => {
  await Promise.all(opened.map((client) => client.end()));
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  opened.push(client);
  return client;
}

test('connections, those that wait for another and those that idle in a transaction are counted, and the least limit is told', async () => {
  const [holder, waiter] = [await connect(), await connect()];
  await holder.query('CREATE TABLE t (n int); ALTER DATABASE postgres CONNECTION LIMIT 50');
  const sql = createSql({ databases: { target: { url: server.url('postgres') } }, signal: new AbortController().signal });
  try {
    expect(await readConnections(sql)).toMatchObject({ waiting: 0, idleInTransaction: 0, maxConnections: 200, reserved: 3, allowed: 50 });
    await holder.query('BEGIN; LOCK TABLE t');
    const waiting = waiter.query('SELECT * FROM t');
    await expect.poll(async () => (await readConnections(sql)).waiting, { timeout: 5000, interval: 20 }).toBe(1);
    const { open, own, idleInTransaction } = await readConnections(sql);
    expect({ open: open >= 3, own: own >= 3, idleInTransaction }).toEqual({ open: true, own: true, idleInTransaction: 1 });
    await holder.query('ROLLBACK; ALTER DATABASE postgres CONNECTION LIMIT -1');
    await waiting;
    expect((await readConnections(sql)).allowed).toBe(197);
  } finally {
    await sql.close();
  }
});
