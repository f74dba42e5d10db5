// Far comparison of a table whose rows have no key, or one whose order no index serves: sums of buckets by hash in one pass without a sort, then the rows of those that differ.
import type { TableComparison } from '../near/chunks.ts';
import { compareRows } from '../near/compare-table.ts';
import type { RowStatements } from '../near/statements.ts';
import { type Sum, bucketOf, bucketSums, isEqualSum } from './sums.ts';

/** Rows that a bucket should hold: what one difference costs to fetch. */
const BUCKET_ROWS = 256;
const MIN_BUCKETS = 64;
/** Each is a row of the answer: 65 536 take about 3 MB. */
const MAX_BUCKETS = 65_536;

/** Throws where a side fails: what was not seen is never equal. */
export async function compareBuckets(comparison: TableComparison, statements: RowStatements): Promise<void> {
  const { legacy, target, pair, onChunk } = comparison;
  const buckets = bucketsFor(Math.max(pair.legacy.estimatedRows, pair.target.estimatedRows));
  const [a, b] = await Promise.all([bucketSums(legacy, statements, 'legacy', buckets), bucketSums(target, statements, 'target', buckets)]);
  const different = [...new Set([...a.keys(), ...b.keys()])].filter((bucket) => !isSame(a.get(bucket), b.get(bucket)));
  const bytes = different.length === 0 ? 0 : await fetchRows(comparison, statements, buckets, different);
  onChunk({ legacyRows: rowsOf(a), targetRows: rowsOf(b), bytes, to: undefined });
}

/** A power of two: the low bits of the hash are the bucket. */
function bucketsFor(rows: number): number {
  return Math.min(MAX_BUCKETS, Math.max(MIN_BUCKETS, 2 ** Math.ceil(Math.log2(Math.max(1, rows / BUCKET_ROWS)))));
}

function isSame(a: Sum | undefined, b: Sum | undefined): boolean {
  return a !== undefined && b !== undefined && isEqualSum(a, b);
}

async function fetchRows(comparison: TableComparison, statements: RowStatements, buckets: number, different: readonly string[]): Promise<number> {
  const only = (side: 'legacy' | 'target'): string => `${bucketOf(statements, side, buckets)} = ANY ('{${different.join(',')}}'::bigint[])`;
  // Where most of them differ, choosing costs more than it spares.
  const { wantsValues } = comparison;
  const which = different.length > buckets / 2 ? { wantsValues } : { wantsValues, only: { legacy: only('legacy'), target: only('target') } };
  const compared = await compareRows(comparison, statements, which, (difference) => void comparison.onDifference(difference, statements.sent));
  return compared.legacyBytes;
}

function rowsOf(sums: ReadonlyMap<string, Sum>): number {
  return [...sums.values()].reduce((sum, { rows }) => sum + rows, 0);
}
