// One table by sums of row hashes, rows only where they differ: what near mode finds, for a fraction of the bytes. Called by row-contents where the way is far.
import type { TableComparison } from '../near/chunks.ts';
import { rowStatements } from '../near/statements.ts';
import { compareBuckets } from './compare-buckets.ts';
import { compareRanges } from './compare-ranges.ts';

/** Blind, by construction, to nothing but sums that are equal by chance, 1 in 2^64 for each range that differs. Throws where a side fails. */
export async function compareFar(comparison: TableComparison): Promise<void> {
  const statements = rowStatements(comparison.pair, comparison.cut);
  return statements.canBeChunked ? compareRanges(comparison, statements) : compareBuckets(comparison, statements);
}
