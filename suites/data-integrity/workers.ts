// Several tables at a time, the largest first, each worker with sessions of its own that see one moment. Used by the checks of rows.
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabasePlace, DatabaseSession, Progress } from '../../gates/model.ts';
import type { TablePair } from './mapping.ts';
import type { Sides } from './sides.ts';

/** A table that could not be looked at, and why. */
export interface Unseen {
  readonly table: string;
  readonly why: string;
}

export interface WorkerSessions {
  /** The same one for the same place and lane. */
  session(place: DatabasePlace, lane?: number): Promise<DatabaseSession>;
}

/**
 * `work` is called once for each pair. A throw concerns that table alone: it is unseen, and its sessions are not used again.
 * An abort ends all of it.
 */
export async function forEachTable(
  sides: Sides,
  pairs: readonly TablePair[],
  options: { readonly parallel: number; readonly signal: AbortSignal; readonly statementTimeoutMs: number },
  work: (pair: TablePair, sessions: WorkerSessions) => Promise<void>,
): Promise<readonly Unseen[]> {
  const waiting = pairs.toSorted((a, b) => b.legacy.estimatedRows - a.legacy.estimatedRows);
  const unseen: Unseen[] = [];
  const worker = async (): Promise<void> => {
    let opened = new Map<string, DatabaseSession>();
    const closeAll = async (): Promise<void> => {
      const closing = [...opened.values()];
      opened = new Map();
      await Promise.all(closing.map((session) => session.close()));
    };
    const sessions: WorkerSessions = {
      async session(place, lane = 0) {
        const name = `${lane} ${place === 'target' ? '' : place.legacy}`;
        const known = opened.get(name);
        if (known !== undefined) return known;
        const session = await sides.open(place, options.statementTimeoutMs);
        opened.set(name, session);
        return session;
      },
    };
    try {
      for (let pair = waiting.shift(); pair !== undefined; pair = waiting.shift()) {
        options.signal.throwIfAborted();
        try {
          await work(pair, sessions);
        } catch (error) {
          options.signal.throwIfAborted();
          unseen.push({ table: `${pair.target.schema}.${pair.target.table}`, why: error instanceof Error ? error.message : String(error) });
          // A transaction that failed answers nothing any more.
          await closeAll();
        }
      }
    } finally {
      await closeAll();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.parallel) }, worker));
  return unseen;
}

const PROGRESS_MS = 500;

/** Tells how far the work is until it is done; answers what it answers. */
export async function* whileWorking<Result>(work: Promise<Result>, tell: () => Progress): AsyncGenerator<Progress, Result> {
  // A caller that stops listening must not leave a rejection that nobody hears.
  work.catch(() => undefined);
  for (;;) {
    const settled = await Promise.race([work.then((result) => ({ result })), delay(PROGRESS_MS, undefined, { ref: false })]);
    if (settled !== undefined) return settled.result;
    yield tell();
  }
}
