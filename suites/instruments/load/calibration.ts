// Before a run: can these workers hold 1.5 × the rate against a responder that does nothing? Used by the engine.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Workload } from '../../../gates/model.ts';
import { GateError } from '../../../gates/model.ts';
import type { Fleet } from './fleet.ts';
import { siblingPath } from './fleet.ts';
import { figuresOf } from './histogram.ts';
import { CALIBRATION_FACTOR, complaints } from './innocence.ts';
import { mergeShards } from './merge.ts';
import type { ShardOrder } from './protocol.ts';

/** The workers' code is compiled and their connections are open by then; only what follows counts. */
const WARMUP_MS = 400;
const DURATION_MS = 1000;
const TIMEOUT_MS = 1000;
/** A sick measurement is repeated once (DESIGN §6), this one too. */
const TRIES = 2;

/** What the workers are told: the same start for all of them. */
export interface Orders {
  readonly startAtMs: number;
  of(index: number): ShardOrder;
}

export interface Calibration {
  readonly rateRps: number;
  readonly tries: number;
  readonly lagP99Ms: number;
  /** Latency P99 against the null responder: what the instrument itself adds at the most. */
  readonly latencyP99Ms: number;
  /** Empty: the rate was held. */
  readonly complaints: readonly string[];
}

/** Throws GateError INTERNAL when the null responder does not start; an abort ends it and throws the signal's reason. */
export async function calibrate(fleet: Fleet, peakRps: number, ordersOf: (workload: Workload) => Orders, signal: AbortSignal): Promise<Calibration> {
  const responder = fork(siblingPath('null-responder'), [], { execArgv: [] });
  const end = (): void => void responder.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  try {
    const workload = nullWorkload(await portOf(responder), peakRps * CALIBRATION_FACTOR);
    for (let tries = 1; ; tries += 1) {
      const calibration = await once(fleet, workload, ordersOf, tries);
      if (calibration.complaints.length === 0 || tries === TRIES) return calibration;
    }
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

async function once(fleet: Fleet, workload: Workload, ordersOf: (workload: Workload) => Orders, tries: number): Promise<Calibration> {
  const shards = await fleet.run(ordersOf(workload).of, () => undefined);
  const merged = mergeShards(shards);
  const unserved = merged.scheduled - merged.answered;
  return {
    rateRps: workload.rateRps,
    tries,
    lagP99Ms: merged.vitals.scheduleLagP99Ms,
    latencyP99Ms: figuresOf(merged.latency).p99,
    complaints: [
      ...complaints(merged.vitals),
      ...merged.lost,
      ...(unserved > 0 ? [`${unserved} of ${merged.scheduled} requests unanswered by the null responder, limit 0`] : []),
    ],
  };
}

function nullWorkload(port: number, rateRps: number): Workload {
  const request = { route: 'null', method: 'GET' as const, url: `http://127.0.0.1:${port}/`, headers: {}, weight: 1, ok: [204] };
  return { requests: [request], rateRps, warmupMs: WARMUP_MS, durationMs: DURATION_MS, timeoutMs: TIMEOUT_MS, seed: 1 };
}

function portOf(responder: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    responder.once('message', (message: { readonly port: number }) => resolve(message.port));
    responder.once('error', reject);
    responder.once('exit', (code, by) => reject(new GateError('INTERNAL', `The null responder ended before it was ready (${by ?? code}).`)));
  });
}
