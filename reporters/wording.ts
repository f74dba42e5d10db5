// The words that all reports share: number, limit, distance, samples, interval, reason, next step. Reporters arrange them; none invents its own.
import { VERDICTS } from '../gates/model.ts';
import type { Case, CriterionReport, CriterionResult, Expectation, RunReport, State, Subject, Tolerance, Unit } from '../gates/model.ts';
import { oneLine } from './plain-text.ts';
import { counted, difference, digits, duration, quantity, span } from './quantity.ts';

export const STATE_WORDS: Readonly<Record<State, string>> = {
  pass: 'pass',
  waived: 'waived',
  warn: 'warn',
  inconclusive: 'inconclusive',
  error: 'error',
  fail: 'fail',
  pending: 'pending',
  deferred: 'deferred',
  'not-applicable': 'not applicable',
};

/** Where a thing has no number, limit or name. */
export const NONE = '—';

/** Mathematical signs of the model's operators. */
const SIGNS = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '==': '=' } as const;

/** A result in words; a field is empty where there is nothing to say. */
export interface ResultWords {
  /** `612 ms`, `40 of 42 ok`, `3 found`. */
  readonly number: string;
  /** `< 500 ms`, `all ok`, `at most 10 % worse than legacy`. */
  readonly limit: string;
  /** `+112 ms`: beyond the limit or short of it, by sign. */
  readonly distance: string;
  /** `60 000 samples`, `41 samples, needs 100`. */
  readonly samples: string;
  /** `95 % CI 598–631 ms`. */
  readonly interval: string;
}

export function resultWords(result: CriterionResult): ResultWords {
  return {
    number: numberWords(result),
    limit: limitWords(result.expect, result.unit),
    distance: distanceWords(result),
    samples: sampleWords(result),
    interval: intervalWords(result),
  };
}

function numberWords(result: CriterionResult): string {
  if (result.value !== undefined) return quantity(result.value, result.unit, result.expect.kind === 'limit' ? result.expect.value : undefined);
  const found = result.totalItems ?? result.items?.length;
  if (found !== undefined)
    return found === 0 ? ['none found', ...(result.leavesOpen === undefined ? [] : [result.leavesOpen])].join('; ') : `${digits(found)} found`;
  if (result.expect.kind === 'cases' && result.n > 0) return caseWords(result);
  return NONE;
}

/** `not run` of `not-run`; the others are words already. */
export function caseWord(state: Case['state']): string {
  return state === 'not-run' ? 'not run' : state;
}

/** `cases` lists what is not ok, at most 50 of them (report.ts); from there on the number is a floor. */
function caseWords(result: CriterionResult): string {
  const total = Math.max(result.totalCases ?? 0, result.n);
  const notOk = (result.cases ?? []).filter((entry) => entry.state !== 'ok').length;
  return notOk >= 50 ? `at least ${notOk} of ${digits(total)} not ok` : `${digits(total - notOk)} of ${digits(total)} ok`;
}

export function limitWords(expect: Expectation, unit: Unit | undefined): string {
  switch (expect.kind) {
    case 'limit':
      return `${SIGNS[expect.op]} ${quantity(expect.value, unit)}`;
    case 'baseline':
      return `${toleranceWords(expect.tolerance, unit)} the baseline`;
    case 'versus':
      return `${toleranceWords(expect.tolerance, unit)} ${expect.side}`;
    case 'none':
      return 'none';
    case 'no-new':
      return 'none that is new';
    case 'cases':
      return expect.required === 'all' ? 'all ok' : `${counted(expect.required.length, 'case')} ok`;
    default:
      return expect satisfies never;
  }
}

function toleranceWords(tolerance: Tolerance, unit: Unit | undefined): string {
  if (!('ratio' in tolerance)) return `at most ${quantity(tolerance.amount, unit)} worse than`;
  const floor = tolerance.atLeast === undefined ? '' : ` or ${quantity(tolerance.atLeast, unit)}`;
  return `at most ${quantity(tolerance.ratio, 'ratio')}${floor} worse than`;
}

function distanceWords(result: CriterionResult): string {
  if (result.comparison !== undefined) return difference(result.comparison.effect, 0, result.unit);
  if (result.value === undefined || result.expect.kind !== 'limit') return '';
  return difference(result.value, result.expect.value, result.unit);
}

