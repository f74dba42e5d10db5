// Draws the target and the legacy side of a comparison apart, on one axis: two densities, the compared statistic marked on each. For the HTML report.
import type { CriterionResult } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { counted, quantity } from '../quantity.ts';
import { axisOf, densityPath, heights } from './distribution-strip.ts';
import type { Distribution } from './distribution.ts';
import { type LogScale, logScale } from './log-scale.ts';

export interface Side {
  readonly name: 'target' | 'legacy';
  readonly distribution: Distribution;
  /** The statistic that is compared, in the metric's unit. */
  readonly value: number;
}

/** Pixels: of each side a line of words, then its density; the axis below both. */
const WORDS = 24;
const DEPTH = 34;
const ROW = WORDS + DEPTH;

/** The figures of the picture in words; also its text alternative. */
export function sidesWords(sides: readonly Side[], { statistic, unit }: CriterionResult): string {
  return sides
    .map(({ name, value, distribution }) => `${name} ${statistic ?? ''} ${quantity(value, unit)} of ${counted(distribution.total, 'sample')}`)
    .join(' · ');
}

/** Undefined where nothing positive was observed. */
export function twoSides(sides: readonly Side[], result: CriterionResult, title: string): Markup | undefined {
  const extent = sides
    .flatMap(({ distribution, value }) => [distribution.points[0]?.value ?? 0, distribution.points.at(-1)?.value ?? 0, value])
    .filter((value) => value > 0);
  if (extent.length === 0) return undefined;
  const scale = logScale(extent);
  const bottom = ROW * sides.length;
  return h(
    'svg',
    { class: 'strip', width: '100%', height: bottom + 20, role: 'img', 'aria-label': `${title}, both sides: ${sidesWords(sides, result)}` },
    ...sides.flatMap((side, index) => row(side, index * ROW, scale, result)),
    ...axisOf(scale, result.unit, bottom),
  );
}

function row({ name, distribution, value }: Side, top: number, scale: LogScale, { statistic, unit }: CriterionResult): Markup[] {
  const x = scale.at(value);
  const at = `${x.toFixed(2)}%`;
  const path = densityPath(heights(distribution, scale));
  const label = `${(statistic ?? '').toUpperCase()} ${quantity(value, unit)}`.trim();
  return [
    h('text', { class: 'side-name', x: 0, y: top + 18 }, name),
    h(
      'svg',
      {
        x: 0,
        y: top + WORDS,
        width: '100%',
        height: DEPTH,
        viewBox: '0 0 1000 100',
        preserveAspectRatio: 'none',
        class: name === 'target' ? 'density' : 'density before',
        'aria-hidden': 'true',
      },
      h('path', { d: path }),
    ),
    h('line', { class: 'axis', x1: '0%', x2: '100%', y1: top + ROW, y2: top + ROW }),
    h('line', { class: 'mark', x1: at, x2: at, y1: top + WORDS - 2, y2: top + ROW }),
    h(
      'text',
      { class: 'mark-name', x: at, y: top + 18, 'text-anchor': x < 22 ? 'start' : x > 88 ? 'end' : 'middle' },
      x < 22 ? `\u2003\u2003\u2003\u2003\u2003${label}` : label,
    ),
  ];
}
