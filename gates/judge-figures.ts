// Judges the figures of one binding against its expectation: number, limit, reason. Pure; called by judge.ts alone.
import type { Binding, Expectation, Operator } from './model/criterion.ts';
import type { Comparison } from './model/comparator.ts';
import type { MetricDeclaration } from './model/check.ts';
import type { Case, Item, Measurement } from './model/measurement.ts';
import type { CriterionResult, Reason } from './model/report.ts';
import type { Verdict } from './model/verdicts.ts';
import { byLabels, figureOf, overallOf } from './figures.ts';

/** Findings shown in a report; all are counted. Keeps a journal line under its cap. */
const SHOWN = 50;
const DETAIL_CHARACTERS = 400;

/** A measurement read back from the journal; `artifact` is set where its payload was stored apart. */
export type RecordedMeasurement = Measurement & { readonly artifact?: string };

type Judged = Omit<CriterionResult, 'check' | 'metric' | 'labels' | 'expect' | 'artifacts' | 'instrument'>;

/** One result for the whole (`overall`), or one for each label set (`each`). Never empty. */
export function judgeFigures(
  binding: Binding,
  metric: MetricDeclaration | undefined,
  measurements: readonly RecordedMeasurement[],
  decisionOn: (one: Pick<Measurement, 'labels'>) => Comparison | undefined,
): CriterionResult[] {
  const own = measurements.filter((one) => one.metric === binding.expect.metric && one.labels.side !== 'legacy');
  return groups(own, binding.scope ?? 'overall').map((group) => {
    const healthy = group.filter((one) => one.instrument.healthy);
    const shown = healthy[0] ?? group[0];
    const judged =
      metric === undefined || healthy.length === 0
        ? withoutFigures(binding.expect.metric, metric, group)
        : judge(binding.expect, metric, healthy, shown === undefined ? undefined : decisionOn(shown));
    return {
      check: binding.check,
      metric: binding.expect.metric,
      labels: binding.scope === 'each' ? (shown?.labels ?? {}) : {},
      expect: binding.expect,
      ...(shown === undefined ? {} : { instrument: shown.instrument }),
      artifacts: group.flatMap(({ artifact }) => artifact ?? []),
      ...(binding.scope === 'each' && shown !== undefined ? named(judged, shown) : judged),
    };
  });
}

/** Which of them it is must be in the reason: it becomes that of the whole row where it is the worst. */
function named(judged: Judged, { labels: { route, subject } }: Measurement): Judged {
  const name = subject ?? route;
  return name === undefined || judged.verdict === 'pass' ? judged : { ...judged, reason: { ...judged.reason, text: `${name}: ${judged.reason.text}` } };
}

function groups(measurements: readonly RecordedMeasurement[], scope: 'overall' | 'each'): RecordedMeasurement[][] {
  if (scope === 'overall') return [overallOf(measurements)];
  const byLabel = byLabels(measurements);
  return byLabel.size === 0 ? [[]] : [...byLabel.values()].map((group) => [...group]);
}

function withoutFigures(name: string, metric: MetricDeclaration | undefined, group: readonly Measurement[]): Judged {
  if (metric === undefined) return verdict('error', 'NO_DATA', `The check declares no metric "${name}".`, 0);
  const { unit } = metric;
  const sick = group[0];
  if (sick === undefined) return { ...verdict('inconclusive', 'NO_DATA', `No measurement of ${name} was recorded.`, 0), unit };
  return {
    ...verdict('inconclusive', 'INSTRUMENT_SICK', `${sick.instrument.name} was not fit to measure: ${sick.instrument.why ?? 'it gave no reason'}.`, sick.n),
    unit,
  };
}

function judge(expect: Expectation, metric: MetricDeclaration, measurements: readonly Measurement[], decision: Comparison | undefined): Judged {
  switch (expect.kind) {
    case 'limit':
      return judgeLimit(expect, metric, measurements);
    case 'cases':
      return judgeCases(expect, measurements);
    case 'none':
      return judgeNone(measurements);
    case 'baseline':
    case 'versus':
    case 'no-new':
      return judgeComparison(expect, metric, measurements, decision);
    default:
      return expect satisfies never;
  }
}

