import { expect, test } from 'vitest';
import type { CriterionReport, CriterionResult, Expectation } from '../gates/model.ts';
import { cased, limited, P99 } from './saved-runs/results.ts';
import { empty, fail, partial, pass } from './saved-runs/index.ts';
import {
  attemptNumber,
  cautions,
  changedLimit,
  deferredGroups,
  factWords,
  limitWords,
  nextStep,
  pendingGroups,
  reasonsOnce,
  reportModeWords,
  resultWords,
  tellingResult,
} from './wording.ts';

const spaced = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value).replaceAll('\u202F', ' ')) as Value;
const criterion = (over: Partial<CriterionReport>): CriterionReport => ({ ...(pass.report.criteria[0] as CriterionReport), ...over });

test('a result says number, limit, distance, samples and interval', () => {
  expect(spaced(resultWords(limited({ ...P99, value: 612, interval: [598, 631] }, 'fail')))).toMatchInlineSnapshot(`
    {
      "distance": "+112 ms",
      "interval": "95 % CI 598–631 ms",
      "limit": "< 500 ms",
      "number": "612 ms",
      "samples": "60 000 samples",
    }
  `);
});

test('too few samples say how many are needed', () => {
  expect(spaced(resultWords(limited({ ...P99, n: 41, minSamples: 100 }, 'inconclusive')).samples)).toBe('41 samples, needs 100');
});

test('cases that are not ok are counted, and from fifty on the number is a floor', () => {
  const failing = (count: number): CriterionResult =>
    cased(
      'api-endpoints',
      148,
      Array.from({ length: count }, (_, index) => ({ id: `case-${index}`, state: 'failed', detail: 'no' })),
    );
  expect([cased('api-endpoints', 148), failing(3), failing(50)].map((result) => resultWords(result).number)).toEqual([
    '148 of 148 ok',
    '145 of 148 ok',
    'at least 50 of 148 not ok',
  ]);
});

test('a result without a number has none, not a zero', () => {
  expect(resultWords({ ...limited(P99, 'error'), value: undefined, n: 0, interval: undefined })).toMatchObject({ number: '—', distance: '', samples: '' });
});

test('a set of findings is counted', () => {
  const found = (totalItems: number): CriterionResult => ({
    ...cased('orphaned-rows', 9),
    expect: { kind: 'none', metric: 'rows.orphaned' },
    items: [],
    totalItems,
  });
  expect([found(0), found(3)].map((result) => resultWords(result).number)).toEqual(['none found', '3 found']);
});

test('every kind of expectation has its words', () => {
  const kinds: readonly Expectation[] = [
    { kind: 'limit', metric: 'm', statistic: 'rate', op: '>=', value: 0.999, minSamples: 1 },
    { kind: 'baseline', metric: 'm', statistic: 'p99', tolerance: { ratio: 0.1 }, minSamples: 1 },
    { kind: 'versus', side: 'legacy', metric: 'm', statistic: 'p99', tolerance: { amount: 20 }, minSamples: 1 },
    { kind: 'none', metric: 'm' },
    { kind: 'no-new', metric: 'm' },
    { kind: 'cases', metric: 'm', required: 'all' },
    { kind: 'cases', metric: 'm', required: ['a', 'b'] },
  ];
  expect(kinds.map((kind) => spaced(limitWords(kind, kind.kind === 'limit' ? 'ratio' : 'ms')))).toEqual([
    '≥ 99.9 %',
    'at most 10 % worse than the baseline',
    'at most 20 ms worse than legacy',
    'none',
    'none that is new',
    'all ok',
    '2 cases ok',
  ]);
});

test('a comparison shows its size and interval as a difference', () => {
  const compared: CriterionResult = {
    ...limited(P99, 'fail'),
    interval: undefined,
    expect: { kind: 'versus', side: 'legacy', metric: 'api.latency', statistic: 'p99', tolerance: { ratio: 0.1 }, minSamples: 100 },
    comparison: { outcome: 'beyond', effect: 31, interval: { low: 22, high: 40, level: 0.95 }, reference: 'abc', why: 'slower' },
  };
  expect(spaced(resultWords(compared))).toMatchObject({ distance: '+31 ms', interval: '95 % CI of the difference 22–40 ms' });
});

