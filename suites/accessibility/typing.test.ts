import { expect, test } from 'vitest';
import { type Passed, leadsNowhere } from './typing.ts';

const passed = (elements: readonly number[], more: Partial<Passed> = {}): readonly Passed[] =>
  elements.map((element) => ({ element, name: 'button "Upvote"', hasStopsInside: false, ...more }));
const times = (count: number): readonly number[] => Array.from({ length: count }, () => 7);

test.each<readonly [string, readonly Passed[], boolean]>([
  ['nothing yet', [], false],
  ['three elements of one name', passed([1, 2, 3]), false],
  ['one element, twice', passed([1, 7, 7]), false],
  ['one element, three times', passed([1, 7, 7, 7]), true],
  ['one element three times, but not in a row', passed([7, 1, 7, 2, 7]), false],
  ['a frame, so far', passed(times(59), { hasStopsInside: true }), false],
  ['a frame that is not left', passed(times(60), { hasStopsInside: true }), true],
  ['out of the page once', passed([1, 2, 0, 1]), false],
  ['out of the page for the second time', passed([1, 2, 0, 1, 2, 0]), true],
])('%s', (_, way, isEnd) => {
  expect(leadsNowhere(way)).toBe(isEnd);
});
