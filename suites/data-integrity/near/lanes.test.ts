import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatabaseSession } from '../../../gates/model.ts';
import { createDatabases } from '../../instruments/database/sessions.ts';
import { type Sides, openSides } from '../sides.ts';
import type { TablePair } from '../mapping.ts';
import { type TwoDatabases, twoDatabases } from '../testing/two-servers.ts';
import type { Lane } from './chunks.ts';
import type { Difference } from './compare-ordered.ts';
import { compareTable } from './compare-table.ts';
import { lanesFor } from './lanes.ts';

const MANY = "CREATE TABLE many (id int PRIMARY KEY, label text); INSERT INTO many SELECT i, 'label ' || i FROM generate_series(1, 30000) i";
let two: TwoDatabases;
let sides: Sides;
let sessions: ReturnType<typeof createDatabases>;
beforeAll(async () => {
  two = await twoDatabases({
    legacy: MANY,
    target: `CREATE SCHEMA shop; SET search_path TO shop; ${MANY}; UPDATE many SET label = 'x' WHERE id <= 9000 OR id % 100 = 0; DELETE FROM many WHERE id = 29999`,
  });
  sessions = createDatabases({ databases: two.databases, signal: new AbortController().signal });
  sides = await openSides(sessions, undefined, new Date());
}, 60_000);
afterAll(async () => {
  await sides.close();
  await sessions.close();
  await two.close();
});

async function openLane(): Promise<Lane> {
  return { legacy: await sides.open({ legacy: 'naap_shop' }), target: await sides.open('target') };
}
function onlyPair(): TablePair {
  const [pair] = sides.pairing.pairs;
  if (pair === undefined) throw new Error('no table was paired');
  return pair;
}

async function compare(
  lanes: number,
  spoil: (lane: Lane) => Lane = (lane) => lane,
): Promise<{ keys: string[]; rows: number; ends: (string | undefined)[]; used: Set<DatabaseSession> }> {
  const [first, ...more] = await Promise.all(Array.from({ length: lanes }, openLane));
  if (first === undefined) throw new Error('no lane');
  const keys: string[] = [];
  const ends: (string | undefined)[] = [];
  const used = new Set<DatabaseSession>();
  let rows = 0;
  try {
    await compareTable({
      pair: onlyPair(),
      ...first,
      lanes: more.map(spoil),
      cut: '2026-11-01T00:00:00Z',
      chunkRows: 1000,
      async pause({ legacy }) {
        used.add(legacy);
      },
      onDifference: ({ kind, key }: Difference) => void keys.push(`${kind} ${key[0]?.readInt32BE(0)}`),
      onChunk(chunk) {
        rows += chunk.legacyRows;
        ends.push(chunk.to?.[0]);
      },
    });
    return { keys, rows, ends, used };
  } finally {
    await Promise.all([first, ...more].flatMap(({ legacy, target }) => [legacy.close(), target.close()]));
  }
}

test('several chunks at a time tell the same, in the same order, as one after the other', async () => {
  const [alone, together] = [await compare(1), await compare(3)];
  expect(alone.keys).toHaveLength(9000 + 210 + 1);
  expect(together.keys).toEqual(alone.keys);
  expect(together.rows).toBe(30_000);
  expect(together.ends.slice(0, -1).map(Number)).toEqual(
    together.ends
      .slice(0, -1)
      .map(Number)
      .toSorted((a, b) => a - b),
  );
  expect(together.ends.at(-1)).toBeUndefined();
  expect(together.used.size).toBe(3);
});

test('a lane whose connection is lost ends the whole table: what it had is not equal', async () => {
  const lost = (lane: Lane): Lane => ({
    ...lane,
    target: {
      ...lane.target,
      copy(statement) {
        void lane.target.close();
        return lane.target.copy(statement);
      },
    },
  });
  await expect(compare(2, lost)).rejects.toThrow(/./u);
});

test.each([
  ['a table alone takes all workers', [9], 4, 8, 4],
  ['one with half of the rows takes half of them', [9, 9], 4, 8, 2],
  ['a core is left to the comparison', [9], 8, 4, 3],
  ['on two cores there is one', [9], 8, 2, 1],
  ['a small table has one', [0.1], 8, 16, 1],
])('%s', (_, millions, parallel, cores, lanes) => {
  const pairs = millions.map((count) => ({ ...onlyPair(), legacy: { ...onlyPair().legacy, estimatedRows: count * 1e6 } }));
  expect(lanesFor(pairs[0] as TablePair, pairs, { parallel, cores })).toBe(lanes);
});
