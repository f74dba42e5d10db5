// Writers on both sides, for real, and what the watch makes of them: no false alarm, and every kind of loss by its keys.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DualTable } from '../../fixtures/twin/dual-write/adapter.ts';
import { type DualWriteOptions, type DualWriting, startDualWrites } from '../../fixtures/twin/dual-write/writers.ts';
import type { CheckContext, Checkpoint, DataMapping, Measurement } from '../../gates/model.ts';
import { dualWriteDrift } from './dual-write-drift.check.ts';
import { type TwoDatabases, measureData, twoDatabases } from './testing/two-servers.ts';

const NAMES = ['Healthy', 'Late', 'Swallowed', 'Updates', 'Deletes', 'Conflict'] as const;
const SCHEMA = NAMES.map((name) => `CREATE TABLE "${name}" (id text PRIMARY KEY, word text NOT NULL, n int NOT NULL, at timestamptz NOT NULL);`).join('\n');
const ROWS = NAMES.map((name) => `INSERT INTO "${name}" SELECT 'old-' || i, 'w', i, '2026-01-01+00' FROM generate_series(1, 500) i;`).join('\n');
const QUIET = 'CREATE TABLE "Quiet" (id int PRIMARY KEY); INSERT INTO "Quiet" VALUES (1);';
const mapping: DataMapping = { databases: { naap_shop: { schema: 'shop' } } };
const FAST = { observeSeconds: 5, quietMs: 900, confirmMs: 3500, chunkRows: 200, pauseMs: 0, countedAfterMs: 0 } as const;

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({ legacy: SCHEMA + ROWS + QUIET, target: `CREATE SCHEMA shop; SET search_path TO shop; ${SCHEMA} ${ROWS} ${QUIET}` });
});
afterAll(() => two.close());
beforeEach(() => two.reset());

const tableOf = (table: string): DualTable => ({
  database: 'naap_shop',
  schema: 'shop',
  table,
  row: () => ({ word: 'both', at: '2026-11-02T09:30:00.123456Z' }),
  change: (n) => ({ n }),
});
async function write(more: Partial<DualWriteOptions>): Promise<DualWriting> {
  const legacyUrls = { naap_shop: two.databases.legacy?.['naap_shop']?.url ?? '' };
  return startDualWrites({ legacyUrls, targetUrl: two.databases.target?.url ?? '', tables: NAMES.map(tableOf), rate: 300, lateMs: 2000, ...more });
}

/** Watches while these users write; what they lost is known from them. */
async function watch(more: Partial<DualWriteOptions>, options = {}) {
  let written: Awaited<ReturnType<DualWriting['stop']>> | undefined;
  const dualWriters: CheckContext['dualWriters'] = {
    async start() {
      const writing = await write(more);
      return {
        async stop() {
          written = await writing.stop();
          return written.writes;
        },
      };
    },
  };
  const measured = await measureData(dualWriteDrift, two.databases, { mapping, options: { ...FAST, ...options }, context: { dualWriters } });
  const differences = measured.get('dual-write.confirmed-differences');
  if (differences?.payload.shape !== 'set' || written === undefined) throw new Error('nothing was measured');
  return { differences, items: differences.payload.items, written, measured };
}
const casesOf = (measured: ReadonlyMap<string, Measurement>) => {
  const payload = measured.get('dual-write.schemas')?.payload;
  return payload?.shape === 'cases' ? payload.cases : [];
};

test.each([1, 2, 3])('under heavy writes that all arrive nothing is confirmed, run %i of 3', async () => {
  const { differences, written, measured } = await watch({ rate: 600 }, { observeSeconds: 3, confirmMs: 1500 });
  expect(differences.payload).toMatchObject({ items: [], totalItems: 0 });
  expect(differences.instrument).toMatchObject({
    healthy: true,
    facts: { rowsUnsettled: 0, rowsConfirmed: 0, lastCompare: 'exact: nothing was written meanwhile' },
  });
  expect(written.writes).toBeGreaterThan(500);
  expect(differences.n).toBeGreaterThan(written.writes / 2);
  expect(casesOf(measured)).toMatchObject([{ id: 'shop', state: 'ok' }]);
});

