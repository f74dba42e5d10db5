import { expect, test } from 'vitest';
import { type Observation, repetition, rowsIn } from './repetitions.ts';

const seen = (rows: number, statements: Readonly<Record<string, number>>): Observation => ({ rows, statements: new Map(Object.entries(statements)) });

test.each<readonly [string, readonly Observation[], readonly [string, number] | undefined]>([
  ['one statement a row', [seen(1, { list: 1, author: 1 }), seen(50, { list: 1, author: 50 })], ['author', 50]],
  ['one statement a row, by authors of whom some wrote several', [seen(1, { list: 1, author: 1 }), seen(50, { list: 1, author: 20 })], ['author', 20]],
  ['statements that do not grow', [seen(1, { list: 1, count: 1 }), seen(50, { list: 1, count: 1 })], undefined],
  ['a loader that batches by ten', [seen(1, { list: 1, load: 1 }), seen(50, { list: 1, load: 5 })], undefined],
  ['pages that differ by four rows', [seen(1, { author: 1 }), seen(5, { author: 5 })], undefined],
  ['pages that differ by five rows', [seen(1, { author: 1 }), seen(6, { author: 6 })], ['author', 6]],
  ['a list that ends before the longest page', [seen(1, { author: 1 }), seen(12, { author: 12 }), seen(10, { author: 10 })], ['author', 12]],
  ['a list without pages, one statement a row', [seen(12, { list: 1, author: 12 }), seen(12, { list: 1, author: 12 })], ['author', 12]],
  ['a list without pages, two statements in all', [seen(12, { list: 2 })], undefined],
  ['the growth of one statement hidden by another that shrinks', [seen(1, { once: 60, author: 1 }), seen(50, { author: 50 })], ['author', 50]],
  ['an empty list', [seen(0, { list: 1 })], undefined],
  ['nothing seen', [], undefined],
])('%s', (_name, observations, expected) => {
  const found = repetition(observations);
  expect(found === undefined ? undefined : [found.statement, found.calls]).toEqual(expected);
});

test('the rows of an answer are those of its longest list', () => {
  expect(rowsIn({ data: { posts: [{ tags: [1] }, { tags: [1, 2, 3, 4] }], total: 2 } })).toBe(4);
  expect(rowsIn({ data: { posts: [{}, {}] } })).toBe(2);
  expect([rowsIn(undefined), rowsIn('text'), rowsIn([])]).toEqual([0, 0, 0]);
});
