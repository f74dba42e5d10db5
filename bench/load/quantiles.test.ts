import { expect, test } from 'vitest';
import { distance, exactQuantiles, isAccurate, median } from './quantiles.ts';

const truth = { p50: 6, p95: 500, p99: 900 };

test('the truth is the nearest rank of all latencies', () => {
  expect(exactQuantiles(Array.from({ length: 1000 }, (_, index) => 1000 - index))).toEqual({ p50: 500, p95: 950, p99: 990 });
});

test('an engine is as good as its worst quantile, and one that it does not report is left out', () => {
  expect(distance({ p50: 6.3, p95: null, p99: 891 }, truth)).toEqual({ maxRelativeError: expect.closeTo(0.05, 6), maxAbsoluteErrorMs: 9 });
});

test.each([
  [{ p50: 6.3, p95: 510, p99: 918 }, true],
  [{ p50: 6.31, p95: 500, p99: 900 }, false],
  [{ p50: 6, p95: 510.1, p99: 900 }, false],
  [{ p50: 6, p95: null, p99: 900 }, false],
  [{ p50: 6, p95: 500, p99: NaN }, false],
])('%j is accurate: %s', (reported, expected) => {
  expect(isAccurate(reported, truth)).toBe(expected);
});

test('the median of an even number of rounds is the middle of the two', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});
