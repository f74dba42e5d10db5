import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DataMapping, Measurement } from '../../gates/model.ts';
import { catalogueParity } from './catalogue-parity.check.ts';
import { foreignKeys } from './foreign-keys.check.ts';
import { indexParity } from './index-parity.check.ts';
import { CATALOGUE_FAULTS } from './testing/catalogue-faults.ts';
import { shopLegacy, shopTarget } from './testing/shop.ts';
import { type TwoDatabases, measureData, twoDatabases } from './testing/two-servers.ts';

const mapping: DataMapping = { databases: { naap_shop: { schema: 'shop' } } };

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({ legacy: shopLegacy, target: shopTarget });
}, 60_000);
afterAll(() => two.close());
beforeEach(() => two.reset('target'));

type Found = Record<'catalogue' | 'indexes' | 'keys', Measurement>;
async function compare(more: Parameters<typeof measureData>[2] = {}): Promise<Found> {
  const measured = async (check: Parameters<typeof measureData>[0]): Promise<Measurement> => {
    const [only] = (await measureData(check, two.databases, { mapping, ...more })).values();
    if (only === undefined) throw new Error(`${check.id} measured nothing`);
    return only;
  };
  return {
    catalogue: await measured(catalogueParity as Parameters<typeof measureData>[0]),
    indexes: await measured(indexParity as Parameters<typeof measureData>[0]),
    keys: await measured(foreignKeys as Parameters<typeof measureData>[0]),
  };
}
function keysOf({ payload }: Measurement): readonly string[] {
  return payload.shape === 'set' ? payload.items.map(({ key }) => key).toSorted() : [];
}
function itemsOf({ payload }: Measurement): unknown {
  return payload.shape === 'set' ? payload.items : [];
}

test('a healthy pair has no difference, and every object of both sides was looked at', async () => {
  const found = await compare();
  expect([found.catalogue, found.indexes, found.keys].map(itemsOf)).toEqual([[], [], []]);
  expect([found.catalogue, found.indexes, found.keys].map(({ instrument }) => instrument)).toMatchObject([
    { healthy: true },
    { healthy: true },
    { healthy: true },
  ]);
  expect([found.catalogue.n, found.indexes.n, found.keys.n]).toEqual([219, 32, 12]);
});

test.each(CATALOGUE_FAULTS)('$title is found where it is, and nothing else', async ({ sql, found }) => {
  await two.run('target', sql);
  const measured = await compare();
  expect({ catalogue: keysOf(measured.catalogue), indexes: keysOf(measured.indexes), keys: keysOf(measured.keys) }).toEqual({
    catalogue: (found.catalogue ?? []).toSorted(),
    indexes: (found.indexes ?? []).toSorted(),
    keys: (found.keys ?? []).toSorted(),
  });
  for (const measurement of Object.values(measured)) expect(measurement.instrument.healthy).toBe(true);
});
