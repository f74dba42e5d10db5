import { expect, test } from 'vitest';
import type { CriterionReport, CriterionResult } from './model.ts';
import type { OutlinedRun, RunOutline } from './run-outline.ts';
import { trendOf } from './trend.ts';

const ID = 'phase3.performance.p99-latency';

function result(more: Partial<CriterionResult>): CriterionResult {
  return {
    check: 'api-load',
    metric: 'api.latency',
    labels: {},
    statistic: 'p99',
    unit: 'ms',
    n: 1000,
    expect: { kind: 'limit', metric: 'api.latency', statistic: 'p99', op: '<', value: 500, minSamples: 1 },
    verdict: 'pass',
    reason: { code: 'WITHIN_LIMIT', text: 'p99 within the limit.' },
    artifacts: [],
    ...more,
  };
}
function run(day: number, results: readonly CriterionResult[] | undefined, more: Partial<RunOutline> = {}): OutlinedRun {
  const startedAt = `2026-11-${String(day).padStart(2, '0')}T07:00:00.000Z`;
  const criterion: CriterionReport = {
    id: ID,
    gate: 'phase3',
    section: 'Performance',
    text: 'P99',
    source: 'plan §3.6',
    kind: 'measured',
    required: true,
    state: results === undefined ? 'deferred' : 'pass',
    reason: { code: 'NOT_SELECTED', text: 'Left out.' },
    results: [...(results ?? [])],
  };
  return {
    outline: {
      run: `r${day}`,
      gate: 'phase3',
      environment: 'staging',
      profile: 'full',
      subject: { commit: `c${day}`, deploymentId: null, schemaVersion: null },
      startedAt,
      endedAt: startedAt,
      lastAt: startedAt,
      verdict: 'pass',
      exitCode: 0,
      scope: 'complete',
      headline: '',
      signOffs: [],
      decision: null,
      problem: null,
      ...more,
    },
    judged: more.verdict === null || more.problem !== undefined ? [] : [criterion],
  };
}
const values = (runs: readonly OutlinedRun[]) =>
  trendOf(ID, runs).map(({ environment, profile, points }) => [environment, profile, points.map(({ value }) => value)]);

test('figures stand oldest first, whatever the order in which runs come; a changed limit does not part them', () => {
  const changed = result({ value: 30, expect: { kind: 'limit', metric: 'api.latency', statistic: 'p99', op: '<', value: 650, minSamples: 1 } });
  expect(values([run(3, [changed]), run(1, [result({ value: 10 })]), run(2, [result({ value: 20 })])])).toEqual([['staging', 'full', [10, 20, 30]]]);
});

test('another environment, profile, gate or figure is another series', () => {
  const one = [result({ value: 1 })];
  expect(values([run(1, one), run(2, one, { environment: 'production' }), run(3, one, { profile: 'pr' }), run(0, one, { gate: 'phase4' })])).toEqual([
    ['staging', 'full', [1]],
    ['production', 'full', [1]],
    ['staging', 'pr', [1]],
  ]);
  const both = [result({ value: 1 }), result({ value: 9, labels: { side: 'legacy' } })];
  expect(values([run(1, both)])).toEqual([
    ['staging', 'full', [1]],
    ['staging', 'full', [9]],
  ]);
});

test('what a sick instrument measured, what could not be decided, what was left out and what did not end have no figure and stay in sight', () => {
  const sick = result({ value: 5, instrument: { name: 'load', version: '1', healthy: false, why: 'starved' } });
  const { statistic: _statistic, unit: _unit, ...few } = result({ verdict: 'inconclusive', reason: { code: 'TOO_FEW_SAMPLES', text: '3 samples.' }, value: 7 });
  const [series] = trendOf(ID, [
    run(1, [result({ value: 10 })]),
    run(2, [sick]),
    run(3, [few]),
    run(4, undefined),
    run(5, undefined, { verdict: null }),
    run(6, undefined, { verdict: null, problem: 'damaged' }),
  ]);
  expect(series?.points.map(({ value, state }) => [value, state])).toEqual([
    [10, 'pass'],
    [null, 'pass'],
    [null, 'inconclusive'],
    [null, 'deferred'],
    [null, 'unfinished'],
    [null, 'unreadable'],
  ]);
});

test('of cases the figure is how many were not ok, of a set how many were found, of a comparison the difference', () => {
  const { statistic: _statistic, unit: _unit, ...bare } = result({ metric: 'm' });
  const cases = {
    ...bare,
    expect: { kind: 'cases', metric: 'm', required: 'all' } as const,
    cases: [{ id: 'x', state: 'failed' as const, detail: 'd' }],
    totalCases: 9,
  };
  const set = { ...bare, expect: { kind: 'none', metric: 'm' } as const, items: [], totalItems: 70 };
  const interval = { low: 1, high: 3, level: 0.95 };
  const versus = {
    ...bare,
    value: 44,
    expect: { kind: 'versus', side: 'legacy', metric: 'm', statistic: 'p99', tolerance: { ratio: 0.1 }, minSamples: 1 } as const,
    comparison: { outcome: 'within' as const, effect: 2, interval, reference: 'x', why: '' },
  };
  expect(trendOf(ID, [run(1, [cases, set, versus])]).map(({ points }) => points[0]?.value)).toEqual([1, 70, 2]);
});

test('a criterion that no run judged has no trend', () => {
  expect(trendOf('phase3.other', [run(1, [result({ value: 1 })])])).toEqual([]);
});
