// Decides whether the target is as before: rounds of both sides in, within, beyond or undecided out. Wired into a run by cli/ (DESIGN §4).
import type { Comparator, Comparison, Decision, Expectation, Measurement, MetricDeclaration } from '../gates/model.ts';
import { digestOf } from '../gates/digest.ts';
import { figureOf, overallOf } from '../gates/figures.ts';
import { LEVEL, leftOut } from './sequential-sign-test.ts';

type Versus = Extract<Expectation, { kind: 'versus' }>;

/** One round: the statistic of record on each side, and the observations behind it. */
interface Pair {
  readonly target: number;
  readonly legacy: number;
  readonly n: { readonly target: number; readonly legacy: number };
}

/**
 * `versus` is decided by the paired differences of rounds in which both sides were measured by turns, so that what a
 * machine does to one side it does to the other. Of each round and side the statistic is taken, of each round the
 * difference in the failing direction (as a share of that round's legacy value, where the tolerance is a share), and of
 * these the median with its interval at 95 %, which holds however often one looks (`leftOut`). `within` only when the
 * whole interval lies within the tolerance, `beyond` only when the whole interval lies beyond it. Kayenta's
 * MannWhitneyClassifier too holds an interval of the shift against a band, but passes what straddles it; here that is
 * `undecided`, since only evidence passes. Lighthouse CI's assertions aggregate runs without any interval.
 *
 * Simulated (false-alarms.test.ts with 4000 runs, up to 14 rounds): identical sides fail in 2.5 % of the runs where nothing
 * is tolerated, and in under 0.4 % with a tolerance of 10 %. With that tolerance, a target 20 % slower fails in 98 % of the
 * runs where a side's figure varies by 2 % from round to round, in 72 % at 5 % and in 25 % at 10 %; it passes in under
 * 0.5 %, and the rest is undecided.
 *
 * A figure that is the same each time (`repeatable`: the bytes of a page) has no interval: the worst of the rounds decides, and one is enough.
 *
 * `no-new` is decided by the keys of the findings, against those of the legacy side of the same rounds; a set that is empty cannot have grown.
 * `baseline`, and `no-new` where findings meet no legacy side, need a stored run, and none is stored: no decision, so the judge says NO_BASELINE.
 */
export const comparator: Comparator = {
  decide(rounds, expect, metric) {
    switch (expect.kind) {
      case 'versus':
        return decideVersus(rounds, expect, metric);
      case 'no-new':
        return decideNoNew(rounds, expect);
      case 'baseline':
        return undefined;
      default:
        return expect satisfies never;
    }
  },
};

function decideVersus(rounds: readonly (readonly Measurement[])[], expect: Versus, metric: MetricDeclaration): Comparison {
  const pairs = rounds.map((round) => pairOf(round, expect, metric));
  if (metric.repeatable === true) return decideRepeatable(pairs, expect, metric, referenceOf(rounds, expect));
  const complete = pairs.filter((pair) => typeof pair !== 'string');
  const [gap] = pairs.filter((pair) => typeof pair === 'string');
  if (gap !== undefined || complete.length === 0)
    return { outcome: 'undecided', why: `Nothing to compare: ${gap ?? 'in no round were both sides measured by a healthy instrument'}.` };
  const share = 'ratio' in expect.tolerance;
  if (share && complete.some(({ legacy }) => legacy <= 0)) {
    return {
      outcome: 'undecided',
      why: `Nothing to compare: a share of ${expect.side}'s ${expect.statistic} means nothing where that is ${Math.min(...complete.map(({ legacy }) => legacy))}. Give the tolerance as an amount.`,
    };
  }
  return decide(complete, expect, metric, referenceOf(rounds, expect));
}

