// The verdict table that the command line prints at the end of a run: rows with number, limit, distance, samples and next step; the headline last, where eyes are.
import { createColors } from 'picocolors';
import type { CriterionReport, RunReport, RunView, State } from '../gates/model.ts';
import { READING_ORDER } from './charts/tally-bar.ts';
import { oneLine } from './plain-text.ts';
import { limitsChanged } from './changed-limits.ts';
import { counted, digits, quantity } from './quantity.ts';
import {
  STATE_WORDS,
  WAIVER_WORDS,
  attemptNumber,
  bySection,
  caseWord,
  cautions,
  changedLimit,
  deferredGroups,
  isToldByNumbers,
  nextStep,
  pendingGroups,
  reasonsOnce,
  resultWords,
  rowName,
  subjectFields,
  tellingResult,
  tookWords,
} from './wording.ts';
import type { Group } from './wording.ts';
import { pad, wrap } from './wrap.ts';

export interface TerminalOptions {
  /** Columns; lines are wrapped to it, single words longer than it are not broken. */
  readonly width: number;
  readonly colour: boolean;
  /** Where the reports are: name and path. */
  readonly reports?: readonly (readonly [name: string, path: string])[];
}

type Paint = (text: string) => string;
type Palette = ReturnType<typeof createColors>;

/** Columns that the state's word takes, with its gap: `INCONCLUSIVE` is the longest. */
const STATE_COLUMNS = 14;
/** Failing cases shown under a row; the others are in the reports. */
const CASES_SHOWN = 3;
const INDENT = ' '.repeat(STATE_COLUMNS);

function painter(state: State, colours: Palette): Paint {
  switch (state) {
    case 'pass':
      return colours.green;
    case 'fail':
      return (text) => colours.bold(colours.red(text));
    case 'error':
      return colours.magenta;
    case 'inconclusive':
    case 'warn':
      return colours.yellow;
    case 'waived':
      return colours.cyan;
    case 'pending':
      return colours.blue;
    case 'deferred':
    case 'not-applicable':
      return colours.dim;
    default:
      return state satisfies never;
  }
}

const stateWord = (state: State): string => STATE_WORDS[state].toUpperCase();

/** What a row says, before it is laid out. */
interface Row {
  readonly criterion: CriterionReport;
  readonly name: string;
  readonly number: string;
  readonly limit: string;
  readonly rest: string;
  readonly reason: string;
}

function rowOf(criterion: CriterionReport, reason: string): Row {
  const name = `${rowName(criterion)}${criterion.required ? '' : ' (optional)'}`;
  const result = tellingResult(criterion);
  if (result === undefined || result.n === 0) return { criterion, name, number: '', limit: '', rest: '', reason };
  const words = resultWords(result);
  const changed = changedLimit(criterion);
  // "145 of 148 ok" tells the number of cases already.
  const samples = result.expect.kind === 'cases' ? '' : words.samples;
  const rest = [changed, words.distance, samples, words.interval].filter((part) => part !== '').join(', ');
  return { criterion, name, number: words.number, limit: `limit ${words.limit}`, rest: rest === '' ? '' : `(${rest})`, reason };
}

interface Columns {
  readonly name: number;
  readonly number: number;
  readonly limit: number;
}

function columnsOf(rows: readonly Row[]): Columns {
  const widest = (pick: (row: Row) => string): number => Math.max(0, ...rows.map((row) => pick(row).length));
  return { name: widest((row) => row.name), number: widest((row) => row.number), limit: widest((row) => row.limit) };
}

