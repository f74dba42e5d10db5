// Decides when a median of so many runs can be relied on. Used by the laboratory and by the interactions to know when enough was measured.

/** How near a median must be known. */
export interface Steadiness {
  /** Share of the median (0.1 = 10 %) and amount in the metric's unit; the larger of them is the bound. */
  readonly share: number;
  readonly amount: number;
  /** Where good ends, in the metric's unit: an interval that lies on one side of it decides, however wide it is. */
  readonly good: number;
}

/**
 * Good ends at these figures by web.dev/articles/vitals. The amounts: one frame of a slow device is nobody's loss of LCP, a hundredth is what CLS
 * is printed with, and Event Timing rounds an interaction to 8 ms, so two steps of it are no difference.
 */
export const STEADINESS = {
  lcp: { share: 0.1, amount: 50, good: 2500 },
  cls: { share: 0.1, amount: 0.01, good: 0.1 },
  inp: { share: 0.1, amount: 16, good: 200 },
} as const satisfies Readonly<Record<string, Steadiness>>;

/** Five runs are the fewest whose extremes hold the true median this often: 1 − 2/2⁵ = 0.94. */
const CONFIDENCE = 0.9;

export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** How often such an interval holds the true median, whatever the distribution. */
  readonly level: number;
}

/** By order statistics: the narrowest pair of ranks, equally far from both ends, that holds the median often enough; undefined below five runs. */
export function medianInterval(runs: readonly number[]): MedianInterval | undefined {
  const sorted = runs.toSorted((a, b) => a - b);
  const n = sorted.length;
  const ranks = Array.from({ length: Math.floor(n / 2) }, (_, index) => index + 1);
  const rank = ranks.findLast((one) => coverage(n, one) >= CONFIDENCE);
  if (rank === undefined) return undefined;
  return { median: medianOf(sorted), low: sorted[rank - 1] ?? NaN, high: sorted[n - rank] ?? NaN, level: coverage(n, rank) };
}

/** Chance that the true median lies between the `rank`-th smallest and the `rank`-th largest of `n`. */
function coverage(n: number, rank: number): number {
  let below = 0;
  let combinations = 1;
  for (let k = 0; k < rank; k += 1) {
    below += combinations;
    combinations = (combinations * (n - k)) / (k + 1);
  }
  return 1 - (2 * below) / 2 ** n;
}

/** NaN of nothing. */
export function medianOf(runs: readonly number[]): number {
  const sorted = runs.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + upper) / 2 : upper;
}

export function isSteady(runs: readonly number[], { share, amount, good }: Steadiness): boolean {
  const interval = medianInterval(runs);
  if (interval === undefined) return false;
  const { median, low, high } = interval;
  const bound = Math.max(share * median, amount);
  return (high - median <= bound && median - low <= bound) || high < good || low > good;
}

/** Why a median cannot be relied on, for a report: `LCP of 2400 ms lies between 1900 and 2700 after 9 runs …`; undefined where it can. */
export function whyUnsteady(name: string, runs: readonly number[], steadiness: Steadiness): string | undefined {
  if (isSteady(runs, steadiness)) return undefined;
  const interval = medianInterval(runs);
  if (interval === undefined) return `${runs.length} runs tell no median of ${name}: five are the fewest`;
  const { median, low, high } = interval;
  return `after ${runs.length} runs the median of ${name}, ${words(median)}, lies between ${words(low)} and ${words(high)}: neither within ${steadiness.share * 100} % nor on one side of ${steadiness.good}`;
}

const words = (figure: number): string => String(Number(figure.toPrecision(3)));
