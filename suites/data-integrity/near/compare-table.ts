// Compares one table of both sides, chunk by chunk where its key allows it, so that no statement runs long and a run can go on where it stopped.
import type { DatabaseSession } from '../../../gates/model.ts';
import type { TablePair } from '../mapping.ts';
import { type Difference, compareOrdered } from './compare-ordered.ts';
import { type KeyBound, type RowStatements, type SentColumn, rowStatements } from './statements.ts';

export interface TableComparison {
  readonly pair: TablePair;
  readonly legacy: DatabaseSession;
  readonly target: DatabaseSession;
  /** Moment of the cut, for the mapping's filters. */
  readonly cut: string;
  /** Rows of a chunk to begin with; from then on as many as take `CHUNK_MS`. */
  readonly chunkRows: number;
  /** Waits between two chunks, where the server is busy. */
  readonly pause: () => Promise<void>;
  /** Goes on behind this key: all before it was compared. */
  readonly from?: KeyBound;
  /** Ends with this key: what follows is compared elsewhere. */
  readonly until?: KeyBound;
  readonly onDifference: (difference: Difference, sent: readonly SentColumn[]) => void;
  /** Rows and bytes of a chunk that is done, and the key that it ended with; none: it was the last. */
  readonly onChunk: (chunk: { readonly legacyRows: number; readonly targetRows: number; readonly bytes: number; readonly to: KeyBound | undefined }) => void;
}

/** DATA-INTEGRITY, "On a live source": "chunks of about 0.5 s". */
const CHUNK_MS = 500;
/** A chunk never holds fewer rows: the boundary would cost more than the rows. */
const MIN_CHUNK_ROWS = 1000;
const MAX_CHUNK_ROWS = 2_000_000;

/** Throws where a side fails: what was not seen is never equal. */
export async function compareTable(comparison: TableComparison): Promise<void> {
  const { pair, legacy, cut, from, until, onChunk, pause } = comparison;
  const statements = rowStatements(pair, cut);
  let after = from;
  let rows = comparison.chunkRows;
  for (;;) {
    const started = performance.now();
    const to = statements.canBeChunked ? await boundAfter(legacy, statements, after, rows, until) : undefined;
    const range = { after, to: to ?? until };
    const compared = await compareOrdered({
      legacy: legacy.copy(statements.legacy(range)),
      target: comparison.target.copy(statements.target(range)),
      key: statements.key,
      withRows: !statements.isKeyed,
      onDifference: (difference) => comparison.onDifference(difference, statements.sent),
    });
    onChunk({ legacyRows: compared.legacyRows, targetRows: compared.targetRows, bytes: compared.legacyBytes, to });
    if (to === undefined) return;
    after = to;
    rows = nextChunk(rows, performance.now() - started);
    await pause();
  }
}

/** Towards the half second, by no more than a factor of four a step: one stall must not decide the rest. */
export function nextChunk(rows: number, tookMs: number): number {
  const factor = Math.min(4, Math.max(0.25, CHUNK_MS / Math.max(1, tookMs)));
  return Math.round(Math.min(MAX_CHUNK_ROWS, Math.max(MIN_CHUNK_ROWS, rows * factor)));
}

/** Undefined: up to `until` there are not so many rows. */
export async function boundAfter(
  legacy: DatabaseSession,
  statements: RowStatements,
  after: KeyBound | undefined,
  rows: number,
  until: KeyBound | undefined,
): Promise<KeyBound | undefined> {
  const [row] = await legacy.rows(statements.bound(after, rows, until));
  return row === undefined ? undefined : Object.values(row).map(String);
}