function judgeLimit(expect: Extract<Expectation, { kind: 'limit' }>, metric: MetricDeclaration, measurements: readonly Measurement[]): Judged {
  const figure = figureOf(measurements, expect.statistic, metric);
  if (figure === undefined) return verdict('inconclusive', 'NO_DATA', `${expect.metric} holds nothing that a ${expect.statistic} can be taken of.`, 0);
  const number = {
    value: figure.value,
    unit: metric.unit,
    statistic: expect.statistic,
    ...(figure.interval === undefined ? {} : { interval: figure.interval }),
  };
  if (!Number.isFinite(figure.value)) {
    return verdict('inconclusive', 'NOT_A_NUMBER', `The ${expect.statistic} of ${expect.metric} is not a number.`, figure.n);
  }
  if (figure.n < expect.minSamples) {
    return { ...verdict('inconclusive', 'TOO_FEW_SAMPLES', `${figure.n} samples, needs ${expect.minSamples}.`, figure.n), ...number };
  }
  return holds(figure.value, expect.op, expect.value)
    ? { ...verdict('pass', 'WITHIN_LIMIT', `${expect.statistic} within the limit.`, figure.n), ...number }
    : {
        ...verdict(
          'fail',
          'LIMIT_EXCEEDED',
          `${expect.statistic} of ${metric.title} is ${figureWords(figure.value, metric)}, the limit is ${limitWords(expect, metric)}.`,
          figure.n,
        ),
        ...number,
      };
}

/** `612 ms`: at most four digits that count. */
export function figureWords(value: number, metric: MetricDeclaration): string {
  return `${Number(value.toPrecision(4))} ${unitWord(metric)}`.trim();
}
/** `< 650 ms (plan 500 ms, here 650 ms)`: a limit that is not the plan's says so wherever it stands (DESIGN §7). */
function limitWords({ op, value, changed }: Extract<Expectation, { kind: 'limit' }>, metric: MetricDeclaration): string {
  const exact = (number: number): string => `${number} ${unitWord(metric)}`.trim();
  return `${op} ${exact(value)}${changed === undefined ? '' : ` (plan ${exact(changed.from)}, here ${exact(value)})`}`;
}
function unitWord(metric: MetricDeclaration): string {
  return metric.unit === '1' || metric.unit === 'ratio' || metric.unit === 'count' ? '' : metric.unit;
}

export function holds(value: number, op: Operator, limit: number): boolean {
  switch (op) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    default:
      return op satisfies never;
  }
}

const CASE_ORDER = ['ok', 'flaky', 'not-run', 'failed'] as const;

/** Over several rounds a case is as bad as its worst round. */
function judgeCases(expect: Extract<Expectation, { kind: 'cases' }>, measurements: readonly Measurement[]): Judged {
  const byId = new Map<string, Case>();
  for (const { payload } of measurements) {
    for (const one of payload.shape === 'cases' ? payload.cases : []) {
      const known = byId.get(one.id);
      if (known === undefined || CASE_ORDER.indexOf(one.state) > CASE_ORDER.indexOf(known.state)) byId.set(one.id, one);
    }
  }
  const required = expect.required === 'all' ? [...byId.keys()] : expect.required;
  const cases = required.map((id): Case => byId.get(id) ?? { id, state: 'not-run', detail: 'The check did not report this case.' });
  const bad = cases.filter(({ state }) => state !== 'ok');
  const listed = { cases: bad.slice(0, SHOWN).map(shorten), totalCases: cases.length };
  return { ...casesVerdict(cases), ...listed };
}

function casesVerdict(cases: readonly Case[]): Judged {
  const count = (state: Case['state']): number => cases.filter((one) => one.state === state).length;
  const first = (state: Case['state']): string => cases.find((one) => one.state === state)?.id ?? '';
  const n = cases.length;
  if (n === 0) return verdict('inconclusive', 'NO_DATA', 'The check reported no case.', 0);
  if (count('failed') > 0) return verdict('fail', 'CASES_FAILED', `${count('failed')} of ${n} cases failed, the first: ${first('failed')}.`, n);
  const unasked = cases.filter(({ state }) => state === 'not-run');
  if (unasked.length > 0 && unasked.every(({ code }) => code === 'NO_BASELINE'))
    return verdict('inconclusive', 'NO_BASELINE', `${unasked.length} of ${n} cases were captured, and there is nothing to compare them with.`, n);
  if (unasked.length > 0) return verdict('inconclusive', 'CASES_NOT_RUN', `${unasked.length} of ${n} cases did not run, the first: ${first('not-run')}.`, n);
  if (count('flaky') > 0)
    return verdict('warn', 'CASES_FLAKY', `${count('flaky')} of ${n} cases passed only when tried again, the first: ${first('flaky')}.`, n);
  return verdict('pass', 'ALL_CASES_OK', `${n} of ${n} cases as specified.`, n);
}

