import { expect, test } from 'vitest';
import type { CriterionReport, RunView } from '../gates/model.ts';
import { junit } from './junit.ts';
import { hostileRun } from './saved-runs/hostile.ts';
import { empty, error, fail, inconclusive, partial, pass, savedRuns, waived, warn } from './saved-runs/index.ts';
import { everyElement, readMarkup, textOf } from './saved-runs/strict-markup.ts';

const xml = (view: RunView): string => String(junit.render(view, () => undefined));
const elements = (view: RunView, name: string): ReturnType<typeof everyElement> =>
  everyElement(readMarkup(xml(view))).filter((element) => element.name === name);

test.each(Object.entries(savedRuns))('junit.xml of "%s" is well-formed, and its counts are those of its elements', (_name, view) => {
  const [root] = elements(view, 'testsuites');
  expect(root?.attributes).toMatchObject({
    tests: String(elements(view, 'testcase').length),
    failures: String(elements(view, 'failure').length),
    errors: String(elements(view, 'error').length),
    skipped: String(elements(view, 'skipped').length),
  });
});

test.each(Object.entries(savedRuns))('a build is red by junit.xml of "%s" exactly when the gate is', (_name, view) => {
  const isRed = elements(view, 'failure').length + elements(view, 'error').length > 0;
  expect(isRed).toBe(view.report.exitCode !== 0);
});

test('only a pass by the plan’s own limit, without a waiver, is a bare case; all else says why', () => {
  const isPlain = ({ report }: RunView, { id, state, results }: CriterionReport): boolean =>
    state === 'pass' &&
    !report.waivers.some(({ criterion }) => criterion === id) &&
    !results.some(({ expect: { kind, ...limit } }) => kind === 'limit' && 'changed' in limit);
  const bare = Object.values(savedRuns).map((view) => elements(view, 'testcase').filter(({ children }) => children.length === 0).length);
  expect(bare).toEqual(Object.values(savedRuns).map((view) => view.report.criteria.filter((criterion) => isPlain(view, criterion)).length));
});

test('a waived row is skipped with its reason, never a pass', () => {
  expect(elements(waived, 'skipped').filter(({ attributes }) => attributes['message']?.startsWith('waived: '))).toHaveLength(1);
});

test('in report mode nothing is red, all that would be says so, and the suite tells what the exit code would be', () => {
  const enforcement = { mode: 'report', until: '2026-12-31', reason: 'New.', owner: 'Lead' } as const;
  const view: RunView = { ...fail, report: { ...fail.report, enforcement, exitCode: 0, enforcedExitCode: 1 } };
  expect([...elements(view, 'failure'), ...elements(view, 'error')]).toEqual([]);
  expect(elements(view, 'skipped').filter(({ attributes }) => attributes['message']?.startsWith('report mode, fail: '))).toHaveLength(2);
  expect(elements(view, 'testsuites')[0]?.attributes['name']).toContain('Report mode until 2026-12-31: would exit 1.');
  expect(elements({ ...empty, report: { ...empty.report, enforcement } }, 'error')).toEqual([]);
});

test('a failing limit says number, limit, distance, samples and next step', () => {
  expect(elements(fail, 'failure').map((element) => textOf(element).replaceAll('\u202F', ' '))).toMatchInlineSnapshot(`
    [
      "fail: 2 of 148 cases failed.
    145 of 148 ok, limit all ok
    148 cases
    failed: community.create-post as member: expected 201, got 501 {"error":{"code":"NOT_IMPLEMENTED"}}
    failed: storage.files without a session: expected 401, got 200
    not run: registry.packages as admin: the login of the account "admin" failed
    naap-gate explain phase3.functionality.api-endpoints",
      "fail: The number is beyond its limit.
    612 ms, limit < 500 ms
    +112 ms
    60 000 samples
    95 % CI 598–631 ms
    naap-gate explain phase3.performance.p99-latency",
    ]
  `);
});

test.each([
  ['pass', pass],
  ['warn', warn],
  ['waived', waived],
  ['partial', partial],
  ['inconclusive', inconclusive],
  ['error', error],
  ['fail', fail],
  ['empty', empty],
] as const)('cases of "%s" by outcome', async (name, view) => {
  const outcome = elements(view, 'testcase').map(
    ({ attributes, children }) =>
      `${String(attributes['name'])}: ${children.map((child) => (typeof child === 'string' ? '' : `${child.name} ${child.attributes['message'] ?? ''}`)).join('') || 'passed'}`,
  );
  await expect(`${outcome.join('\n')}\n`).toMatchFileSnapshot(`__snapshots__/junit-${name}.txt`);
});

test('an optional criterion that fails neither passes nor turns the build red', () => {
  const criteria = fail.report.criteria.map((criterion) => ({ ...criterion, required: criterion.state !== 'fail' }));
  const view: RunView = { ...fail, report: { ...fail.report, criteria, verdict: 'warn', exitCode: 0 } };
  expect([
    elements(view, 'failure').length,
    elements(view, 'skipped').filter(({ attributes }) => attributes['message']?.startsWith('optional, fail')).length,
  ]).toEqual([0, 2]);
});

test('hostile text breaks out of nothing', () => {
  const view = hostileRun();
  expect(elements(view, 'testcase').length).toBe(view.report.criteria.length);
  expect(new Set(everyElement(readMarkup(xml(view))).map(({ name }) => name))).toEqual(
    new Set(['testsuites', 'testsuite', 'testcase', 'failure', 'skipped', 'system-out'].filter((name) => xml(view).includes(`<${name}`))),
  );
  expect(xml(view)).not.toMatch(/<script|<!--|\]\]>/u);
});

test('the strict reader of these tests refuses what is not XML', () => {
  for (const broken of ['<a><b></a></b>', '<a>&</a>', '<a>&nope;</a>', '<a x="1" x="2"/>', '<a/><b/>', '<a>\u0001</a>', '<a x="<"/>', '<a>'])
    expect(() => readMarkup(broken), broken).toThrow(SyntaxError);
});
