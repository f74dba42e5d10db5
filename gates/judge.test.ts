import { expect, test } from 'vitest';
import type { Decision, Expectation, Measurement, Payload } from './model.ts';
import { judgeCriterion, type RecordedExecution } from './judge.ts';
import { measurement, plannedCriterion, plannedExecution, recorded } from './test-data.ts';

const limit: Expectation = { kind: 'limit', metric: 'latency', statistic: 'max', op: '<', value: 500, minSamples: 2 };
const samples = (...values: number[]): Payload => ({ shape: 'samples', samples: values });

function judge(expectation: Expectation, execution: RecordedExecution | undefined, scope?: 'each'): readonly [string, string] {
  const executions = new Map(execution === undefined ? [] : [['probe@1', execution] as const]);
  const { state, reason } = judgeCriterion(plannedCriterion(expectation, scope === undefined ? {} : { scope }), executions);
  return [state, reason.code];
}
const latency = (payload: Payload, more: Partial<Measurement> = {}): RecordedExecution => recorded([[measurement('latency', payload, more)]]);

test.each<readonly [string, RecordedExecution | undefined, string, string]>([
  ['just inside the limit passes', latency(samples(1, 499.999)), 'pass', 'WITHIN_LIMIT'],
  ['exactly at the limit fails a "<"', latency(samples(1, 500)), 'fail', 'LIMIT_EXCEEDED'],
  ['just outside fails', latency(samples(1, 500.001)), 'fail', 'LIMIT_EXCEEDED'],
  ['one sample too few is inconclusive, even when it is beyond the limit', latency(samples(9000)), 'inconclusive', 'TOO_FEW_SAMPLES'],
  ['zero samples is inconclusive, never pass', latency(samples()), 'inconclusive', 'NO_DATA'],
  ['NaN is inconclusive', latency(samples(Number.NaN, Number.NaN)), 'inconclusive', 'NOT_A_NUMBER'],
  ['a shape without such a statistic is inconclusive', latency({ shape: 'cases', cases: [] }), 'inconclusive', 'NO_DATA'],
  ['a metric that was not measured is inconclusive', recorded([[measurement('other', samples(1, 2))]]), 'inconclusive', 'NO_DATA'],
  ['no rounds is inconclusive', recorded([]), 'inconclusive', 'NO_DATA'],
  [
    'a sick instrument is inconclusive, however good the number',
    latency(samples(1, 1), { instrument: { name: 'engine', version: '1', healthy: false, why: 'lag 424 ms' } }),
    'inconclusive',
    'INSTRUMENT_SICK',
  ],
  [
    'a sick instrument is inconclusive, however bad the number',
    latency(samples(900, 900), { instrument: { name: 'engine', version: '1', healthy: false } }),
    'inconclusive',
    'INSTRUMENT_SICK',
  ],
  [
    'a check that threw is an error',
    recorded([[measurement('latency', samples(1, 1))]], { finished: { outcome: 'error', why: 'boom' } }),
    'error',
    'CHECK_ERROR',
  ],
  ['a check that ran out of time is an error', recorded([], { finished: { outcome: 'timeout', why: 'slow' } }), 'error', 'CHECK_TIMEOUT'],
  ['a check that should have run and did not is inconclusive', recorded([], { finished: undefined }), 'inconclusive', 'NOT_RUN'],
  ['a check that is not built is an error', undefined, 'error', 'NO_CHECK_YET'],
  ['the legacy side is not what a limit is about', latency(samples(1, 1), { labels: { side: 'legacy' } }), 'inconclusive', 'NO_DATA'],
])('%s', (_name, execution, state, code) => {
  expect(judge(limit, execution)).toEqual([state, code]);
});

test('a sick round that was repeated in health is judged by the healthy one alone', () => {
  const sick = measurement('latency', samples(9000, 9000), { instrument: { name: 'engine', version: '1', healthy: false, why: 'starved' } });
  expect(judge(limit, recorded([[sick], [measurement('latency', samples(1, 2))]]))).toEqual(['pass', 'WITHIN_LIMIT']);
});

test.each<readonly [string, readonly ('ok' | 'failed' | 'flaky' | 'not-run')[], 'all' | string[], string, string]>([
  ['all as specified passes', ['ok', 'ok'], 'all', 'pass', 'ALL_CASES_OK'],
  ['one failed fails', ['ok', 'failed', 'not-run'], 'all', 'fail', 'CASES_FAILED'],
  ['one not run is inconclusive', ['ok', 'not-run', 'flaky'], 'all', 'inconclusive', 'CASES_NOT_RUN'],
  ['one flaky warns', ['ok', 'flaky'], 'all', 'warn', 'CASES_FLAKY'],
  ['no case at all is inconclusive, never pass', [], 'all', 'inconclusive', 'NO_DATA'],
  ['a required case that was not reported is inconclusive', ['ok'], ['case-0', 'case-9'], 'inconclusive', 'CASES_NOT_RUN'],
  ['a failed case that is not required does not count', ['ok', 'failed'], ['case-0'], 'pass', 'ALL_CASES_OK'],
])('cases: %s', (_name, states, required, state, code) => {
  const cases = states.map((one, index) => ({ id: `case-${index}`, state: one, detail: '' }));
  const execution = recorded([[measurement('cases', { shape: 'cases', cases })]]);
  expect(judge({ kind: 'cases', metric: 'cases', required }, execution)).toEqual([state, code]);
});

