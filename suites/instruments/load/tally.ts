// What one load worker counts and records in the window; nothing in it grows with the number of requests.
import { histogram } from './histogram.ts';
import type { Histogram } from './histogram.ts';
import { BUCKET_MS, IN_FLIGHT_EVERY_MS } from './protocol.ts';
import type { ShardResult, WorkerVitals } from './protocol.ts';
import type { Outcome } from './wire.ts';

/** Kinds of failure told apart; the rest are counted as `other`. */
const MAX_KINDS = 30;

export interface Settled {
  readonly route: string;
  /** When it was due, ms after the start of the window. */
  readonly atMs: number;
  readonly latencyMs: number;
  readonly serviceMs: number;
  readonly outcome: Outcome;
}

export interface Tally {
  sent(lagMs: number): void;
  dropped(): void;
  settled(request: Settled): void;
  /** Due, but never sent before the run had to end. */
  unsent(count: number): void;
  inFlight(atMs: number, count: number): void;
  result(scheduled: number, vitals: WorkerVitals): ShardResult;
}

interface RouteTally {
  readonly latency: Histogram;
  answered: number;
  failed: number;
}

export function openTally(routes: readonly string[], timeoutMs: number, windowMs: number): Tally {
  const latency = histogram(timeoutMs * 2);
  const service = histogram(timeoutMs * 2);
  const lag = histogram(timeoutMs);
  const perRoute = new Map<string, RouteTally>(routes.map((route) => [route, { latency: histogram(timeoutMs * 2), answered: 0, failed: 0 }]));
  const failures = new Map<string, number>();
  const timeline = openTimeline(windowMs);
  const inFlight = new Array<number>(Math.ceil(windowMs / IN_FLIGHT_EVERY_MS)).fill(0);
  let sampled = 0;
  const counts = { sent: 0, dropped: 0, answered: 0 };

  const fail = (kind: string, count: number): void => {
    const key = failures.has(kind) || failures.size < MAX_KINDS ? kind : 'other';
    failures.set(key, (failures.get(key) ?? 0) + count);
  };
  return {
    sent: (lagMs) => {
      counts.sent += 1;
      lag.record(lagMs);
    },
    dropped: () => {
      counts.dropped += 1;
      fail('dropped by the generator', 1);
    },
    unsent: (count) => {
      if (count > 0) fail('not sent', count);
    },
    settled: ({ route, atMs, latencyMs, serviceMs, outcome }) => {
      latency.record(latencyMs);
      service.record(serviceMs);
      timeline.add(atMs, latencyMs, outcome !== undefined);
      const of = perRoute.get(route);
      of?.latency.record(latencyMs);
      if (outcome === undefined) {
        counts.answered += 1;
        if (of !== undefined) of.answered += 1;
      } else {
        fail(outcome, 1);
        if (of !== undefined) of.failed += 1;
      }
    },
    inFlight: (atMs, count) => {
      const slot = Math.min(inFlight.length, Math.floor(atMs / IN_FLIGHT_EVERY_MS) + 1);
      if (slot > sampled) inFlight.fill(count, sampled, slot);
      sampled = Math.max(sampled, slot);
    },
    result: (scheduled, vitals) => ({
      latency: latency.encode(),
      service: service.encode(),
      lag: lag.encode(),
      routes: Object.fromEntries([...perRoute].map(([route, of]) => [route, { latency: of.latency.encode(), answered: of.answered, failed: of.failed }])),
      scheduled,
      ...counts,
      failures: Object.fromEntries(failures),
      inFlight,
      timeline: timeline.columns,
      vitals,
    }),
  };
}

function openTimeline(windowMs: number): { add(atMs: number, latencyMs: number, failed: boolean): void; readonly columns: ShardResult['timeline'] } {
  const length = Math.ceil(windowMs / BUCKET_MS);
  const column = (): number[] => new Array<number>(length).fill(0);
  const columns = { n: column(), failed: column(), sumMs: column(), maxMs: column() };
  return {
    columns,
    add: (atMs, latencyMs, failed) => {
      const at = Math.min(length - 1, Math.floor(atMs / BUCKET_MS));
      columns.n[at]! += 1;
      columns.failed[at]! += failed ? 1 : 0;
      columns.sumMs[at]! += latencyMs;
      columns.maxMs[at] = Math.max(columns.maxMs[at]!, latencyMs);
    },
  };
}
