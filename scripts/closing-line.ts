// The last line of `npm test`, in words that machines read too: "N passed, N failed, N skipped". A reporter of Vitest's.
import type { Reporter, TestModule } from 'vitest/node';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Tests by how they ended. A file that failed to load, an error outside any test, and a test that never ended count as failed. */
export function tally(modules: readonly Pick<TestModule, 'children' | 'errors'>[], unhandledErrors: number): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()]).map((test) => test.result().state);
  const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
  const count = (state: string): number => tests.filter((each) => each === state).length;
  return { passed: count('passed'), failed: count('failed') + count('pending') + brokenFiles + unhandledErrors, skipped: count('skipped') };
}

export const closingLine = ({ passed, failed, skipped }: Tally): string => `${passed} passed, ${failed} failed, ${skipped} skipped`;

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const line = closingLine(tally(modules, unhandledErrors.length));
    // After the summary of the default reporter, which writes in the same turn.
    process.on('exit', () => process.stdout.write(`${line}\n`));
  }
}
