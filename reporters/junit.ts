// junit.xml for test viewers in CI: one suite a section, one case a criterion. JUnit knows no "warn" or "pending"; nothing that is not a pass looks like one.
import type { CriterionReport, Reporter, RunReport } from '../gates/model.ts';
import { oneLine, plain } from './plain-text.ts';
import { NONE, STATE_WORDS, bySection, caseWord, changedLimit, nextStep, resultWords, tellingResult } from './wording.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\n': '&#10;', '\t': '&#9;' };

/** For attributes and text alike; plain() took out what XML 1.0 forbids. */
const escape = (text: string): string => plain(text).replace(/[&<>"'\n\t]/gu, (character) => ENTITIES[character] ?? character);

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/** An optional criterion can turn a gate to `warn` at the most (DESIGN §2), so here it never turns a build red: it is skipped, with its state in words. */
function outcomeOf(criterion: CriterionReport): Outcome {
  switch (criterion.state) {
    case 'pass':
    case 'warn':
    case 'waived':
      return 'passed';
    case 'fail':
      return criterion.required ? 'failure' : 'skipped';
    case 'error':
    case 'inconclusive':
      return criterion.required ? 'error' : 'skipped';
    case 'pending':
    case 'deferred':
    case 'not-applicable':
      return 'skipped';
    default:
      return criterion.state satisfies never;
  }
}

/** Everything a person needs to know about the row, one fact a line. */
function details(criterion: CriterionReport): string {
  const result = tellingResult(criterion);
  const words = result === undefined ? undefined : resultWords(result);
  const figures =
    words === undefined || words.number === NONE
      ? []
      : [`${words.number}, limit ${words.limit}`, words.distance, words.samples, words.interval, changedLimit(criterion)];
  const cases = (result?.cases ?? []).map((entry) => `${caseWord(entry.state)}: ${oneLine(entry.id)}: ${oneLine(entry.detail)}`);
  const items = (result?.items ?? []).map((item) => `found: ${oneLine(item.key)}: ${oneLine(item.detail)}`);
  return [`${STATE_WORDS[criterion.state]}: ${oneLine(criterion.reason.text)}`, ...figures, ...cases, ...items, nextStep(criterion) ?? '']
    .filter((line) => line !== '')
    .join('\n');
}

function testcase(criterion: CriterionReport): string {
  const open = `    <testcase classname="${escape(`${criterion.gate}.${criterion.section}`)}" name="${escape(oneLine(criterion.text))}"`;
  const message = `message="${escape(`${criterion.required ? '' : 'optional, '}${STATE_WORDS[criterion.state]}: ${oneLine(criterion.reason.text)}`)}"`;
  const outcome = outcomeOf(criterion);
  switch (outcome) {
    case 'passed':
      return criterion.state === 'pass' ? `${open}/>` : `${open}><system-out>${escape(details(criterion))}</system-out></testcase>`;
    case 'failure':
    case 'error':
      return `${open}><${outcome} ${message} type="${escape(criterion.reason.code)}">${escape(details(criterion))}</${outcome}></testcase>`;
    case 'skipped':
      return `${open}><skipped ${message}/></testcase>`;
    default:
      return outcome satisfies never;
  }
}

/** Counts as attributes. */
function tally(criteria: readonly CriterionReport[], extraErrors: number): string {
  const count = (outcome: Outcome): number => criteria.filter((criterion) => outcomeOf(criterion) === outcome).length;
  return `tests="${criteria.length + extraErrors}" failures="${count('failure')}" errors="${count('error') + extraErrors}" skipped="${count('skipped')}"`;
}

function suite([name, criteria]: readonly [string, readonly CriterionReport[]]): string {
  return [`  <testsuite name="${escape(oneLine(name))}" ${tally(criteria, 0)}>`, ...criteria.map(testcase), '  </testsuite>'].join('\n');
}

/** A gate that did not pass although no row is red (no criteria at all, for one) still turns the build red. */
function isRedWithoutRow(report: RunReport): boolean {
  const isRed = report.verdict === 'fail' || report.verdict === 'error' || report.verdict === 'inconclusive';
  return isRed && !report.criteria.some((criterion) => outcomeOf(criterion) === 'failure' || outcomeOf(criterion) === 'error');
}

function verdictSuite(report: RunReport): string {
  return [
    '  <testsuite name="Verdict" tests="1" failures="0" errors="1" skipped="0">',
    `    <testcase classname="${escape(report.gate)}" name="${escape(oneLine(report.title))}"><error message="${escape(`${report.verdict}: ${oneLine(report.headline)}`)}" type="VERDICT"/></testcase>`,
    '  </testsuite>',
  ].join('\n');
}

function render(report: RunReport): string {
  const extra = isRedWithoutRow(report);
  const seconds = report.endedAt === null ? 0 : (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000;
  const suites = [...[...bySection(report.criteria)].map(suite), ...(extra ? [verdictSuite(report)] : [])];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escape(`${oneLine(report.title)} on ${oneLine(report.environment)}: ${oneLine(report.headline)}`)}" ${tally(report.criteria, extra ? 1 : 0)} time="${seconds.toFixed(3)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

export const junit: Reporter = { format: 'junit', file: 'junit.xml', render: (view) => render(view.report) };