test('every kind of loss is found by its keys and nothing else is; a write that is two seconds late arrived', async () => {
  const faults = {
    'shop.Late': 'late',
    'shop.Swallowed': 'swallowed',
    'shop.Updates': 'updates-not-mirrored',
    'shop.Deletes': 'deletes-not-mirrored',
    'shop.Conflict': 'conflict-overwritten',
  } as const;
  const { items, written, differences, measured } = await watch({ faults, every: 7 });
  const found = [...new Set(items.map(({ key }) => key.replace(/\]\..*$/u, ']')))].toSorted();
  expect(found).toEqual(written.lost.map(({ schema, table, id }) => `${schema}.${table}[id="${id}"]`).toSorted());
  for (const table of ['Swallowed', 'Updates', 'Deletes', 'Conflict'])
    expect(
      found.some((key) => key.startsWith(`shop.${table}[`)),
      table,
    ).toBe(true);
  expect(items.find(({ key }) => key.startsWith('shop.Deletes'))?.detail).toMatch(
    /naap_shop has no such row\. Still so after \d+\.\d s without a write to it\.$/u,
  );
  expect(items.find(({ key }) => key.startsWith('shop.Conflict'))).toMatchObject({
    key: expect.stringMatching(/\.n$/u),
    detail: expect.stringMatching(/^legacy \d+, target \d+\./u),
  });
  expect(Number(differences.instrument.facts?.['slowestArrivalMs'])).toBeGreaterThanOrEqual(1500);
  expect(casesOf(measured)).toMatchObject([{ id: 'shop', state: 'failed' }]);
});

test('without writes nothing is proved, however long it watched', async () => {
  const measured = await measureData(dualWriteDrift, two.databases, { mapping, options: { ...FAST, observeSeconds: 1 } });
  expect(measured.get('dual-write.confirmed-differences')).toMatchObject({ n: 0, payload: { totalItems: 0 } });
  expect(casesOf(measured)).toMatchObject([{ id: 'shop', state: 'not-run', detail: expect.stringContaining('Nothing was written') }]);
});

test('a table that may not be read is not healthy, and its schema is not passed', async () => {
  await two.run('target', `ALTER TABLE "Healthy" RENAME COLUMN word TO words`);
  const renamed: DataMapping = { databases: { naap_shop: { schema: 'shop', tables: { Healthy: { columns: { word: { as: 'word / 0', to: 'words' } } } } } } };
  const writing = await write({ rate: 100, tables: [tableOf('Late')] });
  try {
    const pending = measureData(dualWriteDrift, two.databases, {
      mapping: renamed,
      options: { ...FAST, observeSeconds: 2, confirmMs: 900, countedAfterMs: 11_000 },
    });
    await two.run('legacy', `UPDATE "Healthy" SET n = n WHERE id = 'old-1'`);
    const measured = await pending;
    expect(measured.get('dual-write.confirmed-differences')?.instrument).toMatchObject({ healthy: false, why: expect.stringContaining('shop.Healthy') });
    expect(casesOf(measured)).toMatchObject([{ state: 'not-run' }]);
  } finally {
    await writing.stop();
  }
});

test('a watch that was interrupted goes on: its time adds up, its findings stay, and the gap is told', async () => {
  let kept: unknown;
  const first = new AbortController();
  const checkpoint: Checkpoint = {
    read: () => structuredClone(kept),
    write(value) {
      kept = JSON.parse(JSON.stringify(value));
      const writes = Object.values((value as { tables: Record<string, { writes: number }> }).tables).reduce((sum, table) => sum + table.writes, 0);
      // Once enough has happened that some of it was lost.
      if (writes > 100) first.abort(new Error('killed'));
    },
  };
  const writing = await write({ rate: 100, tables: [tableOf('Swallowed')], faults: { 'shop.Swallowed': 'swallowed' }, every: 10 });
  await expect(
    measureData(dualWriteDrift, two.databases, { mapping, options: { ...FAST, observeSeconds: 60 }, signal: first.signal, context: { checkpoint } }),
  ).rejects.toThrow(/killed|aborted/u);
  const { lost } = await writing.stop();
  const measured = await measureData(dualWriteDrift, two.databases, { mapping, options: { ...FAST, observeSeconds: 4 }, context: { checkpoint } });
  const differences = measured.get('dual-write.confirmed-differences');
  expect(differences?.payload).toMatchObject({ totalItems: lost.length });
  expect(lost.length).toBeGreaterThan(0);
  expect(differences?.instrument.facts).toMatchObject({ gaps: 1 });
  expect(Number(differences?.instrument.facts?.['writes'])).toBeGreaterThan(100);
  const observed = measured.get('dual-write.observed-time')?.payload;
  expect(observed?.shape === 'value' && observed.value).toBeGreaterThanOrEqual(4);
});

test('connections that are cut make it blind for a moment, and it goes on', async () => {
  const writing = await write({ rate: 100, tables: [tableOf('Healthy')] });
  try {
    const cut = setInterval(() => {
      void two.run('legacy', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'naap-gate'");
    }, 1500);
    const measured = await measureData(dualWriteDrift, two.databases, { mapping, options: { ...FAST, observeSeconds: 3, confirmMs: 1000 } }).finally(() =>
      clearInterval(cut),
    );
    expect(measured.get('dual-write.confirmed-differences')).toMatchObject({ payload: { totalItems: 0 } });
    expect(Number(measured.get('dual-write.confirmed-differences')?.instrument.facts?.['gaps'])).toBeGreaterThan(0);
  } finally {
    await writing.stop();
  }
});
