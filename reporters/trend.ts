// How a criterion's figures moved over runs: a line of bars, the numbers behind it, and what has none. Called by `list runs --trend`.
import type { TrendPoint, TrendSeries } from '../gates/trend.ts';
import { oneLine } from './plain-text.ts';
import { counted, quantity } from './quantity.ts';
import { labelWords, limitWords } from './wording.ts';
import { pad } from './wrap.ts';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** Where a run has no figure, or none that counts. */
const WITHOUT = '?';
const NONE = '—';

export function trendText(criterion: string, series: readonly TrendSeries[]): string {
  return `${[oneLine(criterion), ...series.flatMap((one) => ['', ...seriesLines(one)])].join('\n')}\n`;
}

function seriesLines(series: TrendSeries): string[] {
  const { environment, profile, check, metric, statistic, labels, points } = series;
  const about = [oneLine(metric), statistic, labelWords(labels)].filter((part) => part !== null && part !== '').join(' ');
  const unit = series.unit ?? undefined;
  const figures = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const besides = series.expect.kind === 'limit' ? series.expect.value : undefined;
  return [
    `${oneLine(environment)}, ${profile}: ${about}, by ${oneLine(check)}; ${figureWords(series)}`,
    `  ${points.map(({ value }) => (value === null ? WITHOUT : barOf(value, figures))).join('')}  ${summary(figures, points.length, unit, besides)}`,
    ...pointLines(points, unit, besides),
  ];
}

function figureWords({ expect, unit }: TrendSeries): string {
  const limit = limitWords(expect, unit ?? undefined);
  switch (expect.kind) {
    case 'limit':
      return `limit ${limit}`;
    case 'baseline':
    case 'versus':
      return `the difference, ${limit}`;
    case 'cases':
      return `cases that were not ok (50 and more look alike); wanted: ${limit}`;
    case 'none':
    case 'no-new':
      return `how many were found; wanted: ${limit}`;
    default:
      return expect satisfies never;
  }
}

/** From the least figure to the most; where all are equal, the middle. */
function barOf(value: number, figures: readonly number[]): string {
  const [least, most] = [Math.min(...figures), Math.max(...figures)];
  const share = most === least ? 0.5 : (value - least) / (most - least);
  return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? WITHOUT;
}

function summary(figures: readonly number[], runs: number, unit: Parameters<typeof quantity>[1], besides: number | undefined): string {
  const [first, last] = [figures[0], figures.at(-1)];
  const without = runs - figures.length;
  const none = without === 0 ? '' : `, ${without} without a figure (${WITHOUT})`;
  if (first === undefined || last === undefined) return `${counted(runs, 'run')}, none with a figure`;
  const say = (value: number): string => quantity(value, unit, besides);
  return `first ${say(first)}, last ${say(last)}, least ${say(Math.min(...figures))}, most ${say(Math.max(...figures))}; ${counted(runs, 'run')}${none}`;
}

/** Newest first, as in the list of runs. */
function pointLines(points: readonly TrendPoint[], unit: Parameters<typeof quantity>[1], besides: number | undefined): string[] {
  const rows = points.toReversed().map((point) => [
    oneLine(point.startedAt ?? NONE)
      .slice(0, 16)
      .replace('T', ' '),
    point.value === null ? NONE : quantity(point.value, unit, besides),
    point.state.toUpperCase(),
    oneLine(point.run),
    point.value === null && point.reason !== null ? oneLine(point.reason.text) : '',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `    ${row.map((cell, column) => pad(cell, widths[column] ?? 0, column === 1 ? 'right' : 'left')).join('  ')}`.trimEnd());
}
