import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import type { Payload } from './model.ts';
import { estimate } from './statistics.ts';

/** Values in ms, recorded in µs. */
function histogram(values: readonly number[]): Payload {
  const recorded = build({ autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const value of values) recorded.recordValue(Math.round(value * 1000));
  return { shape: 'histogram', hdr: encodeIntoCompressedBase64(recorded), perUnit: 1000 };
}
const oneToHundred = Array.from({ length: 100 }, (_, index) => index + 1);

test('a quantile of a histogram is read in the unit of the metric, with an interval of order statistics around it', () => {
  const figure = estimate([histogram(oneToHundred)], 'p50', 'lower');
  expect(figure?.n).toBe(100);
  expect(figure?.value).toBeCloseTo(50, 1);
  // Ranks 50 ± 1.96·√25.
  expect(figure?.interval?.low).toBeGreaterThan(39);
  expect(figure?.interval?.low).toBeLessThan(42);
  expect(figure?.interval?.high).toBeGreaterThan(59);
  expect(figure?.interval?.high).toBeLessThan(61);
});

test('histograms of several rounds are added, not averaged', () => {
  const quick = histogram(Array.from({ length: 990 }, () => 1));
  const slow = histogram(Array.from({ length: 10 }, () => 1000));
  expect(estimate([quick, slow], 'p99', 'lower')?.value).toBeCloseTo(1, 1);
  expect(estimate([quick, slow, slow], 'p99', 'lower')?.value).toBeGreaterThan(900);
});

test.each(['p50', 'p99', 'mean', 'max', 'min', 'rate', 'value'] as const)('nothing recorded has no %s', (statistic) => {
  const empty: Payload[] = [histogram([]), { shape: 'samples', samples: [] }, { shape: 'proportion', hits: 0, total: 0 }];
  for (const payload of empty) expect(estimate([payload], statistic, 'lower')).toBeUndefined();
  expect(estimate([], statistic, 'lower')).toBeUndefined();
});

test('a share of zero hits has an interval that does not collapse', () => {
  const figure = estimate([{ shape: 'proportion', hits: 0, total: 1000 }], 'rate', 'lower');
  expect(figure?.value).toBe(0);
  expect(figure?.interval?.low).toBe(0);
  expect(figure?.interval?.high).toBeGreaterThan(0.003);
  expect(figure?.interval?.high).toBeLessThan(0.004);
});

test('of several rounds of a single value the worst counts', () => {
  const values: Payload[] = [
    { shape: 'value', value: 3 },
    { shape: 'value', value: 5 },
  ];
  expect(estimate(values, 'value', 'lower')?.value).toBe(5);
  expect(estimate(values, 'value', 'higher')?.value).toBe(3);
});

test('samples give the same quantiles as their sorted ranks', () => {
  const figure = estimate(
    [
      { shape: 'samples', samples: [5, 1, 4] },
      { shape: 'samples', samples: [2, 3] },
    ],
    'p50',
    'lower',
  );
  expect(figure).toMatchObject({ value: 3, n: 5 });
});
