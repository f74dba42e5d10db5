// A replay in words and as a document: what is the same, what is not, what would have been. Called by `replay`.
import type { CriterionReport, RunReport } from '../../gates/model.ts';
import type { Replay, RowChange, WouldBe } from '../../gates/replay.ts';
import { STATE_WORDS, NONE, resultWords, tellingResult } from '../../reporters/wording.ts';

/** `schemaVersion`: what the file says of itself; undefined where it says nothing that can be read. */
export type ReportFile =
  | { readonly state: 'same'; readonly bytes: number }
  | { readonly state: 'differs'; readonly schemaVersion: unknown }
  | { readonly state: 'missing' };
export interface Replayed extends Replay {
  readonly report: ReportFile;
  /** This version. */
  readonly tool: string;
}

const SCHEMA_VERSION = 1;

export function replayText(replayed: Replayed): string {
  const { view, recorded, lines, tornBytes } = replayed;
  const { run, gate, environment, verdict, exitCode, headline } = view.report;
  const torn = tornBytes === 0 ? [] : [`A last line was cut off after ${tornBytes} bytes; it never counted.`];
  const head = [`Run ${run}: ${gate} on ${environment}, ${lines} lines of journal.`, ...torn, ...versionLines(replayed)];
  if (recorded === undefined)
    return linesOf([
      ...head,
      'Not sealed: the run did not finish, so nothing is recorded that it could be held against.',
      `So far: ${verdict}, exit ${exitCode}: ${headline}`,
    ]);
  const differences = [
    ...replayed.facts.map((fact) => `${fact}: recorded ${String(recorded[fact])}, replayed ${String(view.report[fact])}`),
    ...replayed.rows.map(rowDifference),
    ...reportDifference(replayed),
  ];
  if (differences.length > 0) return linesOf([...head, 'DIFFERS from what was recorded:', ...differences.map((line) => `  ${line}`)]);
  const count = view.report.criteria.length;
  return linesOf([...head, `Same: ${count} ${count === 1 ? 'row' : 'rows'}, the verdict (${verdict}, exit ${exitCode}) and every byte of report.json.`]);
}

function versionLines({ view, tool }: Replayed): string[] {
  const made = view.report.machine.tool;
  return made === tool ? [] : [`The run was made by ${made}; this is ${tool}, which may judge or write otherwise. What was recorded stands.`];
}

function rowDifference({ id, before, after }: RowChange): string {
  const words = `${id}: recorded ${stateOf(before)}, replayed ${stateOf(after)}`;
  return before?.state === after?.state && before?.reason.code === after?.reason.code ? `${words}, with other facts` : words;
}
function stateOf(row: CriterionReport | undefined): string {
  return row === undefined ? 'nothing' : `${STATE_WORDS[row.state]} (${row.reason.code})`;
}

function reportDifference({ report }: Replayed): string[] {
  switch (report.state) {
    case 'same':
      return [];
    case 'missing':
      return ['report.json is not there: the run was ended before it was written.'];
    case 'differs':
      return report.schemaVersion === SCHEMA_VERSION || report.schemaVersion === undefined
        ? ['report.json has other bytes than the journal gives.']
        : [`report.json has the schema version ${String(report.schemaVersion)}; this version writes ${SCHEMA_VERSION}.`];
    default:
      return report satisfies never;
  }
}

export function replayDocument(replayed: Replayed): object {
  const { view, recorded, lines, tornBytes, rows, facts, report, tool } = replayed;
  const { run, gate, environment, verdict, headline, exitCode, machine } = view.report;
  return {
    run,
    gate,
    environment,
    tool: { made: machine.tool, replayed: tool },
    sealed: recorded !== undefined,
    journal: { lines, tornBytes },
    same: recorded === undefined ? null : report.state === 'same' && rows.length + facts.length === 0,
    recorded: recorded ?? null,
    replayed: { verdict, headline, exitCode },
    rows: rows.map(({ id, before, after }) => ({ id, recorded: brief(before), replayed: brief(after) })),
    report,
  };
}

export function wouldBeText({ before, after, rows }: WouldBe, policy: string): string {
  const count = after.criteria.length;
  return linesOf([
    `HYPOTHETICAL: what ${policy} would have made of run ${before.run} (${before.gate} on ${before.environment}). The run itself stays as it is.`,
    ...(before.sealed ? [] : ['The run is not sealed: what did not run is inconclusive under every policy.']),
    '',
    ...(rows.length === 0 ? ['No row changes its state.'] : rows.flatMap(rowLines)),
    ...newProblems(before, after),
    '',
    `${rows.length} of ${count} rows ${rows.length === 1 ? 'changes' : 'change'}. Verdict: ${arrow(before.verdict, after.verdict)}, exit ${arrow(String(before.exitCode), String(after.exitCode))}.`,
    `Recorded: ${before.headline}`,
    `Would be: ${after.headline}`,
  ]);
}

/** What of the other policy does not count, because its last day had passed by the day of the run. */
function newProblems(before: RunReport, after: RunReport): string[] {
  const known = before.problems.map(({ text }) => text);
  return after.problems.filter(({ text }) => !known.includes(text)).map(({ code, text }) => `  ${code}: ${text}`);
}

function rowLines({ id, before, after }: RowChange): string[] {
  const states = `${before === undefined ? 'not there' : STATE_WORDS[before.state]} → ${after === undefined ? 'not there' : STATE_WORDS[after.state]}`;
  return [`  ${id}`, `    ${states}${numbers(before, after)}`, ...(after === undefined ? [] : [`    ${after.reason.text}`])];
}

/** `  612 ms, limit < 650 ms (recorded < 500 ms)`. */
function numbers(before: CriterionReport | undefined, after: CriterionReport | undefined): string {
  const then = before === undefined ? undefined : tellingResult(before);
  const result = after === undefined ? undefined : tellingResult(after);
  if (result === undefined) return '';
  const { number, limit } = resultWords(result);
  const recorded = then === undefined ? limit : resultWords(then).limit;
  return number === NONE ? '' : `  ${number}, limit ${limit}${recorded === limit ? '' : ` (recorded ${recorded})`}`;
}

function arrow(before: string, after: string): string {
  return before === after ? `${before} as recorded` : `${before} → ${after}`;
}

export function wouldBeDocument({ before, after, rows }: WouldBe, policy: string): object {
  const outcome = ({ verdict, headline, exitCode, counts }: WouldBe['before']): object => ({ verdict, headline, exitCode, counts });
  return {
    hypothetical: true,
    policy,
    run: before.run,
    gate: before.gate,
    environment: before.environment,
    sealed: before.sealed,
    recorded: outcome(before),
    wouldBe: outcome(after),
    rows: rows.map(({ id, before: then, after: now }) => ({ id, recorded: brief(then), wouldBe: brief(now) })),
  };
}

function brief(row: CriterionReport | undefined): object | null {
  if (row === undefined) return null;
  const { state, reason, results } = row;
  return {
    state,
    reason,
    results: results.map(({ check, metric, statistic, value, unit, n, expect }) => ({ check, metric, statistic, value, unit, n, expect })),
  };
}

function linesOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
