// Maps recorded facts to verdicts (DESIGN §4). Pure: the same journal gives the same bytes. Called by run-gate and by replay.
import type { Binding, Criterion } from './model/criterion.ts';
import type { Comparison } from './model/comparator.ts';
import type { Plan, PlannedCriterion, PlannedExecution } from './model/events.ts';
import type { Measurement } from './model/measurement.ts';
import type { CriterionReport, CriterionResult, Reason } from './model/report.ts';
import type { State, Verdict } from './model/verdicts.ts';
import type { WaiverOutcome } from './model/waiver.ts';
import { type RecordedMeasurement, judgeFigures } from './judge-figures.ts';
import { labelKey } from './figures.ts';
import { isVerdict, worst } from './lattice.ts';
import { type WaiverFacts, waive } from './waivers.ts';

/** One execution as the journal tells it. Only complete rounds count. */
export interface RecordedExecution {
  readonly planned: PlannedExecution;
  readonly rounds: readonly (readonly RecordedMeasurement[])[];
  /** Undefined: it was never finished. */
  readonly finished?: { readonly outcome: 'measured' | 'error' | 'timeout'; readonly why: string };
  /** By `decisionKey`: what the comparator said last. */
  readonly decisions: ReadonlyMap<string, Comparison>;
}

export interface Judgement {
  readonly criteria: readonly CriterionReport[];
  /** What became of every waiver of the plan, in its order. */
  readonly waivers: readonly WaiverOutcome[];
}

/** Every row of the plan, with its waiver where it has one. */
export function judgePlan(plan: Plan, executions: ReadonlyMap<string, RecordedExecution>, subjectProblem?: Reason): Judgement {
  const judged = plan.criteria.map((planned) => {
    const criterion = judgeCriterion(planned, executions, subjectProblem);
    const waiver = plan.waivers.find((one) => one.criterion === criterion.id);
    if (waiver === undefined) return { criterion };
    const facts = { today: plan.today, subjectProblem, leftOut: leftOutOf(planned, executions), metricOf: metricsOf(planned, executions) };
    return waive(criterion, waiver, facts);
  });
  const outcomes = new Map(judged.flatMap((row) => ('outcome' in row ? [[row.criterion.id, row.outcome] as const] : [])));
  return { criteria: judged.map(({ criterion }) => criterion), waivers: plan.waivers.flatMap(({ criterion }) => outcomes.get(criterion) ?? []) };
}

function leftOutOf({ bindings }: PlannedCriterion, executions: ReadonlyMap<string, RecordedExecution>): Reason | undefined {
  const skips = bindings.map(({ execution }) => executions.get(execution ?? '')?.planned.skip);
  return skips.find((skip) => skip !== undefined && !isVerdict(skip.state))?.reason;
}

function metricsOf({ bindings }: PlannedCriterion, executions: ReadonlyMap<string, RecordedExecution>): WaiverFacts['metricOf'] {
  const planned = bindings.flatMap(({ execution }) => executions.get(execution ?? '')?.planned ?? []);
  return ({ check, metric }) => planned.find((one) => one.check === check)?.metrics[metric];
}

/** The row as it was measured. `subjectProblem`: the subject changed under the run, then nothing measured can pass; or nobody knows what it is, then nothing can fail either. */
export function judgeCriterion(planned: PlannedCriterion, executions: ReadonlyMap<string, RecordedExecution>, subjectProblem?: Reason): CriterionReport {
  if (planned.settled !== undefined) return report(planned, planned.settled.state, planned.settled.reason, []);
  const parts = planned.bindings.map(({ binding, execution }, index) =>
    judgeBinding(planned.criterion.id, binding, index, execution === null ? undefined : executions.get(execution)),
  );
  const results = parts.flatMap((part) => part.results);
  const { state, reason } = combine(parts);
  if (subjectProblem !== undefined && isVerdict(state) && state !== 'error') {
    if (subjectProblem.code === 'NOT_IDENTIFIED')
      return report(planned, 'inconclusive', { ...subjectProblem, text: `${subjectProblem.text} Measured all the same: ${reason.text}` }, results);
    if (state !== 'fail') return report(planned, 'inconclusive', subjectProblem, results);
  }
  return report(planned, state, reason, results);
}