/** One line where it fits, else the figures in brackets on the next; reason, findings and next step below. */
function rowLines(row: Row, columns: Columns, width: number, colours: Palette): string[] {
  const { criterion } = row;
  const word = painter(criterion.state, colours)(pad(stateWord(criterion.state), STATE_COLUMNS));
  const first = [pad(row.name, columns.name), pad(row.number, columns.number, 'right'), pad(row.limit, columns.limit)].join('   ').trimEnd();
  if (row.number === '') return [...withoutFigures(row, columns, width, word), ...stepLines(criterion, colours)];
  const isOneLine = STATE_COLUMNS + first.length + 3 + row.rest.length <= width;
  const figures = row.rest === '' ? [] : wrap(row.rest, width, INDENT).map(colours.dim);
  const head = isOneLine && row.rest !== '' ? [`${word}${first}   ${colours.dim(row.rest)}`] : [`${word}${first}`, ...figures];
  // A long limit ("at most 10 % worse than legacy") goes below the name where the line is too short for both.
  if (STATE_COLUMNS + first.length > width)
    return [`${word}${row.name}`, ...wrap(`${row.number}   ${row.limit}`, width, INDENT), ...figures, ...belowRow(row, width, colours)];
  return [...head, ...belowRow(row, width, colours)];
}

/** The reason stands where the figures would, hanging below itself where it is long. */
function withoutFigures({ name, reason }: Row, columns: Columns, width: number, word: string): string[] {
  const hanging = ' '.repeat(STATE_COLUMNS + columns.name + 3);
  const [first = '', ...more] = wrap(reason, width, hanging);
  return [`${word}${pad(name, columns.name)}   ${first.trimStart()}`, ...more];
}

function stepLines(criterion: CriterionReport, colours: Palette): string[] {
  const step = nextStep(criterion);
  return step === undefined ? [] : [`${INDENT}${colours.cyan(step)}`];
}

function belowRow({ criterion, reason: text }: Row, width: number, colours: Palette): string[] {
  if (criterion.state === 'pass') return [];
  const cases = tellingResult(criterion)?.cases ?? [];
  const shown = cases
    .slice(0, CASES_SHOWN)
    .flatMap((entry) => wrap(`${caseWord(entry.state)}: ${oneLine(entry.id)}: ${oneLine(entry.detail)}`, width, `${INDENT}  `));
  const hidden = cases.length > CASES_SHOWN ? [`${INDENT}  and ${digits(cases.length - CASES_SHOWN)} more`] : [];
  const reason = isToldByNumbers(criterion) ? [] : wrap(text, width, INDENT);
  return [...reason, ...shown, ...hidden, ...stepLines(criterion, colours)];
}

const WITHOUT_ROW: ReadonlySet<State> = new Set(['pending', 'deferred', 'not-applicable']);

/** Sections with the rows that have a verdict. */
function verdictTable(report: RunReport, width: number, colours: Palette): string[] {
  const rows = report.criteria.filter(({ state }) => !WITHOUT_ROW.has(state));
  const reasons = reasonsOnce(rows);
  return [...bySection(rows)].flatMap(([section, criteria]) => {
    const own = criteria.map((criterion) => rowOf(criterion, reasons.get(criterion) ?? ''));
    return ['', colours.bold(oneLine(section)), ...own.flatMap((row) => rowLines(row, columnsOf(own), width, colours))];
  });
}

/** Criteria by the part of their id below the gate's: short, and still what `--only` takes after `*.`. */
function listed(groups: readonly Group[], width: number): string[] {
  return groups.flatMap(({ what, criteria }) =>
    wrap(`${oneLine(what).replace(/\.$/u, '')}: ${criteria.map((id) => oneLine(id).split('.').slice(1).join('.')).join(', ')}`, width, '  ', '    '),
  );
}

