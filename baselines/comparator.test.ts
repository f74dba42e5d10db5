import { expect, test } from 'vitest';
import type { Comparison, Expectation, Measurement, MetricDeclaration, Payload } from '../gates/model.ts';
import { measurement } from '../gates/test-data.ts';
import { comparator } from './comparator.ts';

type Versus = Extract<Expectation, { kind: 'versus' }>;
const VALUE: MetricDeclaration = { title: 'latency', unit: 'ms', shape: 'value', better: 'lower' };
const tenPercent: Versus = { kind: 'versus', side: 'legacy', metric: 'latency', statistic: 'value', tolerance: { ratio: 0.1 }, minSamples: 1 };

function one(side: 'target' | 'legacy' | undefined, payload: Payload, labels = {}): Measurement {
  return measurement('latency', payload, { n: 100, labels: { ...(side === undefined ? {} : { side }), ...labels } });
}
const round = (target: number, legacy: number): Measurement[] => [
  one('target', { shape: 'value', value: target }),
  one('legacy', { shape: 'value', value: legacy }),
];
/** One round for each target value, against a legacy value of 100. */
const against100 = (...targets: number[]): Measurement[][] => targets.map((target) => round(target, 100));
const decide = (rounds: Measurement[][], expectation: Versus = tenPercent, metric = VALUE): Comparison | undefined =>
  comparator.decide(rounds, expectation, metric);

test.each<readonly [string, readonly number[], Comparison['outcome']]>([
  ['six rounds within the tolerance', [101, 99, 103, 98, 109, 100], 'within'],
  ['six rounds exactly at the tolerance', [110, 110, 110, 110, 110, 110], 'within'],
  ['six rounds that are better', [10, 20, 30, 10, 5, 9], 'within'],
  ['six rounds beyond the tolerance', [120, 112, 125, 119, 111, 130], 'beyond'],
  ['six rounds of which one lies on the other side', [120, 112, 125, 119, 109, 130], 'undecided'],
  ['nine rounds of which one lies on the other side', [120, 112, 125, 119, 109, 130, 120, 120, 120], 'undecided'],
  ['ten rounds of which one lies on the other side', [120, 112, 125, 119, 109, 130, 120, 120, 120, 120], 'beyond'],
  ['ten rounds of which two lie on the other side', [120, 112, 125, 109, 109, 130, 120, 120, 120, 120], 'undecided'],
  ['five rounds that agree', [100, 100, 100, 100, 100], 'undecided'],
  ['one round, however clear', [500], 'undecided'],
])('%s: %s is %s', (_name, targets, outcome) => {
  expect(decide(against100(...targets))?.outcome).toBe(outcome);
});

const BYTES: MetricDeclaration = { title: 'bytes', unit: 'bytes', shape: 'value', better: 'lower', repeatable: true };
test.each<readonly [string, readonly Measurement[], Comparison['outcome']]>([
  ['exactly a tenth more', round(11_000, 10_000), 'within'],
  ['one byte more than a tenth', round(11_001, 10_000), 'beyond'],
  ['less', round(10, 10_000), 'within'],
  ['something where nothing was', round(10, 0), 'beyond'],
  ['only the target', round(10, 10).slice(0, 1), 'undecided'],
  ['only the legacy side', round(10, 10).slice(1), 'undecided'],
  ['a target that was not seen', round(0, 10).map((side, index) => (index === 0 ? { ...side, n: 0 } : side)), 'undecided'],
  ['a legacy side that was not seen', round(10, 0).map((side, index) => (index === 1 ? { ...side, n: 0 } : side)), 'undecided'],
  ['no number', round(Number.NaN, 10), 'undecided'],
])('one round of a figure that is the same each time decides: %s', (_name, measurements, outcome) => {
  expect(decide([[...measurements]], tenPercent, BYTES)?.outcome).toBe(outcome);
});

test('of several rounds of a figure that should be the same each time the worst decides', () => {
  const decision = decide(against100(100, 130, 100), tenPercent, BYTES);
  expect(decision).toMatchObject({ outcome: 'beyond', effect: 30, interval: { low: 30, high: 30, level: 1 } });
  expect(decision?.why).toBe('Target 130 bytes, legacy 100 bytes; difference 30 bytes (positive is worse); up to 10 bytes (10 %) counts as before.');
});