/** What was decided about the whole says nothing about a label set, and the other way round. */
export function decisionKey(criterion: string, binding: number, labels: Measurement['labels'] | undefined): string {
  return `${criterion}#${binding}${labels === undefined ? '' : `#${labelKey({ labels })}`}`;
}

interface Part {
  readonly state: State;
  readonly reason: Reason;
  readonly results: readonly CriterionResult[];
}

/** The worst of the bindings; one that was deferred keeps the criterion from passing. */
function combine(parts: readonly Part[]): { state: State; reason: Reason } {
  const verdict = worst(parts.flatMap(({ state }) => (isVerdict(state) ? [state] : [])));
  const left = parts.find(({ state }) => !isVerdict(state));
  const decisive = parts.find(({ state }) => state === verdict);
  if (left !== undefined && (verdict === undefined || verdict === 'pass' || verdict === 'warn' || verdict === 'waived')) return left;
  if (verdict === undefined || decisive === undefined) return { state: 'error', reason: { code: 'NO_DATA', text: 'Nothing is bound to this criterion.' } };
  return { state: verdict, reason: decisive.reason };
}

function judgeBinding(criterion: string, binding: Binding, index: number, execution: RecordedExecution | undefined): Part {
  if (execution === undefined) return whole(binding, 'error', { code: 'NO_CHECK_YET', text: `The check "${binding.check}" is not built yet.` });
  const { planned, finished } = execution;
  if (planned.skip !== undefined) {
    const { state, reason } = planned.skip;
    return isVerdict(state) ? whole(binding, state, reason) : { state, reason, results: [] };
  }
  if (finished === undefined)
    return whole(binding, 'inconclusive', { code: 'NOT_RUN', text: `The check "${binding.check}" should have run and did not finish.` });
  if (finished.outcome === 'error') return whole(binding, 'error', { code: 'CHECK_ERROR', text: finished.why });
  if (finished.outcome === 'timeout') return whole(binding, 'error', { code: 'CHECK_TIMEOUT', text: finished.why });
  const decisionOn = (one: Pick<Measurement, 'labels'>): Comparison | undefined =>
    execution.decisions.get(decisionKey(criterion, index, binding.scope === 'each' ? one.labels : undefined));
  const results = judgeFigures(binding, planned.metrics[binding.expect.metric], execution.rounds.flat(), decisionOn);
  const verdict = worst(results.map((result) => result.verdict)) ?? 'error';
  const reason = results.find((result) => result.verdict === verdict)?.reason ?? { code: 'NO_DATA', text: 'No figures.' };
  return { state: verdict, reason, results };
}

/** One result that stands for a binding without figures. */
function whole(binding: Binding, verdict: Verdict, reason: Reason): Part {
  const result: CriterionResult = {
    check: binding.check,
    metric: binding.expect.metric,
    labels: {},
    n: 0,
    expect: binding.expect,
    verdict,
    reason,
    artifacts: [],
  };
  return { state: verdict, reason, results: [result] };
}

export function kindOf(criterion: Criterion): CriterionReport['kind'] {
  if ('measured' in criterion.kind) return 'measured';
  return 'evidence' in criterion.kind ? 'evidence' : 'attested';
}

function report(planned: PlannedCriterion, state: State, reason: Reason, results: readonly CriterionResult[]): CriterionReport {
  const { criterion, gate } = planned;
  const { id, section, text, source, required, note } = criterion;
  return { id, gate, section, text, source, kind: kindOf(criterion), required, state, reason, ...(note === undefined ? {} : { note }), results: [...results] };
}
