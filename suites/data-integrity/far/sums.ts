// Counts and sums of row hashes, of ranges of the key and of buckets; equal ones stand for equal rows but for one chance in 2^64. Used by the far comparisons.
import type { DatabaseSession } from '../../../gates/model.ts';
import type { KeyRange, RowStatements } from '../near/statements.ts';
import { SEEDS, rowHash } from './row-hash.ts';

export type Side = 'legacy' | 'target';
export interface Sum {
  readonly rows: number;
  /** Exact: PostgreSQL sums bigint as numeric, so that a carry is never lost. */
  readonly sum: string;
}

export function isEqualSum(a: Sum, b: Sum): boolean {
  return a.rows === b.rows && a.sum === b.sum;
}

/** One for each range, in their order. */
export async function rangeSums(session: DatabaseSession, statements: RowStatements, side: Side, ranges: readonly KeyRange[]): Promise<readonly Sum[]> {
  const hash = rowHash(statements.sent, side, SEEDS.first);
  const selects = ranges.map(
    (range, index) => `SELECT ${index} AS part, count(*) AS rows, coalesce(sum(${hash}), 0) AS sum${statements.rowsWithin(side, range)}`,
  );
  const rows = await session.rows(selects.join(' UNION ALL '));
  const byPart = new Map(rows.map((row) => [Number(row['part']), sumOf(row)]));
  return ranges.map((_, index) => {
    const sum = byPart.get(index);
    if (sum === undefined) throw new Error(`The ${side} side answered no sum of a range.`);
    return sum;
  });
}

function sumOf(row: Readonly<Record<string, string | null>>): Sum {
  const { rows, sum } = row;
  if (rows === null || rows === undefined || sum === null || sum === undefined) throw new Error('A sum of row hashes is NULL.');
  return { rows: Number(rows), sum };
}

/** The bucket that a row falls into on a side: by the hash of its key, so that it stays in it whatever else changed; without a key, by that of the whole row. */
export function bucketOf(statements: RowStatements, side: Side, buckets: number): string {
  const columns = statements.isKeyed ? statements.sent.slice(0, statements.key.length) : statements.sent;
  return `(${rowHash(columns, side, SEEDS.first)} & ${buckets - 1})`;
}

/**
 * By bucket; a bucket without rows is not among them. Rows that no key tells apart are a multiset: two independent hashes of each are
 * summed, for one of 64 bits meets itself too often in a large one (3 % at 1 000 M rows, DATA-INTEGRITY).
 */
export async function bucketSums(session: DatabaseSession, statements: RowStatements, side: Side, buckets: number): Promise<ReadonlyMap<string, Sum>> {
  const first = rowHash(statements.sent, side, SEEDS.first);
  const sums = statements.isKeyed ? `sum(${first})::text` : `sum(${first}) || ' ' || sum(${rowHash(statements.sent, side, SEEDS.second)})`;
  const rows = await session.rows(
    `SELECT ${bucketOf(statements, side, buckets)} AS bucket, count(*) AS rows, ${sums} AS sum${statements.rowsWithin(side)} GROUP BY 1`,
  );
  return new Map(rows.map((row) => [String(row['bucket']), sumOf(row)]));
}