test('no round of a figure that is the same each time decides nothing', () => {
  expect(decide([], tenPercent, BYTES)?.outcome).toBe('undecided');
});

test('a decision tells size, interval, sides and tolerance in the unit of the metric', () => {
  const decision = decide(against100(120, 112, 125, 119, 111, 130));
  expect(decision).toMatchObject({
    outcome: 'beyond',
    effect: 19.5,
    interval: { low: 11, high: 30, level: 0.95 },
    reference: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(decision?.why).toBe(
    'value over 6 rounds: target 120 ms, legacy 100 ms; difference 19.5 ms, at 95 % 11 ms to 30 ms (positive is worse); up to 10 ms (10 %) counts as before.',
  );
});

test.each<readonly [string, number, Comparison['outcome']]>([
  ['less', 104, 'within'],
  ['exactly as much', 105, 'within'],
  ['more', 106, 'beyond'],
])('a share stands for no less than its floor: %s', (_name, target, outcome) => {
  const twoPercent: Versus = { ...tenPercent, tolerance: { ratio: 0.02, atLeast: 5 } };
  const decision = decide(against100(target, target, target, target, target, target), twoPercent);
  expect(decision?.outcome).toBe(outcome);
  expect(decision?.why).toMatch(/up to 5 ms \(2 %, and 5 ms in any case\) counts as before\.$/);
});

test('a floor below the share changes nothing', () => {
  const floored: Versus = { ...tenPercent, tolerance: { ratio: 0.1, atLeast: 5 } };
  expect(decide(against100(109, 109, 109, 109, 109, 109), floored)?.outcome).toBe('within');
  expect(decide(against100(111, 111, 111, 111, 111, 111), floored)?.outcome).toBe('beyond');
});

test('too few rounds tell what they saw, at the confidence that it has', () => {
  const decision = decide(against100(100, 101, 99));
  expect(decision).toMatchObject({ outcome: 'undecided', interval: { low: -1, high: 1, level: 0.75 } });
  expect(decision?.why).toMatch(/^3 healthy rounds say nothing at 95 %, six could\. /);
});

test('a share is taken of the legacy value of the same round: a machine that slows down both sides changes nothing', () => {
  const slowing = [1, 1.5, 2, 4, 8, 16].map((slowness) => round(105 * slowness, 100 * slowness));
  expect(decide(slowing)?.outcome).toBe('within');
  expect(decide(slowing, { ...tenPercent, tolerance: { ratio: 0.04 } })?.outcome).toBe('beyond');
});

test('an amount is taken in the unit; where more is better, less is worse', () => {
  const rounds = against100(90, 91, 89, 92, 88, 90);
  const higher: MetricDeclaration = { ...VALUE, better: 'higher' };
  const amount = (value: number): Versus => ({ ...tenPercent, tolerance: { amount: value } });
  expect([decide(rounds, amount(12), higher), decide(rounds, amount(7), higher), decide(rounds, amount(0))].map((decision) => decision?.outcome)).toEqual([
    'within',
    'beyond',
    'within',
  ]);
});

const good = against100(100, 100, 100, 100, 100);
test.each<readonly [string, Measurement[][]]>([
  ['no round at all', []],
  ['rounds without a measurement', [[], [], [], [], [], []]],
  ['a round without the target', [...good, [one('legacy', { shape: 'value', value: 100 })]]],
  ['a round without legacy', [...good, [one('target', { shape: 'value', value: 100 })]]],
  ['only unlabelled measurements', Array.from({ length: 6 }, () => [one(undefined, { shape: 'value', value: 100 })])],
  ['a figure that is no number', [...good, round(Number.NaN, 100)]],
  ['a reference that is no number', [...good, round(100, Number.NaN)]],
  ['a figure without end', [...good, round(-Infinity, 100)]],
  ['a legacy value of zero', [...good, round(0, 0)]],
  ['a route in place of the whole', [...good, [one('target', { shape: 'value', value: 100 }), one('legacy', { shape: 'value', value: 100 }, { route: 'a' })]]],
])('%s is undecided, never within, and more rounds are not asked for', (_name, rounds) => {
  expect(decide(rounds)).toEqual({ outcome: 'undecided', why: expect.stringMatching(/^Nothing to compare: /) });
});

test('empty samples are no figure, and few samples decide nothing', () => {
  const samples: MetricDeclaration = { ...VALUE, shape: 'samples' };
  const p50: Versus = { ...tenPercent, statistic: 'p50', minSamples: 13 };
  const of = (count: number): Measurement[] => [
    one('target', { shape: 'samples', samples: [1, 1, 1] }),
    one('legacy', { shape: 'samples', samples: Array.from({ length: count }, () => 1) }),
  ];
  expect(
    decide(
      Array.from({ length: 6 }, () => of(0)),
      p50,
      samples,
    )?.outcome,
  ).toBe('undecided');
  expect(
    decide(
      Array.from({ length: 6 }, () => of(2)),
      p50,
      samples,
    ),
  ).toMatchObject({ outcome: 'undecided', why: expect.stringMatching(/^12 samples on the legacy side, needs 13\./) });
  expect(
    decide(
      Array.from({ length: 6 }, () => of(3)),
      p50,
      samples,
    )?.outcome,
  ).toBe('within');
});

test('without a stored run there is no decision about a baseline', () => {
  const { metric, statistic, tolerance, minSamples } = tenPercent;
  expect(comparator.decide(against100(1, 1, 1, 1, 1, 1), { kind: 'baseline', metric, statistic, tolerance, minSamples }, VALUE)).toBeUndefined();
  expect(comparator.decide(against100(1, 1, 1, 1, 1, 1), { kind: 'no-new', metric }, VALUE)).toBeUndefined();
});

const NO_NEW = { kind: 'no-new', metric: 'latency' } as const;
const found = (side: 'target' | 'legacy', ...keys: string[]): Measurement =>
  one(side, { shape: 'set', items: keys.map((key) => ({ key, detail: 'x' })), totalItems: keys.length });
const counted = (side: 'target' | 'legacy', totalItems: number, ...keys: string[]): Measurement =>
  one(side, { shape: 'set', items: keys.map((key) => ({ key, detail: 'x' })), totalItems });
test.each<readonly [string, readonly Measurement[], string | undefined]>([
  ['an empty set', [found('target')], 'within'],
  ['what the legacy side has too', [found('target', 'a'), found('legacy', 'a', 'b')], 'within'],
  ['what the legacy side has not', [found('target', 'a', 'c'), found('legacy', 'a', 'b')], 'beyond'],
  ['findings beside a legacy side that has none', [found('target', 'a'), found('legacy')], 'beyond'],
  ['findings without a legacy side', [found('target', 'a')], undefined],
  ['findings beside a legacy side of which nothing was examined', [found('target', 'a'), { ...found('legacy'), n: 0 }], undefined],
  ['more findings than are named, none of those new', [counted('target', 2, 'a'), found('legacy', 'a')], 'undecided'],
  ['a new one beside findings that are not named', [counted('target', 3, 'c'), found('legacy', 'a')], 'beyond'],
  ['a new one, unless it is among those that the legacy side does not name', [found('target', 'c'), counted('legacy', 2, 'a')], 'undecided'],
  ['nothing examined', [{ ...found('target'), n: 0 }], undefined],
  ['nothing measured', [], undefined],
])('of a set that may not grow: %s', (_name, measured, outcome) => {
  expect(comparator.decide([measured], NO_NEW, { ...VALUE, shape: 'set' })?.outcome).toBe(outcome);
});

test('a set that grew names what is new, and counts what is not', () => {
  const decision = comparator.decide([[found('target', 'a', 'c'), found('legacy', 'a')]], NO_NEW, { ...VALUE, shape: 'set' });
  expect(decision).toMatchObject({ effect: 1, why: '1 found among 100 is new: c. 1 that the legacy side has as well is not new.' });
});

test('equal measurements give equal bytes, also when read back; the digest names the legacy side alone', () => {
  const rounds = against100(101, 99, 103, 98, 109, 100);
  const readBack = rounds.map((own) => own.map((measured) => ({ artifact: 'abc', ...structuredClone(measured) })));
  expect(JSON.stringify(decide(readBack))).toBe(JSON.stringify(decide(rounds)));
  const reference = (decision: Comparison | undefined): string => (decision !== undefined && 'reference' in decision ? decision.reference : '');
  expect(reference(decide(against100(1, 2, 3, 4, 5, 6)))).toBe(reference(decide(rounds)));
  expect(reference(decide([...rounds.slice(1), round(100, 101)]))).not.toBe(reference(decide(rounds)));
});
