import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { installBinaries } from '../../fixtures/twin/postgres/binaries.ts';
import { chooseRunAs } from '../../fixtures/twin/postgres/run-as.ts';
import { startPostgres } from '../../fixtures/twin/postgres/server.ts';
import type { PostgresServer } from '../../fixtures/twin/postgres/server.ts';
import type { GateError, SqlClient } from '../../gates/model.ts';
import { createSql } from './sql.ts';
import type { SqlOptions } from './sql.ts';

const PASSWORD = 'never-in-a-message';
let server: PostgresServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'naap-gate-sql-'));
  // PostgreSQL may run as another user, who must be able to enter.
  await chmod(folder, 0o755);
  const runAs = await chooseRunAs();
  server = await startPostgres(await installBinaries(join(folder, 'cache')), { data: join(folder, 'data'), log: join(folder, 'log') }, PASSWORD, runAs);
  const owner = new pg.Client({ connectionString: server.url('postgres') });
  await owner.connect();
  await owner.query(
    'CREATE SCHEMA core; CREATE TABLE core.fees (id text, amount numeric, big bigint, paid boolean, at timestamp(3), note jsonb); ' +
      `INSERT INTO core.fees VALUES ('a', 12345678901234567890.12, 9007199254740993, true, '2026-08-01 12:00:00.123', '{"a": 1}')`,
  );
  await owner.end();
}, 60_000);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});
function open(more: Partial<SqlOptions> = {}): SqlClient {
  const sql = createSql({ databases: { target: { url: server.url('postgres'), schema: 'core' } }, signal: new AbortController().signal, ...more });
  opened.push(() => sql.close());
  return sql;
}
async function catchError(promise: Promise<unknown>): Promise<GateError> {
  return promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: GateError) => error,
  );
}

test('values come as the text that the server sent, so nothing is rounded and no zone is guessed', async () => {
  expect(await open().query('target', 'SELECT *, NULL AS nothing FROM fees WHERE id = $1', ['a'])).toEqual([
    { id: 'a', amount: '12345678901234567890.12', big: '9007199254740993', paid: 't', at: '2026-08-01 12:00:00.123', note: '{"a": 1}', nothing: null },
  ]);
});

test('the transaction is read-only, bounded, named, and looks only where the environment says', async () => {
  const [row] = await open().query(
    'target',
    "SELECT current_setting('transaction_read_only') AS readonly, current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock, " +
      "current_setting('search_path') AS path, current_setting('application_name') AS name",
  );
  expect(row).toEqual({ readonly: 'on', statement: '30s', lock: '2s', path: 'pg_catalog, core', name: 'naap-gate' });
});

test.each([
  ["INSERT INTO fees (id) VALUES ('b')", /read-only transaction/],
  ['CREATE TABLE core.more (id text)', /read-only transaction/],
  ["COMMIT; INSERT INTO core.fees (id) VALUES ('b')", /multiple commands/],
])('%s is refused and changes nothing', async (statement, message) => {
  const sql = open();
  expect((await catchError(sql.query('target', statement))).message).toMatch(message);
  expect(await sql.query('target', 'SELECT count(*) AS rows FROM fees')).toEqual([{ rows: '1' }]);
});

test('at most two connections are open, however many ask', async () => {
  const sql = open();
  const answers = await Promise.all(Array.from({ length: 8 }, () => sql.query('target', 'SELECT pg_backend_pid() AS pid, pg_sleep(0.02)')));
  expect(new Set(answers.map(([row]) => row?.['pid'])).size).toBeLessThanOrEqual(2);
});

test('a statement that takes too long is ended by the server, and the next one works', async () => {
  const sql = open({ statementTimeoutMs: 50 });
  expect(await catchError(sql.query('target', 'SELECT pg_sleep(10)'))).toMatchObject({ code: '57014' });
  expect(await sql.query('target', 'SELECT 1 AS one')).toEqual([{ one: '1' }]);
});

test('a mistake in a statement keeps its SQLSTATE and is no unreachable database', async () => {
  expect(await catchError(open().query('target', 'SELECT * FROM nowhere'))).toMatchObject({ code: '42P01' });
});

test('when the run is aborted its reason comes through at once', async () => {
  const abort = new AbortController();
  const reason = new Error('interrupted');
  const sql = open({ signal: abort.signal });
  await sql.query('target', 'SELECT 1');
  const sleeping = catchError(sql.query('target', 'SELECT pg_sleep(20)'));
  setImmediate(() => abort.abort(reason));
  expect(await sleeping).toBe(reason);
});

test.each([
  ['a wrong password', (url: string) => url.replace(PASSWORD, 'wrong-secret'), 'refused the password'],
  ['a database that is not there', (url: string) => url.replace(/\/postgres$/, '/nowhere'), 'has no database of this name'],
  ['a port that nothing listens on', (url: string) => url.replace(/:\d+\//, ':1/'), 'ECONNREFUSED'],
  ['a host that DNS does not know', (url: string) => url.replace('127.0.0.1', 'naap-gate.invalid'), 'DNS'],
])('%s is told in words, with a remedy and without the password', async (_, change, words) => {
  const error = await catchError(open({ databases: { target: { url: change(server.url('postgres')) } } }).query('target', 'SELECT 1'));
  expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE', message: expect.stringContaining(words), remedy: expect.any(String) });
  expect(error.message).toMatch(/^Database "target" \(.+:\d+\/.+\) /);
  expect(`${error.message} ${error.remedy}`).not.toMatch(/never-in-a-message|wrong-secret/);
});

test('an environment without a database says where to name one', async () => {
  expect(await catchError(open({ databases: {} }).query('target', 'SELECT 1'))).toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message: 'The environment names no database "target".',
  });
});
