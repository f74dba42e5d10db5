// junit.xml for test viewers in CI: one suite a section, one case a criterion. JUnit knows no "warn" or "pending"; nothing that is not a pass looks like one.
import type { CriterionReport, Reporter, RunReport } from '../gates/model.ts';
import { oneLine, plain } from './plain-text.ts';
import { NONE, STATE_WORDS, WAIVER_WORDS, bySection, caseWord, changedLimit, nextStep, reportModeWords, resultWords, tellingResult } from './wording.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\n': '&#10;', '\t': '&#9;' };

/** For attributes and text alike; plain() took out what XML 1.0 forbids. */
const escape = (text: string): string => plain(text).replace(/[&<>"'\n\t]/gu, (character) => ENTITIES[character] ?? character);

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/**
 * What blocks nobody never turns a build red, and what is not a pass never looks like one: an optional criterion that can turn a gate to `warn` at the
 * most (DESIGN §2), a waived one, and all of a gate in report mode are skipped, with their state in words.
 */
function outcomeOf(criterion: CriterionReport, { enforcement }: RunReport): Outcome {
  const isRed = criterion.required && enforcement.mode === 'enforce';
  switch (criterion.state) {
    case 'pass':
    case 'warn':
      return 'passed';
    case 'fail':
      return isRed ? 'failure' : 'skipped';
    case 'error':
    case 'inconclusive':
      return isRed ? 'error' : 'skipped';
    case 'waived':
    case 'pending':
    case 'deferred':
    case 'not-applicable':
      return 'skipped';
    default:
      return criterion.state satisfies never;
  }
}

/** Everything a person needs to know about the row, one fact a line. */
function details(criterion: CriterionReport, report: RunReport): string {
  const result = tellingResult(criterion);
  const words = result === undefined ? undefined : resultWords(result);
  const figures =
    words === undefined || words.number === NONE
      ? []
      : [`${words.number}, limit ${words.limit}`, words.distance, words.samples, words.interval, changedLimit(criterion)];
  const cases = (result?.cases ?? []).map((entry) => `${caseWord(entry.state)}: ${oneLine(entry.id)}: ${oneLine(entry.detail)}`);
  const items = (result?.items ?? []).map((item) => `found: ${oneLine(item.key)}: ${oneLine(item.detail)}`);
  const waivers = report.waivers
    .filter((waiver) => waiver.criterion === criterion.id)
    .map(({ state, owner, until, text }) => `waiver until ${until} by ${oneLine(owner)}, ${WAIVER_WORDS[state]}: ${oneLine(text)}`);
  return [`${STATE_WORDS[criterion.state]}: ${oneLine(criterion.reason.text)}`, ...figures, ...cases, ...items, ...waivers, nextStep(criterion) ?? '']
    .filter((line) => line !== '')
    .join('\n');
}

function testcase(criterion: CriterionReport, report: RunReport): string {
  const open = `    <testcase classname="${escape(`${criterion.gate}.${criterion.section}`)}" name="${escape(oneLine(criterion.text))}"`;
  const isSpared = report.enforcement.mode === 'report' && isRedState(criterion.state);
  const leniency = [...(criterion.required ? [] : ['optional']), ...(isSpared ? ['report mode'] : [])];
  const message = `message="${escape([...leniency, `${STATE_WORDS[criterion.state]}: ${oneLine(criterion.reason.text)}`].join(', '))}"`;
  const outcome = outcomeOf(criterion, report);
  switch (outcome) {
    case 'passed':
      return isBare(criterion, report) ? `${open}/>` : `${open}><system-out>${escape(details(criterion, report))}</system-out></testcase>`;
    case 'failure':
    case 'error':
      return `${open}><${outcome} ${message} type="${escape(criterion.reason.code)}">${escape(details(criterion, report))}</${outcome}></testcase>`;
    case 'skipped':
      return WITH_FIGURES.has(criterion.state)
        ? `${open}><skipped ${message}/><system-out>${escape(details(criterion, report))}</system-out></testcase>`
        : `${open}><skipped ${message}/></testcase>`;
    default:
      return outcome satisfies never;
  }
}

function isRedState(state: CriterionReport['state']): boolean {
  return state === 'fail' || state === 'error' || state === 'inconclusive';
}

/** What was judged has figures to show, also where it is skipped. */
const WITH_FIGURES: ReadonlySet<CriterionReport['state']> = new Set(['waived', 'fail', 'error', 'inconclusive']);

/** A pass needs no words, unless it holds by another limit than the plan's or has a waiver that should go. */
function isBare(criterion: CriterionReport, report: RunReport): boolean {
  return criterion.state === 'pass' && changedLimit(criterion) === '' && !report.waivers.some((waiver) => waiver.criterion === criterion.id);
}

/** Counts as attributes. */
function tally(criteria: readonly CriterionReport[], report: RunReport, extraErrors: number): string {
  const count = (outcome: Outcome): number => criteria.filter((criterion) => outcomeOf(criterion, report) === outcome).length;
  return `tests="${criteria.length + extraErrors}" failures="${count('failure')}" errors="${count('error') + extraErrors}" skipped="${count('skipped')}"`;
}

function suite(name: string, criteria: readonly CriterionReport[], report: RunReport): string {
  return [
    `  <testsuite name="${escape(oneLine(name))}" ${tally(criteria, report, 0)}>`,
    ...criteria.map((criterion) => testcase(criterion, report)),
    '  </testsuite>',
  ].join('\n');
}

/** A gate that did not pass although no row is red (no criteria at all, for one) still turns the build red. */
function isRedWithoutRow(report: RunReport): boolean {
  const isRed = report.verdict === 'fail' || report.verdict === 'error' || report.verdict === 'inconclusive';
  const isRow = (criterion: CriterionReport): boolean => ['failure', 'error'].includes(outcomeOf(criterion, report));
  return isRed && report.enforcement.mode === 'enforce' && !report.criteria.some(isRow);
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
  const mode = reportModeWords(report);
  const name = `${oneLine(report.title)} on ${oneLine(report.environment)}: ${oneLine(report.headline)}${mode === undefined ? '' : `. ${mode}`}`;
  const suites = [...[...bySection(report.criteria)].map(([section, criteria]) => suite(section, criteria, report)), ...(extra ? [verdictSuite(report)] : [])];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escape(name)}" ${tally(report.criteria, report, extra ? 1 : 0)} time="${seconds.toFixed(3)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

export const junit: Reporter = { format: 'junit', file: 'junit.xml', render: (view) => render(view.report) };
