// Turns k6's points into the figures of the built-in engine: latency from the intended start, in the same histograms. Used by the process that runs k6.
import type { Workload } from '../../../../gates/model.ts';
import type { ShardResult, WorkerVitals } from '../protocol.ts';
import { IN_FLIGHT_EVERY_MS } from '../protocol.ts';
import { scheduleOf } from '../schedule.ts';
import { openTally } from '../tally.ts';
import type { Outcome } from '../wire.ts';
import { unanswered } from '../shard.ts';
import { legsOf, offsetsOf } from './arrivals.ts';
import { outcomeOf } from './outcome.ts';
import type { Point } from './points.ts';
import { REFUSAL_METRIC } from './script.ts';

/** The points that it wants. */
export const METRICS = ['http_req_duration', 'iteration_duration', 'dropped_iterations', REFUSAL_METRIC];
/**
 * k6 tells a script the start of its schedule in whole ms, and that of stepped rates not at all; so it is taken from the
 * most punctual of this many first arrivals. That one is late by about 10 µs, measured against k6's own clock.
 */
const FIRST_ARRIVALS = 500;
/** What k6 does not tell about itself. */
const UNKNOWN: WorkerVitals = { eventLoopDelayP99Ms: NaN, eventLoopDelayMaxMs: NaN, gcMaxMs: NaN, cpuCores: NaN, rssMiB: NaN };

export interface Recorded {
  readonly shard: ShardResult;
  /** When the first arrival was due, ms since the epoch; NaN where none began. */
  readonly startAtMs: number;
}
export interface Recorder {
  take(point: Point): void;
  /** Arrivals that have ended so far. */
  readonly done: number;
  result(): Recorded;
}

interface Request {
  readonly endMs: number;
  readonly serviceMs: number;
  readonly tags: Readonly<Record<string, string>>;
  refusal: string | undefined;
}
interface Iteration {
  readonly arrival: number;
  readonly beganMs: number;
  readonly request: Request;
}

/** What is kept does not grow with the number of arrivals: the first few hundred until the clock is set, then those under way. */
export function openRecorder(workload: Workload): Recorder {
  const { total, windowFrom, lengthMs } = scheduleOf(workload);
  const offsetMs = offsetsOf(legsOf(workload));
  const windowMs = lengthMs - workload.warmupMs;
  const tally = openTally(
    workload.requests.map(({ route }) => route),
    workload.timeoutMs,
    windowMs,
  );
  const ok = new Map(workload.requests.map((request) => [request.route, new Set(request.ok)]));
  const flights = openFlights(windowMs);
  const underWay = new Map<number, Request>();
  const beforeClock: Iteration[] = [];
  let startAtMs = NaN;
  let counted = 0;
  let dropped = 0;
  let done = 0;

  const settle = ({ arrival, beganMs, request }: Iteration): void => {
    if (arrival < windowFrom || arrival >= total) return;
    counted += 1;
    const dueMs = startAtMs + offsetMs(arrival);
    const windowAtMs = startAtMs + workload.warmupMs;
    const route = request.tags['route'] ?? '';
    const outcome = outcomeOf(request.tags, ok.get(route) ?? new Set(), request.refusal);
    tally.sent(beganMs - dueMs);
    flights.add(beganMs - windowAtMs, request.endMs - windowAtMs);
    tally.settled({
      route,
      atMs: dueMs - windowAtMs,
      latencyMs: latencyOf(outcome, request.endMs - dueMs, workload.timeoutMs),
      serviceMs: request.serviceMs,
      outcome,
    });
  };
  const setClock = (): void => {
    startAtMs = beforeClock.reduce((earliest, { arrival, beganMs }) => Math.min(earliest, beganMs - offsetMs(arrival)), Infinity);
    for (const iteration of beforeClock.splice(0)) settle(iteration);
  };
  const end = (iteration: Iteration): void => {
    done += 1;
    if (!Number.isNaN(startAtMs)) return settle(iteration);
    beforeClock.push(iteration);
    if (beforeClock.length >= FIRST_ARRIVALS) setClock();
  };

  return {
    get done() {
      return done;
    },
    take: ({ metric, atMs, value, tags, arrival }) => {
      if (metric === 'dropped_iterations') dropped += value;
      if (arrival === undefined) return;
      const request = underWay.get(arrival);
      if (metric === 'http_req_duration') underWay.set(arrival, { endMs: atMs, serviceMs: value, tags, refusal: undefined });
      else if (metric === REFUSAL_METRIC && request !== undefined) request.refusal = tags['code'];
      else if (metric === 'iteration_duration' && request !== undefined) {
        underWay.delete(arrival);
        end({ arrival, beganMs: atMs - value, request });
      }
    },
    result: () => {
      if (Number.isNaN(startAtMs) && beforeClock.length > 0) setClock();
      for (let count = 0; count < dropped; count += 1) tally.dropped();
      tally.unsent(Math.max(0, total - windowFrom - counted - dropped));
      flights.sample((atMs, count) => tally.inFlight(atMs, count));
      return { shard: tally.result(total - windowFrom, UNKNOWN), startAtMs };
    },
  };
}

/** A request without an answer counts with the timeout, as the built-in engine has it. */
function latencyOf(outcome: Outcome, latencyMs: number, timeoutMs: number): number {
  return unanswered(outcome) ? Math.max(timeoutMs, latencyMs) : latencyMs;
}

/** Requests in flight at each moment of sampling, put together again from when they began and ended. */
function openFlights(windowMs: number): { add(beganMs: number, endedMs: number): void; sample(each: (atMs: number, count: number) => void): void } {
  const moments = Math.ceil(windowMs / IN_FLIGHT_EVERY_MS);
  const change = new Int32Array(moments + 1);
  const moment = (ms: number): number => Math.min(moments, Math.max(0, Math.ceil(ms / IN_FLIGHT_EVERY_MS)));
  return {
    add: (beganMs, endedMs) => {
      change[moment(beganMs)]! += 1;
      change[moment(endedMs)]! -= 1;
    },
    sample: (each) => {
      let count = 0;
      for (let at = 0; at < moments; at += 1) {
        count += change[at]!;
        each(at * IN_FLIGHT_EVERY_MS, count);
      }
    },
  };
}
