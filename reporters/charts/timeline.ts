// Draws when each execution ran within the run, as one bar a row; the HTML report puts a bar beside each row of its table.
import type { ExecutionReport, RunReport } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Markup } from '../markup.ts';

export interface TimeFrame {
  readonly startMs: number;
  readonly lengthMs: number;
}

/** From the start of the run to its end, or to the end of the last execution where the run never ended. */
export function timeFrame(report: RunReport): TimeFrame {
  const startMs = Date.parse(report.startedAt);
  const ends = report.executions.map((execution) => Date.parse(execution.startedAt ?? report.startedAt) + (execution.seconds ?? 0) * 1000);
  const endMs = Math.max(report.endedAt === null ? startMs : Date.parse(report.endedAt), ...ends);
  return { startMs, lengthMs: Math.max(1, endMs - startMs) };
}

/** Decorative: the table beside it says the same in numbers. */
export function timelineBar(execution: ExecutionReport, frame: TimeFrame): Markup | undefined {
  if (execution.startedAt === null || execution.seconds === null) return undefined;
  const x = ((Date.parse(execution.startedAt) - frame.startMs) / frame.lengthMs) * 100;
  const width = Math.max(0.6, ((execution.seconds * 1000) / frame.lengthMs) * 100);
  return h(
    'svg',
    { class: 'timeline', width: '100%', height: 14, 'aria-hidden': 'true' },
    h('rect', { class: 'track', x: 0, y: 6, width: '100%', height: 2 }),
    h('rect', {
      class: execution.outcome === 'measured' ? 'bar' : 'bar broken',
      x: `${Math.min(99.4, Math.max(0, x)).toFixed(2)}%`,
      y: 2,
      width: `${width.toFixed(2)}%`,
      height: 10,
      rx: 2,
    }),
  );
}