/** What was agreed on instead of measured: waivers with what became of them, and limits that are not the plan's. */
function agreed(report: RunReport, width: number, colours: Palette): string[] {
  const short = (id: string): string => oneLine(id).split('.').slice(1).join('.');
  const waivers = report.waivers.map(({ criterion, state, until, owner, text }) => {
    const end = state === 'applied' ? `until ${until}, ${oneLine(owner)}` : oneLine(text);
    return `${short(criterion)}: ${WAIVER_WORDS[state]}${state === 'applied' ? ' ' : ': '}${end}`;
  });
  const limits = limitsChanged(report).map(
    ({ criterion, unit, here, changed: { from, until, owner, reason } }) =>
      `${short(criterion)}: plan ${quantity(from, unit)}, here ${quantity(here, unit)} until ${until}, ${oneLine(owner)}: ${oneLine(reason)}`,
  );
  const blocks: readonly (readonly [title: string, lines: readonly string[]])[] = [
    [counted(waivers.length, 'waiver'), waivers],
    [`${counted(limits.length, 'limit')} changed`, limits],
  ];
  return blocks
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([title, lines]) => ['', colours.bold(title), ...lines.flatMap((line) => wrap(line, width, '  ', '    '))]);
}

function aside(report: RunReport, width: number, colours: Palette): string[] {
  const notApplicable = report.notApplicable.map((entry) => ({
    what: `${oneLine(entry.reason).replace(/\.$/u, '')} (${oneLine(entry.owner)}, until ${entry.until})`,
    criteria: [entry.criterion],
  }));
  const blocks: readonly (readonly [title: string, groups: readonly Group[]])[] = [
    [`${digits(report.notApplicable.length)} declared not applicable; approvers sign this list`, notApplicable],
    [`${digits(report.counts.deferred)} left out of this run`, deferredGroups(report)],
    [`${report.pending.length === 1 ? '1 waits' : `${digits(report.pending.length)} wait`} for people`, pendingGroups(report)],
  ];
  return blocks.filter(([, groups]) => groups.length > 0).flatMap(([title, groups]) => ['', colours.bold(title), ...listed(groups, width)]);
}

function opening(report: RunReport, width: number, colours: Palette): string[] {
  const subject = subjectFields(report.subject)
    .map(([name, value]) => `${name.toLowerCase()} ${name === 'Commit' ? value.slice(0, 12) : value}`)
    .join(', ');
  return [
    colours.bold(`${oneLine(report.title)} on ${oneLine(report.environment)}`),
    ...wrap(`${oneLine(report.target)}, ${subject}`, width, '', '  ').map(colours.dim),
  ];
}

function closing(report: RunReport, options: TerminalOptions, colours: Palette): string[] {
  const counts = READING_ORDER.filter((state) => report.counts[state] > 0)
    .map((state) => `${report.counts[state]} ${STATE_WORDS[state]}`)
    .join(', ');
  const facts = [`profile ${report.profile}`, tookWords(report), `attempt ${attemptNumber(report)} on this subject`, `exit code ${report.exitCode}`].join(', ');
  const verdict = painter(report.verdict, colours);
  const headline = wrap(oneLine(report.headline), options.width, INDENT).join('\n').slice(STATE_COLUMNS);
  const names = (options.reports ?? []).map(([name]) => name.length);
  const reports = (options.reports ?? []).map(([name, path]) => `  ${pad(name, Math.max(0, ...names))}   ${path}`);
  return [
    '',
    ...cautions(report).flatMap((text) => wrap(oneLine(text), options.width, '', '  ').map(colours.yellow)),
    `${verdict(pad(stateWord(report.verdict), STATE_COLUMNS))}${colours.bold(headline)}`,
    ...wrap(counts, options.width, INDENT),
    ...wrap(facts, options.width, INDENT).map(colours.dim),
    ...(reports.length > 0 ? ['', ...reports] : []),
  ];
}

/** The whole text, without a newline at its end. Pure; the command line prints it. */
export function verdictText({ report }: RunView, options: TerminalOptions): string {
  const colours = createColors(options.colour);
  const { width } = options;
  return [
    ...opening(report, width, colours),
    ...verdictTable(report, width, colours),
    ...agreed(report, width, colours),
    ...aside(report, width, colours),
    ...closing(report, options, colours),
  ].join('\n');
}

export { planText } from './plan-text.ts';
