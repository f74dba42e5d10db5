// Reads JUnit XML as it is written by Jest, Vitest, Playwright, Node, pytest, Surefire and others: its test cases, and whether the sums beside them agree. Called by junit.rule.ts.
import { SaxesParser, type SaxesTagPlain } from 'saxes';

export interface JunitCase {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'error' | 'skipped';
}
export interface JunitReport {
  readonly cases: readonly JunitCase[];
  /** Sums in attributes that are not what the test cases below them add up to. */
  readonly contradictions: readonly string[];
  /** Passed after they had failed (Surefire's `flakyFailure`). */
  readonly flaky: number;
}

interface Suite {
  readonly name: string;
  readonly claims: Readonly<Record<string, string>>;
  /** Test cases and suites directly below: Node sums up those. */
  children: number;
  cases: number;
  failing: number;
  skipped: number;
}
interface OpenCase {
  readonly name: string;
  state: JunitCase['state'];
  isFlaky: boolean;
}
const SUITES = new Set(['testsuites', 'testsuite']);
/** Children of a test case, worst last: a case that is skipped and failed has failed. */
const WORSE: readonly JunitCase['state'][] = ['passed', 'skipped', 'failed', 'error'];
const STATE_OF_CHILD: Readonly<Record<string, JunitCase['state']>> = {
  skipped: 'skipped',
  disabled: 'skipped',
  failure: 'failed',
  rerunFailure: 'failed',
  error: 'error',
  rerunError: 'error',
};
/** Values of `status` and `result`, for writers that have no child for it (GoogleTest, mocha). */
const STATE_OF_WORD: Readonly<Record<string, JunitCase['state']>> = {
  notrun: 'skipped',
  skipped: 'skipped',
  disabled: 'skipped',
  pending: 'skipped',
  suppressed: 'skipped',
  failed: 'failed',
  failure: 'failed',
  fail: 'failed',
  error: 'error',
};

/** Throws where it is no well-formed XML, has a DTD, or is another document. */
export function readJunit(text: string): JunitReport {
  const parser = new SaxesParser();
  const reading = startReading();
  let failure: Error | undefined;
  parser.on('doctype', () => {
    throw new Error('it has a DTD; a test report needs none, and what a DTD defines is not read');
  });
  parser.on('error', (error) => {
    throw (failure ??= new Error(`it is no XML, or was cut off: ${error.message}`));
  });
  parser.on('opentag', (tag) => reading.open(tag));
  parser.on('closetag', (tag) => reading.close(tag.name));
  parser.write(text).close();
  return reading.report();
}

function startReading(): { open(tag: SaxesTagPlain): void; close(name: string): void; report(): JunitReport } {
  const suites: Suite[] = [];
  const cases: JunitCase[] = [];
  const contradictions: string[] = [];
  let depth = 0;
  let flaky = 0;
  let testCase: OpenCase | undefined;

  const open = ({ name, attributes }: SaxesTagPlain): void => {
    if (depth === 0 && !SUITES.has(name)) throw new Error(`it is no JUnit report: its outermost element is <${name}>`);
    depth += 1;
    if (testCase !== undefined) {
      if (SUITES.has(name) || name === 'testcase') throw new Error(`it is no JUnit report: <${name}> stands within the test case "${testCase.name}"`);
      worsen(testCase, STATE_OF_CHILD[name]);
      if (name === 'flakyFailure' || name === 'flakyError') testCase.isFlaky = true;
    } else if (SUITES.has(name) || name === 'testcase') {
      const above = suites.at(-1);
      if (above !== undefined) above.children += 1;
      if (name === 'testcase') testCase = startCase(attributes);
      else suites.push({ name: attributes['name'] ?? name, claims: attributes, children: 0, cases: 0, failing: 0, skipped: 0 });
    }
  };
  const close = (name: string): void => {
    depth -= 1;
    if (name === 'testcase' && testCase !== undefined) {
      cases.push({ name: testCase.name, state: testCase.state });
      for (const suite of suites) countInto(suite, testCase.state);
      if (testCase.isFlaky && testCase.state === 'passed') flaky += 1;
      testCase = undefined;
    } else if (SUITES.has(name) && testCase === undefined) {
      const suite = suites.pop();
      if (suite !== undefined) contradictions.push(...contradictionsOf(suite));
    }
  };
  return { open, close, report: () => ({ cases, contradictions, flaky }) };
}

function startCase(attributes: Readonly<Record<string, string>>): OpenCase {
  const { name = '', classname = '', status = '', result = '' } = attributes;
  const started: OpenCase = { name: [classname, name].filter((part) => part !== '').join(' › ') || '(without a name)', state: 'passed', isFlaky: false };
  for (const word of [status, result]) worsen(started, STATE_OF_WORD[word.toLowerCase()]);
  return started;
}

function worsen(testCase: OpenCase, state: JunitCase['state'] | undefined): void {
  if (state !== undefined && WORSE.indexOf(state) > WORSE.indexOf(testCase.state)) testCase.state = state;
}

function countInto(suite: Suite, state: JunitCase['state']): void {
  suite.cases += 1;
  if (state === 'failed' || state === 'error') suite.failing += 1;
  if (state === 'skipped') suite.skipped += 1;
}

/** Node sums up direct children, the others all test cases below; skipped ones are often left out of the sums, so only too many count. */
function contradictionsOf({ name, claims, children, cases, failing, skipped }: Suite): string[] {
  const claimed = (attribute: string): number | undefined => (/^\d+$/.test(claims[attribute] ?? '') ? Number(claims[attribute]) : undefined);
  const tests = claimed('tests');
  const bad = (claimed('failures') ?? 0) + (claimed('errors') ?? 0);
  const saysBad = claimed('failures') !== undefined || claimed('errors') !== undefined;
  const set = claimed('skipped') ?? 0;
  return [
    tests !== undefined && tests !== cases && tests !== children && tests !== cases - skipped ? `"${name}" says ${tests} tests and has ${cases}` : [],
    saysBad && bad !== failing ? `"${name}" says ${bad} failed or in error and has ${failing}` : [],
    set > skipped ? `"${name}" says ${set} skipped and has ${skipped}` : [],
  ].flat();
}
