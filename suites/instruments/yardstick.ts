// Tells how much of a processor is to be had on this machine, by a small piece of work in a thread of its own. Used by checks that time single requests.
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

export interface Yardstick {
  /** Wall time ÷ CPU time of the work: 1 where a processor is free, 3 where the thread got a third of one. */
  measure(): Promise<number>;
  stop(): Promise<void>;
}

/** yardstick-thread.ts from a checkout, yardstick-thread.js from the package. */
const THREAD = fileURLToPath(new URL(`./yardstick-thread${extname(import.meta.url)}`, import.meta.url));

/** One measurement at a time. */
export function openYardstick(): Yardstick {
  const thread = new Worker(THREAD);
  return {
    async measure() {
      const answered = once(thread, 'message') as Promise<[number]>;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      thread.postMessage('work');
      return (await answered)[0];
    },
    stop: async () => void (await thread.terminate()),
  };
}
