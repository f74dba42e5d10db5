import { expect, test } from 'vitest';
import type { Plan, PlannedCriterion, Waiver } from './model.ts';
import { judgePlan, type RecordedExecution } from './judge.ts';
import { gateVerdict } from './lattice.ts';
import { measurement, metrics, plannedCriterion, plannedExecution, recorded } from './test-data.ts';

const TODAY = '2026-11-23';
const limit = { kind: 'limit', metric: 'latency', statistic: 'max', op: '<', value: 500, minSamples: 2 } as const;
const waiver = (more: Partial<Waiver> = {}): Waiver => ({
  criterion: 'phase3.test.row',
  environment: 'test',
  owner: 'Ann',
  reason: 'One slow query',
  until: '2026-12-15',
  ...more,
});
const latency = (...samples: number[]): RecordedExecution => recorded([[measurement('latency', { shape: 'samples', samples })]]);
const cases = (state: 'ok' | 'failed' | 'flaky'): RecordedExecution =>
  recorded([[measurement('cases', { shape: 'cases', cases: [{ id: 'a', state, detail: '' }] })]]);
const allCases = { kind: 'cases', metric: 'cases', required: 'all' } as const;
const threw = recorded([], { finished: { outcome: 'error', why: 'boom' } });
const deferred = recorded([], {
  planned: plannedExecution({ skip: { state: 'deferred', reason: { code: 'NO_LOAD_CONSENT', text: 'no consent' } } }),
});

function plan(criteria: readonly PlannedCriterion[], waivers: readonly Waiver[], today = TODAY): Plan {
  return {
    gate: 'phase3',
    title: '',
    environment: 'test',
    target: '',
    profile: 'full',
    criteria: [...criteria],
    executions: [],
    notApplicable: [],
    waivers: [...waivers],
    enforcement: { mode: 'enforce' },
    today,
  };
}
/** State of the row, its code, and what became of the waiver. */
function judged(execution: RecordedExecution, granted: Waiver, row: PlannedCriterion = plannedCriterion(limit), today = TODAY): readonly string[] {
  const { criteria, waivers } = judgePlan(plan([row], [granted], today), new Map([['probe@1', execution]]));
  return [...criteria.map(({ state, reason }) => `${state} ${reason.code}`), ...waivers.map(({ state }) => state)];
}

test.each<readonly [string, RecordedExecution, Waiver, readonly string[]]>([
  ['a failing row is waived', latency(1, 612), waiver(), ['waived WAIVED', 'applied']],
  ['on its last day a waiver counts', latency(1, 612), waiver({ until: TODAY }), ['waived WAIVED', 'applied']],
  ['a day later it does not', latency(1, 612), waiver({ until: '2026-11-22' }), ['fail LIMIT_EXCEEDED', 'expired']],
  ['an inconclusive row is waived', latency(1), waiver(), ['waived WAIVED', 'applied']],
  ['an error is never waived', threw, waiver(), ['error CHECK_ERROR', 'not-waivable']],
  ['a deferred row is not waived', deferred, waiver(), ['deferred NO_LOAD_CONSENT', 'not-waivable']],
  ['a passing row stays a pass, and its waiver is unused', latency(1, 2), waiver(), ['pass WITHIN_LIMIT', 'unused']],
  ['a passing row with a waiver that ended: expired', latency(1, 2), waiver({ until: '2026-11-01' }), ['pass WITHIN_LIMIT', 'expired']],
  ['just at the cap is inside it', latency(1, 612), waiver({ max: 612 }), ['waived WAIVED', 'applied']],
  ['beyond the cap the row stays what it is', latency(1, 612.1), waiver({ max: 612 }), ['fail LIMIT_EXCEEDED', 'over-cap']],
  ['too few samples show no number that a cap could be held against', latency(1), waiver({ max: 612 }), ['inconclusive TOO_FEW_SAMPLES', 'not-waivable']],
  ['a cap of another metric covers nothing', latency(1, 612), waiver({ max: 700, metric: 'rows' }), ['fail LIMIT_EXCEEDED', 'not-waivable']],
  ['a cap on nothing that was measured covers nothing', recorded([], { finished: undefined }), waiver({ max: 700 }), ['inconclusive NOT_RUN', 'not-waivable']],
])('%s', (_name, execution, granted, expected) => {
  expect(judged(execution, granted)).toEqual(expected);
});

