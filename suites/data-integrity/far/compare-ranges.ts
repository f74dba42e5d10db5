// Far comparison of a table whose key can be cut into ranges: sums of each chunk, drilled where they differ down to rows, which are then compared as in near mode.
import { type Lane, type TableComparison, inChunks } from '../near/chunks.ts';
import { compareRows } from '../near/compare-table.ts';
import type { KeyBound, KeyRange, RowStatements } from '../near/statements.ts';
import { type Sum, isEqualSum, rangeSums } from './sums.ts';

/** A range that differs and has no more rows is fetched rather than divided once more: about 50 KB a side. */
const FETCHED_ROWS = 256;
/** Parts that a range is divided into: two rounds lead from a chunk of 250 000 rows to what is fetched. */
const PARTS = 32;

interface Summed {
  readonly range: KeyRange;
  readonly legacy: Sum;
  readonly target: Sum;
}
/** Compares the rows themselves; answers the bytes that the legacy side sent. */
type Fetch = (range: KeyRange) => Promise<number>;

/** Throws where a side fails: what was not seen is never equal. */
export async function compareRanges(comparison: TableComparison, statements: RowStatements): Promise<void> {
  await inChunks(comparison, statements, async (lane, range, note) => {
    const [chunk] = await sumsOf(lane, statements, [range]);
    if (chunk === undefined) throw new Error('A chunk has no sum.');
    const fetch: Fetch = async (rows) => (await compareRows(lane, statements, { range: rows, wantsValues: comparison.wantsValues }, note)).legacyBytes;
    const bytes = await compareSummed(lane, statements, chunk, fetch);
    return { legacyRows: chunk.legacy.rows, targetRows: chunk.target.rows, bytes };
  });
}

async function sumsOf(lane: Lane, statements: RowStatements, ranges: readonly KeyRange[]): Promise<readonly Summed[]> {
  const [legacy, target] = await Promise.all([rangeSums(lane.legacy, statements, 'legacy', ranges), rangeSums(lane.target, statements, 'target', ranges)]);
  return ranges.map((range, index) => ({ range, legacy: legacy[index] as Sum, target: target[index] as Sum }));
}

/** Answers the bytes of rows that it had to fetch from the legacy side. In the order of the key. */
async function compareSummed(lane: Lane, statements: RowStatements, { range, legacy, target }: Summed, fetch: Fetch): Promise<number> {
  if (isEqualSum(legacy, target)) return 0;
  if (legacy.rows <= FETCHED_ROWS) return fetch(range);
  const parts = await sumsOf(lane, statements, await divide(lane, statements, range, legacy.rows));
  // Where most of it differs, hashing it again and again would cost more than its rows.
  if (parts.filter((part) => !isEqualSum(part.legacy, part.target)).length > parts.length / 2) return fetch(range);
  let bytes = 0;
  for (const part of parts) bytes += await compareSummed(lane, statements, part, fetch);
  return bytes;
}

/** Into `PARTS` with about as many legacy rows each; together they are the range. */
async function divide(lane: Lane, statements: RowStatements, range: KeyRange, rows: number): Promise<readonly KeyRange[]> {
  const found = await lane.legacy.rows(statements.bounds(range, Math.ceil(rows / PARTS)));
  const bounds: readonly KeyBound[] = found.map((row) => Object.values(row).map(String));
  return [...bounds, undefined].map((bound, index) => ({ after: index === 0 ? range.after : bounds[index - 1], to: bound ?? range.to }));
}
