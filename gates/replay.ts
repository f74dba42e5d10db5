// Judges what a journal recorded once more: is every verdict as it was written, and what would another policy have made of it? Pure but for reading the run; called by `replay`.
import type { Plan } from './model/events.ts';
import type { CriterionReport, RunReport } from './model/report.ts';
import type { RunView } from './model/reporter.ts';
import { canonicalJson } from './digest.ts';
import { eventsOf, judgedCriteria } from './recorded.ts';
import { type RunFolder, readJournal } from './run-folder.ts';
import { viewOf } from './view.ts';

export type Outcome = Pick<RunReport, 'verdict' | 'headline' | 'exitCode'>;

/** A row before and after; one of them is absent where only the other has the row. */
export interface RowChange {
  readonly id: string;
  readonly before: CriterionReport | undefined;
  readonly after: CriterionReport | undefined;
}
export interface Replay {
  readonly view: RunView;
  /** Whole lines, and bytes of a line that was cut off behind them. */
  readonly lines: number;
  readonly tornBytes: number;
  /** What run.finished says; undefined: the run was not sealed, so there is nothing to compare with. */
  readonly recorded: Outcome | undefined;
  /** Rows that are judged otherwise than recorded, in any of their facts. Empty for an unsealed run. */
  readonly rows: readonly RowChange[];
  /** Facts about the whole that differ. */
  readonly facts: readonly (keyof Outcome)[];
}

/** Throws what reading a journal throws. */
export function replay(folder: RunFolder): Replay {
  const { chain, events } = readJournal(folder);
  const journal = { chain, events };
  const view = viewOf(folder);
  const finished = eventsOf(journal, 'run.finished').at(-1);
  const recorded = finished === undefined ? undefined : { verdict: finished.verdict, headline: finished.headline, exitCode: finished.exitCode };
  const facts = recorded === undefined ? [] : (['verdict', 'headline', 'exitCode'] as const).filter((fact) => recorded[fact] !== view.report[fact]);
  return {
    view,
    lines: chain.entries.length,
    tornBytes: chain.tornBytes,
    recorded,
    rows: recorded === undefined ? [] : changedRows(judgedCriteria(journal), view.report.criteria),
    facts,
  };
}

export interface WouldBe {
  readonly before: RunReport;
  readonly after: RunReport;
  /** Rows whose state changes, and rows that only the other policy has. */
  readonly rows: readonly RowChange[];
}

/** The same measurements under the plan that `change` makes of the recorded one. Nothing is written. */
export function wouldBe(folder: RunFolder, change: (plan: Plan) => Plan): WouldBe {
  const before = viewOf(folder).report;
  const after = viewOf(folder, change).report;
  const rows = changedRows(before.criteria, after.criteria).filter((row) => row.before?.state !== row.after?.state);
  return { before, after, rows };
}

function changedRows(before: readonly CriterionReport[], after: readonly CriterionReport[]): RowChange[] {
  const ids = [...new Set([...before, ...after].map(({ id }) => id))];
  return ids
    .map((id) => ({ id, before: before.find((row) => row.id === id), after: after.find((row) => row.id === id) }))
    .filter((row) => canonicalJson(row.before) !== canonicalJson(row.after));
}
