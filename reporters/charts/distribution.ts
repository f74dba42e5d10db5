// Reads the distribution behind a figure out of its measurements: histograms decoded, rounds added, samples sorted. For distribution-strip.ts.
import { JsHistogram, decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { CriterionResult, Measurement, RunView, SideName } from '../../gates/model.ts';
import { estimate } from '../../gates/statistics.ts';

/** Observations in the metric's unit, ascending, each with how often it was seen. */
export interface Distribution {
  readonly points: readonly { readonly value: number; readonly count: number }[];
  readonly total: number;
}

function decoded(hdr: string, perUnit: number): readonly (readonly [value: number, count: number])[] {
  const histogram = decodeFromCompressedBase64(hdr);
  if (!(histogram instanceof JsHistogram)) throw new TypeError('The histogram was not decoded by the JavaScript implementation.');
  const indices = Array.from({ length: histogram.countsArrayLength }, (_, index) => index);
  return indices
    .map((index) => [histogram.medianEquivalentValue(histogram.valueFromIndex(index)) / perUnit, histogram.getCountAtIndex(index)] as const)
    .filter(([, count]) => count > 0);
}

function observations(measurement: Measurement): readonly (readonly [value: number, count: number])[] {
  const { payload } = measurement;
  switch (payload.shape) {
    case 'histogram':
      return decoded(payload.hdr, payload.perUnit);
    case 'samples':
      return payload.samples.filter(Number.isFinite).map((sample) => [sample, 1] as const);
    case 'proportion':
    case 'set':
    case 'cases':
    case 'value':
      return [];
    default:
      return payload satisfies never;
  }
}

/** Of which criterion the result is, where its own execution is to be told from others of the same check; which side, where it compares two. */
export interface Behind {
  readonly criterion?: string;
  readonly side?: SideName;
}

/** The measurements that a result was judged from, chosen as the judge chooses: one side, never from a sick instrument, the whole where there are no labels. */
function roundsBehind(view: RunView, result: CriterionResult, { criterion, side = 'target' }: Behind): readonly Measurement[] {
  const { check, metric, labels } = result;
  const all = (criterion === undefined ? undefined : view.behind?.(criterion, result)) ?? view.measurements.get(`${check}/${metric}`) ?? [];
  const own = all.filter((round) => (round.labels.side ?? 'target') === side);
  const isWhole = (of: CriterionResult['labels']): boolean => of.route === undefined && of.subject === undefined;
  const unlabelled = own.filter((round) => isWhole(round.labels));
  const same = own.filter((round) => round.labels.route === labels.route && round.labels.subject === labels.subject);
  const chosen = isWhole(labels) ? (unlabelled.length > 0 ? unlabelled : own) : same;
  return chosen.filter((round) => round.instrument.healthy);
}

/**
 * All rounds behind a result, added up; undefined where its metric has no distribution.
 * A histogram that cannot be decoded throws: a figure without its picture must not look like a figure that has none.
 */
export function distributionOf(view: RunView, result: CriterionResult, behind: Behind = {}): Distribution | undefined {
  const counts = new Map<number, number>();
  for (const [value, count] of roundsBehind(view, result, behind).flatMap(observations)) counts.set(value, (counts.get(value) ?? 0) + count);
  if (counts.size === 0) return undefined;
  const points = [...counts].map(([value, count]) => ({ value, count })).toSorted((a, b) => a.value - b.value);
  return { points, total: points.reduce((sum, { count }) => sum + count, 0) };
}

/** The statistic that a comparison is about, of one of its sides; undefined where nothing was measured there. */
export function figureBehind(view: RunView, result: CriterionResult, behind: Behind): { readonly value: number; readonly n: number } | undefined {
  const { statistic } = result;
  const payloads = roundsBehind(view, result, behind).map(({ payload }) => payload);
  // Of single values the highest is shown, whichever way is better: both sides by the same rule.
  return statistic === undefined ? undefined : estimate(payloads, statistic, 'lower');
}

/** Nearest rank: the smallest observation that at least `share` (0…1) of all do not exceed. */
export function quantile(distribution: Distribution, share: number): number {
  const rank = Math.max(1, Math.ceil(share * distribution.total));
  let seen = 0;
  for (const { value, count } of distribution.points) {
    seen += count;
    if (seen >= rank) return value;
  }
  return distribution.points.at(-1)?.value ?? Number.NaN;
}

/** Share of observations beyond `limit`, 0…1. */
export function shareAbove(distribution: Distribution, limit: number): number {
  return distribution.points.filter(({ value }) => value > limit).reduce((sum, { count }) => sum + count, 0) / distribution.total;
}
