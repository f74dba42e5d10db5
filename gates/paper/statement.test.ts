import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunReport, State } from '../model.ts';
import { viewOf } from '../view.ts';
import { sealedRun } from '../testing/sealed-run.ts';
import { runStatements } from './statement.ts';

const DIGESTS = { report: 'a'.repeat(64), seal: 'b'.repeat(64), plan: 'c'.repeat(64) };
interface TestResult {
  readonly subject: readonly unknown[];
  readonly predicate: {
    readonly result: string;
    readonly configuration: readonly unknown[];
    readonly passedTests: string[];
    readonly warnedTests: string[];
    readonly failedTests: string[];
  };
}
async function report(): Promise<RunReport> {
  const { folder } = await sealedRun();
  const made = viewOf(folder).report;
  rmSync(join(folder.path, '..'), { recursive: true, force: true });
  return made;
}
const resultOf = (run: RunReport): TestResult => runStatements(run, DIGESTS).testResult as TestResult;

test.each<readonly [string, Partial<RunReport>, string]>([
  ['a pass is PASSED', { verdict: 'pass', pending: [] }, 'PASSED'],
  ['a pass of what was measured, while rows wait for people, is WARNED', { verdict: 'pass' }, 'WARNED'],
  ['a pass of a part is WARNED: not all tests were run', { verdict: 'pass', scope: 'partial', pending: [] }, 'WARNED'],
  ['a waiver is WARNED', { verdict: 'waived' }, 'WARNED'],
  ['a warning is WARNED', { verdict: 'warn' }, 'WARNED'],
  ['what could not be decided is FAILED', { verdict: 'inconclusive' }, 'FAILED'],
  ['an error is FAILED', { verdict: 'error' }, 'FAILED'],
  ['a failure is FAILED', { verdict: 'fail' }, 'FAILED'],
  ['a run that was not finished is FAILED, whatever it has so far', { verdict: 'pass', sealed: false }, 'FAILED'],
])('%s', async (_, differences, result) => {
  expect(resultOf({ ...(await report()), ...differences }).predicate.result).toBe(result);
});

test('each row is listed as passed, warned or failed, and rows that are no tests of this run are not listed', async () => {
  const run = await report();
  const [row] = run.criteria;
  if (row === undefined) throw new Error('no row');
  const states: State[] = ['pass', 'waived', 'warn', 'inconclusive', 'error', 'fail', 'pending', 'deferred', 'not-applicable'];
  const { passedTests, warnedTests, failedTests } = resultOf({ ...run, criteria: states.map((state) => ({ ...row, id: state, state })) }).predicate;
  expect({ passedTests, warnedTests, failedTests }).toEqual({
    passedTests: ['pass'],
    warnedTests: ['waived', 'warn'],
    failedTests: ['inconclusive', 'error', 'fail'],
  });
});

test('the subject is the commit where the application tells a whole one, and always report and journal', async () => {
  const run = await report();
  const names = (commit: string | null): unknown =>
    resultOf({ ...run, subject: { ...run.subject, commit } }).subject.map((one) => (one as { name: string }).name);
  const standing = ['report.json', 'run.ndjson, last line'];
  expect([names('d'.repeat(40)), names('a1b2'), names(null)]).toEqual([['source', ...standing], standing, standing]);
});

test('every subject and every configuration has a digest, as in-toto asks', async () => {
  const { subject, predicate } = resultOf(await report());
  expect([...subject, ...predicate.configuration].every((one) => Object.keys((one as { digest: object }).digest).length === 1)).toBe(true);
});