function sampleWords(result: CriterionResult): string {
  if (result.n === 0) return '';
  if (result.expect.kind === 'cases') return counted(result.n, 'case');
  const needs = 'minSamples' in result.expect && result.n < result.expect.minSamples ? `, needs ${digits(result.expect.minSamples)}` : '';
  return counted(result.n, 'sample') + needs;
}

function intervalWords(result: CriterionResult): string {
  const interval = result.interval ?? result.comparison?.interval;
  // A count of findings is no estimate.
  if (interval === undefined || interval.level === 1) return '';
  const of = result.interval === undefined ? ' of the difference' : '';
  return `${digits(interval.level * 100)}\u202F% CI${of} ${span(interval.low, interval.high, result.unit)}`;
}

/** `plan 500 ms, here 650 ms`, where the configuration changed the limit (DESIGN §7); else empty. */
export function changedWords(expect: Expectation, unit: Unit | undefined): string {
  if (expect.kind !== 'limit' || expect.changed === undefined) return '';
  return `plan ${quantity(expect.changed.from, unit)}, here ${quantity(expect.value, unit)}`;
}

/** The same of a whole row: each changed limit once. */
export function changedLimit(criterion: CriterionReport): string {
  const all = criterion.results.map(({ expect, unit }) => changedWords(expect, unit)).filter((words) => words !== '');
  return [...new Set(all)].join('; ');
}

/** `Report mode until 2026-12-31: would exit 1. …`; undefined where the gate blocks. */
export function reportModeWords({ enforcement, enforcedExitCode }: RunReport): string | undefined {
  if (enforcement.mode === 'enforce') return undefined;
  const { until, owner, reason } = enforcement;
  return `Report mode until ${until}: would exit ${enforcedExitCode ?? 0}. It blocks nobody until then (${oneLine(owner)}: ${oneLine(reason).replace(/[.]$/u, '')}).`;
}

/** `over its cap` of `over-cap`. */
export const WAIVER_WORDS: Readonly<Record<RunReport['waivers'][number]['state'], string>> = {
  applied: 'applied',
  unused: 'unused',
  'over-cap': 'over its cap',
  expired: 'expired',
  'not-waivable': 'not waivable',
};

/** The result that a one-line summary shows: the worst, and among equals the first. */
export function tellingResult(criterion: CriterionReport): CriterionResult | undefined {
  return criterion.results.toSorted((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict))[0];
}

/** `/api/v1/x, legacy`: what a result is about, where it is not the whole. */
export function labelWords(labels: CriterionResult['labels']): string {
  return [labels.route, labels.subject, labels.side]
    .filter((label) => label !== undefined)
    .map(oneLine)
    .join(', ');
}

/** The row's own name: `p99-latency` of `phase3.performance.p99-latency`. */
export function rowName(criterion: CriterionReport): string {
  return oneLine(criterion.id).split('.').slice(-1).join('');
}

/** Reasons that say no more than number and limit do. */
const TOLD_BY_NUMBERS: ReadonlySet<string> = new Set(['WITHIN_LIMIT', 'LIMIT_EXCEEDED', 'ALL_CASES_OK', 'SET_EMPTY', 'TOO_FEW_SAMPLES']);

export function isToldByNumbers(criterion: CriterionReport): boolean {
  return TOLD_BY_NUMBERS.has(criterion.reason.code);
}

/** A reason shorter than this may stand twice in one list. */
const LONG_REASON = 60;

/** The reason of each criterion of a list, a long one in full only where it first stands: one sick instrument takes many rows with it. */
export function reasonsOnce(criteria: readonly CriterionReport[]): ReadonlyMap<CriterionReport, string> {
  const firsts = new Map(criteria.toReversed().map((criterion) => [criterion.reason.text, criterion]));
  return new Map(
    criteria.map((criterion) => {
      const first = firsts.get(criterion.reason.text) ?? criterion;
      const isSaid = first !== criterion && criterion.reason.text.length > LONG_REASON;
      return [criterion, isSaid ? `For the same reason as ${rowName(first)}.` : oneLine(criterion.reason.text)];
    }),
  );
}

/** Units in which instruments end the names of their facts, with the factor to the model's unit. */
const FACT_UNITS: readonly (readonly [ending: string, unit: Unit | undefined, factor: number])[] = [
  ['Ms', 'ms', 1],
  ['Rps', 'req/s', 1],
  ['Ratio', 'ratio', 1],
  ['MiB', 'bytes', 2 ** 20],
];

