// What the engine and the process that runs k6 say to each other over IPC.
import type { Workload } from '../../../../gates/model.ts';
import type { Recorded } from './record.ts';

export interface K6Order {
  /** Path of the k6 binary. */
  readonly k6: string;
  readonly script: string;
  readonly workload: Workload;
}

/** What k6 used; absent where the system does not tell (macOS). */
export interface K6Use {
  readonly cpuSeconds?: number;
  readonly peakRssMiB?: number;
}

export interface K6Ended {
  readonly type: 'ended';
  readonly recorded: Recorded;
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it said on stderr. */
  readonly stderr: string;
  readonly use: K6Use;
}

export type FromK6Process =
  | { readonly type: 'started'; readonly pid: number }
  /** Arrivals that have ended so far, warm-up included. */
  | { readonly type: 'progress'; readonly done: number }
  | K6Ended
  /** k6 could not be started, or wrote what cannot be read. */
  | { readonly type: 'failed'; readonly code: 'TOOL_MISSING' | 'INTERNAL'; readonly message: string };
