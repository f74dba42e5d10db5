// Compares one table of both sides by its bytes, chunk by chunk where its key allows it, so that no statement runs long and a run can go on where it stopped.
import { type Lane, type TableComparison, inChunks } from './chunks.ts';
import { type Compared, type OrderedComparison, compareOrdered } from './compare-ordered.ts';
import { type KeyRange, type RowStatements, rowStatements } from './statements.ts';

export type { TableComparison } from './chunks.ts';

/** Throws where a side fails: what was not seen is never equal. */
export async function compareTable(comparison: TableComparison): Promise<void> {
  const statements = rowStatements(comparison.pair, comparison.cut);
  await inChunks(comparison, statements, async (lane, range, onDifference) => {
    const { legacyRows, targetRows, legacyBytes } = await compareRows(lane, statements, { range, wantsValues: comparison.wantsValues }, onDifference);
    return { legacyRows, targetRows, bytes: legacyBytes };
  });
}

export interface RowChoice {
  readonly range?: KeyRange;
  readonly only?: Readonly<Record<'legacy' | 'target', string>>;
  readonly wantsValues: TableComparison['wantsValues'] | undefined;
}

/** Has both sides send the rows of a range, or those that a condition over the side's columns chooses. */
export function compareRows(
  { legacy, target }: Lane,
  statements: RowStatements,
  { range, only, wantsValues }: RowChoice,
  onDifference: OrderedComparison['onDifference'],
): Promise<Compared> {
  return compareOrdered({
    legacy: legacy.copy(statements.legacy(range, only?.legacy)),
    target: target.copy(statements.target(range, only?.target)),
    key: statements.key,
    withRows: !statements.isKeyed,
    wantsValues,
    onDifference,
  });
}
