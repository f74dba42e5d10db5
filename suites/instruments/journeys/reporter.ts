// A reporter of Playwright that tells the process which started it what happens, as it happens. Loaded by Playwright, which takes the default export.
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import type { JourneyMessage, Test, TestEnd } from './protocol.ts';

const STATUSES = { passed: 'passed', failed: 'failed', timedOut: 'timed-out', skipped: 'skipped', interrupted: 'interrupted' } as const;

/** The type of annotation that journey.ts makes of what it could not remove. */
const LEFT_BEHIND = 'left-behind';

/** Resolves when the message has left, so that the last one does before the process ends. */
function tell(message: JourneyMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (process.send === undefined) resolve();
  else process.send(message, undefined, {}, () => resolve());
  return promise;
}

const plain = (text: string): string => text.replace(/\u001B\[[0-9;]*[A-Za-z]/g, '');

export default function createReporter(): Reporter {
  return {
    // Else Playwright adds a reporter of its own, which writes to stdout.
    printsToStdio: () => true,
    onBegin: (_config, suite) => void tell({ kind: 'begin', tests: suite.allTests().map(nameOf) }),
    onTestBegin: (test, { retry }) => void tell({ kind: 'test-begin', ...nameOf(test), attempt: retry }),
    onTestEnd: (test, result) => void tell(endOf(test, result)),
    onError: (error) => void tell({ kind: 'error', message: plain(error.message ?? error.value ?? 'an error without words') }),
    onEnd: async ({ status }) => tell({ kind: 'end', status: status === 'timedout' ? 'timed-out' : status }),
  };
}

/** Playwright's own path begins with the root, the project and the file. */
function nameOf(test: TestCase): Test {
  return { file: test.location.file, title: test.titlePath().slice(3).join(' › ') };
}

export function endOf(test: TestCase, result: TestResult): TestEnd {
  const { expectedStatus, annotations } = test;
  // A test that is declared to fail proves nothing by failing, and nothing by passing.
  const isProof = result.status !== 'passed' || expectedStatus === 'passed';
  const wordsOf = (of: TestCase['annotations'], ...types: readonly string[]): readonly string[] =>
    of.filter(({ type }) => types.includes(type)).map(({ description }) => description ?? '');
  const skipped = wordsOf([...annotations, ...result.annotations], 'skip', 'fixme');
  return {
    kind: 'test-end',
    ...nameOf(test),
    attempt: result.retry,
    status: isProof ? STATUSES[result.status] : 'failed',
    errors: result.status === 'skipped' ? [...new Set(skipped)] : result.errors.map(({ message, value }) => plain(message ?? value ?? '')),
    durationMs: result.duration,
    leftBehind: [...new Set(wordsOf(result.annotations, LEFT_BEHIND))],
    attachments: result.attachments.map(({ name, contentType, path, body }) => ({
      name,
      contentType,
      ...(path === undefined ? {} : { path }),
      ...(body === undefined ? {} : { body: body.toString('base64') }),
    })),
  };
}