/** `scheduleLagP99Ms: 516.6` as `schedule lag P99` and `517 ms`; names and values that are words already stay. */
export function factWords(name: string, value: number | string | boolean): readonly [name: string, value: string] {
  const [ending, unit, factor] = FACT_UNITS.find(([one]) => name.endsWith(one)) ?? ['', undefined, 1];
  const split = (ending === 'Ratio' ? name : name.slice(0, name.length - ending.length)).replace(/(?<=[a-z0-9])(?=[A-Z])/gu, ' ');
  const words = split.split(' ').map((word) => (/^(P\d+|[A-Z]{2,})$/u.test(word) ? word : word.toLowerCase()));
  const isCamel = /^[a-z][A-Za-z0-9]*$/u.test(name);
  return [
    isCamel ? words.join(' ') : oneLine(name),
    typeof value === 'number' ? (isCamel ? quantity(value * factor, unit) : digits(value)) : oneLine(String(value)),
  ];
}

export function isAttentionNeeded(state: State): boolean {
  return state === 'fail' || state === 'error' || state === 'inconclusive' || state === 'warn';
}

/** The command that tells what to do; every row that is not a pass has one. */
export function nextStep(criterion: CriterionReport): string | undefined {
  return isAttentionNeeded(criterion.state) ? `naap-gate explain ${oneLine(criterion.id)}` : undefined;
}

/** Criteria under their section, in the gate's order. */
export function bySection(criteria: readonly CriterionReport[]): ReadonlyMap<string, readonly CriterionReport[]> {
  return Map.groupBy(criteria, (criterion) => criterion.section);
}

export interface Group {
  readonly what: string;
  readonly criteria: readonly string[];
}

/** Who or what is waited for (without the "Waits for" and the full stop that the report has), with the criteria that wait. */
export function pendingGroups(report: RunReport): readonly Group[] {
  const groups = Map.groupBy(report.pending, (entry) =>
    oneLine(entry.waitsFor)
      .replace(/^Waits for /u, '')
      .replace(/\.$/u, ''),
  );
  return [...groups].map(([what, entries]) => ({ what, criteria: entries.map((entry) => entry.criterion) }));
}

/** Why rows were left out of this run, with the rows. */
export function deferredGroups(report: RunReport): readonly Group[] {
  const groups = Map.groupBy(
    report.criteria.filter((criterion) => criterion.state === 'deferred'),
    (criterion) => criterion.reason.text,
  );
  return [...groups].map(([what, criteria]) => ({ what, criteria: criteria.map((criterion) => criterion.id) }));
}

/** `commit 3f9c2ab`, `deployment dpl_…`, `schema …`; what the application does not tell is said to be unknown. */
export function subjectFields(subject: Subject): readonly (readonly [name: string, value: string])[] {
  const tell = (value: string | null): string => (value === null ? 'not told' : oneLine(value));
  return [
    ['Commit', tell(subject.commit)],
    ['Deployment', tell(subject.deploymentId)],
    ['Schema', tell(subject.schemaVersion)],
  ];
}

/** `1 min 42 s`, or that the run never ended. */
export function tookWords(report: RunReport): string {
  return report.endedAt === null ? 'not finished' : duration((Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000);
}

/** Which try at this subject the run is, counted from 1; `attempts` may or may not list the run itself. */
export function attemptNumber(report: RunReport): number {
  return report.attempts.filter((attempt) => attempt.run !== report.run).length + 1;
}

/** `2026-11-23 04:40 UTC`. */
export function instant(iso: string): string {
  return `${oneLine(iso).slice(0, 16).replace('T', ' ')} UTC`;
}

/** What a reader must know before trusting the headline; empty for a complete, sealed run. */
export function cautions(report: RunReport): readonly string[] {
  const partial =
    report.scope === 'partial'
      ? [`Partial run: ${counted(report.counts.deferred, 'row was', 'rows were')} left out. It can be neither signed nor promoted to a baseline.`]
      : [];
  const unsealed = report.sealed ? [] : ['Not sealed: the run did not finish, so its journal can still grow and nothing can be signed.'];
  const empty = report.criteria.length === 0 ? ['The gate has no criteria: nothing was proved.'] : [];
  const problems = report.problems.map(({ code, text, remedy }) => [`${code}: ${text}`, remedy].filter((part) => part !== undefined).join(' '));
  const reportMode = reportModeWords(report);
  return [...(reportMode === undefined ? [] : [reportMode]), ...problems, ...empty, ...partial, ...unsealed];
}
