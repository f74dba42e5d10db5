import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ArtifactStore, Item } from '../../../gates/model.ts';
import { createDatabases } from '../../instruments/database/sessions.ts';
import { collectFindings } from '../findings.ts';
import { compareTable } from '../near/compare-table.ts';
import { rowContents } from '../row-contents.check.ts';
import { openSides } from '../sides.ts';
import { NO_FAULTS, ROW_FAULTS, mapping, rowsOfShop } from '../testing/row-faults.ts';
import { type TwoDatabases, measureData } from '../testing/two-servers.ts';
import { compareFar } from './compare-far.ts';

let two: TwoDatabases;
beforeAll(async () => {
  two = await rowsOfShop();
}, 60_000);
afterAll(() => two.close());
beforeEach(() => two.reset());

interface Found {
  readonly items: readonly Item[];
  readonly total: number;
  readonly rows: number;
  /** Of rows that were fetched. */
  readonly bytes: number;
}
/** Every table of both sides, without the second look that row-contents takes at what differs. */
async function compare(mode: 'near' | 'far', { chunkRows = 1000 } = {}): Promise<Found> {
  const sessions = createDatabases({ databases: two.databases, signal: new AbortController().signal });
  const sides = await openSides(sessions, mapping, new Date());
  try {
    const found = { items: [] as Item[], total: 0, rows: 0, bytes: 0 };
    for (const pair of sides.pairing.pairs) {
      const findings = collectFindings(pair, sides.mapping);
      await (mode === 'far' ? compareFar : compareTable)({
        pair,
        legacy: sides.session({ legacy: pair.database }),
        target: sides.session('target'),
        cut: sides.cut,
        chunkRows,
        pause: async () => undefined,
        onDifference: (difference, sent) => findings.add(difference, sent),
        onChunk({ legacyRows, targetRows, bytes }) {
          found.rows += Math.max(legacyRows, targetRows);
          found.bytes += bytes;
        },
      });
      const { items, missing, extra, changed } = findings.result();
      found.items.push(...items);
      found.total += missing + extra + changed;
    }
    return found;
  } finally {
    await sides.close();
    await sessions.close();
  }
}
async function both(sql: string): Promise<void> {
  await two.run('legacy', sql);
  await two.run('target', sql);
}

test('a healthy pair has no difference, every row was counted, and none came over the network', async () => {
  expect(await compare('far')).toEqual({ items: [], total: 0, rows: 163, bytes: 0 });
});

test.each(ROW_FAULTS)('%s is found by sums of hashes, where it is and with both values', async (_, damage, found) => {
  await two.run('target', damage);
  const { items, total } = await compare('far');
  expect(items.map(({ key }) => key).toSorted()).toEqual(found.map(([key]) => key).toSorted());
  for (const [key, detail] of found) expect(items.find((item) => item.key === key)?.detail).toMatch(detail);
  expect(total).toBe(found.length);
});

test.each(NO_FAULTS)('%s is no difference of hashes either', async (_, side, change) => {
  await two.run(side, change);
  expect(await compare('far')).toEqual({ items: [], total: 0, rows: 163, bytes: 0 });
});

test('the check says which way each table was compared, and the environment has the last word', async () => {
  await two.run('target', `UPDATE "Thing" SET a = 'x' WHERE id = 7`);
  const tables: string[] = [];
  const artifacts: ArtifactStore = {
    async put(_name, _type, bytes) {
      tables.push(String(bytes));
      return '0'.repeat(64);
    },
  };
  const measured = await measureData(rowContents, two.databases, { mapping, options: { mode: 'near' }, context: { data: { mode: 'far' }, artifacts } });
  expect(measured.get('data.content-differences')?.payload).toMatchObject({ items: [{ key: 'shop.Thing[id=7].a' }], totalItems: 1 });
  expect([...tables.join().matchAll(/"how": "(.*)"/gu)].map(([, how]) => how)).toEqual([
    'without a key, by sums of row hashes',
    'by id, by sums of row hashes',
    'by id, by sums of row hashes',
  ]);
});

const MANY = `CREATE TABLE many (id int, part int, label text, PRIMARY KEY (part, id)); INSERT INTO many SELECT i, i % 7, 'label ' || i FROM generate_series(1, 12000) i;`;

