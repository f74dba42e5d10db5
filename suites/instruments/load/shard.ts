// One worker's part of an open-model run: sends what is due by the clock, whatever the server does, and times it from when it was due.
import { performance } from 'node:perf_hooks';
import { setTimeout as later } from 'node:timers';
import { mixOf } from './mix.ts';
import type { ShardOrder, ShardResult, WorkerVitals } from './protocol.ts';
import { scheduleOf } from './schedule.ts';
import { openTally } from './tally.ts';
import { watchVitals } from './vitals.ts';
import type { Watch } from './vitals.ts';
import { openWire } from './wire.ts';
import type { Abort, Outcome } from './wire.ts';

/** Most requests sent before answers are looked at again: a worker that is late must not stop hearing while it catches up. */
const LARGEST_BATCH = 50;
/** Longest pause between two looks at the clock, ms: timeouts are noticed within it. */
const LONGEST_PAUSE_MS = 10;

interface Flight {
  readonly dueMs: number;
  readonly sentMs: number;
  readonly route: string;
  readonly counts: boolean;
  abort: Abort;
  done: boolean;
}

/** Of a worker that never came to a turn in its window: a figure that is no number never proves anything. */
const NO_VITALS: WorkerVitals = { eventLoopDelayP99Ms: NaN, eventLoopDelayMaxMs: NaN, gcMaxMs: NaN, cpuCores: NaN, rssMiB: NaN };

/**
 * Resolves when every request of the shard is settled, at the latest `timeoutMs` after the last was due.
 * Longer than most functions: one clock drives sending, timing out and sampling, and they share what is in flight.
 */
export async function runShard(order: ShardOrder, onProgress: (done: number) => void): Promise<ShardResult> {
  const { workload, of } = order;
  const schedule = scheduleOf(workload);
  const pick = mixOf(workload.requests, workload.seed);
  const wire = openWire(workload);
  const windowMs = schedule.lengthMs - workload.warmupMs;
  const tally = openTally(
    workload.requests.map(({ route }) => route),
    workload.timeoutMs,
    windowMs,
  );
  const startMs = order.startAtMs - performance.timeOrigin;
  const windowStartMs = startMs + workload.warmupMs;
  const deadlineMs = startMs + schedule.lengthMs + workload.timeoutMs;

  await wire.reserve(order.reserve, startMs);
  /** In order of their due times, so that the oldest is always first to time out. */
  const flights: Flight[] = [];
  let oldest = 0;
  let inFlight = 0;
  let next = order.index;
  let watch: Watch | undefined;
  let vitals: WorkerVitals | undefined;

  const settle = (flight: Flight, outcome: Outcome): void => {
    if (flight.done) return;
    flight.done = true;
    inFlight -= 1;
    if (!flight.counts) return;
    const nowMs = performance.now();
    const latencyMs = unanswered(outcome) ? Math.max(workload.timeoutMs, nowMs - flight.dueMs) : nowMs - flight.dueMs;
    tally.settled({ route: flight.route, atMs: flight.dueMs - windowStartMs, latencyMs, serviceMs: nowMs - flight.sentMs, outcome });
  };

  const send = (index: number, dueMs: number): void => {
    const counts = index >= schedule.windowFrom;
    const nowMs = performance.now();
    if (nowMs >= dueMs + workload.timeoutMs) {
      if (counts) tally.unsent(1);
      return;
    }
    if (inFlight >= order.maxInFlight) {
      if (counts) tally.dropped();
      return;
    }
    const template = pick(index);
    const flight: Flight = { dueMs, sentMs: nowMs, route: workload.requests[template]!.route, counts, abort: () => undefined, done: false };
    if (counts) tally.sent(nowMs - dueMs);
    inFlight += 1;
    flights.push(flight);
    flight.abort = wire.send(template, stamp(order.intendedHeader, dueMs), (outcome) => settle(flight, outcome));
  };

  const sendDue = (): void => {
    for (let sent = 0; sent < LARGEST_BATCH && next < schedule.total; sent += 1) {
      const dueMs = startMs + schedule.offsetMs(next);
      if (dueMs > performance.now()) return;
      send(next, dueMs);
      next += of;
    }
  };

  const timeOut = (nowMs: number): void => {
    for (; oldest < flights.length; oldest += 1) {
      const flight = flights[oldest]!;
      if (!flight.done && nowMs < flight.dueMs + workload.timeoutMs) break;
      if (flight.done) continue;
      settle(flight, 'timeout');
      flight.abort();
    }
    if (oldest > 1024) {
      flights.splice(0, oldest);
      oldest = 0;
    }
  };

  let progressAtMs = startMs;
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      sendDue();
      const nowMs = performance.now();
      timeOut(nowMs);
      const atMs = nowMs - windowStartMs;
      if (atMs >= 0 && atMs < windowMs) {
        watch ??= watchVitals();
        tally.inFlight(atMs, inFlight);
      }
      if (atMs >= windowMs) vitals ??= watch?.stop();
      if (nowMs >= progressAtMs) {
        onProgress(Math.min(schedule.total, next));
        progressAtMs = nowMs + 250;
      }
      if ((next >= schedule.total && inFlight === 0 && atMs >= windowMs) || nowMs >= deadlineMs) return resolve();
      const untilDueMs = next < schedule.total ? startMs + schedule.offsetMs(next) - nowMs : LONGEST_PAUSE_MS;
      if (untilDueMs <= 0) setImmediate(tick);
      else later(tick, Math.max(1, Math.min(LONGEST_PAUSE_MS, Math.floor(untilDueMs))));
    };
    tick();
  });
  vitals ??= watch?.stop();
  timeOut(Infinity);
  const scheduled = countFrom(schedule.windowFrom, schedule.total, order.index, of);
  tally.unsent(countFrom(Math.max(next, schedule.windowFrom), schedule.total, order.index, of));
  await wire.close();
  return tally.result(scheduled, vitals ?? NO_VITALS);
}

/** Nobody got an answer: it counts with the timeout, or the tail would be flattered by quick refusals. */
export const unanswered = (outcome: Outcome): boolean => outcome !== undefined && !outcome.startsWith('status ');

const stamp = (header: string | undefined, dueMs: number): readonly string[] =>
  header === undefined ? [] : [header, String(Math.round((performance.timeOrigin + dueMs) * 1000))];

/** How many indexes from `from` to below `to` belong to worker `index` of `of`. */
function countFrom(from: number, to: number, index: number, of: number): number {
  const below = (end: number): number => Math.max(0, Math.ceil((end - index) / of));
  return Math.max(0, below(to) - below(from));
}
