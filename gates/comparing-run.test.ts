import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Binding, Check, CheckEvent, Comparator, Comparison, Gate, Measurement, Rounds } from './model.ts';
import { createRunFolder, journalPath, readJournal, type RunFolder, runFolder } from './run-folder.ts';
import { measurement } from './test-data.ts';
import { check, gate, go, round, type Staged, states } from './test-run.ts';
import { viewOf } from './view.ts';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'runs-'));
});
afterEach(() => rmSync(runs, { recursive: true }));

/** A target figure beside a legacy figure of 100. */
function both(target: number, healthy = true): CheckEvent[] {
  const instrument = { name: 'probe', version: '1', healthy, ...(healthy ? {} : { why: 'starved' }) };
  const sides = { target, legacy: 100 } as const;
  return (['target', 'legacy'] as const).map((side) => ({
    kind: 'measurement',
    measurement: measurement('latency', { shape: 'samples', samples: [sides[side]] }, { labels: { side }, instrument }),
  }));
}

/** Measures both sides for ever, and tells which rounds it began. */
function comparing(target: number, begun: number[] = [], isHealthy: (round: number) => boolean = () => true): Check {
  return check('a', async function* (_context, _options, firstRound = 0) {
    for (let number = firstRound; ; number += 1) {
      begun.push(number);
      yield* both(target, isHealthy(number));
      yield round;
    }
  });
}

const VERSUS: Binding = {
  check: 'a',
  expect: { kind: 'versus', side: 'legacy', metric: 'latency', statistic: 'max', tolerance: { ratio: 0.1 }, minSamples: 1 },
  rounds: { min: 3, max: 5, budgetMs: 60_000 },
};
function gateOf(binding: Binding): Gate {
  const base = gate('a');
  return { ...base, criteria: base.criteria.map((criterion) => ({ ...criterion, kind: { measured: [binding] } })) };
}

/** Undecided until it has seen `enough` rounds; then by the first of them. */
function decidesAfter(enough: number, asked: number[] = []): Comparator {
  const sampleOf = (one: Measurement | undefined): number => (one?.payload.shape === 'samples' ? (one.payload.samples[0] ?? 0) : 0);
  return {
    decide(rounds) {
      asked.push(rounds.length);
      const effect = sampleOf(rounds[0]?.[0]) - sampleOf(rounds[0]?.[1]);
      const decided = effect > 10 ? 'beyond' : 'within';
      const outcome = rounds.length < enough ? 'undecided' : decided;
      return { outcome, effect, interval: { low: effect, high: effect, level: 0.95 }, reference: 'r', why: `${outcome} after ${rounds.length}` };
    },
  };
}
const compared = (folder: RunFolder): string[] => readJournal(folder).events.flatMap(({ event }) => (event.type === 'compared' ? [event.decision.why] : []));

test.each([
  ['within', 105, 'a pass AS_BEFORE'],
  ['beyond', 150, 'a fail WORSE_THAN_BEFORE'],
])('a comparison goes on until it is decided, and the last decision counts: %s', async (outcome, target, state) => {
  const folder = createRunFolder(runs, 'r1');
  const begun: number[] = [];
  await go(folder, { checks: [comparing(target, begun)], gate: gateOf(VERSUS), comparator: decidesAfter(4) });
  expect(states(folder)).toEqual([state]);
  expect(begun).toEqual([0, 1, 2, 3]);
  expect(compared(folder)).toEqual(['undecided after 3', `${outcome} after 4`]);
  expect(viewOf(folder).report.criteria[0]?.results[0]).toMatchObject({ value: target, n: 4, comparison: { outcome, reference: 'r' } });
});

test.each<readonly [string, Rounds, number]>([
  ['the most rounds', { min: 2, max: 5, budgetMs: 60_000 }, 5],
  ['the budget', { min: 2, max: 1_000_000, budgetMs: 1 }, 2],
])('what is undecided at the end of %s is inconclusive', async (_name, rounds, least) => {
  const folder = createRunFolder(runs, 'r1');
  const begun: number[] = [];
  await go(folder, { checks: [comparing(100, begun)], gate: gateOf({ ...VERSUS, rounds }), comparator: decidesAfter(Number.POSITIVE_INFINITY) });
  expect(states(folder)).toEqual(['a inconclusive UNDECIDED']);
  expect(begun.length).toBeGreaterThanOrEqual(least);
  expect(begun.length).toBeLessThan(50);
});

test('a sick round is not compared; one of them is made up for', async () => {
  const folder = createRunFolder(runs, 'r1');
  const asked: number[] = [];
  const binding = { ...VERSUS, rounds: { min: 3, max: 3, budgetMs: 60_000 } };
  await go(folder, { checks: [comparing(100, [], (number) => number !== 1)], gate: gateOf(binding), comparator: decidesAfter(3, asked) });
  expect(asked).toEqual([3]);
  expect(states(folder)).toEqual(['a pass AS_BEFORE']);
  expect(viewOf(folder).report.executions[0]?.rounds).toBe(4);
});

