// The built-in load engine: open model, several worker processes, and a proof that it was not the bottleneck. Made by cli/, driven by load checks.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Instrument, LoadEngine, LoadResult, Workload } from '../../../gates/model.ts';
import { calibrate } from './calibration.ts';
import type { Calibration, Orders } from './calibration.ts';
import { openFleet } from './fleet.ts';
import { figuresOf } from './histogram.ts';
import { CALIBRATION_FACTOR, complaints } from './innocence.ts';
import { mergeShards } from './merge.ts';
import type { Merged } from './merge.ts';
import { peakRps, scheduleOf } from './schedule.ts';
import { cpuPressureUs } from './vitals.ts';

export interface EngineOptions {
  /** Worker processes; default by rate and cores. */
  readonly workers?: number;
  /** Most connections that the environment allows; beyond it arrivals are dropped, and the instrument says that it is sick. */
  readonly maxConnections?: number;
  /** A header that carries each request's intended send time, µs since the epoch, so that a server can log the truth. */
  readonly intendedHeader?: string;
}

const VERSION = '1';
/** One worker holds six times as much, measured; small shares keep each worker's event loop idle most of the time. */
const RPS_PER_WORKER = 500;
/** From the order to the first arrival, ms: time enough for the order to reach every worker. */
const LEAD_MS = 100;
/**
 * Connections opened before the start, for each request a second: enough for half a second in which the target answers
 * nothing (the plan's P99 limit is half a second), at most MAX_RESERVE.
 */
const RESERVE_PER_RPS = 0.5;
const MAX_RESERVE = 500;
/** Time to open one of them, ms: on 2 cores shared with the target a TLS handshake took 1.2 ms of both sides' CPU, a plain one 0.2. */
const HANDSHAKE_MS = { 'https:': 1.5, 'http:': 0.3 };
/** Files a worker keeps for other things than connections. */
const FILES_IN_RESERVE = 200;
/** Where the system does not tell its limit of open files (macOS gives Node 10 240 or more). */
const ASSUMED_FILES = 10_240;

/** Remembers its calibration: the first run at a rate pays for it (about 1.5 s), the next ones at most that fast do not. */
export function builtInEngine(options: EngineOptions = {}): LoadEngine {
  let known: Calibration | undefined;
  return {
    name: 'built-in',
    run: async (workload, onProgress, signal) => {
      signal.throwIfAborted();
      const peak = peakRps(workload);
      const size = options.workers ?? workersFor(peak);
      const fleet = await openFleet(size, signal);
      try {
        if (known === undefined || known.complaints.length > 0 || known.rateRps < peak * CALIBRATION_FACTOR) {
          known = await calibrate(fleet, peak, (nullWorkload) => ordersOf(nullWorkload, options, size), signal);
        }
        const { total, windowFrom } = scheduleOf(workload);
        const orders = ordersOf(workload, options, size);
        const pressureMs = meterPressure();
        const shards = await fleet.run(orders.of, (done) => onProgress(done, total));
        onProgress(total, total);
        const merged = mergeShards(shards, total - windowFrom);
        return toResult(merged, orders.startAtMs + workload.warmupMs, inspect(merged, known, { workers: size, cpuPressureMs: pressureMs() }));
      } finally {
        fleet.end();
      }
    },
  };
}

/**
 * One core is left to a target on the same machine. On 2 cores, beside a target that used 0.8 of one, a single worker's
 * schedule lag P99 was 1.6 ms and that of two workers 3.8 ms.
 */
function workersFor(peak: number): number {
  return Math.max(1, Math.min(availableParallelism() - 1, Math.ceil(peak / RPS_PER_WORKER)));
}

function ordersOf(workload: Workload, options: EngineOptions, size: number): Orders {
  const maxInFlight = Math.floor(Math.min(openFiles() - FILES_IN_RESERVE, (options.maxConnections ?? Infinity) / size));
  const reserve = Math.ceil(Math.min(maxInFlight, (workload.reserve ?? Math.min(MAX_RESERVE, peakRps(workload) * RESERVE_PER_RPS)) / size));
  const isSecure = workload.requests.some(({ url }) => url.startsWith('https:'));
  const startAtMs = Date.now() + LEAD_MS + reserve * size * HANDSHAKE_MS[isSecure ? 'https:' : 'http:'];
  return { startAtMs, of: (index) => ({ workload, index, of: size, startAtMs, intendedHeader: options.intendedHeader, maxInFlight, reserve }) };
}

/**
 * Connections that a worker can open at the most. Rate × timeout never reaches it (1000 req/s × 10 s = 10 000 here, of
 * 20 000 files); where it does, arrivals are dropped and the proof of innocence fails.
 */
function openFiles(): number {
  try {
    const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return hard === undefined ? ASSUMED_FILES : Number(hard); // Node raises its own soft limit to the hard one.
  } catch {
    return ASSUMED_FILES;
  }
}

function meterPressure(): () => number | undefined {
  const before = cpuPressureUs();
  return () => {
    const after = cpuPressureUs();
    return before === undefined || after === undefined ? undefined : (after - before) / 1000;
  };
}

function inspect(merged: Merged, calibration: Calibration, run: { readonly workers: number; readonly cpuPressureMs: number | undefined }): Instrument {
  const why = [
    ...merged.lost,
    ...complaints(merged.vitals),
    ...calibration.complaints.map((complaint) => `calibration at ${calibration.rateRps} req/s: ${complaint}`),
  ];
  const facts = {
    ...merged.vitals,
    scheduleLagP50Ms: figuresOf(merged.lag).p50,
    workers: run.workers,
    cpuCores: merged.cpuCores,
    rssMiB: merged.rssMiB,
    runDelayMs: merged.runDelayMs,
    cpuPressureMs: run.cpuPressureMs,
    inFlightMean: merged.inFlight.mean,
    calibrationRps: calibration.rateRps,
    calibrationTries: calibration.tries,
    calibrationLagP99Ms: calibration.lagP99Ms,
    calibrationLatencyP99Ms: calibration.latencyP99Ms,
  };
  return { name: 'built-in', version: VERSION, healthy: why.length === 0, ...(why.length === 0 ? {} : { why: why.join('; ') }), facts: rounded(facts) };
}

/** Figures to 4 digits; what the system did not tell, and what is no number (JSON has none), is left out. */
export function rounded(facts: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]) => (value === undefined || !Number.isFinite(value) ? [] : [[key, Number(value.toPrecision(4))]])),
  );
}

function toResult(merged: Merged, startedAtMs: number, instrument: Instrument): LoadResult {
  const { latency, service, perRoute, scheduled, sent, answered, failed, failures, inFlight, timeline } = merged;
  return {
    latency,
    service,
    perRoute,
    scheduled,
    sent,
    answered,
    failed,
    failures,
    inFlight,
    timeline,
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date().toISOString(),
    instrument,
  };
}