test('a limit that is not the plan’s says both numbers, each change of a row once', () => {
  const changed = { from: 500, reason: 'Shared database.', owner: 'Lead', until: '2026-12-31' };
  const slow = limited({ ...P99, limit: 650, changed }, 'pass');
  expect(spaced(changedLimit(criterion({ results: [slow, limited(P99, 'pass'), slow] })))).toBe('plan 500 ms, here 650 ms');
  expect(changedLimit(criterion({ results: [limited(P99, 'pass')], note: 'plan 500 ms, here 650 ms' }))).toBe('');
});

test('report mode says until when, what the exit code would be, who answers for it and why; a gate that blocks says nothing', () => {
  const enforcement = { mode: 'report', until: '2026-12-31', reason: 'The gate is new.', owner: 'Lead' } as const;
  expect(reportModeWords({ ...fail.report, enforcement, exitCode: 0, enforcedExitCode: 1 })).toBe(
    'Report mode until 2026-12-31: would exit 1. It blocks nobody until then (Lead: The gate is new).',
  );
  expect(reportModeWords(fail.report)).toBeUndefined();
});

test('the worst result tells, wherever it stands', () => {
  const results = [limited(P99, 'pass'), limited({ ...P99, value: 612 }, 'fail'), limited(P99, 'inconclusive')];
  expect(tellingResult(criterion({ results }))?.value).toBe(612);
});

test('everything short of a pass that was measured has a next step; a pass has none', () => {
  const states = ['fail', 'error', 'inconclusive', 'warn', 'pass', 'waived', 'pending', 'deferred', 'not-applicable'] as const;
  expect(states.filter((state) => nextStep(criterion({ state })) !== undefined)).toEqual(['fail', 'error', 'inconclusive', 'warn']);
});

test('who is waited for is named once, with all that waits for them', () => {
  expect(pendingGroups(pass.report).map(({ what, criteria }) => `${what}: ${criteria.length}`)).toEqual([
    'a document: The OpenAPI file of the API as deployed: 1',
    'a document: Every error code, with its meaning: 1',
    'a document: The rate limit of each route: 1',
    'the signature of the Backend Lead: 2',
    'the signature of the Security Lead: 2',
    'the signature of the Engineering Lead: 2',
  ]);
});

test('rows left out are grouped by their reason', () => {
  expect(deferredGroups(partial.report).map(({ criteria }) => criteria.length)).toEqual([1, 3]);
});

test('a partial, an empty and an unsealed run each carry a caution; a complete one none', () => {
  expect([pass, partial, empty].map(({ report }) => cautions(report).length)).toEqual([0, 1, 2]);
});

test('problems of the probe stand among the cautions, with their remedy', () => {
  const report = {
    ...pass.report,
    problems: [{ code: 'TARGET_UNHEALTHY', text: 'Health answered 503.', remedy: 'Start the database.', scope: 'all' as const }],
  };
  expect(cautions(report)).toEqual(['TARGET_UNHEALTHY: Health answered 503. Start the database.']);
});

test('the attempt is counted whether or not the list holds the run itself', () => {
  const [, ...earlierOnly] = [...fail.report.attempts].reverse();
  expect([attemptNumber(fail.report), attemptNumber({ ...fail.report, attempts: earlierOnly }), attemptNumber(empty.report)]).toEqual([3, 3, 1]);
});

test('a long reason stands once in a list, and later rows point to the first', () => {
  const reason = { code: 'INSTRUMENT_SICK', text: `built-in was not fit to measure: ${'schedule lag P99 516 ms, limit < 5 ms; '.repeat(2)}` } as const;
  const rows = [
    criterion({ id: 'g.p.p50-latency', reason }),
    criterion({ id: 'g.p.p99-latency', reason }),
    criterion({ id: 'g.p.cors', reason: { code: 'NO_DATA', text: 'None.' } }),
  ];
  expect([...reasonsOnce(rows).values()]).toEqual([reason.text.trim(), 'For the same reason as p50-latency.', 'None.']);
});

test('facts of an instrument are told in words with their unit', () => {
  expect(
    spaced([
      factWords('scheduleLagP99Ms', 516.61),
      factWords('sentRatio', 1),
      factWords('calibrationRps', 1500),
      factWords('rssMiB', 503.1),
      factWords('dropped', 0),
      factWords('schedule lag P99', '0.4 ms'),
    ]),
  ).toEqual([
    ['schedule lag P99', '517 ms'],
    ['sent ratio', '100 %'],
    ['calibration', '1 500 req/s'],
    ['rss', '503 MiB'],
    ['dropped', '0'],
    ['schedule lag P99', '0.4 ms'],
  ]);
});
