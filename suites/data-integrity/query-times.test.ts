import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Item, Measurement, WorkloadStatement } from '../../gates/model.ts';
import { queryTimes } from './query-times.check.ts';
import { type TwoDatabases, firstRound, twoDatabases } from './testing/two-servers.ts';

const TABLES = `
CREATE TABLE "Post" (id int PRIMARY KEY, "authorId" int NOT NULL, title text NOT NULL, "createdAt" timestamptz NOT NULL);
CREATE INDEX "Post_author_idx" ON "Post" ("authorId");
CREATE INDEX "Post_createdAt_idx" ON "Post" ("createdAt" DESC);
CREATE TABLE "Tag" (id int PRIMARY KEY, name text NOT NULL);
CREATE INDEX "Tag_name_idx" ON "Tag" (name);
INSERT INTO "Post" SELECT i, i % 500, 'title ' || i, timestamptz '2026-01-01+00' + i * interval '1 minute' FROM generate_series(1, 20000) i;
INSERT INTO "Tag" SELECT i, 'tag ' || i FROM generate_series(1, 20) i;
`;
const ANALYZE = 'VACUUM ANALYZE "Post"; VACUUM ANALYZE "Tag"';
const QUERIES: readonly WorkloadStatement[] = [
  { id: 'posts-of', database: 'naap_shop', sql: 'SELECT * FROM "Post" WHERE "authorId" = $1', params: [17] },
  { id: 'newest', database: 'naap_shop', sql: 'SELECT id, title FROM "Post" ORDER BY "createdAt" DESC LIMIT $1', params: [20] },
  { id: 'tags', database: 'naap_shop', sql: 'SELECT * FROM "Tag" WHERE name = ANY ($1)', params: [['tag 1', 'tag, "2"']] },
];

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({ legacy: TABLES, target: `CREATE SCHEMA shop; SET search_path TO shop; ${TABLES}` });
}, 60_000);
afterAll(() => two.close());
beforeEach(async () => {
  await two.reset();
  for (const statement of ANALYZE.split('; ')) for (const side of ['legacy', 'target'] as const) await two.run(side, statement);
});

const measured = (queries: readonly WorkloadStatement[] | 'observed' = QUERIES, statementTimeoutMs = 5000): Promise<readonly Measurement[]> =>
  firstRound(queryTimes, two.databases, {
    options: { statementMs: 20, statementTimeoutMs },
    context: { queries: queries === 'observed' ? undefined : queries },
  });
function regressions(all: readonly Measurement[]): readonly Item[] {
  const payload = all.find(({ metric }) => metric === 'queries.plan-regressions')?.payload;
  if (payload?.shape !== 'set') throw new Error('no set was measured');
  return payload.items;
}
/** Medians by statement and side, and how many runs are behind them. */
function times(all: readonly Measurement[]): Readonly<Record<string, { n: number; median: number }>> {
  return Object.fromEntries(
    all.flatMap(({ metric, labels, n, payload }) =>
      metric === 'queries.time' && payload.shape === 'samples'
        ? [[`${labels.subject} ${labels.side}`, { n, median: payload.samples.toSorted((a, b) => a - b)[Math.floor(n / 2)] ?? Number.NaN }]]
        : [],
    ),
  );
}

test('each statement is timed on both sides, as often on either, and a healthy pair has no worse plan', async () => {
  const all = await measured();
  expect(regressions(all)).toEqual([]);
  expect(all[0]).toMatchObject({ n: 3, instrument: { healthy: true } });
  const by = times(all);
  expect(Object.keys(by)).toEqual(QUERIES.flatMap(({ id }) => [`${id} target`, `${id} legacy`]));
  for (const { id } of QUERIES) {
    expect(by[`${id} target`]?.n).toBeGreaterThanOrEqual(5);
    expect(by[`${id} legacy`]?.n).toBe(by[`${id} target`]?.n);
    expect(by[`${id} legacy`]?.median).toBeGreaterThan(0);
  }
});

test.each<readonly [string, string, string, RegExp]>([
  [
    'an index that is lost',
    'DROP INDEX "Post_author_idx"',
    'posts-of',
    /^shop\.Post \(20000 rows\) is read by Seq Scan, before by Bitmap Heap Scan on Post_author_idx\. The target has no index Post_author_idx\..*SELECT \*/u,
  ],
  [
    'an index that is invalid',
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"Post_author_idx"'::regclass`,
    'posts-of',
    /Post_author_idx is invalid on the target/u,
  ],
  [
    'an index of another column',
    'DROP INDEX "Post_author_idx"; CREATE INDEX "Post_author_idx" ON "Post" (title)',
    'posts-of',
    /The target has Post_author_idx, and does not use it/u,
  ],
  ['an order that must be sorted', 'DROP INDEX "Post_createdAt_idx"', 'newest', /20000 rows are sorted, where an index gave the order before/u],
  ['a table that was renamed', 'ALTER TABLE "Tag" RENAME TO "Label"', 'tags', /The target does not run it: relation "Tag" does not exist/u],
])('%s is a worse plan, named with statement and table', async (_name, sql, id, detail) => {
  await two.run('target', sql);
  const found = regressions(await measured());
  expect(found.map(({ key }) => key)).toEqual([id]);
  expect(found[0]?.detail).toMatch(detail);
});