function judgeNone(measurements: readonly Measurement[]): Judged {
  const sets = measurements.flatMap(({ payload }) => (payload.shape === 'set' ? [payload] : []));
  const n = measurements.reduce((sum, one) => sum + one.n, 0);
  const { items, totalItems } = foundIn(measurements);
  if (sets.length === 0 || n === 0) return verdict('inconclusive', 'NO_DATA', 'Nothing was examined, so an empty set proves nothing.', n);
  const leavesOpen = sets.find((set) => set.leavesOpen !== undefined)?.leavesOpen;
  const open = leavesOpen === undefined ? {} : { leavesOpen };
  return totalItems === 0
    ? { ...verdict('pass', 'SET_EMPTY', `None found among ${n} examined${leavesOpen === undefined ? '' : `; ${leavesOpen}`}.`, n), items, totalItems, ...open }
    : { ...verdict('fail', 'ITEMS_FOUND', `${totalItems} found among ${n} examined, the first: ${items[0]?.key ?? 'not listed'}.`, n), items, totalItems };
}

function foundIn(measurements: readonly Measurement[]): { items: Item[]; totalItems: number } {
  const sets = measurements.flatMap(({ payload }) => (payload.shape === 'set' ? [payload] : []));
  return {
    totalItems: sets.reduce((sum, set) => sum + Math.max(set.totalItems, set.items.length), 0),
    items: sets
      .flatMap((set) => set.items)
      .slice(0, SHOWN)
      .map((item) => ({ ...item, key: clip(item.key), detail: clip(item.detail) })),
  };
}

function judgeComparison(
  expect: Extract<Expectation, { kind: 'baseline' | 'versus' | 'no-new' }>,
  metric: MetricDeclaration,
  measurements: readonly Measurement[],
  decision: Comparison | undefined,
): Judged {
  const statistic = expect.kind === 'no-new' ? undefined : expect.statistic;
  const figure = statistic === undefined ? undefined : figureOf(measurements, statistic, metric);
  const n = figure?.n ?? measurements.reduce((sum, one) => sum + one.n, 0);
  if (decision === undefined) return verdict('inconclusive', 'NO_BASELINE', 'There is nothing to compare with.', n);
  const facts = {
    ...('effect' in decision ? { comparison: decision } : {}),
    ...(expect.kind === 'no-new' ? foundIn(measurements) : {}),
    ...(figure === undefined ? {} : { value: figure.value, unit: metric.unit, statistic }),
  };
  if (expect.kind !== 'no-new' && n < expect.minSamples)
    return {
      ...verdict('inconclusive', 'TOO_FEW_SAMPLES', `${n} samples, needs ${expect.minSamples}. ${'effect' in decision ? '' : decision.why}`.trim(), n),
      ...facts,
    };
  const { outcome } = decision;
  switch (outcome) {
    case 'within':
      return { ...verdict('pass', 'AS_BEFORE', decision.why, n), ...facts };
    case 'beyond':
      return { ...verdict('fail', 'WORSE_THAN_BEFORE', decision.why, n), ...facts };
    case 'undecided':
      return { ...verdict('inconclusive', 'UNDECIDED', decision.why, n), ...facts };
    default:
      return outcome satisfies never;
  }
}

function verdict(value: Verdict, code: Reason['code'], text: string, n: number): Judged {
  return { verdict: value, reason: { code, text }, n };
}
function shorten(one: Case): Case {
  return { ...one, id: clip(one.id), detail: clip(one.detail) };
}
function clip(text: string): string {
  return text.length <= DETAIL_CHARACTERS ? text : `${text.slice(0, DETAIL_CHARACTERS)}…`;
}
