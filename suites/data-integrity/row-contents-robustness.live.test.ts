// What may happen to a comparison while it runs, and what it may meet: the right word each time, never a match by accident; and that it harms nobody meanwhile.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import pg from 'pg';
import type { DataMapping, Item, Measurement } from '../../gates/model.ts';
import { rowContents } from './row-contents.check.ts';
import { dyingProxy } from './testing/dying-proxy.ts';
import { type TwoDatabases, measureData, twoDatabases } from './testing/two-servers.ts';

const ROWS = 60_000;
const TABLES = `
CREATE TABLE "Big" (id int PRIMARY KEY, word text, n int); INSERT INTO "Big" SELECT i, repeat('word ', 20) || i, i FROM generate_series(1, ${ROWS}) i;
CREATE TABLE "Small" (id int PRIMARY KEY, word text); INSERT INTO "Small" SELECT i, 'word ' || i FROM generate_series(1, 50) i;
`;
const mapping: DataMapping = { databases: { naap_shop: { schema: 'shop' } } };
const OPTIONS = { parallel: 1, chunkRows: 1000, mode: 'near' } as const;

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({ legacy: TABLES, target: `CREATE SCHEMA shop; SET search_path TO shop; ${TABLES}` });
});
afterAll(() => two.close());
beforeEach(() => two.reset());

interface Compared {
  readonly differences: Measurement;
  readonly items: readonly Item[];
  readonly schema: string;
}
async function compare(more: Parameters<typeof measureData>[2] = {}, databases = two.databases): Promise<Compared> {
  const measured = await measureData(rowContents, databases, { mapping, options: OPTIONS, ...more });
  const [differences, schemas] = [measured.get('data.content-differences'), measured.get('data.schemas')];
  if (differences?.payload.shape !== 'set' || schemas?.payload.shape !== 'cases') throw new Error('nothing was measured');
  return { differences, items: differences.payload.items, schema: schemas.payload.cases.map(({ id, state }) => `${id} ${state}`).join() };
}
/** Compares while something happens after the first chunk of the big table. */
async function compareWhile(happen: () => Promise<unknown>, more: Parameters<typeof measureData>[2] = {}): Promise<Compared> {
  let asked = 0;
  let happening: Promise<unknown> = Promise.resolve();
  const monotonicMs = (): number => {
    asked += 1;
    // As a table begins, and after each chunk.
    if (asked === 2) happening = happen();
    return performance.now();
  };
  const compared = await compare({ ...more, context: { clock: { now: () => new Date(), monotonicMs } } });
  await happening;
  return compared;
}
const both = async (sql: string): Promise<void> => {
  for (const side of ['legacy', 'target'] as const) await two.run(side, sql);
};
const sick = (why: RegExp) => ({
  differences: { payload: { totalItems: 0 }, instrument: { healthy: false, why: expect.stringMatching(why) } },
  schema: 'shop not-run',
});

test.each(['legacy', 'target'] as const)('a connection to the %s side that is cut in the middle leaves the table unseen', async (side) => {
  const cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'naap-gate' AND datname = current_database()";
  expect(await compareWhile(() => two.run(side, cut))).toMatchObject(sick(/^\d tables? (was|were) not seen to the end: shop\./u));
});

test('a network that dies in the middle is no match', async () => {
  const url = two.databases.legacy?.['naap_shop']?.url ?? '';
  const proxy = await dyingProxy(Number(new URL(url).port), 2_000_000);
  try {
    const compared = await compare({}, { ...two.databases, legacy: { naap_shop: { url: proxy.url(url) } } });
    expect(proxy.isDead()).toBe(true);
    expect(compared).toMatchObject(sick(/shop\.Big/u));
  } finally {
    await proxy.close();
  }
});