/** What was not seen on one of the sides has no figure there, and a share of nothing is nothing: both are undecided. */
function decideRepeatable(pairs: readonly (Pair | string)[], expect: Versus, metric: MetricDeclaration, reference: string): Comparison {
  const complete = pairs.filter((pair) => typeof pair !== 'string');
  const [gap] = pairs.filter((pair) => typeof pair === 'string');
  const [worst] = complete.toSorted((a, b) => worseBy(b, metric) - worseBy(a, metric));
  if (gap !== undefined || worst === undefined) return { outcome: 'undecided', why: `Nothing to compare: ${gap ?? 'both sides were not measured'}.` };
  const unseen = (['target', 'legacy'] as const).find((side) => complete.some(({ n }) => n[side] === 0));
  if (unseen !== undefined) return { outcome: 'undecided', why: `Nothing to compare: the ${unseen} side has no figure.` };
  const tolerance = toleranceOf(worst.legacy, expect);
  const effect = worseBy(worst, metric);
  const { text, allowed } = wordsOfAmounts(tolerance, expect, metric);
  return {
    outcome: effect <= tolerance ? 'within' : 'beyond',
    effect,
    interval: { low: effect, high: effect, level: 1 },
    reference,
    why: `Target ${text(worst.target)}, ${expect.side} ${text(worst.legacy)}; difference ${text(effect)} (positive is worse); up to ${allowed} counts as before.`,
  };
}
function toleranceOf(legacy: number, { tolerance }: Versus): number {
  return 'ratio' in tolerance ? Math.max(tolerance.ratio * legacy, tolerance.atLeast ?? 0) : tolerance.amount;
}

/** A finding is a fact, so one look decides: more of them would find the same. */
function decideNoNew(rounds: readonly (readonly Measurement[])[], { metric }: Extract<Expectation, { kind: 'no-new' }>): Comparison | undefined {
  const own = rounds.flat().filter((one) => one.metric === metric && one.payload.shape === 'set');
  const target = own.filter(({ labels }) => labels.side !== 'legacy');
  const legacy = own.filter(({ labels }) => labels.side === 'legacy');
  const examined = target.reduce((sum, { n }) => sum + n, 0);
  if (examined === 0) return undefined;
  const found = keysOf(target);
  if (found.size > 0 && legacy.reduce((sum, { n }) => sum + n, 0) === 0) return undefined;
  const before = keysOf(legacy);
  const added = [...found].filter((key) => !before.has(key));
  // What is counted and not named may be new on the one side, and may be the same on the other.
  const unnamed = unnamedOf(added.length === 0 ? target : legacy);
  if (unnamed > 0) return { outcome: 'undecided', why: `${unnamed} more were found than are named, so what is new is not known.` };
  const kept = found.size - added.length;
  const certain = { effect: added.length, interval: { low: added.length, high: added.length, level: 1 }, reference: digestOf([...before].toSorted()) };
  const had = kept === 0 ? '' : ` ${kept} that the legacy side has as well ${kept === 1 ? 'is' : 'are'} not new.`;
  return added.length === 0
    ? { ...certain, outcome: 'within', why: `None found among ${examined} is new.${had}` }
    : {
        ...certain,
        outcome: 'beyond',
        why: `${added.length} found among ${examined} ${added.length === 1 ? 'is' : 'are'} new: ${added.slice(0, 3).join(', ')}.${had}`,
      };
}
function unnamedOf(measurements: readonly Measurement[]): number {
  return measurements.reduce((sum, { payload }) => sum + (payload.shape === 'set' ? Math.max(0, payload.totalItems - payload.items.length) : 0), 0);
}
function keysOf(measurements: readonly Measurement[]): ReadonlySet<string> {
  return new Set(measurements.flatMap(({ payload }) => (payload.shape === 'set' ? payload.items.map(({ key }) => key) : [])));
}

/** Or what is missing, in words. */
function pairOf(round: readonly Measurement[], expect: Versus, metric: MetricDeclaration): Pair | string {
  const own = overallOf(round.filter((one) => one.metric === expect.metric));
  const target = figureOf(
    own.filter(({ labels }) => labels.side !== expect.side),
    expect.statistic,
    metric,
  );
  const legacy = figureOf(
    own.filter(({ labels }) => labels.side === expect.side),
    expect.statistic,
    metric,
  );
  if (target === undefined) return `a round has no ${expect.statistic} of ${expect.metric} on the target side`;
  if (legacy === undefined) return `a round has no ${expect.statistic} of ${expect.metric} on the ${expect.side} side`;
  if (!Number.isFinite(target.value) || !Number.isFinite(legacy.value)) return `the ${expect.statistic} of ${expect.metric} is not a number in every round`;
  return { target: target.value, legacy: legacy.value, n: { target: target.n, legacy: legacy.n } };
}

