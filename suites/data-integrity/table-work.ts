// What is known of each table while its rows are compared: how far, what was found, and what `--resume` needs to go on behind it. Used by row-contents.
import { z } from 'zod';
import { type Checkpoint, type DataMapping, Item } from '../../gates/model.ts';
import { keyTexts } from './drift/key-text.ts';
import { keyId } from './drift/look-again.ts';
import { type FindingsOfTable, NAMED_A_TABLE, type TableFindings, collectFindings } from './findings.ts';
import type { TablePair } from './mapping.ts';
import type { Difference } from './near/compare-ordered.ts';
import { type KeyBound, type RowStatements, type SentColumn, rowStatements } from './near/statements.ts';
import type { LookedAgain } from './second-look.ts';

/** Rows of a table that are looked at again; each statement of a table without a key reads all of it. */
const LOOKED_AGAIN = { keyed: 5000, keyless: 200 } as const;
const CHECKPOINT_MS = 1000;

const count = z.int().min(0);
const SavedTable = z.object({
  /** What the servers' counters said before it was compared. */
  stamp: z.string(),
  legacyRows: count,
  targetRows: count,
  bytes: count,
  seconds: z.number().min(0),
  how: z.string(),
  isDone: z.boolean(),
  after: z.array(z.string()).optional(),
  keys: z.array(z.array(z.string())),
  beyond: z.object({ items: z.array(Item), missing: count, extra: count, changed: count, byColumn: z.record(z.string(), count) }),
});
type SavedTable = z.infer<typeof SavedTable>;
const Saved = z.object({ version: z.literal(1), cut: z.string(), tables: z.record(z.string(), SavedTable) });
export type Saved = z.infer<typeof Saved>;

/** Undefined: there is nothing to go on with. */
export function readSaved(checkpoint: Checkpoint): Saved | undefined {
  const read = Saved.safeParse(checkpoint.read());
  return read.success ? read.data : undefined;
}

export interface TableWork {
  readonly pair: TablePair;
  readonly rows: { legacyRows: number; targetRows: number; bytes: number };
  /** Everything up to this key was compared. */
  readonly after: KeyBound | undefined;
  readonly isDone: boolean;
  readonly seconds: number;
  readonly how: string;
  /** A chunk is done; `to` undefined: it was the last. What was noted before counts from now on, for a chunk that breaks off is compared again. */
  endChunk(to: KeyBound | undefined, seconds: number, how: string): void;
  /** Rows that differed and are to be looked at again. */
  keys(): readonly KeyBound[];
  note(difference: Difference, sent: readonly SentColumn[]): void;
  /** Whether more of what differs is looked at again or named; else it is only counted. */
  wantsValues(): boolean;
  /** What a second look, or its failure, leaves of it. Undefined: it was compared by an earlier process, and what it found cannot be told any more. */
  found(looked: LookedAgain | Error | undefined): TableFindings | undefined;
}
export interface Work {
  of(pair: TablePair): TableWork;
  /** Chunks of another process that are not compared again. */
  readonly resumed: number;
  /** Writes it down, now and then or at once. */
  save(isUrgent?: boolean): void;
}

/** A table goes on where it stopped as long as neither server has counted a write to it since it was begun; else it begins anew. */
export function openWork(of: {
  readonly pairs: readonly TablePair[];
  readonly mapping: DataMapping;
  readonly cut: string;
  readonly stamps: ReadonlyMap<TablePair, string | undefined>;
  readonly saved: Saved | undefined;
  readonly checkpoint: Checkpoint;
}): Work {
  const { pairs, stamps, saved, cut } = of;
  const works = new Map<TablePair, { readonly work: TableWork; save(stamp: string): SavedTable }>();
  let resumed = 0;
  for (const pair of pairs) {
    const before = saved?.tables[nameOf(pair)];
    const isSame = before !== undefined && before.stamp === stamps.get(pair);
    if (isSame) resumed += 1;
    works.set(pair, openTable(pair, of.mapping, rowStatements(pair, cut), isSame ? before : undefined));
  }
  let lastSave = performance.now();
  return {
    resumed,
    of: (pair) => (works.get(pair) as { readonly work: TableWork }).work,
    save(isUrgent = false) {
      if (!isUrgent && performance.now() - lastSave < CHECKPOINT_MS) return;
      lastSave = performance.now();
      const tables = pairs.flatMap((pair) => {
        const stamp = stamps.get(pair);
        const table = works.get(pair);
        return stamp === undefined || table === undefined ? [] : [[nameOf(pair), table.save(stamp)] as const];
      });
      of.checkpoint.write({ version: 1, cut, tables: Object.fromEntries(tables) } satisfies Saved);
    },
  };
}

