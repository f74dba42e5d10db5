// What a waiver does to a judged row: fail, warn and inconclusive become `waived` inside its day and its cap, and nothing else does (DESIGN §2). Pure; called by judge.ts.
import type { MetricDeclaration } from './model/check.ts';
import type { CriterionReport, CriterionResult, Reason } from './model/report.ts';
import type { Waiver, WaiverOutcome } from './model/waiver.ts';
import { figureWords } from './judge-figures.ts';

export interface WaiverFacts {
  /** Day of the plan, UTC. */
  readonly today: string;
  /** The subject changed under the run, or was lost. */
  readonly subjectProblem: Reason | undefined;
  /** Why a part of the row was left out of the run; undefined where it was measured whole. */
  readonly leftOut: Reason | undefined;
  /** What a check says of its metric. */
  metricOf(result: CriterionResult): MetricDeclaration | undefined;
}
export interface WaivedRow {
  readonly criterion: CriterionReport;
  readonly outcome: WaiverOutcome;
}
type Refusal = Pick<WaiverOutcome, 'state' | 'text'>;

/** The row keeps what it was in its reason and in its results. */
export function waive(row: CriterionReport, waiver: Waiver, facts: WaiverFacts): WaivedRow {
  const refusal = refusalOf(row, waiver, facts);
  if (refusal !== undefined) return { criterion: row, outcome: { ...waiver, ...refusal } };
  const cap = capWords(row, waiver, facts);
  const text = `Waived until ${waiver.until} by ${waiver.owner}${cap}: ${sentence(waiver.reason)} Measured (${row.state}): ${row.reason.text}`;
  return {
    criterion: { ...row, state: 'waived', reason: { code: 'WAIVED', text } },
    outcome: { ...waiver, state: 'applied', text: `Without it the row is ${row.state}: ${row.reason.text}` },
  };
}

function refusalOf(row: CriterionReport, waiver: Waiver, facts: WaiverFacts): Refusal | undefined {
  if (waiver.until < facts.today) return { state: 'expired', text: expiredWords(row, waiver) };
  const { state } = row;
  switch (state) {
    case 'pass':
    case 'waived':
      return { state: 'unused', text: 'The row passed without it. Take the waiver out.' };
    case 'error':
      return { state: 'not-waivable', text: `The row is an error, and an error is never waived: ${row.reason.text}` };
    case 'pending':
    case 'deferred':
    case 'not-applicable':
      return { state: 'not-waivable', text: `The row has no verdict that could be waived; it is ${state}: ${row.reason.text}` };
    case 'fail':
    case 'warn':
    case 'inconclusive':
      return partRefusal(row, facts) ?? (waiver.max === undefined ? undefined : capRefusal(row, waiver, waiver.max, facts));
    default:
      return state satisfies never;
  }
}

function expiredWords({ state }: CriterionReport, { until, owner }: Waiver): string {
  return state === 'pass'
    ? `It ended on ${until}, and the row passed. Take it out.`
    : `It ended on ${until}; the row is ${state}. ${owner} renews it or takes it out.`;
}

/** A waiver is about a whole row of a known subject, and an error hidden behind a worse part is an error all the same. */
function partRefusal(row: CriterionReport, { subjectProblem, leftOut }: WaiverFacts): Refusal | undefined {
  if (subjectProblem !== undefined) return { state: 'not-waivable', text: `It is not known what was judged: ${subjectProblem.text}` };
  if (leftOut !== undefined) return { state: 'not-waivable', text: `A part of the row was left out, so the whole is not known: ${leftOut.text}` };
  const error = row.results.find(({ verdict }) => verdict === 'error');
  return error === undefined ? undefined : { state: 'not-waivable', text: `A part of the row is an error, and an error is never waived: ${error.reason.text}` };
}

/** Everything that did not pass must show a number of the capped metric inside the cap. What is inconclusive shows none that can be trusted. */
function capRefusal(row: CriterionReport, waiver: Waiver, max: number, facts: WaiverFacts): Refusal | undefined {
  const open = notPassed(row);
  if (open.length === 0) return { state: 'not-waivable', text: `Nothing was measured that the cap of ${max} could be held against: ${row.reason.text}` };
  for (const result of open) {
    const refusal = overCap(result, waiver, max, facts.metricOf(result));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function overCap(result: CriterionResult, { metric }: Waiver, max: number, declared: MetricDeclaration | undefined): Refusal | undefined {
  const { value } = result;
  const isCapped = result.expect.kind === 'limit' && (metric ?? result.metric) === result.metric;
  if (!isCapped || declared === undefined)
    return { state: 'not-waivable', text: `The cap of ${max} is not about ${result.metric}, which is ${result.verdict}: ${result.reason.text}` };
  if (value === undefined || !Number.isFinite(value) || result.verdict === 'inconclusive')
    return { state: 'not-waivable', text: `There is no number that the cap of ${figureWords(max, declared)} could be held against: ${result.reason.text}` };
  const isOver = declared.better === 'lower' ? value > max : value < max;
  return isOver ? { state: 'over-cap', text: `${figureWords(value, declared)} is beyond the cap of ${figureWords(max, declared)}.` } : undefined;
}

function capWords(row: CriterionReport, { max }: Waiver, facts: WaiverFacts): string {
  const [result] = notPassed(row);
  const metric = result === undefined ? undefined : facts.metricOf(result);
  if (max === undefined || metric === undefined) return '';
  return `, ${metric.better === 'lower' ? 'up' : 'down'} to ${figureWords(max, metric)}`;
}

function notPassed({ results }: CriterionReport): readonly CriterionResult[] {
  return results.filter(({ verdict }) => verdict !== 'pass');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
