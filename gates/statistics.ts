// Turns payloads into the one number that is judged, with its 95 % interval. Pure; called by the judge and by reporters' pictures.
import { type Histogram, build, decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { Statistic } from './model/criterion.ts';
import type { Payload } from './model/measurement.ts';
import type { Interval } from './model/report.ts';

/** `n`: observations behind `value`. */
export interface Estimate {
  readonly value: number;
  readonly n: number;
  readonly interval?: Interval;
}

const LEVEL = 0.95;
/** Standard normal quantile of 0.975. */
const Z = 1.959964;
const QUANTILES: Readonly<Partial<Record<Statistic, number>>> = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 };

/** Undefined where the payloads hold nothing that this statistic can be taken of: no data is no number. All payloads must share one shape. */
export function estimate(payloads: readonly Payload[], statistic: Statistic, better: 'lower' | 'higher'): Estimate | undefined {
  const [first] = payloads;
  if (first === undefined) return undefined;
  switch (first.shape) {
    case 'samples':
      return ofSamples(
        payloads.flatMap((payload) => (payload.shape === 'samples' ? payload.samples : [])),
        statistic,
      );
    case 'histogram':
      return ofHistogram(mergeHistograms(payloads), first.perUnit, statistic);
    case 'proportion':
      return ofProportion(payloads, statistic);
    case 'value':
      return ofValues(
        payloads.flatMap((payload) => (payload.shape === 'value' ? payload.value : [])),
        statistic,
        better,
      );
    case 'set':
    case 'cases':
      return undefined;
    default:
      return first satisfies never;
  }
}

/** Counts are added: averaging quantiles of shards is wrong by up to 2× (INSTRUMENTS, "HDR histograms"). */
export function mergeHistograms(payloads: readonly Payload[]): Histogram {
  const merged = build({ autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const payload of payloads) if (payload.shape === 'histogram') merged.add(decodeFromCompressedBase64(payload.hdr));
  return merged;
}

function ofHistogram(histogram: Histogram, perUnit: number, statistic: Statistic): Estimate | undefined {
  const n = histogram.totalCount;
  if (n === 0) return statistic === 'count' ? { value: 0, n } : undefined;
  const quantile = QUANTILES[statistic];
  if (quantile !== undefined) {
    const at = (share: number): number => histogram.getValueAtPercentile(Math.min(100, Math.max(0, share * 100))) / perUnit;
    const { low, high } = quantileRanks(n, quantile);
    return { value: at(quantile), n, interval: { low: at(low / n), high: at(high / n), level: LEVEL } };
  }
  if (statistic === 'mean')
    return { value: histogram.mean / perUnit, n, interval: meanInterval(histogram.mean / perUnit, histogram.stdDeviation / perUnit, n) };
  if (statistic === 'max') return { value: histogram.maxValue / perUnit, n };
  if (statistic === 'min') return { value: histogram.getValueAtPercentile(0) / perUnit, n };
  return statistic === 'count' ? { value: n, n } : undefined;
}

function ofSamples(samples: readonly number[], statistic: Statistic): Estimate | undefined {
  const n = samples.length;
  if (statistic === 'count') return { value: n, n };
  if (n === 0) return undefined;
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = (position: number): number => sorted[Math.min(n, Math.max(1, Math.ceil(position))) - 1] ?? Number.NaN;
  const quantile = QUANTILES[statistic];
  if (quantile !== undefined) {
    const { low, high } = quantileRanks(n, quantile);
    return { value: rank(quantile * n), n, interval: { low: rank(low), high: rank(high), level: LEVEL } };
  }
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / n;
  if (statistic === 'mean') {
    const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / Math.max(1, n - 1);
    return { value: mean, n, interval: meanInterval(mean, Math.sqrt(variance), n) };
  }
  if (statistic === 'max') return { value: rank(n), n };
  return statistic === 'min' ? { value: rank(1), n } : undefined;
}

function ofProportion(payloads: readonly Payload[], statistic: Statistic): Estimate | undefined {
  const proportions = payloads.flatMap((payload) => (payload.shape === 'proportion' ? [payload] : []));
  const hits = proportions.reduce((sum, payload) => sum + payload.hits, 0);
  const n = proportions.reduce((sum, payload) => sum + payload.total, 0);
  if (statistic === 'count') return { value: hits, n };
  if (statistic !== 'rate' || n === 0) return undefined;
  return { value: hits / n, n, interval: wilson(hits, n) };
}

/** Several rounds of a single value: the worst of them, since only positive evidence passes. */
function ofValues(values: readonly number[], statistic: Statistic, better: 'lower' | 'higher'): Estimate | undefined {
  if (values.length === 0 || statistic !== 'value') return undefined;
  return { value: better === 'lower' ? Math.max(...values) : Math.min(...values), n: values.length };
}

/** Ranks of the order statistics that enclose a quantile: normal approximation of the binomial (Conover, Practical Nonparametric Statistics, §3.2). */
function quantileRanks(n: number, quantile: number): { low: number; high: number } {
  const half = Z * Math.sqrt(n * quantile * (1 - quantile));
  return { low: Math.max(1, n * quantile - half), high: Math.min(n, n * quantile + half) };
}

function meanInterval(mean: number, deviation: number, n: number): Interval {
  const half = (Z * deviation) / Math.sqrt(n);
  return { low: mean - half, high: mean + half, level: LEVEL };
}

/** Wilson's score interval (E. B. Wilson 1927): honest at zero hits, where the normal one collapses. */
function wilson(hits: number, n: number): Interval {
  const share = hits / n;
  const spread = 1 + Z ** 2 / n;
  const centre = (share + Z ** 2 / (2 * n)) / spread;
  const half = (Z / spread) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return { low: hits === 0 ? 0 : centre - half, high: hits === n ? 1 : centre + half, level: LEVEL };
}
