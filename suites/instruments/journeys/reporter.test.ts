import type { TestCase, TestResult } from '@playwright/test/reporter';
import { expect, test } from 'vitest';
import { endOf } from './reporter.ts';

/** As far as the reporter looks at them. */
const testCase = (...titles: string[]): TestCase =>
  ({
    location: { file: '/e2e/all.spec.ts' },
    titlePath: () => ['', 'all.spec.ts', 'all.spec.ts', ...titles],
    expectedStatus: 'passed',
    annotations: [],
  }) as never;
const result = (more: Partial<TestResult> = {}): TestResult =>
  ({ retry: 0, status: 'passed', errors: [], annotations: [], duration: 1, attachments: [], ...more }) as never;

test('tests of one title in two groups are two', () => {
  expect(['login', 'logout'].map((group) => endOf(testCase(group, 'works'), result()).title)).toEqual(['login › works', 'logout › works']);
});

test('what a test could not remove is told with whatever became of it', () => {
  const annotations = ['the post naap-gate-x', 'the user naap-gate-y', 'the post naap-gate-x'].map((description) => ({ type: 'left-behind', description }));
  const told = endOf(testCase('works'), result({ annotations: [...annotations, { type: 'issue', description: 'a word of its own' }] }));
  expect([told.status, told.leftBehind, told.errors]).toEqual(['passed', ['the post naap-gate-x', 'the user naap-gate-y'], []]);
});
