import { expect, test } from 'vitest';
import type { CriterionReport, State, Verdict } from './model.ts';
import { exitCodeOf, exitCodesOf, gateVerdict, headlineOf, scopeOf } from './lattice.ts';

function criterion(state: State, required = true, code: CriterionReport['reason']['code'] = 'WITHIN_LIMIT'): CriterionReport {
  return {
    id: 'phase3.test.row',
    gate: 'phase3',
    section: 'Test',
    text: '',
    source: '',
    kind: 'measured',
    required,
    state,
    reason: { code, text: '' },
    results: [],
  };
}

test.each<readonly [readonly CriterionReport[], Verdict]>([
  [[], 'error'],
  [[criterion('pending'), criterion('deferred'), criterion('not-applicable')], 'error'],
  [[criterion('pass'), criterion('pending')], 'pass'],
  [[criterion('pass'), criterion('waived'), criterion('warn')], 'warn'],
  [[criterion('warn'), criterion('inconclusive')], 'inconclusive'],
  [[criterion('inconclusive'), criterion('error')], 'error'],
  [[criterion('error'), criterion('fail')], 'fail'],
  [[criterion('pass'), criterion('fail', false)], 'warn'],
  [[criterion('pass'), criterion('pass', false)], 'pass'],
  [[criterion('fail', false)], 'warn'],
])('case %#: the worst required verdict decides, an optional one warns at the most, none at all is an error', (criteria, verdict) => {
  expect(gateVerdict(criteria)).toBe(verdict);
});

test.each<readonly [Verdict, number, boolean, number]>([
  ['pass', 0, false, 0],
  ['warn', 0, true, 0],
  ['waived', 3, false, 0],
  ['pass', 3, true, 4],
  ['fail', 3, true, 1],
  ['inconclusive', 0, false, 3],
  ['error', 3, true, 3],
])('%s with %i pending and sign-off required %s exits %i', (verdict, pending, requireSignoff, code) => {
  expect(exitCodeOf(verdict, pending, requireSignoff)).toBe(code);
});

test('the headline never overclaims', () => {
  expect(headlineOf([])).toMatchInlineSnapshot(`"nothing was measured"`);
  expect(headlineOf([criterion('pending'), criterion('pending')])).toMatchInlineSnapshot(`"nothing was measured, 2 wait for people"`);
  expect(
    headlineOf([
      criterion('pass'),
      criterion('fail'),
      criterion('error', true, 'NO_CHECK_YET'),
      criterion('error'),
      criterion('inconclusive'),
      criterion('deferred'),
      criterion('pending'),
    ]),
  ).toMatchInlineSnapshot(`"1 of 5 measured passed, 1 failed, 1 inconclusive, 1 could not be measured, 1 without a check yet, 1 deferred, 1 waits for people"`);
});

test('a run with deferred rows is partial', () => {
  expect(scopeOf([criterion('pass'), criterion('deferred')])).toBe('partial');
  expect(scopeOf([criterion('pass'), criterion('pending')])).toBe('complete');
});

test('in report mode the exit code is 0 and the report knows what it would be; elsewhere there is one exit code', () => {
  const report = { mode: 'report', until: '2026-12-31', reason: 'x', owner: 'x' } as const;
  const codes = (['pass', 'fail', 'error'] as const).map((verdict) => exitCodesOf(verdict, 1, { requireSignoff: true, enforcement: report }));
  expect(codes).toEqual([
    { exitCode: 0, enforcedExitCode: 4 },
    { exitCode: 0, enforcedExitCode: 1 },
    { exitCode: 0, enforcedExitCode: 3 },
  ]);
  expect(exitCodesOf('fail', 0, { requireSignoff: false, enforcement: { mode: 'enforce' } })).toEqual({ exitCode: 1 });
});
