// When each request of a workload is due: arrivals by the clock, at a constant rate a stage. Used by the load workers and the engine.
import type { Workload } from '../../../gates/model.ts';

export interface Schedule {
  /** Arrivals in all, warm-up included. */
  readonly total: number;
  /** Index of the first arrival that counts. */
  readonly windowFrom: number;
  /** When arrival `index` is due, ms after the start of the warm-up. */
  offsetMs(index: number): number;
  /** Length of warm-up and window together, ms. */
  readonly lengthMs: number;
}

interface Leg {
  readonly from: number;
  readonly count: number;
  readonly startMs: number;
  readonly gapMs: number;
}

/** Stages of the window: one of `rateRps` unless the workload names its own. */
export function stagesOf(workload: Workload): readonly { readonly durationMs: number; readonly rateRps: number }[] {
  return workload.stages ?? [{ durationMs: workload.durationMs, rateRps: workload.rateRps }];
}

/** The highest rate that the workload asks for, arrivals a second. */
export function peakRps(workload: Workload): number {
  return Math.max(workload.rateRps, ...stagesOf(workload).map((stage) => stage.rateRps));
}

/** The warm-up runs at the rate of the first stage. */
export function scheduleOf(workload: Workload): Schedule {
  const stages = stagesOf(workload);
  const warmup = { durationMs: workload.warmupMs, rateRps: stages[0]?.rateRps ?? workload.rateRps };
  const legs: Leg[] = [];
  let from = 0;
  let startMs = 0;
  for (const stage of [warmup, ...stages]) {
    const count = Math.round((stage.durationMs * stage.rateRps) / 1000);
    legs.push({ from, count, startMs, gapMs: 1000 / stage.rateRps });
    from += count;
    startMs += stage.durationMs;
  }
  return { total: from, windowFrom: legs[0]?.count ?? 0, lengthMs: startMs, offsetMs: (index) => offsetIn(legs, index) };
}

function offsetIn(legs: readonly Leg[], index: number): number {
  const leg = legs.findLast((candidate) => index >= candidate.from && candidate.count > 0);
  return leg === undefined ? 0 : leg.startMs + (index - leg.from) * leg.gapMs;
}
