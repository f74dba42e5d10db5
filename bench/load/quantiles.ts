// Quantiles of the bench: exact ones of the truth, and how far an engine's report is from them.

export interface Quantiles {
  readonly p50: number;
  /** Not every tool reports it. */
  readonly p95: number | null;
  readonly p99: number;
}
export interface Distance {
  readonly maxRelativeError: number;
  readonly maxAbsoluteErrorMs: number;
}

/** Nearest rank, ms. */
export function exactQuantiles(latenciesMs: readonly number[]): Quantiles {
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (q: number): number => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export function distance(reported: Quantiles, truth: Quantiles): Distance {
  const pairs = (['p50', 'p95', 'p99'] as const).flatMap((q) => {
    const [said, real] = [reported[q], truth[q]];
    return said === null || real === null ? [] : [{ off: Math.abs(said - real), real }];
  });
  return { maxRelativeError: Math.max(...pairs.map(({ off, real }) => off / real)), maxAbsoluteErrorMs: Math.max(...pairs.map(({ off }) => off)) };
}

/** Issue 2, "Done when": each of P50, P95, P99 within max(2 %, 0.3 ms) of the truth. */
export function isAccurate(reported: Quantiles, truth: Quantiles): boolean {
  return (['p50', 'p95', 'p99'] as const).every((q) => {
    const [said, real] = [reported[q], truth[q]];
    return said !== null && real !== null && Math.abs(said - real) <= Math.max(0.02 * real, 0.3);
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