test('where every round was sick the row says so, and is not taken for one without a baseline', async () => {
  const folder = createRunFolder(runs, 'r1');
  const asked: number[] = [];
  const legacySick = check('a', async function* () {
    for (;;) {
      yield* both(100).slice(0, 1);
      yield* both(100, false).slice(1);
      yield round;
    }
  });
  await go(folder, { checks: [legacySick], gate: gateOf(VERSUS), comparator: decidesAfter(3, asked) });
  expect(asked).toEqual([0, 0]);
  expect(states(folder)).toEqual(['a inconclusive UNDECIDED']);
});

test('a check that ends before it has measured all its rounds is compared all the same', async () => {
  const folder = createRunFolder(runs, 'r1');
  const brief = check('a', async function* () {
    yield* both(100);
    yield round;
    yield* both(100);
  });
  await go(folder, { checks: [brief], gate: gateOf(VERSUS), comparator: decidesAfter(3) });
  expect(states(folder)).toEqual(['a inconclusive UNDECIDED']);
  expect(compared(folder)).toEqual(['undecided after 2']);
});

test('where nothing can be compared no further round is measured, and the row tells why', async () => {
  const folder = createRunFolder(runs, 'r1');
  const begun: number[] = [];
  const comparator = { decide: (): Comparison => ({ outcome: 'undecided', why: 'a round has no legacy' }) };
  await go(folder, { checks: [comparing(100, begun)], gate: gateOf(VERSUS), comparator });
  expect(begun).toHaveLength(3);
  const [criterion] = viewOf(folder).report.criteria;
  expect(criterion).toMatchObject({ state: 'inconclusive', reason: { code: 'UNDECIDED', text: 'a round has no legacy' }, results: [{ value: 100 }] });
  expect(criterion?.results[0]).not.toHaveProperty('comparison');
});

test.each<readonly [string, Comparator | undefined]>([
  ['a comparator without a reference', { decide: () => undefined }],
  ['no comparator', undefined],
])('%s leaves the row without a baseline, never passed', async (_name, comparator) => {
  const folder = createRunFolder(runs, 'r1');
  await go(folder, { checks: [comparing(100)], gate: gateOf(VERSUS), comparator });
  expect(states(folder)).toEqual(['a inconclusive NO_BASELINE']);
});

test('each label set is decided by itself, and the worst counts', async () => {
  const folder = createRunFolder(runs, 'r1');
  const statements = check('a', async function* () {
    for (;;) {
      for (const [subject, target] of [
        ['as before', 105],
        ['slower', 150],
        ['only here', 100],
      ] as const)
        for (const event of both(target).slice(0, subject === 'only here' ? 1 : 2))
          if (event.kind === 'measurement')
            yield { ...event, measurement: { ...event.measurement, labels: { ...event.measurement.labels, subject } } } satisfies CheckEvent;
      yield round;
    }
  });
  const comparator: Comparator = {
    decide: (rounds, ...rest) =>
      rounds.some((one) => one.length < 2) ? { outcome: 'undecided', why: 'a round has no legacy' } : decidesAfter(4).decide(rounds, ...rest),
  };
  await go(folder, { checks: [statements], gate: gateOf({ ...VERSUS, scope: 'each' }), comparator });
  const [criterion] = viewOf(folder).report.criteria;
  expect(criterion?.state).toBe('fail');
  expect(criterion?.results.map(({ labels, verdict, n }) => [labels.subject, verdict, n])).toEqual([
    ['as before', 'pass', 4],
    ['slower', 'fail', 4],
    ['only here', 'inconclusive', 4],
  ]);
});

test('killed after any byte of a comparison, a resumed run decides alike and measures no complete round twice', async () => {
  const whole = createRunFolder(runs, 'whole');
  const staged = (begun: number[]): Staged => ({ checks: [comparing(105, begun)], gate: gateOf(VERSUS), comparator: decidesAfter(4) });
  await go(whole, staged([]));
  const bytes = readFileSync(journalPath(whole)).length;
  const firstLine = readFileSync(journalPath(whole)).indexOf(0x0a) + 1;
  for (let cut = firstLine; cut < bytes; cut += 149) {
    const folder = runFolder(runs, `cut-${cut}`);
    cpSync(whole.path, folder.path, { recursive: true });
    truncateSync(journalPath(folder), cut);
    const types = readJournal(folder).events.map(({ event }) => event.type);
    const begun: number[] = [];
    if (!types.includes('run.finished')) await go(folder, staged(begun));
    const complete = types.filter((type) => type === 'round.finished').length;
    expect(begun).toEqual([0, 1, 2, 3].slice(complete));
    expect(states(folder)).toEqual(['a pass AS_BEFORE']);
    expect(compared(folder).at(-1)).toBe('within after 4');
    expect(viewOf(folder).report.executions[0]?.rounds).toBe(4);
  }
});
