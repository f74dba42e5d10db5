// What a watch for drift knows so far, as JSON, so that it goes on after a restart. Filled by watch.ts, read by dual-write-drift.check.ts.
import { z } from 'zod';
import { Item } from '../../../gates/model.ts';

const ms = z.number().min(0);
const SuspectState = z.object({
  key: z.array(z.string()),
  since: ms,
  seen: z.object({ legacy: z.string(), target: z.string(), pairSince: ms, targetSince: ms, looks: z.int() }).optional(),
});

export const TableState = z.object({
  /** Stamp of both sides when the watch began, and when it was compared last; absent where the servers do not count. */
  baseline: z.string().optional(),
  compared: z.string().optional(),
  /** Counter of the legacy side at the last reading, and rows written while it was watched. */
  counter: z.int().optional(),
  writes: z.int(),
  suspects: z.array(SuspectState),
  /** By key: rows whose difference was confirmed, with what is told of them; of the later ones nothing. */
  confirmed: z.record(z.string(), z.array(Item)),
  /** Rows that differed and were equal when looked at again, and the longest time that took, ms. */
  arrived: z.int(),
  slowestMs: ms,
  /** Rows of the last pass that differed and that there was no room to look at again. */
  beyond: z.int(),
});
export type TableState = z.infer<typeof TableState>;

export const WatchState = z.object({
  version: z.literal(1),
  /** Moment of the cut for the mapping's filters. */
  cut: z.string(),
  /** Stretches in which it watched, ms since 1970; between them it was blind. */
  spans: z.array(z.object({ from: ms, to: ms })),
  tables: z.record(z.string(), TableState),
  rowsLooked: z.int(),
  passes: z.int(),
});
export type WatchState = z.infer<typeof WatchState>;

export function newTable(): TableState {
  return { writes: 0, suspects: [], confirmed: {}, arrived: 0, slowestMs: 0, beyond: 0 };
}
export function newState(cut: string): WatchState {
  return { version: 1, cut, spans: [], tables: {}, rowsLooked: 0, passes: 0 };
}

/** From here on it watches. A stretch that has no length yet begins again. */
export function beginSpan({ spans }: WatchState, at: number): void {
  const last = spans.at(-1);
  if (last !== undefined && last.from === last.to) spans.pop();
  spans.push({ from: at, to: at });
}

export function observedMs({ spans }: Pick<WatchState, 'spans'>): number {
  return spans.reduce((sum, { from, to }) => sum + (to - from), 0);
}
/** Where it was blind. */
export function gapsOf({ spans }: Pick<WatchState, 'spans'>): readonly { readonly from: string; readonly to: string; readonly seconds: number }[] {
  return spans.slice(1).flatMap((span, index) => {
    const before = spans[index]?.to ?? span.from;
    return [{ from: new Date(before).toISOString(), to: new Date(span.from).toISOString(), seconds: Math.round((span.from - before) / 100) / 10 }];
  });
}
