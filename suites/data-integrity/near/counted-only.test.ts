import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabases } from '../../instruments/database/sessions.ts';
import { type Sides, openSides } from '../sides.ts';
import { type TwoDatabases, twoDatabases } from '../testing/two-servers.ts';
import { compareTable } from './compare-table.ts';

const TABLE = `CREATE TABLE many (id int PRIMARY KEY, a int, b text, c text); INSERT INTO many SELECT i, i, 'b' || i, NULL FROM generate_series(1, 3000) i`;
let two: TwoDatabases;
let sides: Sides;
let sessions: ReturnType<typeof createDatabases>;
beforeAll(async () => {
  two = await twoDatabases({
    legacy: TABLE,
    target: `CREATE SCHEMA shop; SET search_path TO shop; ${TABLE}; UPDATE many SET a = a + (id % 2), b = CASE WHEN id % 3 = 0 THEN 'x' ELSE b END, c = CASE WHEN id % 5 = 0 THEN '' END;
      DELETE FROM many WHERE id % 7 = 0; INSERT INTO many (id) SELECT -i FROM generate_series(1, 50) i`,
  });
  sessions = createDatabases({ databases: two.databases, signal: new AbortController().signal });
  sides = await openSides(sessions, undefined, new Date());
}, 60_000);
afterAll(async () => {
  await sides.close();
  await sessions.close();
  await two.close();
});

/** By kind, and by column for values: how many. `named`: differences that are wanted with their values. */
async function counts(named: number): Promise<Readonly<Record<string, number>>> {
  const [pair] = sides.pairing.pairs;
  if (pair === undefined) throw new Error('no table was paired');
  const counted: Record<string, number> = {};
  let seen = 0;
  await compareTable({
    pair,
    legacy: sides.session({ legacy: 'naap_shop' }),
    target: sides.session('target'),
    cut: sides.cut,
    chunkRows: 100_000,
    pause: async () => undefined,
    wantsValues: () => seen < named,
    onDifference(difference, sent) {
      seen += 1;
      const what = difference.kind === 'changed' ? difference.columns.map(({ index }) => String(sent[index]?.pair.target.name)) : [difference.kind];
      for (const one of what) counted[one] = (counted[one] ?? 0) + 1;
    },
    onChunk: () => undefined,
  });
  return counted;
}

const left = (divides: (id: number) => boolean): number =>
  Array.from({ length: 3000 }, (_, index) => index + 1).filter((id) => id % 7 !== 0 && divides(id)).length;

test.each([Infinity, 100, 0])('with %s differences named, all are counted, each value by its column', async (named) => {
  expect(await counts(named)).toEqual({
    missing: Math.floor(3000 / 7),
    extra: 50,
    a: left((id) => id % 2 === 1),
    b: left((id) => id % 3 === 0),
    c: left((id) => id % 5 === 0),
  });
});
