// What the engine and the process that runs autocannon say to each other over IPC.
import type { Workload } from '../../../../gates/model.ts';

export interface AutocannonOrder {
  readonly workload: Workload;
  readonly connections: number;
}
export interface AutocannonEnded {
  readonly type: 'ended';
  /** From the real send time: HDR of µs, compressed, base64. */
  readonly service: string;
  readonly answered: number;
  readonly failures: Readonly<Record<string, number>>;
}
export type FromAutocannon =
  | AutocannonEnded
  /** Answers of the window so far. */
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'failed'; readonly message: string };