function decide(pairs: readonly Pair[], expect: Versus, metric: MetricDeclaration, reference: string): Decision {
  // With a share, all is scaled by the typical legacy value in the end, so that people read the metric's unit.
  const scale = 'ratio' in expect.tolerance ? median(pairs.map(({ legacy }) => legacy)) : 1;
  const tolerance = toleranceOf(scale, expect);
  const worse = pairs.map((pair) => (worseBy(pair, metric) / ('ratio' in expect.tolerance ? pair.legacy : 1)) * scale).sort((a, b) => a - b);
  const interval = intervalOf(worse);
  const decision = { effect: median(worse), interval, reference };
  const told = words(pairs, decision, tolerance, expect, metric);
  const missing = leftOut(pairs.length) === undefined ? tooFewRounds(pairs.length) : tooFewSamples(pairs, expect);
  if (missing !== undefined) return { ...decision, outcome: 'undecided', why: `${missing} ${told}` };
  if (interval.low > tolerance) return { ...decision, outcome: 'beyond', why: told };
  if (interval.high <= tolerance) return { ...decision, outcome: 'within', why: told };
  return { ...decision, outcome: 'undecided', why: `The interval holds both answers; longer rounds, or more of them, would decide. ${told}` };
}

function worseBy({ target, legacy }: Pair, { better }: MetricDeclaration): number {
  return better === 'lower' ? target - legacy : legacy - target;
}

/** Before an interval at 95 % can be had: all that was seen, at the confidence that it has. */
function intervalOf(sorted: readonly number[]): Decision['interval'] {
  const n = sorted.length;
  const out = leftOut(n);
  return { low: sorted[out ?? 0] ?? Number.NaN, high: sorted[n - 1 - (out ?? 0)] ?? Number.NaN, level: out === undefined ? 1 - 2 ** (1 - n) : LEVEL };
}

function tooFewRounds(rounds: number): string {
  return `${rounds} healthy ${rounds === 1 ? 'round says' : 'rounds say'} nothing at 95 %, six could.`;
}

function tooFewSamples(pairs: readonly Pair[], { minSamples, side }: Versus): string | undefined {
  const total = (of: 'target' | 'legacy'): number => pairs.reduce((sum, { n }) => sum + n[of], 0);
  const [few] = [
    { name: 'target', n: total('target') },
    { name: side, n: total('legacy') },
  ].filter(({ n }) => n < minSamples);
  return few === undefined ? undefined : `${few.n} samples on the ${few.name} side, needs ${minSamples}.`;
}

function words(
  pairs: readonly Pair[],
  { effect, interval }: Pick<Decision, 'effect' | 'interval'>,
  tolerance: number,
  expect: Versus,
  metric: MetricDeclaration,
): string {
  const { text, allowed } = wordsOfAmounts(tolerance, expect, metric);
  const sides = `target ${text(median(pairs.map(({ target }) => target)))}, ${expect.side} ${text(median(pairs.map(({ legacy }) => legacy)))}`;
  return `${expect.statistic} over ${pairs.length} ${pairs.length === 1 ? 'round' : 'rounds'}: ${sides}; difference ${text(effect)}, at ${Number((interval.level * 100).toPrecision(3))} % ${text(interval.low)} to ${text(interval.high)} (positive is worse); up to ${allowed} counts as before.`;
}

/** An amount in the metric's unit, and what is allowed in words. */
function wordsOfAmounts(tolerance: number, expect: Versus, metric: MetricDeclaration): { readonly text: (value: number) => string; readonly allowed: string } {
  const unit = metric.unit === '1' || metric.unit === 'ratio' || metric.unit === 'count' ? '' : ` ${metric.unit}`;
  const text = (value: number): string => `${Number(value.toPrecision(3))}${unit}`;
  return { text, allowed: 'ratio' in expect.tolerance ? `${text(tolerance)} (${shareWords(expect.tolerance, text)})` : text(tolerance) };
}

function shareWords({ ratio, atLeast }: Extract<Versus['tolerance'], { ratio: number }>, text: (value: number) => string): string {
  return `${Number((ratio * 100).toPrecision(3))} %${atLeast === undefined ? '' : `, and ${text(atLeast)} in any case`}`;
}

/** Names what it was compared with: the same legacy measurements give the same digest, resumed or not. */
function referenceOf(rounds: readonly (readonly Measurement[])[], expect: Versus): string {
  const legacy = rounds.map((round) => overallOf(round.filter(({ metric, labels }) => metric === expect.metric && labels.side === expect.side)));
  return digestOf(
    legacy.map((round) => round.map(({ metric, labels, n, startedAt, endedAt, payload }) => ({ metric, labels, n, startedAt, endedAt, payload }))),
  );
}

/** Of at least one. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? Number.NaN)) / 2;
}
