// Loops over the register of gates: ids, kinds, bindings, numbers, roles and risks.
import { expect, test } from 'vitest';
import { type Binding, type Criterion, Gate, type Shape } from '../model.ts';
import { CHECKS_TO_COME } from './checks-to-come.ts';
import { coreRollbackTriggers } from './core-database-cutover.ts';
import { checksToCome, gates } from './index.ts';
import { risks } from './risks.ts';
import { STANDING } from './standing.ts';

const criteria = gates.flatMap((gate) => gate.criteria);
const bindingsOf = ({ kind }: Criterion): readonly Binding[] => ('measured' in kind ? kind.measured : []);
const bindings = criteria.flatMap((criterion) => bindingsOf(criterion).map((binding) => [criterion.id, binding] as const));

/** Shapes that an expectation can judge. */
const FITTING: Readonly<Record<Binding['expect']['kind'], readonly Shape[]>> = {
  limit: ['samples', 'histogram', 'proportion', 'value'],
  baseline: ['samples', 'histogram', 'proportion', 'value'],
  versus: ['samples', 'histogram', 'proportion', 'value'],
  none: ['set'],
  'no-new': ['set'],
  cases: ['cases'],
};
/** Shapes that a statistic can be taken of. */
const STATISTICS: Readonly<Record<string, readonly Shape[]>> = { value: ['value'], rate: ['proportion'], count: ['set', 'samples', 'histogram'] };
const DISTRIBUTIONS: readonly Shape[] = ['samples', 'histogram'];

test.each(gates.map((gate) => [gate.id, gate] as const))('%s is a gate by the model, with criteria and approvers', (id, gate) => {
  expect(Gate.parse(gate)).toEqual(gate);
  expect(gate.criteria.length).toBeGreaterThan(0);
  expect(gate.approvers.length).toBeGreaterThan(0);
  for (const criterion of gate.criteria) expect(criterion.id.startsWith(`${id}.`)).toBe(true);
});

test('no id of a gate or a criterion stands twice', () => {
  for (const ids of [gates.map(({ id }) => id), criteria.map(({ id }) => id)]) expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('the critical paths stand in every phase, and every phase but the first waits for the one before it to be signed', () => {
  const standing = criteria.filter(({ section }) => section === STANDING).map(({ id, text }) => `${id}: ${text}`);
  const journeys = 'Critical user journeys that MUST pass before any phase completion';
  expect(standing).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((phase) => [
      `phase${phase}.standing.critical-paths: ${journeys}`,
      ...(phase === 0 ? [] : [`phase${phase}.standing.previous-phase: Phase ${phase - 1} is signed`]),
    ]),
  );
});

test('a binding to a check that is not built yet expects what that check is to measure', () => {
  const misfits = bindings.filter(([, { check, expect: expected }]) => {
    const metric = CHECKS_TO_COME[check]?.metrics[expected.metric];
    if (!checksToCome.includes(check)) return false;
    const statistic = 'statistic' in expected ? (STATISTICS[expected.statistic] ?? DISTRIBUTIONS) : undefined;
    return metric === undefined || !FITTING[expected.kind].includes(metric.shape) || statistic?.includes(metric.shape) === false;
  });
  expect(misfits).toEqual([]);
});

test('no check and no metric is to come that nothing is bound to', () => {
  const bound = new Set([
    ...bindings.map(([, { check, expect: expected }]) => `${check} ${expected.metric}`),
    ...coreRollbackTriggers.map(({ check, metric }) => `${check} ${metric}`),
  ]);
  const listed = Object.entries(CHECKS_TO_COME).flatMap(([check, { metrics }]) => Object.keys(metrics).map((metric) => `${check} ${metric}`));
  expect(listed.filter((one) => !bound.has(one))).toEqual([]);
});

/** Of the unit that a row names into the metric's. */
const FACTORS: Readonly<Record<string, number>> = { ms: 1, s: 1000, '%': 0.01, ' min': 60, '': 1 };
/** Rows whose number is not a measured limit, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'phase2.performance.fid': 'FID is retired; INP has a limit of its own',
  'success.business-metrics.infrastructure-cost': 'read from invoices',
  'success.business-metrics.onboarding': 'read from a survey',
};

test('the number that a row names is the number that it is held to', () => {
  const rows = criteria.flatMap((criterion) => {
    const [, sign = '', number, unit = ''] = /([<>≥]) \$?([\d.]+)(ms|s\b|%| min)?/.exec(criterion.text) ?? [];
    return number === undefined ? [] : [{ criterion, sign, value: Number(number) * (FACTORS[unit] ?? Number.NaN) }];
  });
  const wrong = rows.filter(({ criterion, sign, value }) =>
    'evidence' in criterion.kind
      ? !criterion.kind.evidence.some((rule) => rule.kind === 'coverage' && rule.minimum === value && (rule.exclusive === true) === (sign === '>'))
      : !bindingsOf(criterion).some(({ expect: limit }) => limit.kind === 'limit' && limit.op === sign && Math.abs(limit.value - value) < 1e-9),
  );
  expect(rows).toHaveLength(25);
  expect(wrong.map(({ criterion }) => criterion.id)).toEqual(Object.keys(ELSEWHERE));
});

test('"within 10% of baseline" is held to a tenth of the baseline', () => {
  const rows = criteria.filter(({ text }) => text.includes('within 10% of baseline'));
  expect(rows.map(({ id }) => id)).toEqual(['phase1.performance.query-times', 'phase2.performance.bundle-size']);
  for (const { kind } of rows) expect(kind).toMatchObject({ measured: [{ scope: 'each', expect: { kind: 'baseline', tolerance: { ratio: 0.1 } } }] });
});

test("the conditions for a rollback are the plan's numbers", () => {
  expect(coreRollbackTriggers.map(({ id, text, op, value }) => ({ id, text, op, value }))).toEqual([
    { id: 'error-rate', text: 'Error rate > 5%', op: '>', value: 0.05 },
    { id: 'login-success', text: 'Login success rate < 95%', op: '<', value: 0.95 },
    { id: 'p99-latency', text: 'P99 latency > 2s', op: '>', value: 2000 },
  ]);
});

test('every risk is watched, by criteria and triggers that exist', () => {
  const [ids, triggers] = [criteria.map(({ id }) => id), coreRollbackTriggers.map(({ id }) => id)];
  for (const risk of risks) expect(risk.criteria.length, risk.id).toBeGreaterThan(0);
  expect(risks.flatMap((risk) => risk.criteria.filter((id) => !ids.includes(id)))).toEqual([]);
  expect(risks.flatMap((risk) => risk.triggers.filter((id) => !triggers.includes(id)))).toEqual([]);
});

test('every trigger watches a risk', () => {
  const watched = risks.flatMap((risk) => risk.triggers);
  expect(coreRollbackTriggers.map(({ id }) => id).filter((id) => !watched.includes(id))).toEqual([]);
});

test('what a document must be ends as a sentence does', () => {
  const described = criteria.flatMap(({ kind }) => ('evidence' in kind ? kind.evidence.map(({ describe }) => describe) : []));
  expect(described.filter((text) => !/^[A-Z].*\.$/.test(text))).toEqual([]);
});