test.each<readonly [string, readonly (readonly ['ok' | 'failed' | 'not-run', 'NO_BASELINE'?])[], string, string]>([
  [
    'all captured with nothing to compare them with',
    [
      ['not-run', 'NO_BASELINE'],
      ['not-run', 'NO_BASELINE'],
    ],
    'inconclusive',
    'NO_BASELINE',
  ],
  ['one that has nothing to compare with, beside one that did not run', [['not-run', 'NO_BASELINE'], ['not-run']], 'inconclusive', 'CASES_NOT_RUN'],
  ['one that has nothing to compare with, beside one that failed', [['not-run', 'NO_BASELINE'], ['failed']], 'fail', 'CASES_FAILED'],
  ['one that has nothing to compare with, beside one that is well', [['not-run', 'NO_BASELINE'], ['ok']], 'inconclusive', 'NO_BASELINE'],
])('cases: %s', (_name, states, state, code) => {
  const cases = states.map(([one, why], index) => ({ id: `case-${index}`, state: one, detail: '', ...(why === undefined ? {} : { code: why }) }));
  const execution = recorded([[measurement('cases', { shape: 'cases', cases })]]);
  expect(judge({ kind: 'cases', metric: 'cases', required: 'all' }, execution)).toEqual([state, code]);
});

test.each<readonly [string, number, number, string, string]>([
  ['nothing found among many passes', 1000, 0, 'pass', 'SET_EMPTY'],
  ['one found fails', 1000, 1, 'fail', 'ITEMS_FOUND'],
  ['nothing examined is inconclusive, never pass', 0, 0, 'inconclusive', 'NO_DATA'],
])('an empty set: %s', (_name, n, totalItems, state, code) => {
  const execution = recorded([[measurement('rows', { shape: 'set', items: [], totalItems }, { n })]]);
  expect(judge({ kind: 'none', metric: 'rows' }, execution)).toEqual([state, code]);
});

test('that nothing was found is never said without what it leaves open', () => {
  const execution = recorded([[measurement('rows', { shape: 'set', items: [], totalItems: 0, leavesOpen: '23 wait for a person' }, { n: 9 })]]);
  const { reason, results } = judgeCriterion(plannedCriterion({ kind: 'none', metric: 'rows' }), new Map([['probe@1', execution]]));
  expect([reason.text, results[0]?.leavesOpen]).toEqual(['None found among 9 examined; 23 wait for a person.', '23 wait for a person']);
});

const versus: Expectation = { kind: 'versus', side: 'legacy', metric: 'latency', statistic: 'max', tolerance: { ratio: 0.1 }, minSamples: 1 };
const decision = (outcome: Decision['outcome']): Decision => ({
  outcome,
  effect: 1,
  interval: { low: 0, high: 2, level: 0.95 },
  reference: 'abc',
  why: outcome,
});

test.each([
  ['within', 'pass', 'AS_BEFORE'],
  ['beyond', 'fail', 'WORSE_THAN_BEFORE'],
  ['undecided', 'inconclusive', 'UNDECIDED'],
] as const)('a comparison that was decided %s gives %s', (outcome, state, code) => {
  const execution = recorded([[measurement('latency', samples(1, 2))]], { decisions: new Map([['phase3.test.row#0', decision(outcome)]]) });
  expect(judge(versus, execution)).toEqual([state, code]);
});

test('a comparison that nobody decided is inconclusive: a missing baseline never passes', () => {
  expect(judge(versus, latency(samples(1, 2)))).toEqual(['inconclusive', 'NO_BASELINE']);
});

test('"each" is as bad as its worst route, where "overall" looks at the whole alone', () => {
  const rounds = [
    [
      measurement('latency', samples(1, 2)),
      measurement('latency', samples(1, 2), { labels: { route: 'a' } }),
      measurement('latency', samples(1, 900), { labels: { route: 'b' } }),
    ],
  ];
  expect(judge(limit, recorded(rounds))).toEqual(['pass', 'WITHIN_LIMIT']);
  expect(judge(limit, recorded(rounds), 'each')).toEqual(['fail', 'LIMIT_EXCEEDED']);
});

test('a binding that was deferred keeps its criterion from passing', () => {
  const { criterion, gate, bindings } = plannedCriterion(limit);
  const [first] = bindings;
  if (first === undefined) throw new Error('no binding');
  const skipped = recorded([], {
    planned: plannedExecution({ id: 'load@1', skip: { state: 'deferred', reason: { code: 'NO_LOAD_CONSENT', text: 'no consent' } } }),
  });
  const planned = { criterion, gate, bindings: [first, { ...first, execution: 'load@1' }] };
  const good = new Map([
    ['probe@1', latency(samples(1, 2))],
    ['load@1', skipped],
  ]);
  const bad = new Map([
    ['probe@1', latency(samples(1, 900))],
    ['load@1', skipped],
  ]);
  expect(judgeCriterion(planned, good).state).toBe('deferred');
  expect(judgeCriterion(planned, bad).state).toBe('fail');
});

test('when the subject changed under the run a pass becomes inconclusive and a fail stays', () => {
  const changed = { code: 'SUBJECT_CHANGED', text: 'commit was a, is b' } as const;
  const planned = plannedCriterion(limit);
  expect(judgeCriterion(planned, new Map([['probe@1', latency(samples(1, 2))]]), changed).state).toBe('inconclusive');
  expect(judgeCriterion(planned, new Map([['probe@1', latency(samples(1, 900))]]), changed).state).toBe('fail');
});
