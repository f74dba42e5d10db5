import { expect, test } from 'vitest';
import type { TestEnd } from '../instruments/journeys/protocol.ts';
import { journeyCases, leftBehind, type ToldTests } from './journey-cases.ts';

const OURS = '/naap-gate/suites/critical-paths/user-login.journey.ts';
const end = (more: Partial<TestEnd> = {}): TestEnd => ({
  kind: 'test-end',
  file: OURS,
  title: 'somebody logs in',
  attempt: 0,
  status: 'passed',
  errors: [],
  durationMs: 1000,
  attachments: [],
  leftBehind: [],
  ...more,
});
const failed = end({ status: 'failed', errors: ['Error: a wrong password is refused\n\nExpected: 401\nReceived: 200'] });
const words = 'a wrong password is refused: expected 401, received 200';

/** All that was announced has ended. */
const told = (ends: readonly TestEnd[]): ToldTests => ({ announced: ends, ends, trouble: [] });

test.each([
  ['passed', [end()], 'ok', ''],
  ['failed, and passed on the second try', [failed, end({ attempt: 1 })], 'flaky', `At first: ${words}`],
  ['failed both times', [failed, { ...failed, attempt: 1 }], 'failed', words],
  ['hung', [end({ status: 'timed-out', durationMs: 30_000 })], 'failed', 'It had not ended after 30 s.'],
  ['was skipped', [end({ status: 'skipped', errors: ['not today'] })], 'not-run', 'not today'],
  ['was interrupted', [end({ status: 'interrupted' })], 'not-run', 'It was interrupted.'],
  ['has no test', [], 'not-run', 'Playwright found no test of it.'],
  ['has one good and one bad test', [end(), { ...failed, title: 'another' }], 'failed', words],
] as const)('a journey whose test %s', (_what, ends, state, detail) => {
  expect(journeyCases({ 'user-login': 'ours' }, told(ends))).toEqual([{ id: 'user-login', state, detail }]);
});

test('a journey that was not reached says what went wrong beside the tests', () => {
  expect(journeyCases({ 'user-login': 'ours' }, { ...told([]), trouble: ["Error: Cannot find module './gone'"] })[0]?.detail).toBe(
    "Cannot find module './gone'",
  );
});

test('a test of the own configuration stands for the journeys that name it, and ours for none of them', () => {
  const spec = '/project/e2e/all.spec.ts';
  const cases = journeyCases({ 'user-login': { spec }, 'user-logout': { spec } }, told([failed, end({ file: spec })]));
  expect(cases.map(({ id, state }) => `${id}: ${state}`)).toEqual(['user-login: ok', 'user-logout: ok']);
});

test('a journey that nobody can run is not run, whatever else happened', () => {
  expect(journeyCases({ 'user-login': { notRun: 'no accounts' } }, told([end()]))).toEqual([{ id: 'user-login', state: 'not-run', detail: 'no accounts' }]);
});

test('a test that was announced and never ended did not run, whatever became of the others', () => {
  const spec = '/project/e2e/all.spec.ts';
  const first = end({ file: spec, title: 'login › good' });
  const announced = [first, { file: spec, title: 'logout › good' }, { file: OURS, title: 'somebody logs in' }];
  const caseOf = (trouble: readonly string[], ends: readonly TestEnd[]) => journeyCases({ 'user-login': { spec } }, { announced, ends, trouble })[0];
  expect(caseOf(['Not reached within the 300 s that all journeys have.'], [first])).toEqual({
    id: 'user-login',
    state: 'not-run',
    detail: '"logout › good" never ran. Not reached within the 300 s that all journeys have.',
  });
  expect(caseOf([], [first])?.detail).toBe('"logout › good" never ran. Playwright does not say why.');
  expect(caseOf([], [{ ...failed, file: spec, title: 'login › good' }])).toEqual({ id: 'user-login', state: 'failed', detail: words });
  expect(caseOf([], [first, end({ file: spec, title: 'logout › good' })])?.state).toBe('ok');
});

test('what is left behind is told once, with whoever says so, and fails no journey', () => {
  const ends = [end({ leftBehind: ['the post x'] }), end({ file: '/e2e/own.spec.ts', title: 'own', leftBehind: ['the post x', 'the user y'] })];
  expect(leftBehind({ 'user-login': 'ours' }, ends)).toEqual(['the post x (user-login, own)', 'the user y (own)']);
  expect(journeyCases({ 'user-login': 'ours' }, told(ends))[0]?.state).toBe('ok');
});
