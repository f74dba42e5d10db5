// Goes through a table chunk by chunk, on several pairs of sessions at once where there are, and tells what was found in the order of the key all the same.
// Both ways of comparison use it, so that progress, pauses and going on where a run stopped are one thing.
import type { DatabaseSession } from '../../../gates/model.ts';
import type { TablePair } from '../mapping.ts';
import type { Difference } from './compare-ordered.ts';
import type { KeyBound, KeyRange, RowStatements, SentColumn } from './statements.ts';

/** Two sessions that one chunk at a time is compared on. */
export interface Lane {
  readonly legacy: DatabaseSession;
  readonly target: DatabaseSession;
}
export interface TableComparison extends Lane {
  readonly pair: TablePair;
  /** More sessions that see the same moment: as many more chunks are under way at a time. */
  readonly lanes?: readonly Lane[];
  /** Moment of the cut, for the mapping's filters. */
  readonly cut: string;
  /** Rows of a chunk to begin with; from then on as many as take `CHUNK_MS`. */
  readonly chunkRows: number;
  /** Waits between two chunks of a lane, where the server is busy. */
  readonly pause: (lane: Lane) => Promise<void>;
  /** Goes on behind this key: all before it was compared. */
  readonly from?: KeyBound;
  /** In the order of the key. */
  readonly onDifference: (difference: Difference, sent: readonly SentColumn[]) => void;
  /** Whether a difference is still wanted with its key and its values; no: it is only counted, by column. Default: always. */
  readonly wantsValues?: () => boolean;
  /** Rows and bytes of a chunk that is done, and the key that it ended with; none: it was the last. In the order of the key. */
  readonly onChunk: (chunk: Counted & { readonly to: KeyBound | undefined }) => void;
}
export interface Counted {
  readonly legacyRows: number;
  readonly targetRows: number;
  readonly bytes: number;
}
/** Compares one range. `note` answers a promise where the caller must wait before it finds more. */
export type CompareRange = (lane: Lane, range: KeyRange, note: (difference: Difference) => Promise<void> | undefined) => Promise<Counted>;

/** DATA-INTEGRITY, "On a live source": "chunks of about 0.5 s". */
const CHUNK_MS = 500;
/** A chunk never holds fewer rows: the boundary would cost more than the rows. */
const MIN_CHUNK_ROWS = 1000;
const MAX_CHUNK_ROWS = 2_000_000;
/** Differences of a chunk that are held while an earlier one is under way; with more its lane waits. */
const HELD = 2000;

interface Chunk {
  readonly range: KeyRange;
  readonly rows: number;
  readonly to: KeyBound | undefined;
  /** Settles when all chunks before it are told. */
  readonly before: Promise<void>;
  readonly told: PromiseWithResolvers<void>;
}

/** Throws where a side fails: what was not seen is never equal. */
export async function inChunks(comparison: TableComparison, statements: RowStatements, compare: CompareRange): Promise<void> {
  const { onChunk, onDifference, pause } = comparison;
  const dealer = dealChunks(comparison, statements);
  const run = async (lane: Lane): Promise<void> => {
    for (let chunk = await dealer.next(lane); chunk !== undefined; chunk = await dealer.next(lane)) {
      const { before, told, range, to, rows } = chunk;
      try {
        const started = performance.now();
        const order = inOrder(before, (difference) => onDifference(difference, statements.sent));
        const counted = await compare(lane, range, order.note);
        const tookMs = performance.now() - started;
        await order.end();
        onChunk({ ...counted, to });
        told.resolve();
        dealer.took(rows, tookMs);
      } catch (error) {
        told.reject(error);
        throw error;
      }
      if (to === undefined) return;
      await pause(lane);
    }
  };
  const lanes = [comparison, ...(statements.canBeChunked ? (comparison.lanes ?? []) : [])];
  const ended = await Promise.allSettled(
    lanes.map(async (lane) => {
      try {
        await run(lane);
      } catch (error) {
        dealer.stop();
        throw error;
      }
    }),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** Deals one chunk after the other: each begins where the last one ends. */
function dealChunks({ from, chunkRows }: TableComparison, statements: RowStatements) {
  let after = from;
  let size = chunkRows;
  let isOver = false;
  let before: Promise<void> = Promise.resolve();
  let dealing: Promise<unknown> = Promise.resolve();
  const deal = async ({ legacy }: Lane): Promise<Chunk | undefined> => {
    if (isOver) return undefined;
    const rows = size;
    const to = statements.canBeChunked ? await boundAfter(legacy, statements, after, rows) : undefined;
    const chunk = { range: { after, to }, rows, to, before, told: Promise.withResolvers<void>() };
    // Whoever waits for it hears of a failure; nobody has to.
    chunk.told.promise.catch(() => undefined);
    before = chunk.told.promise;
    after = to;
    isOver = to === undefined;
    return chunk;
  };
  return {
    next(lane: Lane): Promise<Chunk | undefined> {
      const dealt = dealing.then(() => deal(lane));
      dealing = dealt.catch(() => undefined);
      return dealt;
    },
    took(rows: number, ms: number): void {
      size = nextSize(rows, ms);
    },
    stop(): void {
      isOver = true;
    },
  };
}

/** Towards the half second, by no more than a factor of four a step: one stall must not decide the rest. */
function nextSize(rows: number, tookMs: number): number {
  const factor = Math.min(4, Math.max(0.25, CHUNK_MS / Math.max(1, tookMs)));
  return Math.round(Math.min(MAX_CHUNK_ROWS, Math.max(MIN_CHUNK_ROWS, rows * factor)));
}

async function boundAfter(legacy: DatabaseSession, statements: RowStatements, after: KeyBound | undefined, rows: number): Promise<KeyBound | undefined> {
  const [row] = await legacy.rows(statements.bound(after, rows));
  return row === undefined ? undefined : Object.values(row).map(String);
}

/** Holds what is found until everything before it is told. */
function inOrder(before: Promise<void>, tell: (difference: Difference) => void) {
  let held: Difference[] = [];
  let isOurTurn = false;
  const end = async (): Promise<void> => {
    await before;
    isOurTurn = true;
    for (const difference of held) tell(difference);
    held = [];
  };
  return {
    note(difference: Difference): Promise<void> | undefined {
      if (isOurTurn) tell(difference);
      else held.push(difference);
      return held.length < HELD ? undefined : end();
    },
    end,
  };
}
