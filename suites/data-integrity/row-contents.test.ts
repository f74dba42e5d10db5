import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Item, Measurement } from '../../gates/model.ts';
import { rowContents } from './row-contents.check.ts';
import { NO_FAULTS, ROW_FAULTS, THING_7, mapping, rowsOfShop } from './testing/row-faults.ts';
import { type TwoDatabases, measureData } from './testing/two-servers.ts';

let two: TwoDatabases;
beforeAll(async () => {
  two = await rowsOfShop();
}, 60_000);
afterAll(() => two.close());
beforeEach(() => two.reset());

async function compare(
  more: Parameters<typeof measureData>[2] = {},
): Promise<{ items: readonly Item[]; total: number; measurement: Measurement; schemas: Measurement | undefined }> {
  const measured = await measureData(rowContents, two.databases, { mapping, ...more });
  const measurement = measured.get('data.content-differences');
  if (measurement?.payload.shape !== 'set') throw new Error('no set was measured');
  return { items: measurement.payload.items, total: measurement.payload.totalItems, measurement, schemas: measured.get('data.schemas') };
}

test('a healthy pair has no difference, and every row of both sides was looked at', async () => {
  const { items, total, measurement, schemas } = await compare();
  expect({ items, total, n: measurement.n, healthy: measurement.instrument.healthy }).toEqual({ items: [], total: 0, n: 163, healthy: true });
  expect(schemas?.payload).toEqual({ shape: 'cases', cases: [{ id: 'shop', state: 'ok', detail: '3 tables, 163 rows.' }] });
});

test.each(ROW_FAULTS)('%s is found where it is, with both values, and nothing else', async (_, damage, found) => {
  await two.run('target', damage);
  const { items, total, measurement, schemas } = await compare();
  expect(items.map(({ key }) => key).toSorted()).toEqual(found.map(([key]) => key).toSorted());
  for (const [key, detail] of found) expect(items.find((item) => item.key === key)?.detail).toMatch(detail);
  expect(total).toBe(found.length);
  expect(measurement.instrument.healthy).toBe(true);
  expect(schemas?.payload).toMatchObject({ cases: [{ id: 'shop', state: 'failed' }] });
});

test.each(NO_FAULTS)('%s is no difference', async (_, side, change) => {
  await two.run(side, change);
  expect(await compare()).toMatchObject({ items: [], total: 0, measurement: { instrument: { healthy: true } } });
});

test('chunks of a hundred rows find the same as one', async () => {
  await two.run('target', `DELETE FROM "Thing" WHERE id = 7; UPDATE "Thing" SET a = 'x' WHERE id = 99; INSERT INTO "Thing" (id) VALUES (150), (-100)`);
  const whole = await compare();
  const chunked = await compare({ options: { chunkRows: 10 } });
  expect(chunked.items.map(({ key }) => key).toSorted()).toEqual(['shop.Thing[id=-100]', 'shop.Thing[id=150]', 'shop.Thing[id=7]', 'shop.Thing[id=99].a']);
  expect(chunked.items).toEqual(whole.items);
  expect(chunked.measurement.n).toBe(whole.measurement.n);
});

test('more differences than are named are all counted', async () => {
  await two.run('target', `INSERT INTO "Thing" (id) SELECT i FROM generate_series(1000, 3999) i`);
  const { items, total } = await compare();
  expect(total).toBe(3000);
  expect(items).toHaveLength(200);
});

test('a table that may not be read is no match: nothing is known of it, and it is named', async () => {
  await two.run(
    'target',
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN CREATE ROLE reader LOGIN PASSWORD 'a-password'; END IF; END $$;
    GRANT USAGE ON SCHEMA shop TO reader; GRANT SELECT ON "Thing", "Session" TO reader`,
  );
  const url = two.databases.target?.url.replace('//naap:', '//reader:') ?? '';
  const measured = await measureData(rowContents, { ...two.databases, target: { url } }, { mapping });
  expect(measured.get('data.content-differences')).toMatchObject({
    instrument: { healthy: false, why: expect.stringMatching(/^1 table was not seen to the end: shop\.Log \(permission denied/u) },
    payload: { totalItems: 0 },
  });
  expect(measured.get('data.schemas')?.payload).toMatchObject({ cases: [{ id: 'shop', state: 'not-run' }] });
});

test('a column that the target lacks was not compared: its schema is not migrated whole', async () => {
  await two.run('target', `ALTER TABLE "Thing" DROP COLUMN b`);
  expect((await compare()).schemas?.payload).toMatchObject({
    cases: [{ id: 'shop', state: 'failed', detail: expect.stringContaining('naap_shop.public.Thing.b: shop.Thing has no column b.') }],
  });
});

test('hidden values are not shown, and their difference is', async () => {
  await two.run('target', `UPDATE "Thing" SET a = 'secret word' WHERE id = 7`);
  const { items } = await compare({ mapping: { ...mapping, redact: ['shop.*.a'] } });
  expect(items).toEqual([{ key: `${THING_7}.a`, detail: 'the values differ (hidden by the mapping)' }]);
});
