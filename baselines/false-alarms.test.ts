// Simulated runs of the comparator, stopped as the runner stops them: as soon as it decides, and at the last round at the latest.
import { expect, test } from 'vitest';
import type { Expectation, Measurement, MetricDeclaration } from '../gates/model.ts';
import { withComparison } from '../gates/against.ts';
import { measurement } from '../gates/test-data.ts';
import { comparator } from './comparator.ts';
import { leftOut } from './sequential-sign-test.ts';

type Versus = Extract<Expectation, { kind: 'versus' }>;
const P99: MetricDeclaration = { title: 'latency', unit: 'ms', shape: 'value', better: 'lower' };
const MAX_ROUNDS = 14;

/** mulberry32: uniform in [0, 1), the same from the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

interface World {
  /** True latency of the target, as a multiple of legacy's. */
  readonly factor: number;
  readonly tolerance: number;
  /** Spread of a side's figure from round to round, as a share. */
  readonly spread: number;
}

/** Skewed noise on each side, a machine that is slow for both in one round of four, and a hiccup of one side in one of twenty. */
function roundOf({ factor, spread }: World, random: () => number): Measurement[] {
  const shared = random() < 0.25 ? 1.5 : 1;
  const figure = (truth: number): number => truth * shared * Math.exp(spread * normal(random)) * (random() < 0.05 ? 2 : 1);
  return [
    measurement('p', { shape: 'value', value: figure(60 * factor) }, { labels: { side: 'target' } }),
    measurement('p', { shape: 'value', value: figure(60) }, { labels: { side: 'legacy' } }),
  ];
}

/** Shares of the runs by what they ended with. */
function simulate(world: World, runs = 1000): { within: number; beyond: number; undecided: number } {
  const expectation: Versus = { kind: 'versus', side: 'legacy', metric: 'p', statistic: 'value', tolerance: { ratio: world.tolerance }, minSamples: 1 };
  const random = randomOf(20261123);
  const ended = { within: 0, beyond: 0, undecided: 0 };
  for (let run = 0; run < runs; run += 1) {
    const rounds = Array.from({ length: 5 }, () => roundOf(world, random));
    let outcome: keyof typeof ended = 'undecided';
    while (outcome === 'undecided' && rounds.length < MAX_ROUNDS) {
      rounds.push(roundOf(world, random));
      outcome = comparator.decide(rounds, expectation, P99)?.outcome ?? 'undecided';
    }
    ended[outcome] += 1 / runs;
  }
  return ended;
}

/** Of 1000 runs of which 2.5 % are wrong, fewer than 4 % are in all but one case of a thousand. */
const WRONG = 0.04;

test('identical sides raise false alarms in no more than 2.5 % of the runs, all looks together, even where nothing is tolerated', () => {
  expect(simulate({ factor: 1, tolerance: 0, spread: 0.05 }).beyond).toBeLessThan(WRONG);
});

test('identical sides practically never fail by a tolerance of 10 %, however wild the rounds, and are found so in most runs while rounds are fairly steady', () => {
  const [steady, usual, wild] = [0.02, 0.05, 0.2].map((spread) => simulate({ factor: 1, tolerance: 0.1, spread }));
  expect([steady, usual, wild].map((ended) => (ended?.beyond ?? 1) < 0.01)).toEqual([true, true, true]);
  expect([steady?.within, usual?.within].map((within) => (within ?? 0) > 0.7)).toEqual([true, true]);
});

test('a side exactly as bad as tolerated, the hardest case, passes and fails in no more than 2.5 % of the runs each', () => {
  const { within, beyond } = simulate({ factor: 1.1, tolerance: 0.1, spread: 0.05 });
  expect(Math.max(within, beyond)).toBeLessThan(WRONG);
});

test('a side 20 % slower practically never passes; it fails while rounds are fairly steady, and is undecided while they are wild', () => {
  const [steady, usual, wild] = [0.02, 0.05, 0.2].map((spread) => simulate({ factor: 1.2, tolerance: 0.1, spread }));
  expect([steady, usual, wild].map((ended) => (ended?.within ?? 1) < 0.01)).toEqual([true, true, true]);
  expect(steady?.beyond).toBeGreaterThan(0.95);
  expect(usual?.beyond).toBeGreaterThan(0.6);
  expect(wild?.undecided).toBeGreaterThan(0.8);
});

test('one more difference is left out at 10 and at 14 rounds, none before six', () => {
  expect([5, 6, 9, 10, 13, 14, 18].map(leftOut)).toEqual([undefined, 0, 0, 1, 1, 2, 3]);
});

test('the rounds that --against plans can decide, and end where one more difference is left out', () => {
  const check = { id: 'a', versus: { pr: {}, full: {} }, metrics: { p: P99 } } as never;
  const criterion = {
    kind: { measured: [{ check: 'a', expect: { kind: 'limit', metric: 'p', statistic: 'value', op: '<', value: 1, minSamples: 1 } }] },
  } as never;
  for (const profile of ['pr', 'full'] as const) {
    const { kind } = withComparison(criterion, [check], profile);
    const { min, max } = ('measured' in kind ? kind.measured[1]?.rounds : undefined) ?? { min: 0, max: 0 };
    expect(leftOut(min)).toBe(0);
    expect(leftOut(min - 1)).toBeUndefined();
    expect(leftOut(max)).not.toBe(leftOut(max - 1));
  }
});
