// Rows that differed once and may be a write under way: when to believe it (DATA-INTEGRITY, "On a live source"). Pure; used by row-contents and by the watch for drift.
import type { Sighting } from './look-again.ts';

/** Times in ms of one clock. It is JSON, so that a watch can go on after a restart. */
export interface Suspect {
  readonly key: string[];
  /** First seen differing. */
  readonly since: number;
  /** The versions of both sides at the last look, and when this pair, and this of the target, were seen first; absent: not looked at yet. */
  readonly seen?: { readonly legacy: string; readonly target: string; readonly pairSince: number; readonly targetSince: number; readonly looks: number };
}

export interface Patience {
  /** A row counts as quiet that was not written between two looks so far apart, ms: 900 (DATA-INTEGRITY: looking again at rows whose source had not changed for 0.9 s). */
  readonly quietMs: number;
  /** A write that has not arrived so long after both rows were last written is lost, ms. */
  readonly confirmMs: number;
}
/** A row that is written all the time is believed to be left behind when the target's row has stood still for so many times as long. */
const LEFT_BEHIND = 3;

export type Looked =
  /** It arrived, or both rows are gone. `afterMs`: since it was first seen, an upper bound of its lag. */
  | { readonly kind: 'equal'; readonly afterMs: number }
  | { readonly kind: 'waiting'; readonly suspect: Suspect }
  /** `quiet`: neither row was written meanwhile. `left-behind`: the legacy row kept changing, and the target's did not follow. */
  | { readonly kind: 'confirmed'; readonly how: 'quiet' | 'left-behind'; readonly afterMs: number };

/** What a look at `at` makes of a suspect. `sighting` undefined: the row does not differ. */
export function weigh(suspect: Suspect, sighting: Sighting | undefined, at: number, { quietMs, confirmMs }: Patience): Looked {
  if (sighting === undefined) return { kind: 'equal', afterMs: at - suspect.since };
  const { seen } = suspect;
  const { legacy, target } = sighting;
  const isSameTarget = seen !== undefined && seen.target === target;
  const isSamePair = isSameTarget && seen.legacy === legacy;
  const pairSince = isSamePair ? seen.pairSince : at;
  const targetSince = isSameTarget ? seen.targetSince : at;
  const afterMs = at - suspect.since;
  if (at - pairSince >= Math.max(quietMs, confirmMs)) return { kind: 'confirmed', how: 'quiet', afterMs };
  if (at - targetSince >= LEFT_BEHIND * Math.max(quietMs, confirmMs)) return { kind: 'confirmed', how: 'left-behind', afterMs };
  return { kind: 'waiting', suspect: { ...suspect, seen: { legacy, target, pairSince, targetSince, looks: (seen?.looks ?? 0) + 1 } } };
}
