// Draws a distribution against its limit: a density over a log axis, marks at P50, P95 and P99, the limit as a line. For the HTML report.
import type { CriterionResult, Unit } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { quantity } from '../quantity.ts';
import { quantile, shareAbove } from './distribution.ts';
import type { Distribution } from './distribution.ts';
import { logScale } from './log-scale.ts';
import type { LogScale } from './log-scale.ts';

/** Pixels: rows for labels above, the density, the axis below. Widths are percents, so text keeps its size on a phone. */
const TOP = 34;
const DEPTH = 56;
const HEIGHT = TOP + DEPTH + 20;
const BINS = 120;
/** Below this many observations each one is drawn as a tick of its own. */
const FEW = 60;
/** Percent of a 320 px wide picture that a short label such as "P95" takes, with its air. */
const LABEL_PERCENT = 12;

interface Mark {
  readonly name: string;
  readonly value: number;
  readonly kind: 'mark' | 'limit';
}

function marksOf(distribution: Distribution, result: CriterionResult): Mark[] {
  const judged = (name: string, share: number): Mark => ({
    name: name.toUpperCase(),
    value: result.statistic === name && result.value !== undefined ? result.value : quantile(distribution, share),
    kind: 'mark',
  });
  const limit: Mark[] = result.expect.kind === 'limit' ? [{ name: 'limit', value: result.expect.value, kind: 'limit' }] : [];
  const quantiles = distribution.total < FEW ? [judged('p50', 0.5), judged('p95', 0.95)] : [judged('p50', 0.5), judged('p95', 0.95), judged('p99', 0.99)];
  return [...quantiles, ...limit].filter((mark) => mark.value > 0).toSorted((a, b) => a.value - b.value);
}

/** Counts by equal steps of the log axis, as heights 0…1 of the square root, so that a thin tail stays visible. */
export function heights(distribution: Distribution, scale: LogScale): number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  for (const { value, count } of distribution.points) {
    const bin = Math.min(BINS - 1, Math.floor((scale.at(value) / 100) * BINS));
    bins[bin] = (bins[bin] ?? 0) + count;
  }
  const most = Math.sqrt(Math.max(...bins));
  return bins.map((count) => Math.sqrt(count) / most);
}

/** The density as steps in a 1000 × 100 box. */
export function densityPath(steps: readonly number[]): string {
  const width = 1000 / steps.length;
  const tops = steps.map((height, index) => `V${(100 - height * 100).toFixed(1)}H${((index + 1) * width).toFixed(1)}`);
  return `M0 100${tops.join('')}V100Z`;
}

const boxed = (className: string, x: number, width: number, from: number, path: string): Markup =>
  h(
    'svg',
    {
      x: `${x.toFixed(2)}%`,
      y: TOP,
      width: `${width.toFixed(2)}%`,
      height: DEPTH,
      viewBox: `${(from * 10).toFixed(1)} 0 ${Math.max(0.1, width * 10).toFixed(1)} 100`,
      preserveAspectRatio: 'none',
      class: className,
      'aria-hidden': 'true',
    },
    h('path', { d: path }),
  );

/** The density in two colours: within the limit, and beyond it on the failing side. */
function density(distribution: Distribution, scale: LogScale, result: CriterionResult): Markup[] {
  const path = densityPath(heights(distribution, scale));
  if (result.expect.kind !== 'limit' || !result.expect.op.startsWith('<')) return [boxed('density', 0, 100, 0, path)];
  const edge = scale.at(result.expect.value);
  return [boxed('density', 0, edge, 0, path), boxed('density beyond', edge, 100 - edge, edge, path)];
}

function ticksOf(distribution: Distribution, scale: LogScale): Markup[] {
  return distribution.points.map(({ value }) => {
    const x = `${scale.at(value).toFixed(2)}%`;
    return h('line', { class: 'sample', x1: x, x2: x, y1: TOP + 18, y2: TOP + DEPTH });
  });
}

/** Labels on two rows: one that would touch its left neighbour goes to the other row. */
function labelled(marks: readonly Mark[], scale: LogScale): Markup[] {
  const lastOf = [-100, -100];
  return marks.flatMap((mark) => {
    const x = scale.at(mark.value);
    const row = x - (lastOf[1] ?? 0) >= LABEL_PERCENT ? 1 : 0;
    lastOf[row] = x;
    const anchor = x < 6 ? 'start' : x > 94 ? 'end' : 'middle';
    const at = `${x.toFixed(2)}%`;
    const y = row === 1 ? 28 : 12;
    return [
      h('line', { class: mark.kind, x1: at, x2: at, y1: y + 4, y2: TOP + DEPTH }),
      h('text', { class: `${mark.kind}-name`, x: at, y, 'text-anchor': anchor }, mark.name),
    ];
  });
}

/** A line with round ticks at `y` pixels, their names 17 pixels below it. */
export function axisOf(scale: LogScale, unit: Unit | undefined, y: number): Markup[] {
  const ticks = scale.ticks.filter((tick) => scale.at(tick) > 4 && scale.at(tick) < 96);
  return [
    h('line', { class: 'axis', x1: '0%', x2: '100%', y1: y, y2: y }),
    ...ticks.flatMap((tick) => {
      const x = `${scale.at(tick).toFixed(2)}%`;
      return [
        h('line', { class: 'axis', x1: x, x2: x, y1: y, y2: y + 4 }),
        h('text', { class: 'tick', x, y: y + 17, 'text-anchor': 'middle' }, quantity(tick, unit)),
      ];
    }),
  ];
}

/** The figures of the picture in words; also its text alternative. */
export function distributionWords(distribution: Distribution, result: CriterionResult): string {
  const figures = marksOf(distribution, result).map((mark) => `${mark.name} ${quantity(mark.value, result.unit)}`);
  const beyond =
    result.expect.kind === 'limit' && result.expect.op.startsWith('<')
      ? [`${quantity(shareAbove(distribution, result.expect.value), 'ratio')} of ${quantity(distribution.total, 'count')} samples above the limit`]
      : [];
  return [...figures, ...beyond].join(' · ');
}

/** An SVG as wide as its container, with a text alternative; undefined where nothing positive was observed. */
export function distributionStrip(distribution: Distribution, result: CriterionResult, title: string): Markup | undefined {
  const marks = marksOf(distribution, result);
  const extent = [distribution.points[0]?.value ?? 0, distribution.points.at(-1)?.value ?? 0, ...marks.map((mark) => mark.value)].filter((value) => value > 0);
  if (extent.length === 0) return undefined;
  const scale = logScale(extent);
  const body = distribution.total < FEW ? ticksOf(distribution, scale) : density(distribution, scale, result);
  return h(
    'svg',
    { class: 'strip', width: '100%', height: HEIGHT, role: 'img', 'aria-label': `Distribution of ${title}: ${distributionWords(distribution, result)}` },
    ...body,
    ...axisOf(scale, result.unit, TOP + DEPTH),
    ...labelled(marks, scale),
  );
}
