// The plan's risk matrix beside a run: which of its rows watch which risk, which rows of other gates do, which triggers. For html/ and read-aloud.ts.
import type { CriterionReport, RunReport } from '../gates/model.ts';
import { coreRollbackTriggers, type TriggerCondition } from '../gates/phases/core-database-cutover.ts';
import { checksToCome, gates } from '../gates/phases/index.ts';
import { type Risk, risks } from '../gates/phases/risks.ts';

export interface WatchedRisk {
  readonly risk: Risk;
  /** Rows of this run. */
  readonly rows: readonly CriterionReport[];
  /** Rows of other gates, in the plan's words. */
  readonly elsewhere: readonly { readonly gate: string; readonly title: string; readonly texts: readonly string[] }[];
  readonly triggers: readonly { readonly text: string; readonly isBuilt: boolean }[];
}

/** All risks, those that this gate watches first. */
export function watchedRisks(report: RunReport): readonly WatchedRisk[] {
  const all = risks.map((risk) => watched(risk, report));
  return [...all.filter(({ rows }) => rows.length > 0), ...all.filter(({ rows }) => rows.length === 0)];
}

export function touchedRisks(report: RunReport): readonly WatchedRisk[] {
  return watchedRisks(report).filter(({ rows }) => rows.length > 0);
}

function watched(risk: Risk, report: RunReport): WatchedRisk {
  const own = report.criteria.filter(({ id }) => risk.criteria.includes(id));
  const elsewhere = gates
    .filter(({ id }) => id !== report.gate)
    .map(({ id, title, criteria }) => ({ gate: id, title, texts: criteria.filter((one) => risk.criteria.includes(one.id)).map(({ text }) => text) }))
    .filter(({ texts }) => texts.length > 0);
  return { risk, rows: own, elsewhere, triggers: risk.triggers.flatMap((id) => coreRollbackTriggers.filter((one) => one.id === id).map(triggerOf)) };
}

function triggerOf({ text, check }: TriggerCondition): WatchedRisk['triggers'][number] {
  return { text, isBuilt: !checksToCome.includes(check) };
}
