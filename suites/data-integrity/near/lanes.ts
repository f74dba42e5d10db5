// How many chunks of one table are compared at a time, and the sessions for it: a table that holds most of the rows must not keep one worker while the others are done.
import type { TablePair } from '../mapping.ts';
import type { WorkerSessions } from '../workers.ts';
import type { Lane } from './chunks.ts';

/** Smaller tables are done before a second pair of connections is worth it. */
const MANY_ROWS = 500_000;

/** As many as the table's part of all rows has of the workers; a core is left to whoever compares. Pure. */
export function lanesFor(pair: TablePair, pairs: readonly TablePair[], { parallel, cores }: { readonly parallel: number; readonly cores: number }): number {
  const rows = pair.legacy.estimatedRows;
  if (rows < MANY_ROWS) return 1;
  const all = pairs.reduce((sum, { legacy }) => sum + legacy.estimatedRows, 0);
  return Math.max(1, Math.min(Math.round((parallel * rows) / all), cores - 1));
}

/** Those besides the worker's first pair of sessions. */
export async function moreLanes(sessions: WorkerSessions, database: string, lanes: number): Promise<readonly Lane[]> {
  const more: Lane[] = [];
  for (let lane = 1; lane < lanes; lane += 1)
    more.push({ legacy: await sessions.session({ legacy: database }, lane), target: await sessions.session('target', lane) });
  return more;
}
