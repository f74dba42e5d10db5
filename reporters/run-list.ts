// Runs as a table, newest first, and how the verdicts of each gate went. Called by `list runs`.
import { createColors } from 'picocolors';
import type { RunOutline } from '../gates/run-outline.ts';
import { oneLine } from './plain-text.ts';
import { counted, duration } from './quantity.ts';
import { pad } from './wrap.ts';

interface Look {
  readonly width: number;
  readonly colour: boolean;
}

/** `left`: how many fit and are not shown. */
export function runListText(runs: readonly RunOutline[], left: number, look: Look): string {
  const rows = runs.map(cellsOf);
  const widths = HEADINGS.map((heading, column) => Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const { dim } = createColors(look.colour);
  const table = runs.flatMap((run, index) => [painted(run, look)(line(rows[index] ?? [])), `  ${toldOf(run)}`]);
  const more = left === 0 ? [] : ['', `${counted(left, 'older run is', 'older runs are')} not shown: --limit ${runs.length + left} shows all.`];
  return `${[dim(line(HEADINGS)), ...table, ...more, '', ...strips(runs)].join('\n')}\n`;
}

const HEADINGS = ['VERDICT', 'RUN', 'GATE', 'ENVIRONMENT', 'COMMIT', 'STARTED (UTC)', 'TOOK'] as const;
const NONE = '—';
/** As many digits of a commit as people write. */
const SHORT_COMMIT = 8;

/** A verdict; or that there is none, and why not. */
export function verdictWord({ verdict, problem }: Pick<RunOutline, 'verdict' | 'problem'>): string {
  return problem === null ? (verdict ?? 'unfinished').toUpperCase() : 'UNREADABLE';
}

function cellsOf(run: RunOutline): string[] {
  return [
    verdictWord(run),
    oneLine(run.run),
    oneLine(run.gate ?? NONE),
    oneLine(run.environment ?? NONE) + (run.profile === null || run.profile === 'full' ? '' : ` (${run.profile})`),
    oneLine(run.subject?.commit ?? NONE).slice(0, SHORT_COMMIT),
    oneLine(run.startedAt ?? NONE)
      .slice(0, 16)
      .replace('T', ' '),
    run.startedAt === null || run.endedAt === null ? NONE : duration((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000),
  ];
}

/** Headline, and what people have said. */
function toldOf(run: RunOutline): string {
  if (run.problem !== null) return `cannot be read: ${oneLine(run.problem)}`;
  if (run.verdict === null)
    return `not finished; its journal last grew ${oneLine(run.lastAt ?? '')
      .slice(0, 19)
      .replace('T', ' ')} UTC`;
  return [oneLine(run.headline ?? ''), ...(run.scope === 'partial' ? ['partial'] : []), ...paperWords(run)].join('; ');
}

function paperWords({ signOffs, decision }: RunOutline): string[] {
  const signed = signOffs.map(({ role, decision: said }) => `${said === 'approve' ? 'signed' : 'rejected'} by ${oneLine(role)}`);
  return [...signed, ...(decision === null ? [] : [`decided: ${decision}`])];
}

function painted({ verdict, problem }: RunOutline, { colour }: Look): (text: string) => string {
  const { green, red, yellow, magenta, cyan } = createColors(colour);
  if (problem !== null) return magenta;
  switch (verdict) {
    case 'pass':
      return green;
    case 'waived':
      return cyan;
    case 'fail':
      return red;
    case 'error':
      return magenta;
    case 'warn':
    case 'inconclusive':
    case null:
      return yellow;
    default:
      return verdict satisfies never;
  }
}

/** One letter a run, told by the line below it. */
const LETTERS = { pass: 'P', waived: 'V', warn: 'W', inconclusive: '?', error: 'E', fail: 'F' } as const;

/** `phase3 on staging  FFP?P`: oldest to newest. */
function strips(runs: readonly RunOutline[]): string[] {
  const gates = Map.groupBy(runs.toReversed(), ({ gate, environment }) => `${oneLine(gate ?? '?')} on ${oneLine(environment ?? '?')}`);
  const widest = Math.max(0, ...[...gates.keys()].map((name) => name.length));
  const letter = ({ verdict, problem }: RunOutline): string => (problem !== null ? '!' : verdict === null ? '·' : LETTERS[verdict]);
  const lines = [...gates].filter(([, own]) => own.length > 1).map(([name, own]) => `${pad(name, widest)}  ${own.map(letter).join('')}`);
  return lines.length === 0 ? [] : ['Oldest to newest (P pass, V waived, W warn, ? inconclusive, E error, F fail, · unfinished, ! unreadable):', ...lines];
}
