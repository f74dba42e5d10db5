import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ComparedAlone } from './testing/compare-child.ts';
import { type TwoDatabases, twoDatabases } from './testing/two-servers.ts';

const ROWS = 1_000_000;
const MANY = 'CREATE TABLE many (id int PRIMARY KEY, a int, b text);';
let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({
    legacy: `${MANY} INSERT INTO many SELECT i, i, 'label ' || i FROM generate_series(1, ${ROWS}) i; ANALYZE many`,
    target: `CREATE SCHEMA shop; SET search_path TO shop; ${MANY} INSERT INTO many SELECT i, i + 1, 'other ' || i FROM generate_series(1, ${ROWS}) i; ANALYZE many`,
  });
}, 120_000);
afterAll(() => two.close());

// Issue 5: "peak memory of the harness ≤ 250 MB, whatever the number of differences".
test('two million differences are all counted, in no more memory than none', { timeout: 180_000 }, async () => {
  const child = fork(fileURLToPath(new URL('./testing/compare-child.ts', import.meta.url)), [], { execArgv: [] });
  child.send(two.databases as object);
  const [found] = (await once(child, 'message')) as [ComparedAlone];
  expect(found).toMatchObject({ differences: 2 * ROWS, named: 200 });
  expect(found.peakMemoryMiB).toBeLessThan(250);
});