test.each<readonly [string, RecordedExecution, Waiver, readonly string[]]>([
  ['a warning is waived', cases('flaky'), waiver(), ['waived WAIVED', 'applied']],
  ['failed cases are waived without a cap', cases('failed'), waiver(), ['waived WAIVED', 'applied']],
  ['and with one never: there is no number', cases('failed'), waiver({ max: 1 }), ['fail CASES_FAILED', 'not-waivable']],
])('%s', (_name, execution, granted, expected) => {
  expect(judged(execution, granted, plannedCriterion(allCases))).toEqual(expected);
});

test('the cap is on the side to which the metric gets worse', () => {
  const higher = plannedExecution({ metrics: { latency: { ...metrics.latency, better: 'higher' } } });
  const row = plannedCriterion({ ...limit, op: '>=', value: 1000, statistic: 'min' });
  const measured = (value: number): RecordedExecution =>
    recorded([[measurement('latency', { shape: 'samples', samples: [value, 2000] })]], { planned: higher });
  expect([judged(measured(950), waiver({ max: 900 }), row), judged(measured(890), waiver({ max: 900 }), row)]).toEqual([
    ['waived WAIVED', 'applied'],
    ['fail LIMIT_EXCEEDED', 'over-cap'],
  ]);
});

/** The row of two bindings, the second of which is on another execution. */
function twoParts(second: RecordedExecution): readonly string[] {
  const row = plannedCriterion(limit);
  const [first] = row.bindings;
  if (first === undefined) throw new Error('no binding');
  const both = { ...row, bindings: [first, { ...first, execution: 'other@1' }] };
  const { criteria, waivers } = judgePlan(
    plan([both], [waiver()]),
    new Map([
      ['probe@1', latency(1, 612)],
      ['other@1', second],
    ]),
  );
  return [...criteria.map(({ state }) => state), ...waivers.map(({ state }) => state)];
}

test('an error behind a worse part is not waived with it', () => {
  expect(twoParts(threw)).toEqual(['fail', 'not-waivable']);
  expect(twoParts(latency(1, 2))).toEqual(['waived', 'applied']);
});

test('a row of which a part was left out is not waived: nobody knows the whole', () => {
  expect(twoParts(deferred)).toEqual(['fail', 'not-waivable']);
});

test('when the subject changed under the run nothing is waived', () => {
  const changed = { code: 'SUBJECT_CHANGED', text: 'commit was a, is b' } as const;
  for (const execution of [latency(1, 2), latency(1, 612), latency(1)]) {
    const { criteria, waivers } = judgePlan(plan([plannedCriterion(limit)], [waiver()]), new Map([['probe@1', execution]]), changed);
    expect(criteria[0]?.state).not.toBe('waived');
    expect(waivers).toMatchObject([{ state: 'not-waivable' }]);
  }
});

test('a waived row says until when, by whom, why and what was measured, and its results stay as they were', () => {
  const { criteria, waivers } = judgePlan(plan([plannedCriterion(limit)], [waiver({ max: 650 })]), new Map([['probe@1', latency(1, 612)]]));
  expect(criteria[0]?.reason.text).toBe(
    'Waived until 2026-12-15 by Ann, up to 650 ms: One slow query. Measured (fail): max of latency is 612 ms, the limit is < 500 ms.',
  );
  expect(criteria[0]?.results.map(({ verdict, reason }) => `${verdict} ${reason.code}`)).toEqual(['fail LIMIT_EXCEEDED']);
  expect(waivers[0]?.text).toBe('Without it the row is fail: max of latency is 612 ms, the limit is < 500 ms.');
});

test('a waived row makes the gate no better than waived', () => {
  const { criteria } = judgePlan(plan([plannedCriterion(limit)], [waiver()]), new Map([['probe@1', latency(1, 612)]]));
  expect(gateVerdict(criteria)).toBe('waived');
});

test('a limit that is not the plan’s says so in the reason of a failure', () => {
  const changed = { from: 500, reason: 'Shared.', owner: 'Ann', until: '2026-12-31' };
  const { criteria } = judgePlan(plan([plannedCriterion({ ...limit, value: 650, changed })], []), new Map([['probe@1', latency(1, 700)]]));
  expect(criteria[0]?.reason.text).toBe('max of latency is 700 ms, the limit is < 650 ms (plan 500 ms, here 650 ms).');
});
