import { expect, test } from 'vitest';
import { fragmentText } from '../markup.ts';
import { compared, pass } from '../saved-runs/index.ts';
import { latencies, onSide } from '../saved-runs/distribution.ts';
import { everyElement, readMarkup, textOf } from '../saved-runs/strict-markup.ts';
import type { CriterionResult } from '../../gates/model.ts';
import { distributionOf, figureBehind } from './distribution.ts';
import { type Side, sidesWords, twoSides } from './two-sides.ts';

const criterion = compared.report.criteria.find(({ id }) => id === 'phase3.performance.p99-latency');
const versus = criterion?.results.find(({ expect: { kind } }) => kind === 'versus') as CriterionResult;
const sides = (['target', 'legacy'] as const).map((name): Side => {
  const distribution = distributionOf(compared, versus, { side: name });
  const figure = figureBehind(compared, versus, { side: name });
  if (distribution === undefined || figure === undefined) throw new Error(`The ${name} side was not measured.`);
  return { name, distribution, value: figure.value };
});

test('each side has its own figure, of its own samples', () => {
  expect(sidesWords(sides, versus).replaceAll('\u202F', ' ')).toBe('target p99 190 ms of 60 000 samples · legacy p99 152 ms of 60 000 samples');
});

test('both sides are drawn on one axis, the slower one further right', () => {
  const picture = twoSides(sides, versus, 'P99 latency');
  if (picture === undefined) throw new Error('Nothing was drawn.');
  const elements = everyElement(readMarkup(fragmentText(picture)));
  expect(elements.filter(({ attributes }) => attributes['class'] === 'side-name').map(textOf)).toEqual(['target', 'legacy']);
  const [target = 0, legacy = 0] = elements
    .filter(({ attributes }) => attributes['class'] === 'mark')
    .map(({ attributes }) => Number.parseFloat(attributes['x1'] ?? ''));
  expect(target).toBeGreaterThan(legacy);
  expect(elements[0]?.attributes['aria-label']?.replaceAll('\u202F', ' ')).toBe(
    'P99 latency, both sides: target p99 190 ms of 60 000 samples · legacy p99 152 ms of 60 000 samples',
  );
});

test('a result that has an execution of its own is drawn of it alone, not of others that measured the same', () => {
  const own = onSide('target', latencies(21.4, 0.02, 190));
  const pooled = new Map([['api-load/api.latency', [...own, ...onSide('target', latencies(90, 0.02, 190))]]]);
  const behind = (): typeof own => own;
  expect(distributionOf({ ...pass, measurements: pooled }, versus)?.total).toBe(120_000);
  expect(distributionOf({ ...pass, measurements: pooled, behind }, versus, { criterion: 'x' })?.total).toBe(60_000);
});

test('nothing positive makes no picture, and one side that was not measured no figure', () => {
  expect(twoSides([{ name: 'target', distribution: { points: [{ value: 0, count: 3 }], total: 3 }, value: 0 }], versus, 'x')).toBeUndefined();
  expect(figureBehind({ ...pass, measurements: new Map() }, versus, { side: 'legacy' })).toBeUndefined();
});
