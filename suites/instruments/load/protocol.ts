// What the load engine and its worker processes say to each other over IPC.
import type { Workload } from '../../../gates/model.ts';

/** One worker's part of a run: it sends every arrival whose index is `index` modulo `of`. */
export interface ShardOrder {
  readonly workload: Workload;
  readonly index: number;
  readonly of: number;
  /** Start of the warm-up, ms since the epoch; the same for all workers. */
  readonly startAtMs: number;
  /** Header that carries the intended send time, µs since the epoch; absent: none is sent. */
  readonly intendedHeader?: string;
  /** Most requests that this worker may have in flight; arrivals beyond are dropped, counted, and make it sick. */
  readonly maxInFlight: number;
  /** Connections that this worker opens before the start. */
  readonly reserve: number;
}

export interface RouteShard {
  readonly latency: string;
  readonly answered: number;
  readonly failed: number;
}

/** What one worker saw in the window. Histograms are HDR V2, compressed, base64, in µs. */
export interface ShardResult {
  readonly latency: string;
  readonly service: string;
  readonly lag: string;
  readonly routes: Readonly<Record<string, RouteShard>>;
  readonly scheduled: number;
  readonly sent: number;
  readonly answered: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly dropped: number;
  /** In flight, sampled every IN_FLIGHT_EVERY_MS of the window. */
  readonly inFlight: readonly number[];
  readonly timeline: {
    readonly n: readonly number[];
    readonly failed: readonly number[];
    readonly sumMs: readonly number[];
    readonly maxMs: readonly number[];
  };
  readonly vitals: WorkerVitals;
}

/** A worker's word on itself, during the window. */
export interface WorkerVitals {
  readonly eventLoopDelayP99Ms: number;
  readonly eventLoopDelayMaxMs: number;
  readonly gcMaxMs: number;
  /** CPU used, cores. */
  readonly cpuCores: number;
  /** Time it waited for a CPU, ms; absent where /proc does not tell. */
  readonly runDelayMs?: number;
  readonly rssMiB: number;
}

/** Stretch of the timeline, ms. */
export const BUCKET_MS = 100;
export const IN_FLIGHT_EVERY_MS = 20;

export type ToWorker = { readonly type: 'run'; readonly order: ShardOrder };
export type FromWorker =
  | { readonly type: 'ready' }
  /** Arrivals dispatched so far, warm-up included. */
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'result'; readonly result: ShardResult }
  | { readonly type: 'failed'; readonly message: string };
