// Shows a run while it goes on: a live block on a terminal, plain lines in a pipe. Writes to stderr only; called by the run command.
import { createColors } from 'picocolors';
import type { Plan, PlannedExecution } from '../gates/model.ts';
import type { RunProgress } from '../gates/run-gate.ts';
import type { Output, Style } from './terminal.ts';

export interface ProgressDisplay {
  update(progress: RunProgress): void;
  note(text: string): void;
  /** Takes the live block away. */
  end(): void;
}

interface Row {
  readonly planned: PlannedExecution;
  state: 'waiting' | 'running' | 'measured' | 'error' | 'timeout' | 'interrupted';
  text: string;
  done: number | undefined;
  total: number | undefined;
  startedMs: number;
  seconds: number;
}

const REDRAW_MS = 100;
const BAR = 20;

export function liveDisplay(plan: Plan, stderr: Output, style: Style, nowMs: () => number): ProgressDisplay {
  const rows = rowsOf(plan);
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) stderr.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    erase();
    const lines = block([...rows.values()], style, nowMs());
    stderr.write(lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  };
  const timer = setInterval(draw, REDRAW_MS);
  draw();
  return {
    update(progress) {
      apply(rows, progress, nowMs());
    },
    note(text) {
      erase();
      stderr.write(`${text}\n`);
      draw();
    },
    end() {
      clearInterval(timer);
      draw();
      drawn = 0;
    },
  };
}

/** One line when something starts, ends or is said; one each ten percent of long work. */
export function plainDisplay(plan: Plan, stderr: Output, nowMs: () => number): ProgressDisplay {
  const rows = rowsOf(plan);
  const told = new Map<string, number>();
  const started = nowMs();
  const line = (text: string): void => void stderr.write(`${((nowMs() - started) / 1000).toFixed(1).padStart(7)} s  ${text}\n`);
  return {
    update(progress) {
      apply(rows, progress, nowMs());
      if (progress.kind !== 'execution') return;
      const name = rows.get(progress.execution)?.planned.check ?? progress.execution;
      const inner = progress.progress;
      if (inner.kind === 'started') line(`${name} begins`);
      else if (inner.kind === 'log') line(`${name}: ${inner.text}`);
      else if (inner.kind === 'finished') line(`${name} ${inner.outcome} in ${inner.seconds.toFixed(1)} s${inner.why === '' ? '' : `: ${inner.why}`}`);
      else if (inner.kind === 'round' && !inner.healthy) line(`${name}: round ${inner.round + 1} was sick`);
      else if (inner.kind === 'progress' && inner.total !== undefined && inner.total > 0) {
        const tenth = Math.floor((10 * (inner.done ?? 0)) / inner.total);
        if (tenth > (told.get(progress.execution) ?? 0)) line(`${name}: ${inner.text} ${tenth * 10} %`);
        told.set(progress.execution, tenth);
      }
    },
    note: line,
    end: () => undefined,
  };
}

export const silentDisplay: ProgressDisplay = { update: () => undefined, note: () => undefined, end: () => undefined };

function rowsOf(plan: Plan): Map<string, Row> {
  const planned = plan.executions.filter(({ skip }) => skip === undefined);
  return new Map(
    planned.map((execution) => [execution.id, { planned: execution, state: 'waiting', text: '', done: undefined, total: undefined, startedMs: 0, seconds: 0 }]),
  );
}

function apply(rows: Map<string, Row>, progress: RunProgress, now: number): void {
  if (progress.kind !== 'execution') return;
  const row = rows.get(progress.execution);
  if (row === undefined) return;
  const { progress: inner } = progress;
  switch (inner.kind) {
    case 'started':
      Object.assign(row, { state: 'running', startedMs: now });
      return;
    case 'progress':
      Object.assign(row, { text: inner.text, done: inner.done, total: inner.total });
      return;
    case 'log':
      row.text = inner.text;
      return;
    case 'round':
      return;
    case 'finished':
      Object.assign(row, { state: inner.outcome, seconds: inner.seconds, text: inner.why });
      return;
    default:
      inner satisfies never;
  }
}

function block(rows: readonly Row[], { width, colour }: Style, now: number): string[] {
  const paint = createColors(colour);
  const nameWidth = Math.max(12, ...rows.map(({ planned }) => planned.check.length));
  const lines = rows.map((row) => {
    const seconds = row.state === 'running' ? (now - row.startedMs) / 1000 : row.seconds;
    const time = row.state === 'waiting' ? `~${row.planned.seconds.toFixed(0)} s` : `${seconds.toFixed(1)} s`;
    const detail = row.state === 'running' ? runningText(row) : row.state === 'waiting' ? '' : row.text.split('\n')[0];
    const plain = `${MARK[row.state]} ${row.planned.check.padEnd(nameWidth)} ${time.padStart(7)}  ${detail ?? ''}`.slice(0, width - 1);
    return row.state === 'waiting' ? paint.dim(plain) : row.state === 'error' || row.state === 'timeout' ? paint.red(plain) : plain;
  });
  return [...lines, paint.dim(`  about ${secondsLeft(rows, now)} s left`)];
}

const MARK: Readonly<Record<Row['state'], string>> = { waiting: '·', running: '▸', measured: '■', error: '✗', timeout: '✗', interrupted: '✗' };

function runningText({ text, done, total }: Row): string {
  if (done === undefined || total === undefined || total === 0) return text;
  const filled = Math.round(BAR * Math.min(1, done / total));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${text}`;
}

/** The checks' own estimates less what has passed; those that have not begun count whole. */
function secondsLeft(rows: readonly Row[], now: number): number {
  const left = rows.map(({ state, planned, startedMs }) =>
    state === 'waiting' ? planned.seconds : state === 'running' ? Math.max(0, planned.seconds - (now - startedMs) / 1000) : 0,
  );
  return Math.ceil(left.reduce((sum, seconds) => sum + seconds, 0));
}
