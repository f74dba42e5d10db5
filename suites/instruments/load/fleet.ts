// The worker processes of one load run: forked together, given their shards, ended together. Used by the engine.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GateError } from '../../../gates/model.ts';
import type { FromWorker, ShardOrder, ShardResult } from './protocol.ts';

/** A worker that ended before its result; what it sent is lost. */
export interface Lost {
  readonly lost: string;
}

export interface Fleet {
  readonly size: number;
  /** Resolves with one result a worker, in their order. Rejects where a worker failed to work at all. */
  run(order: (index: number) => ShardOrder, onProgress: (done: number) => void): Promise<readonly (ShardResult | Lost)[]>;
  end(): void;
}

/** `null-responder.ts` beside this file, or the `.js` that it was built to. */
export function siblingPath(name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url));
}

/** Throws GateError INTERNAL when a worker does not start. An abort ends all of them at once. */
export async function openFleet(size: number, signal: AbortSignal): Promise<Fleet> {
  const children = Array.from({ length: size }, () => fork(siblingPath('worker'), [], { execArgv: [], serialization: 'json' }));
  const end = (): void => {
    signal.removeEventListener('abort', end);
    for (const child of children) child.kill('SIGKILL');
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    await Promise.all(children.map((child) => ready(child)));
  } catch (error) {
    end();
    signal.throwIfAborted();
    throw error;
  }
  return {
    size,
    end,
    run: async (order, onProgress) => {
      const done = new Array<number>(size).fill(0);
      const results = await Promise.all(
        children.map((child, index) =>
          take(child, order(index), (count) => {
            done[index] = count;
            onProgress(Math.min(...done));
          }),
        ),
      );
      signal.throwIfAborted();
      return results;
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('error', reject);
    child.once('exit', (code, by) => reject(new GateError('INTERNAL', `A load worker ended before it was ready (${by ?? code}).`)));
  });
}

function take(child: ChildProcess, order: ShardOrder, onProgress: (done: number) => void): Promise<ShardResult | Lost> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      child.off('message', hear);
      child.off('exit', lose);
    };
    const lose = (code: number | null, by: string | null): void => {
      leave();
      resolve({ lost: `a load worker ended early (${by ?? `exit ${code}`})` });
    };
    const hear = (message: FromWorker): void => {
      switch (message.type) {
        case 'ready':
          return;
        case 'progress':
          return onProgress(message.done);
        case 'result':
          leave();
          return resolve(message.result);
        case 'failed':
          leave();
          return reject(new GateError('INTERNAL', `A load worker failed: ${message.message}`));
        default:
          message satisfies never;
      }
    };
    child.on('message', hear);
    child.on('exit', lose);
    if (child.exitCode !== null || child.signalCode !== null) return lose(child.exitCode, child.signalCode);
    child.send({ type: 'run', order }, (error) => {
      if (error !== null) lose(null, error.message);
    });
  });
}