test.each<readonly [string, string]>([
  ['on a table of twenty rows a sequential scan', 'DROP INDEX "Tag_name_idx"'],
  ['estimates that differ', `DELETE FROM "Post" WHERE id % 10 < 3; ANALYZE "Post"`],
  ['other statistics targets', 'ALTER TABLE "Post" ALTER "authorId" SET STATISTICS 5; ANALYZE "Post"'],
  ['one more index', 'CREATE INDEX extra ON "Post" (title)'],
])('%s is no worse plan', async (_name, sql) => {
  await two.run('target', sql);
  expect(regressions(await measured())).toEqual([]);
});

test('twice the work by the same plan is no worse plan, and shows in the times', async () => {
  const sum = (rows: number): string => `SELECT sum(i) FROM generate_series(1, ${rows}) i`;
  const all = await measured([{ id: 'sum', database: 'naap_shop', sql: sum(40_000), target: sum(80_000) }]);
  expect(regressions(all)).toEqual([]);
  expect((times(all)['sum target']?.median ?? 0) / (times(all)['sum legacy']?.median ?? 1)).toBeGreaterThan(1.3);
});

test('rows that were rolled back and never vacuumed are a cost of another order', async () => {
  await two.run('target', 'ALTER TABLE "Post" SET (autovacuum_enabled = off)');
  await two.run('target', `BEGIN; INSERT INTO "Post" SELECT -i, 1, repeat('x', 200), now() FROM generate_series(1, 60000) i; ROLLBACK`);
  const found = regressions(await measured([{ id: 'count', database: 'naap_shop', sql: 'SELECT count(title) FROM "Post"' }]));
  expect(found).toEqual([{ key: 'count', detail: expect.stringMatching(/^The planner's cost is \d+, before \d+ \(× 1\d\)\./u) }]);
});

test('a statement that writes is explained and not run', async () => {
  const all = await measured([{ id: 'rename', database: 'naap_shop', sql: 'UPDATE "Post" SET title = $2 WHERE "authorId" = $1', params: [1, 'x'] }]);
  expect(all.map(({ metric, n }) => [metric, n])).toEqual([['queries.plan-regressions', 1]]);
  const { rows } = await two.run('target', `SELECT count(*)::int AS n FROM "Post" WHERE title = 'x'`);
  expect(rows).toEqual([{ n: 0 }]);
});

test.each<readonly [string, WorkloadStatement, RegExp]>([
  ['is mistyped', { id: 'x', database: 'naap_shop', sql: 'SELEC 1' }, /1 of 1 statements could not be explained.*syntax error/u],
  ['names a database that is not there', { id: 'x', database: 'naap_none', sql: 'SELECT 1' }, /There is no legacy database naap_none/u],
])('a statement that %s proves nothing, and the plans are not found as good as before', async (_name, query, why) => {
  const [plans, ...rest] = await measured([query]);
  expect(plans?.instrument).toMatchObject({ healthy: false, why: expect.stringMatching(why) });
  for (const { metric, labels, n } of rest) if (labels.side === 'legacy') expect([metric, n]).toEqual(['queries.time', 0]);
});

test('a statement that takes too long on the target stands there without a sample, so that it is missed', async () => {
  const slow: WorkloadStatement = { id: 'slow', database: 'naap_shop', sql: 'SELECT 1', target: 'SELECT pg_sleep(10)' };
  const by = times(await measured([slow, ...QUERIES], 300));
  expect(by['slow target']?.n).toBe(0);
  expect(by['slow legacy']?.n).toBeGreaterThan(0);
  expect(by['tags target']?.n).toBeGreaterThan(0);
});

test('a statement has a form of its own for the target where names changed', async () => {
  await two.run('target', 'ALTER TABLE "Tag" RENAME TO "Label"');
  const all = await measured([{ ...(QUERIES[2] as WorkloadStatement), target: 'SELECT * FROM "Label" WHERE name = ANY ($1)' }]);
  expect([regressions(all), times(all)['tags target']?.n]).toEqual([[], times(all)['tags legacy']?.n]);
});

test('without configuration the statements that the legacy database counted are compared, with values from its rows', async () => {
  await two.run('legacy', 'CREATE EXTENSION pg_stat_statements');
  for (let time = 0; time < 6; time += 1) {
    await two.run('legacy', `SELECT * FROM "Post" WHERE "authorId" = ${time} AND title <> 'none'`);
    await two.run('legacy', `SELECT title FROM "Post" ORDER BY "createdAt" DESC LIMIT ${time + 1} OFFSET ${time}`);
    await two.run('legacy', `SELECT date_trunc('day', "createdAt") FROM "Post" WHERE length(title) > ${time} LIMIT 1`);
  }
  await two.run('target', 'DROP INDEX "Post_author_idx"');
  const all = await measured('observed');
  const found = regressions(all);
  expect(found).toHaveLength(1);
  expect(found[0]?.detail).toMatch(/shop\.Post .*no index Post_author_idx\. SELECT \* FROM "Post" WHERE "authorId" = \$1 AND title <> \$2/u);
  // The third has a parameter of which nothing tells what it is: its plan is compared, and it is not run.
  expect(all[0]).toMatchObject({ n: 3 });
  expect(Object.values(times(all)).filter(({ n }) => n >= 5)).toHaveLength(4);
});

test('without configuration and without counted statements nothing is known, and it says how to change that', async () => {
  const all = await measured('observed');
  expect(all.map(({ metric, n, instrument }) => [metric, n, instrument.healthy, instrument.why])).toEqual([
    ['queries.plan-regressions', 0, false, expect.stringMatching(/install pg_stat_statements.*environments\.NAME\.queries/u)],
  ]);
});
