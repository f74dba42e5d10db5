// Starts the bench's child processes, hears their answers and ends them. Used by accuracy.ts and throughput.ts.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `path` is relative to this file. The child ends with this process. */
export function start(path: string): ChildProcess {
  return fork(fileURLToPath(new URL(path, import.meta.url)), [], { execArgv: [] });
}

/** Sends `order`, if any, and resolves with the next message. Rejects when the child ends first. */
export function hear<T>(child: ChildProcess, order?: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (code: number | null, by: string | null): void => reject(new Error(`A child process of the bench ended early (${by ?? code}).`));
    child.once('exit', end);
    child.once('message', (message) => {
      child.off('exit', end);
      resolve(message as T);
    });
    if (order !== undefined) child.send(order as object);
  });
}
