// Tells an N+1 from the statements that a route cost for few and for many rows. Pure; used by statement-counts.
import type { Counts } from './statement-counters.ts';

/** What one answer held, and what it cost. */
export interface Observation {
  readonly rows: number;
  readonly statements: Counts;
}

export interface Repetition {
  /** The statement that is repeated. */
  readonly statement: string;
  /** Of it alone: calls for `rows`. */
  readonly calls: number;
  readonly rows: number;
  readonly fewerCalls: number;
  readonly fewerRows: number;
}

/** Fewer rows more than these say nothing. */
const MIN_ROWS = 5;
/** A statement for every fifth row: rows that share an author ask for him once, and a loader that batches by ten stays below. */
const PER_ROW = 0.2;
const MIN_GROWTH = 3;

/** The statement that grows most with the rows; undefined: none does. With a single number of rows it is held against none at all. */
export function repetition(observations: readonly Observation[]): Repetition | undefined {
  const sorted = observations.toSorted((a, b) => a.rows - b.rows);
  const most = sorted.at(-1);
  if (most === undefined) return undefined;
  const [smallest] = sorted;
  const fewest: Observation = smallest === undefined || smallest.rows === most.rows ? { rows: 0, statements: new Map() } : smallest;
  const rows = most.rows - fewest.rows;
  if (rows < MIN_ROWS) return undefined;
  const [worst] = [...most.statements]
    .map(([statement, calls]) => ({ statement, calls, growth: calls - (fewest.statements.get(statement) ?? 0) }))
    .toSorted((a, b) => b.growth - a.growth);
  if (worst === undefined || worst.growth < MIN_GROWTH || worst.growth < PER_ROW * rows) return undefined;
  return { statement: worst.statement, calls: worst.calls, rows: most.rows, fewerCalls: worst.calls - worst.growth, fewerRows: fewest.rows };
}

/** Elements of the longest list in an answer: its rows. */
export function rowsIn(json: unknown): number {
  if (Array.isArray(json)) return Math.max(json.length, ...json.map(rowsIn));
  if (typeof json !== 'object' || json === null) return 0;
  return Math.max(0, ...Object.values(json).map(rowsIn));
}
