// What a burst tells about a connection pool that cannot be looked into: refusals, added wait, recovery. Pure; used by connection-pool.check.ts.
import type { LoadBucket, LoadResult, Measurement } from '../../gates/model.ts';
import type { ConnectionPoolOptions } from './connection-pool.check.ts';
import { answersOf, countFailures } from './driven-load.ts';

/**
 * Failures that say "no connection": 503, a timeout, or the code of an empty pool. Codes: Prisma P2024 ("Timed out fetching a new
 * connection from the connection pool") and P2037 ("Too many database connections opened"); names that contain what went wrong.
 */
const WANT_OF_CONNECTION = /^status 503|^timeout$| (P2024|P2037|\w*POOL\w*|TOO_MANY_CONNECTIONS|\w*CONNECTION_LIMIT\w*)$/;

/** A latency within this much of the light one is "back", ms; or within twice of it, whichever is more. */
const BACK_WITHIN_MS = 50;
/** Above this share of failures a stretch gives no latency to compare with or to be content with. */
const TOLERATED_FAILURES = 0.1;

/** Figures without a served request behind them are left out: no data is never a pass. */
export function poolFigures(result: LoadResult, options: ConnectionPoolOptions): readonly Measurement[] {
  const { startedAt, endedAt, instrument, timeline } = result;
  const { light, burst, back } = stretches(timeline, options);
  const measured = {
    labels: {},
    startedAt,
    endedAt,
    instrument: { ...instrument, facts: { ...instrument.facts, lightLatencyMs: light.meanMs, burstLatencyMs: burst.meanMs, inFlightMax: result.inFlight.max } },
  };
  const refused = countFailures(result, (kind) => WANT_OF_CONNECTION.test(kind));
  const heard = answersOf(result) + countFailures(result, (kind) => kind === 'timeout');
  // A pool that is empty already before the load leaves no light latency; then all of the burst's latency is wait.
  const lightMs = light.n > 0 && light.failed / light.n <= TOLERATED_FAILURES ? light.meanMs : 0;
  const figures: Measurement[] = [{ ...measured, metric: 'pool.refused-requests', n: heard, payload: { shape: 'proportion', hits: refused, total: heard } }];
  if (burst.n > burst.failed)
    figures.push({ ...measured, metric: 'pool.queueing-delay', n: burst.n, payload: { shape: 'value', value: Math.max(0, burst.meanMs - lightMs) } });
  if (back.n > back.failed)
    figures.push({ ...measured, metric: 'pool.recovery-time', n: back.n, payload: { shape: 'value', value: recoveryMs(timeline, options, lightMs) } });
  return figures;
}

function stretches(timeline: readonly LoadBucket[], { lightMs, steadyMs, burstMs, backMs }: ConnectionPoolOptions) {
  const burstFrom = lightMs + steadyMs;
  const backFrom = burstFrom + burstMs;
  return { light: sum(timeline, 0, lightMs), burst: sum(timeline, burstFrom, backFrom), back: sum(timeline, backFrom, backFrom + backMs) };
}

function sum(timeline: readonly LoadBucket[], fromMs: number, toMs: number): { readonly n: number; readonly failed: number; readonly meanMs: number } {
  const within = timeline.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const n = within.reduce((total, bucket) => total + bucket.n, 0);
  const weighted = within.reduce((total, bucket) => total + bucket.n * bucket.meanMs, 0);
  return { n, failed: within.reduce((total, bucket) => total + bucket.failed, 0), meanMs: n === 0 ? 0 : weighted / n };
}

function recoveryMs(timeline: readonly LoadBucket[], { lightMs, steadyMs, burstMs, backMs }: ConnectionPoolOptions, lightLatencyMs: number): number {
  const backFrom = lightMs + steadyMs + burstMs;
  const limitMs = lightLatencyMs + Math.max(BACK_WITHIN_MS, lightLatencyMs);
  const first = timeline.find(({ atMs, n, failed, meanMs }) => atMs >= backFrom && meanMs <= limitMs && failed / n <= TOLERATED_FAILURES);
  return first === undefined ? backMs : first.atMs - backFrom;
}