function nameOf({ database, legacy, target }: TablePair): string {
  return `${database} ${legacy.schema}.${legacy.table} ${target.schema}.${target.table}`;
}

interface Suspect {
  readonly key: KeyBound;
  /** As they were seen first; none where another process saw them. */
  readonly seen: Difference[];
}

function openTable(
  pair: TablePair,
  mapping: DataMapping,
  statements: RowStatements,
  before: SavedTable | undefined,
): { work: TableWork; save(stamp: string): SavedTable } {
  const suspects = new Map<string, Suspect>((before?.keys ?? []).map((key) => [keyId(key), { key, seen: [] }]));
  const beyond = collectFindings(pair, mapping, before?.beyond);
  const room = statements.isKeyed ? LOOKED_AGAIN.keyed : LOOKED_AGAIN.keyless;
  const { legacyRows = 0, targetRows = 0, bytes = 0, seconds = 0, how = '', isDone = false, after } = before ?? {};
  const progress = { after, isDone, seconds, how };
  const rows = { legacyRows, targetRows, bytes };
  const state = (): Omit<SavedTable, 'stamp'> => ({
    ...rows,
    seconds: progress.seconds,
    how: progress.how,
    isDone: progress.isDone,
    ...(progress.after === undefined ? {} : { after: [...progress.after] }),
    keys: work.keys().map((key) => [...key]),
    beyond: findingsToSave(beyond.result()),
  });
  // Of a table with a key each row differs once, so that beyond the room nothing has to be looked up.
  const isFull = (): boolean => statements.isKeyed && before === undefined && suspects.size >= room;
  const work: TableWork = {
    pair,
    rows,
    get after() {
      return progress.after;
    },
    get isDone() {
      return progress.isDone;
    },
    get seconds() {
      return progress.seconds;
    },
    get how() {
      return progress.how;
    },
    endChunk(to, tookSeconds, inWhichWay) {
      Object.assign(progress, { after: to, isDone: to === undefined, seconds: tookSeconds, how: inWhichWay });
      atChunk = state();
    },
    wantsValues: () => !isFull() || !beyond.isFull(),
    keys: () => [...suspects.values()].map(({ key }) => key),
    note(difference, sent) {
      if (isFull()) return beyond.add(difference, sent);
      const key = keyTexts(difference.key, statements);
      const known = suspects.get(keyId(key));
      if (known !== undefined) known.seen.push(difference);
      else if (suspects.size < room) suspects.set(keyId(key), { key, seen: [difference] });
      else beyond.add(difference, sent);
      return undefined;
    },
    found(looked) {
      const first = collectFindings(pair, mapping);
      if (looked === undefined) return beyond.result();
      if (looked instanceof Error && [...suspects.values()].some(({ seen }) => seen.length === 0)) return undefined;
      const real = looked instanceof Error ? [...suspects.values()].flatMap(({ seen }) => seen) : looked.real;
      for (const difference of real) first.add(difference, statements.sent);
      return merged(first, beyond);
    },
  };
  let atChunk = state();
  return { work, save: (stamp) => ({ stamp, ...atChunk }) };
}

function findingsToSave({ items, byColumn, ...counts }: TableFindings): SavedTable['beyond'] {
  return { ...counts, items: [...items], byColumn: { ...byColumn } };
}

function merged(a: FindingsOfTable, b: FindingsOfTable): TableFindings {
  const [first, second] = [a.result(), b.result()];
  const byColumn = { ...first.byColumn };
  for (const [column, values] of Object.entries(second.byColumn)) byColumn[column] = (byColumn[column] ?? 0) + values;
  return {
    items: [...first.items, ...second.items].slice(0, NAMED_A_TABLE),
    missing: first.missing + second.missing,
    extra: first.extra + second.extra,
    changed: first.changed + second.changed,
    byColumn,
  };
}
