// When k6 lets each arrival begin: its executors' own arithmetic, so that latency can be counted from the intended start. Used by the script and the record.
import type { Workload } from '../../../../gates/model.ts';
import { stagesOf } from '../schedule.ts';

/** A stretch of constant rate. */
export interface Leg {
  readonly rateRps: number;
  readonly durationMs: number;
}

/** k6 takes whole rates only; `rate` arrivals each `seconds` are the same as a broken number of them a second. */
export interface WholeRate {
  readonly seconds: number;
  readonly of: (rateRps: number) => number;
}

/** Warm-up and window in one, so that users, connections and schedule go through from the one to the other. */
export function legsOf(workload: Workload): readonly Leg[] {
  const stages = stagesOf(workload);
  const warmup = { rateRps: stages[0]?.rateRps ?? workload.rateRps, durationMs: workload.warmupMs };
  const legs = [warmup, ...stages].filter(({ durationMs }) => durationMs > 0);
  return legs.every(({ rateRps }) => rateRps === legs[0]?.rateRps) ? [{ rateRps: legs[0]?.rateRps ?? workload.rateRps, durationMs: lengthMs(legs) }] : legs;
}

export function lengthMs(legs: readonly Leg[]): number {
  return legs.reduce((sum, leg) => sum + leg.durationMs, 0);
}

export function wholeRateOf(legs: readonly Leg[]): WholeRate {
  const seconds = legs.every(({ rateRps }) => Number.isInteger(rateRps)) ? 1 : 1000;
  return { seconds, of: (rateRps) => Math.round(rateRps * seconds) };
}

/** Time between two arrivals of a constant rate, ms; k6 counts it in whole ns. */
export function periodMs(rateRps: number, whole: WholeRate): number {
  return Math.floor((whole.seconds * 1e9) / whole.of(rateRps)) / 1e6;
}

/**
 * When arrival `index` is due, ms after the first moment of the schedule.
 *
 * `constant-arrival-rate` starts arrival i at i × period. `ramping-arrival-rate` starts it when the area under the rate
 * reaches i + 1, which is one period later (k6 v2.1.0, lib/executor/{constant,ramping}_arrival_rate.go).
 */
export function offsetsOf(legs: readonly Leg[]): (index: number) => number {
  const whole = wholeRateOf(legs);
  const [first] = legs;
  if (legs.length === 1 && first !== undefined) {
    const gapMs = periodMs(first.rateRps, whole);
    return (index) => index * gapMs;
  }
  let done = 0;
  let startMs = 0;
  const marks = legs.map(({ rateRps, durationMs }) => {
    const perMs = whole.of(rateRps) / whole.seconds / 1000;
    const mark = { before: done, startMs, perMs };
    done += durationMs * perMs;
    startMs += durationMs;
    return mark;
  });
  return (index) => {
    const mark = marks.findLast(({ before }) => index + 1 > before) ?? marks[0];
    return mark === undefined ? 0 : mark.startMs + (index + 1 - mark.before) / mark.perMs;
  };
}
