import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DataMapping } from '../../gates/model.ts';
import { dataInventory } from './data-inventory.check.ts';
import { rowCounts } from './row-counts.check.ts';
import { type TwoDatabases, measureData, twoDatabases } from './testing/two-servers.ts';

const SCHEMA =
  'CREATE TABLE a (id int PRIMARY KEY, old text); CREATE TABLE b (id int); CREATE TABLE session (id int, ends timestamptz); CREATE TABLE junk (id int);';
const ROWS = "INSERT INTO a SELECT generate_series(1, 50); INSERT INTO b SELECT generate_series(1, 7); INSERT INTO session VALUES (1, '2099-01-01')";
const mapping: DataMapping = {
  databases: {
    naap_shop: {
      schema: 'shop',
      tables: {
        a: { to: 'alpha', columns: { old: { dropped: 'nobody reads it' } }, added: { fresh: 'new in phase 1' } },
        session: { where: 'ends > $cut' },
        junk: { leftBehind: 'empty since 2024' },
      },
    },
  },
  added: { 'shop.outbox': 'the dual-write queue' },
};

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({
    legacy: `${SCHEMA} ${ROWS}; INSERT INTO session VALUES (2, '2020-01-01')`,
    target: `CREATE SCHEMA shop; SET search_path TO shop; ${SCHEMA} ${ROWS}; ALTER TABLE a RENAME TO alpha; ALTER TABLE alpha DROP old; ALTER TABLE alpha ADD fresh int; DROP TABLE junk; CREATE TABLE outbox (id int)`,
  });
}, 60_000);
afterAll(() => two.close());
beforeEach(() => two.reset());

async function items(metric: string, given: DataMapping | undefined = mapping): Promise<readonly (readonly [string, string])[]> {
  const check = metric.startsWith('inventory') ? dataInventory : rowCounts;
  const payload = (await measureData(check as typeof rowCounts, two.databases, given === undefined ? {} : { mapping: given })).get(metric)?.payload;
  if (payload?.shape !== 'set' || payload.totalItems !== payload.items.length) throw new Error('no whole set was measured');
  return payload.items.map(({ key, detail }) => [key, detail]);
}

test('what was migrated as the mapping says has no difference', async () => {
  expect(await items('data.row-count-differences')).toEqual([]);
  expect(await items('data.missing-tables')).toEqual([]);
  expect(await items('inventory.unmapped-objects')).toEqual([]);
});

test('counts are exact, whatever the statistics say', async () => {
  await two.run('target', 'DELETE FROM b WHERE id = 3; INSERT INTO alpha VALUES (51); INSERT INTO session VALUES (2)');
  await two.run('target', 'SELECT pg_stat_reset()');
  expect(await items('data.row-count-differences')).toEqual([
    ['shop.alpha', 'naap_shop has 50 rows, the target 51 (+1).'],
    ['shop.b', 'naap_shop has 7 rows, the target 6 (-1).'],
    ['shop.session', 'naap_shop has 1 rows, the target 2 (+1).'],
  ]);
});

test('a table that was not migrated is missing, and is not in the inventory of the target', async () => {
  await two.run('target', 'DROP TABLE b');
  const missing = [['naap_shop.public.b', expect.stringContaining('The target has no table shop.b.')]];
  expect(await items('data.missing-tables')).toEqual(missing);
  expect(await items('inventory.unmapped-objects')).toEqual(missing);
});

test('without a mapping everything that does not have its name on the other side is told', async () => {
  expect((await items('inventory.unmapped-objects', { databases: {} })).map(([object]) => object)).toEqual([
    'naap_shop.public.a',
    'naap_shop.public.junk',
    'shop.alpha',
    'shop.outbox',
  ]);
});

test('a mapping that names what is not there is told', async () => {
  const wrong: DataMapping = { ...mapping, databases: { naap_shop: { schema: 'shop', tables: { ...mapping.databases['naap_shop']?.tables, ghost: {} } } } };
  expect((await items('inventory.unmapped-objects', wrong)).map(([object]) => object)).toEqual(['naap_shop.public.ghost']);
});

test('databases without a table prove nothing: no table was examined', async () => {
  await two.run('legacy', 'DROP TABLE a, b, session, junk');
  const measured = await measureData(rowCounts, two.databases);
  expect(measured.get('data.row-count-differences')).toMatchObject({ n: 0, payload: { totalItems: 0 } });
});