test('what was found before the cut stays found', async () => {
  await two.run('target', `DELETE FROM "Big" WHERE id = 7`);
  const compared = await compareWhile(() => two.run('legacy', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'naap-gate'"));
  expect(compared).toMatchObject({ items: [{ key: 'shop.Big[id=7]' }], schema: 'shop failed' });
});

test('a table that is altered while it is compared waits for us, or is unseen; it is never a match by half', async () => {
  // Within one moment the change has to wait; with a new moment each chunk it comes through.
  const alter = (): Promise<unknown> => two.run('target', `SET lock_timeout = '20s'; ALTER TABLE "Big" DROP COLUMN word`);
  expect(await compareWhile(alter)).toMatchObject({ items: [], differences: { n: ROWS + 50, instrument: { healthy: true } } });
  await two.reset();
  expect(await compareWhile(alter, { options: { ...OPTIONS, maxSnapshotAgeMs: 0 } })).toMatchObject(sick(/shop\.Big \(column "word" does not exist/u));
});

test('a lock that somebody else holds is not waited for longer than two seconds', async () => {
  const client = new pg.Client({ connectionString: two.databases.target?.url ?? '' });
  await client.connect();
  try {
    await client.query('BEGIN; LOCK TABLE shop."Small" IN ACCESS EXCLUSIVE MODE');
    const started = performance.now();
    expect(await compare()).toMatchObject(sick(/^1 table was not seen to the end: shop\.Small \(canceling statement due to lock timeout/u));
    expect(performance.now() - started).toBeLessThan(15_000);
  } finally {
    await client.end();
  }
});

test('a source that is read-only is compared as any other', async () => {
  await two.run('legacy', 'ALTER DATABASE naap_shop SET default_transaction_read_only = on');
  expect(await compare()).toMatchObject({ items: [], differences: { n: ROWS + 50, instrument: { healthy: true } }, schema: 'shop ok' });
});

test('rows that a policy hides are not seen as equal', async () => {
  await both(`DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'watcher') THEN CREATE ROLE watcher LOGIN PASSWORD 'a-password'; END IF; END $$`);
  await two.run('legacy', 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO watcher');
  await two.run('target', 'GRANT USAGE ON SCHEMA shop TO watcher; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO watcher');
  await both('ALTER TABLE "Big" ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON "Big" USING (id < 10)');
  const asWatcher = (url = ''): { url: string } => ({ url: url.replace(/\/\/naap:[^@]*@/u, '//watcher:a-password@') });
  const databases = { target: asWatcher(two.databases.target?.url), legacy: { naap_shop: asWatcher(two.databases.legacy?.['naap_shop']?.url) } };
  expect(await compare({}, databases)).toMatchObject(sick(/shop\.Big \(query would be affected by row-level security policy/u));
});

test('a view where a table was is a table that is missing', async () => {
  await two.run('target', `ALTER TABLE "Small" RENAME TO "Hidden"; CREATE VIEW "Small" AS SELECT * FROM "Hidden"`);
  const compared = await compare();
  expect(compared.schema).toBe('shop failed');
});

test('no tables at all prove nothing', async () => {
  await both('DROP TABLE "Big", "Small"');
  expect(await compare()).toMatchObject({ differences: { n: 0 }, schema: 'shop not-run' });
});

test('a partitioned table is one table, whatever its partitions', async () => {
  const rows = `INSERT INTO "Parted" SELECT i, i % 3 FROM generate_series(1, 3000) i`;
  const parent = 'CREATE TABLE "Parted" (id int, part int, PRIMARY KEY (part, id)) PARTITION BY LIST (part);';
  await two.run(
    'legacy',
    `${parent} CREATE TABLE p0 PARTITION OF "Parted" FOR VALUES IN (0); CREATE TABLE p1 PARTITION OF "Parted" FOR VALUES IN (1, 2); ${rows}`,
  );
  await two.run('target', `${parent} CREATE TABLE all_parts PARTITION OF "Parted" DEFAULT; ${rows}`);
  expect(await compare()).toMatchObject({ items: [], schema: 'shop ok' });
  await two.run('target', 'DELETE FROM "Parted" WHERE id = 2999');
  expect((await compare()).items.map(({ key }) => key)).toEqual(['shop.Parted[part=2, id=2999]']);
});

test('a table of 1,600 columns is compared to the last of them', async () => {
  const columns = Array.from({ length: 1600 }, (_, index) => `c${index} bool`);
  await both(`CREATE TABLE wide (${columns.join(', ')}); INSERT INTO wide (c0, c1) VALUES (true, false), (false, true)`);
  expect(await compare()).toMatchObject({ items: [], schema: 'shop ok' });
  await two.run('target', 'UPDATE wide SET c1599 = true WHERE c0');
  expect((await compare()).items).toHaveLength(2);
});

test('it takes no lock that anybody waits for, few connections, short statements, and no old moment', async () => {
  const seen = { modes: new Set<string>(), connections: 0, oldestMs: 0, longestMs: 0, looks: 0 };
  const client = new pg.Client({ connectionString: two.databases.target?.url ?? '' });
  await client.connect();
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      // Whoever connects locks the entry of the database for a moment, so that it is not dropped meanwhile (InitPostgres).
      const { rows: locks } = await client.query(
        `SELECT DISTINCT l.mode FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE a.application_name = 'naap-gate' AND l.locktype <> 'virtualxid' AND l.classid IS DISTINCT FROM 'pg_database'::regclass`,
      );
      for (const { mode } of locks) seen.modes.add(mode);
      const { rows } = await client.query(
        `SELECT count(*)::int AS n, coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) FILTER (WHERE backend_xmin IS NOT NULL), 0) * 1000 AS oldest,
           coalesce(max(extract(epoch FROM clock_timestamp() - query_start)) FILTER (WHERE state = 'active'), 0) * 1000 AS longest
         FROM pg_stat_activity WHERE application_name = 'naap-gate'`,
      );
      const [row] = rows;
      seen.connections = Math.max(seen.connections, row.n);
      seen.oldestMs = Math.max(seen.oldestMs, Number(row.oldest));
      seen.longestMs = Math.max(seen.longestMs, Number(row.longest));
      seen.looks += 1;
    }
  })();
  try {
    const { differences } = await compare({ options: { ...OPTIONS, parallel: 2, maxSnapshotAgeMs: 200 } });
    expect(differences.instrument.healthy).toBe(true);
  } finally {
    over.abort();
    await watching;
    await client.end();
  }
  expect([...seen.modes]).toEqual(['AccessShareLock']);
  // One that holds the moment and one a worker, on each side.
  expect(seen.connections).toBeLessThanOrEqual(6);
  expect(seen.looks).toBeGreaterThan(5);
  expect(seen.longestMs).toBeLessThan(5000);
  expect(seen.oldestMs).toBeLessThan(10_000);
});
