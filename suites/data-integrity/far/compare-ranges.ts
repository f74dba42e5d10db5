// Far comparison of a table whose key can be cut into ranges: sums of each chunk, drilled where they differ down to rows, which are then compared as in near mode.
import { compareOrdered } from '../near/compare-ordered.ts';
import { boundAfter, nextChunk, type TableComparison } from '../near/compare-table.ts';
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

/** Throws where a side fails: what was not seen is never equal. */
export async function compareRanges(comparison: TableComparison, statements: RowStatements): Promise<void> {
  const { legacy, onChunk, pause, until } = comparison;
  let after = comparison.from;
  let rows = comparison.chunkRows;
  for (;;) {
    const started = performance.now();
    const to = await boundAfter(legacy, statements, after, rows, until);
    const [chunk] = await sumsOf(comparison, statements, [{ after, to: to ?? until }]);
    if (chunk === undefined) throw new Error('A chunk has no sum.');
    const tookMs = performance.now() - started;
    const bytes = await compareSummed(comparison, statements, chunk);
    onChunk({ legacyRows: chunk.legacy.rows, targetRows: chunk.target.rows, bytes, to });
    if (to === undefined) return;
    after = to;
    rows = nextChunk(rows, tookMs);
    await pause();
  }
}

async function sumsOf(comparison: TableComparison, statements: RowStatements, ranges: readonly KeyRange[]): Promise<readonly Summed[]> {
  const [legacy, target] = await Promise.all([
    rangeSums(comparison.legacy, statements, 'legacy', ranges),
    rangeSums(comparison.target, statements, 'target', ranges),
  ]);
  return ranges.map((range, index) => ({ range, legacy: legacy[index] as Sum, target: target[index] as Sum }));
}

/** Answers the bytes of rows that it had to fetch from the legacy side. In the order of the key. */
async function compareSummed(comparison: TableComparison, statements: RowStatements, { range, legacy, target }: Summed): Promise<number> {
  if (isEqualSum(legacy, target)) return 0;
  if (legacy.rows <= FETCHED_ROWS) return fetchRows(comparison, statements, range);
  const parts = await sumsOf(comparison, statements, await divide(comparison, statements, range, legacy.rows));
  // Where most of it differs, hashing it again and again would cost more than its rows.
  if (parts.filter((part) => !isEqualSum(part.legacy, part.target)).length > parts.length / 2) return fetchRows(comparison, statements, range);
  let bytes = 0;
  for (const part of parts) bytes += await compareSummed(comparison, statements, part);
  return bytes;
}

/** Into `PARTS` with about as many legacy rows each; together they are the range. */
async function divide(comparison: TableComparison, statements: RowStatements, range: KeyRange, rows: number): Promise<readonly KeyRange[]> {
  const found = await comparison.legacy.rows(statements.bounds(range, Math.ceil(rows / PARTS)));
  const bounds: readonly KeyBound[] = found.map((row) => Object.values(row).map(String));
  return [...bounds, undefined].map((bound, index) => ({ after: index === 0 ? range.after : bounds[index - 1], to: bound ?? range.to }));
}

async function fetchRows(comparison: TableComparison, statements: RowStatements, range: KeyRange): Promise<number> {
  const compared = await compareOrdered({
    legacy: comparison.legacy.copy(statements.legacy(range)),
    target: comparison.target.copy(statements.target(range)),
    key: statements.key,
    withRows: !statements.isKeyed,
    onDifference: (difference) => comparison.onDifference(difference, statements.sent),
  });
  return compared.legacyBytes;
}