test('a few differences in many rows cost the bytes of a few rows, and are those of near mode', async () => {
  await both(MANY);
  await two.run(
    'target',
    `UPDATE many SET label = 'x' WHERE id = 77; DELETE FROM many WHERE id IN (1, 12000); INSERT INTO many VALUES (0, 0, ''), (50000, 9, '')`,
  );
  const [near, far] = [await compare('near'), await compare('far')];
  expect(far.items).toEqual(near.items);
  expect(far.total).toBe(5);
  expect(far.rows).toBe(near.rows);
  expect(far.bytes).toBeLessThan(near.bytes / 5);
});

test('chunks are compared one by one, and one that differs as a whole is fetched as a whole', async () => {
  await both(MANY);
  await two.run('target', `UPDATE many SET label = label || '.'; INSERT INTO many SELECT i, 3, 'more' FROM generate_series(100000, 101000) i`);
  const [near, far] = [await compare('near', { chunkRows: 700 }), await compare('far', { chunkRows: 700 })];
  expect(far.total).toBe(13_001);
  expect(far.items).toEqual(near.items);
});

test.each([
  ['a key whose order no index serves', 'id numeric PRIMARY KEY', 'id numeric PRIMARY KEY'],
  ['a key that became wider', 'id int PRIMARY KEY', 'id bigint PRIMARY KEY'],
  ['no key', 'id int', 'id int'],
])('with %s buckets of hashes lead to the rows', async (_, legacy, target) => {
  const rows = `INSERT INTO numbered SELECT i, 'label ' || i FROM generate_series(1, 5000) i`;
  await two.run('legacy', `CREATE TABLE numbered (${legacy}, label text); ${rows}`);
  await two.run(
    'target',
    `CREATE TABLE numbered (${target}, label text); ${rows}; UPDATE numbered SET label = NULL WHERE id = 77; DELETE FROM numbered WHERE id = 4000`,
  );
  const [near, far] = [await compare('near', { chunkRows: 1000 }), await compare('far', { chunkRows: 1000 })];
  expect(far.items).toEqual(near.items);
  expect(far.total).toBeGreaterThan(1);
  expect(far.bytes).toBeLessThan(near.bytes / 5);
});

test('without a key a pair of rows that became another pair with the same values is found', async () => {
  await both(`CREATE TABLE pairs (a int, b int); INSERT INTO pairs VALUES (1, 1), (2, 2)`);
  await two.run('target', `TRUNCATE pairs; INSERT INTO pairs VALUES (1, 2), (2, 1)`);
  expect((await compare('far')).items.map(({ key }) => key).toSorted()).toEqual([
    'shop.pairs[a=1, b=1]',
    'shop.pairs[a=1, b=2]',
    'shop.pairs[a=2, b=1]',
    'shop.pairs[a=2, b=2]',
  ]);
});

test('of hundreds of columns each is part of the hash, and NULL is not the empty text in any of them', async () => {
  const columns = Array.from({ length: 300 }, (_, index) => `c${index}`);
  await both(
    `CREATE TABLE wide (id int PRIMARY KEY, ${columns.map((name) => `${name} text`).join(', ')}); INSERT INTO wide (id, c0) VALUES (1, 'x'), (2, 'x')`,
  );
  await two.run('target', `UPDATE wide SET c150 = '' WHERE id = 1; UPDATE wide SET c299 = 'y' WHERE id = 2`);
  expect((await compare('far')).items.map(({ key }) => key)).toEqual(['shop.wide[id=1].c150', 'shop.wide[id=2].c299']);
});

test('spaces at the end of char(n), a long bytea, and a composite of nothing but NULLs are seen', async () => {
  await both(
    `CREATE TYPE nothing AS (x int, y int); CREATE TABLE odd (id int PRIMARY KEY, code char(6), bin bytea, pair nothing); INSERT INTO odd VALUES (1, 'ab', decode(repeat('00', 20000), 'hex'), NULL)`,
  );
  await two.run('target', `ALTER TABLE odd ALTER code TYPE char(8); UPDATE odd SET bin = set_byte(bin, 19999, 1), pair = ROW(NULL, NULL)::nothing`);
  const [near, far] = [await compare('near'), await compare('far')];
  expect(far.items).toEqual(near.items);
  expect(far.items.map(({ key }) => key).toSorted()).toEqual(['shop.odd[id=1].bin', 'shop.odd[id=1].code', 'shop.odd[id=1].pair']);
});
