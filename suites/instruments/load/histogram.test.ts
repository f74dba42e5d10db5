import { expect, test } from 'vitest';
import { figuresOf, histogram, mergeEncoded } from './histogram.ts';

function recorded(values: readonly number[]): string {
  const one = histogram(10_000);
  for (const value of values) one.record(value);
  return one.encode();
}

test('two shards merged have the quantiles of all their values, which no average of their quantiles gives', () => {
  const quick = Array.from({ length: 900 }, () => 5);
  const slow = Array.from({ length: 100 }, () => 500);
  const merged = figuresOf(mergeEncoded([recorded(quick), recorded(slow)]));
  expect(merged.n).toBe(1000);
  expect(merged.p50).toBeCloseTo(5, 1);
  expect(merged.p95 / 500).toBeCloseTo(1, 2);
});

test('merging is exact: the bytes are those of one histogram with all values', () => {
  const values = Array.from({ length: 1000 }, (_, index) => index / 7);
  const split = mergeEncoded([recorded(values.slice(0, 300)), recorded(values.slice(300))]);
  expect(split).toEqual(mergeEncoded([recorded(values)]));
});

test('figures are right to 0.1 %', () => {
  const { p50, p99, max } = figuresOf(mergeEncoded([recorded(Array.from({ length: 10_000 }, (_, index) => (index + 1) / 10))]));
  expect(Math.abs(p50 / 500 - 1)).toBeLessThan(0.0011);
  expect(Math.abs(p99 / 990 - 1)).toBeLessThan(0.0011);
  expect(Math.abs(max / 1000 - 1)).toBeLessThan(0.0011);
});

test('nothing recorded gives no figure', () => {
  expect(figuresOf(mergeEncoded([recorded([])]))).toEqual({ n: 0, p50: NaN, p95: NaN, p99: NaN, mean: NaN, max: NaN });
});

test('values beyond the expected range are kept', () => {
  expect(figuresOf(mergeEncoded([recorded([120_000])])).max / 120_000).toBeCloseTo(1, 2);
});
