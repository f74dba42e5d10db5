// What an interrupted comparison leaves, what the next process makes of it, and what is told from writes that were under way.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startDualWrites } from '../../fixtures/twin/dual-write/writers.ts';
import type { Checkpoint, DataMapping, Measurement } from '../../gates/model.ts';
import { rowContents } from './row-contents.check.ts';
import { type TwoDatabases, measureData, twoDatabases } from './testing/two-servers.ts';

const TABLES = `
CREATE TABLE "Big" (id int PRIMARY KEY, word text); INSERT INTO "Big" SELECT i, 'word ' || i FROM generate_series(1, 30000) i;
CREATE TABLE "Small" (id int PRIMARY KEY, word text); INSERT INTO "Small" SELECT i, 'word ' || i FROM generate_series(1, 50) i;
CREATE TABLE "Live" (id text PRIMARY KEY, word text, n int);
`;
const mapping: DataMapping = { databases: { naap_shop: { schema: 'shop' } } };
const OPTIONS = { parallel: 1, chunkRows: 1000, mode: 'near' } as const;

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({ legacy: TABLES, target: `CREATE SCHEMA shop; SET search_path TO shop; ${TABLES}` });
}, 60_000);
afterAll(() => two.close());
beforeEach(() => two.reset());

function memory(): Checkpoint {
  let kept: unknown;
  return { read: () => structuredClone(kept), write: (value) => void (kept = JSON.parse(JSON.stringify(value))) };
}
interface Compared {
  readonly differences: Measurement | undefined;
  readonly keys: readonly string[];
}
async function compare(more: Parameters<typeof measureData>[2] = {}): Promise<Compared> {
  const measured = await measureData(rowContents, two.databases, { mapping, options: OPTIONS, ...more });
  const differences = measured.get('data.content-differences');
  return { differences, keys: differences?.payload.shape === 'set' ? differences.payload.items.map(({ key }) => key) : [] };
}
/** Ends a comparison after so many chunks. */
async function interrupted(checkpoint: Checkpoint, chunks: number): Promise<void> {
  const abort = new AbortController();
  let asked = 0;
  const monotonicMs = (): number => {
    asked += 1;
    // Asked once as a table begins, and once a chunk.
    if (asked > chunks + 1) abort.abort(new Error('interrupted here'));
    return performance.now();
  };
  const context = { checkpoint, clock: { now: () => new Date(), monotonicMs } };
  await expect(compare({ signal: abort.signal, context })).rejects.toThrow('interrupted here');
}
async function logStatements(): Promise<void> {
  await two.run('legacy', `ALTER DATABASE naap_shop SET log_statement = 'all'`);
  // Sessions that are open already do not.
  await two.reconnect();
}
/** The rows that the legacy side was asked for since this text was logged. */
async function readSince(mark: string): Promise<string[]> {
  const log = await two.log();
  expect(log).toContain(mark);
  return [...log.slice(log.lastIndexOf(mark)).matchAll(/COPY \(SELECT .* FROM ONLY "public"\."(\w+)"(.*)\) TO STDOUT/gu)].map(
    ([, table, rest]) => `${table}${rest}`,
  );
}

test('what was compared before an interruption is not read again, and the verdict is the same', async () => {
  await two.run('target', `UPDATE "Big" SET word = 'x' WHERE id IN (7, 500, 29000); DELETE FROM "Small" WHERE id = 3`);
  const whole = await compare();
  await logStatements();
  const checkpoint = memory();
  await interrupted(checkpoint, 2);
  await two.run('legacy', `SELECT 'the second process'`);
  const resumed = await compare({ context: { checkpoint } });
  const read = (await readSince('the second process')).filter((statement) => statement.startsWith('Big') && !statement.includes(' IN '));
  expect(read.length).toBeGreaterThan(0);
  for (const statement of read) expect(statement).toContain('> ROW(');
  expect(resumed.keys).toEqual(whole.keys);
  expect(resumed.keys).toEqual(['shop.Big[id=7].word', 'shop.Big[id=500].word', 'shop.Big[id=29000].word', 'shop.Small[id=3]']);
  expect(resumed.differences?.n).toBe(whole.differences?.n);
  expect(resumed.differences?.instrument.facts).toMatchObject({ tablesResumed: expect.any(Number), rowsCompared: 30_050 });
});

test('a table that is whole is not read at all', async () => {
  await logStatements();
  const checkpoint = memory();
  const first = await compare({ context: { checkpoint } });
  await two.run('legacy', `SELECT 'the third process'`);
  expect(await compare({ context: { checkpoint } })).toMatchObject({ keys: [], differences: { n: first.differences?.n, instrument: { healthy: true } } });
  expect(await readSince('the third process')).toEqual([]);
  await compare();
  expect(await readSince('the third process')).not.toEqual([]);
});

test('a table that was written to or altered since is compared from its beginning', async () => {
  const checkpoint = memory();
  await interrupted(checkpoint, 2);
  await two.run('target', `UPDATE "Big" SET word = 'x' WHERE id = 7`);
  // A session that ends tells its counts.
  await two.reconnect();
  await expect.poll(async () => (await compare({ context: { checkpoint } })).keys, { timeout: 9000, interval: 500 }).toEqual(['shop.Big[id=7].word']);
});

test('a write that is under way is no finding and is counted; a real difference stays one', async () => {
  await two.run('target', `DELETE FROM "Big" WHERE id = 20000`);
  const writing = await startDualWrites({
    legacyUrls: { naap_shop: two.databases.legacy?.['naap_shop']?.url ?? '' },
    targetUrl: two.databases.target?.url ?? '',
    tables: [{ database: 'naap_shop', schema: 'shop', table: 'Live', row: () => ({ word: 'w' }), change: (n) => ({ n }) }],
    rate: 100,
    faults: { 'shop.Live': 'late' },
    lateMs: 1500,
  });
  try {
    await expect.poll(async () => Number((await two.run('legacy', 'SELECT count(*) FROM "Live"')).rows[0].count), { timeout: 5000 }).toBeGreaterThan(20);
    const { keys, differences } = await compare();
    expect(keys).toEqual(['shop.Big[id=20000]']);
    expect(differences).toMatchObject({ payload: { totalItems: 1 } });
    expect(Number(differences?.instrument.facts?.['rowsUnderWay'])).toBeGreaterThan(5);
  } finally {
    await writing.stop();
  }
}, 40_000);

test('a moment that is too old is replaced, and that is said', async () => {
  const { keys, differences } = await compare({ options: { ...OPTIONS, maxSnapshotAgeMs: 0 } });
  expect(keys).toEqual([]);
  expect(differences?.instrument.healthy).toBe(true);
  expect(Number(differences?.instrument.facts?.['moments'])).toBeGreaterThan(2);
});
