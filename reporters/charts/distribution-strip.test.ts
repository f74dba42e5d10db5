import { expect, test } from 'vitest';
import { fragmentText } from '../markup.ts';
import { coldStarts, latencies } from '../saved-runs/distribution.ts';
import { COLD_START, P99, limited } from '../saved-runs/results.ts';
import { pass } from '../saved-runs/index.ts';
import { everyElement, readMarkup, textOf } from '../saved-runs/strict-markup.ts';
import type { ElementNode } from '../saved-runs/strict-markup.ts';
import { distributionOf } from './distribution.ts';
import type { Distribution } from './distribution.ts';
import { distributionStrip } from './distribution-strip.ts';
import { logScale } from './log-scale.ts';

const view = {
  ...pass,
  measurements: new Map([
    ['api-load/api.latency', latencies(21.4, 0.02, 190)],
    ['cold-start/coldstart.duration', coldStarts],
  ]),
};
const result = limited({ ...P99, limit: 150 }, 'fail');
const drawn = (distribution: Distribution, of: typeof result): readonly ElementNode[] => {
  const strip = distributionStrip(distribution, of, 'P99 latency');
  return strip === undefined ? [] : everyElement(readMarkup(fragmentText(strip)));
};
const load = distributionOf(view, result) as Distribution;
const percent = (element: ElementNode | undefined, name: string): number => Number.parseFloat(element?.attributes[name] ?? 'NaN');
const classed = (elements: readonly ElementNode[], name: string): readonly ElementNode[] => elements.filter(({ attributes }) => attributes['class'] === name);

test('P50, P95, P99 and the limit are marked in the order of their values', () => {
  const elements = drawn(load, result);
  const names = elements.filter(({ attributes }) => attributes['class']?.endsWith('-name'));
  expect(names.map(textOf)).toEqual(['P50', 'P95', 'limit', 'P99']);
  expect(names.map((name) => percent(name, 'x'))).toEqual(names.map((name) => percent(name, 'x')).toSorted((a, b) => a - b));
});

test('what lies beyond the limit is drawn apart, from the limit on', () => {
  const elements = drawn(load, result);
  expect(percent(classed(elements, 'density beyond')[0], 'x')).toBeCloseTo(percent(classed(elements, 'limit')[0], 'x1'), 1);
});

test('the picture has a text alternative with the figures', () => {
  expect(drawn(load, result)[0]?.attributes['aria-label']?.replaceAll('\u202F', ' ')).toMatchInlineSnapshot(
    `"Distribution of P99 latency: P50 21.7 ms · P95 59.8 ms · limit 150 ms · P99 188 ms · 1.43 % of 60 000 samples above the limit"`,
  );
});

test('few samples are drawn one by one', () => {
  const coldStart = limited(COLD_START, 'pass');
  expect(classed(drawn(distributionOf(view, coldStart) as Distribution, coldStart), 'sample')).toHaveLength(12);
});

test('one single value, and zeros, make a picture or none, never NaN', () => {
  for (const values of [[5], [0, 5], [0]]) {
    const distribution = { points: values.map((value) => ({ value, count: 100 })), total: values.length * 100 };
    const text = drawn(distribution, { ...result, value: undefined })
      .map(({ attributes }) => JSON.stringify(attributes))
      .join('');
    expect(text).not.toMatch(/NaN|Infinity/u);
  }
  expect(drawn({ points: [{ value: 0, count: 1 }], total: 1 }, { ...result, expect: { kind: 'none', metric: 'm' } })).toEqual([]);
});

test('the axis shows all values inside, with round ticks', () => {
  const scale = logScale([3, 700]);
  expect([scale.at(3) > 0, scale.at(700) < 100, scale.at(0), scale.at(1e9)]).toEqual([true, true, 0, 100]);
  expect([scale.ticks, logScale([230, 500]).ticks, logScale([1, 1e6]).ticks]).toEqual([
    [3, 10, 30, 100, 300, 1000],
    [300, 400, 500],
    [1, 10, 100, 1000, 10_000, 100_000, 1_000_000],
  ]);
});
