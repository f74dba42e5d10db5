// A logarithmic axis from values to percent of the picture's width; used by distribution-strip.ts.

export interface LogScale {
  /** Percent of the width, 0…100. */
  at(value: number): number;
  readonly low: number;
  readonly high: number;
  /** Round values worth a tick. */
  readonly ticks: readonly number[];
}

function candidates(low: number, high: number, steps: readonly number[]): number[] {
  const from = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - from + 1 }, (_, index) => 10 ** (from + index));
  return powers.flatMap((power) => steps.map((step) => Number((step * power).toPrecision(3)))).filter((tick) => tick >= low && tick <= high);
}

/** As many ticks as fit a phone's width: finer than 1-2-5 where the range is short, 1-3 or powers of ten where it is long. */
function ticksBetween(low: number, high: number): number[] {
  const fine = candidates(low, high, [1, 1.5, 2, 3, 4, 5, 7]);
  if (fine.length <= 5) return fine;
  const [dense, sparse] = [candidates(low, high, [1, 2, 5]), candidates(low, high, [1, 3])];
  if (dense.length <= 6) return dense;
  return sparse.length <= 7 ? sparse : candidates(low, high, [1]);
}

/** An axis that shows all `values` with a margin of 8 % of its length on both sides. Values must be positive; others are left out. */
export function logScale(values: readonly number[]): LogScale {
  const positive = values.filter((value) => value > 0);
  const least = Math.log10(Math.min(...positive));
  const most = Math.log10(Math.max(...positive));
  const margin = Math.max(0.05, (most - least) * 0.08);
  const [from, to] = [least - margin, most + margin];
  const at = (value: number): number => (value <= 0 ? 0 : Math.min(100, Math.max(0, ((Math.log10(value) - from) / (to - from)) * 100)));
  return { at, low: 10 ** from, high: 10 ** to, ticks: ticksBetween(10 ** from, 10 ** to) };
}
