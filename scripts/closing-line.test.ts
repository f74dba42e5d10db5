import { expect, test } from 'vitest';
import { closingLine, tally } from './closing-line.ts';

/** As much of Vitest's module as the tally reads. */
const file = (states: readonly string[], errors = 0) =>
  ({
    children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
    errors: () => Array.from({ length: errors }, () => ({ message: 'did not load' })),
  }) as unknown as Parameters<typeof tally>[0][number];

test.each([
  ['every state is counted', [file(['passed', 'failed', 'skipped']), file(['passed'])], 0, '2 passed, 1 failed, 1 skipped'],
  ['a file that did not load is a failure', [file([], 1)], 0, '0 passed, 1 failed, 0 skipped'],
  ['a test that never ended is a failure', [file(['pending'])], 0, '0 passed, 1 failed, 0 skipped'],
  ['an error outside any test is a failure', [file(['passed'])], 1, '1 passed, 1 failed, 0 skipped'],
  ['no test at all says so', [], 0, '0 passed, 0 failed, 0 skipped'],
])('%s', (_, modules, unhandled, line) => {
  expect(closingLine(tally(modules, unhandled))).toBe(line);
});
