import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Environment, Item, Measurement } from '../../gates/model.ts';
import { backupRestore } from './backup-restore.check.ts';
import { type TwoDatabases, firstRound, twoDatabases } from './testing/two-servers.ts';

const SHOP = `
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TABLE "User" (id int PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE "Post" (id serial PRIMARY KEY, "userId" int NOT NULL REFERENCES "User" (id) ON DELETE CASCADE, body text, feeling mood, n numeric(12,3), doc jsonb);
CREATE INDEX "Post_user_idx" ON "Post" ("userId") WHERE body IS NOT NULL;
CREATE VIEW "Recent" AS SELECT id, body FROM "Post" WHERE id > 10;
CREATE TABLE "Log" (line text);
CREATE SCHEMA tools; CREATE FUNCTION tools.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
INSERT INTO "User" SELECT i, 'user' || i FROM generate_series(1, 50) i;
INSERT INTO "Post" ("userId", body, feeling, n, doc) SELECT 1 + i % 50, 'body ' || i, 'low', i + 0.125, jsonb_build_object('i', i) FROM generate_series(1, 500) i;
INSERT INTO "Log" SELECT 'line ' || i % 7 FROM generate_series(1, 60) i;
`;

let two: TwoDatabases;
let databases: Environment['databases'];
beforeAll(async () => {
  two = await twoDatabases({ legacy: 'SELECT 1', target: `CREATE SCHEMA shop; SET search_path TO shop; ${SHOP}` });
  databases = { target: two.databases.target, scratch: { url: (two.databases.target?.url ?? '').replace(/[^/]+$/u, 'postgres') } };
}, 60_000);
afterAll(() => two.close());
beforeEach(() => two.reset());

interface Undo {
  readonly what: string;
  run(): Promise<void>;
}
async function restored(
  more: { readonly databases?: Environment['databases']; readonly signal?: AbortSignal; readonly undo?: Undo[] } = {},
): Promise<Measurement> {
  const cleanup = (what: string, run: () => Promise<void>): void => void more.undo?.push({ what, run });
  const [measurement] = await firstRound(backupRestore, more.databases ?? databases, {
    context: { cleanup },
    ...(more.signal === undefined ? {} : { signal: more.signal }),
  });
  if (measurement === undefined) throw new Error('nothing was measured');
  return measurement;
}
const items = ({ payload }: Measurement): readonly Item[] => (payload.shape === 'set' ? payload.items : []);
async function scratchDatabases(): Promise<readonly string[]> {
  const { rows } = await two.run('target', "SELECT datname AS name FROM pg_database WHERE datname LIKE 'naap_gate_restore_%'");
  return rows.map(({ name }) => String(name));
}

test('a sound database comes back whole, with time and size on record, and the copy is gone', async () => {
  const measurement = await restored();
  expect(items(measurement)).toEqual([]);
  expect(measurement.n).toBeGreaterThan(600);
  expect(measurement.instrument).toMatchObject({
    healthy: true,
    version: expect.stringMatching(/^pg_dump \(PostgreSQL\) \d+/u),
    facts: { dumpBytes: expect.any(Number), dumpSeconds: expect.any(Number), restoreSeconds: expect.any(Number), databaseBytes: expect.any(Number) },
  });
  expect(Number(measurement.instrument.facts?.['dumpBytes'])).toBeGreaterThan(1000);
  expect(await scratchDatabases()).toEqual([]);
});

test.each<readonly [string, string, RegExp]>([
  [
    'a check that names a table without its schema loses the rows of its own',
    `CREATE FUNCTION shop.known(int) RETURNS boolean LANGUAGE sql AS $$ SELECT EXISTS (SELECT FROM "User" WHERE id = $1) $$;
     ALTER TABLE "Post" ADD CONSTRAINT "Post_known" CHECK (shop.known("userId"))`,
    /TABLE DATA Post|shop\.Post/u,
  ],
  [
    'a routine of a schema without tables that belongs to an extension',
    'ALTER EXTENSION plpgsql ADD SCHEMA tools; ALTER EXTENSION plpgsql ADD FUNCTION tools.twice(int)',
    /tools/u,
  ],
  ['a table that belongs to an extension is not in the dump', 'ALTER EXTENSION plpgsql ADD TABLE shop."Log"', /shop\.Log|Log/u],
])('%s', async (_name, sql, found) => {
  await two.run('target', sql);
  const measurement = await restored();
  expect(items(measurement).some(({ key }) => found.test(key))).toBe(true);
  expect(measurement.instrument.healthy).toBe(true);
  expect(await scratchDatabases()).toEqual([]);
});

test('what is written while it is dumped and compared is no difference', async () => {
  const writing = new AbortController();
  const writer = (async () => {
    for (let i = 0; !writing.signal.aborted; i += 1) {
      await two.run('target', `INSERT INTO "Log" VALUES ('written ${i}')`);
      await two.run('target', `UPDATE "Post" SET body = 'changed ${i}' WHERE id = ${1 + (i % 400)}`);
    }
  })();
  const measurement = await restored();
  writing.abort();
  await writer;
  expect(items(measurement)).toEqual([]);
});

test('an owner of its own comes back where the scratch server has the role', async () => {
  await two.run('target', `CREATE ROLE shop_owner; ALTER TABLE "Log" OWNER TO shop_owner`);
  try {
    expect(items(await restored())).toEqual([]);
  } finally {
    await two.run('target', `ALTER TABLE "Log" OWNER TO naap; DROP ROLE shop_owner`);
  }
});

test.each<readonly [string, (url: string) => Environment['databases'], RegExp]>([
  [
    'a scratch server that is not there',
    (url) => ({ target: { url }, scratch: { url: 'postgresql://naap@127.0.0.1:1/postgres' } }),
    /scratch server is not to be had.*refused/u,
  ],
  [
    'a role that may make no database',
    (url) => ({ target: { url }, scratch: { url: url.replace('naap:a-password', 'small:x') } }),
    /lets us make no database.*CREATEDB/u,
  ],
])('%s proves nothing, and says what is needed', async (_name, places, why) => {
  await two.run('target', `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'small') THEN CREATE ROLE small LOGIN PASSWORD 'x'; END IF; END $$`);
  const undo: Undo[] = [];
  const measurement = await restored({ databases: places(two.databases.target?.url ?? ''), undo });
  expect(measurement).toMatchObject({ n: 0, instrument: { healthy: false, why: expect.stringMatching(why) } });
  // Nothing was made, so there is nothing that could fail to be removed.
  for (const { run } of undo) await run();
});

test('interrupted, it leaves a cleanup behind that removes what was made', async () => {
  const before = readdirSync(tmpdir());
  const stop = new AbortController();
  const undo: Undo[] = [];
  const running = restored({ signal: stop.signal, undo });
  await expect.poll(scratchDatabases, { timeout: 20_000, interval: 20 }).toHaveLength(1);
  stop.abort(new Error('interrupted'));
  await expect(running).rejects.toThrow(/interrupted|abort/u);
  expect(undo.map(({ what }) => what)).toEqual([expect.stringMatching(/^the restored copy naap_gate_restore_/u)]);
  for (const { run } of undo) await run();
  expect(await scratchDatabases()).toEqual([]);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('naap-gate-dump-') && !before.includes(name))).toEqual([]);
});
