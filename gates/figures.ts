// Picks the measurements that stand for the whole, and takes the one number of them. Used by the judge and by the comparator, so that both see the same.
import type { MetricDeclaration } from './model/check.ts';
import type { Statistic } from './model/criterion.ts';
import type { Measurement } from './model/measurement.ts';
import { type Estimate, estimate } from './statistics.ts';

export function isLabelled({ labels }: Measurement): boolean {
  return labels.route !== undefined || labels.subject !== undefined;
}

/** What of the labels tells one label set from another; the side does not: both are of one. */
export function labelKey({ labels }: Pick<Measurement, 'labels'>): string {
  return `${labels.route ?? ''}\n${labels.subject ?? ''}`;
}

/** Each label set by itself: those that carry a route or a subject, or everything where nothing does. */
export function byLabels<One extends Measurement>(measurements: readonly One[]): ReadonlyMap<string, readonly One[]> {
  const labelled = measurements.filter(isLabelled);
  return Map.groupBy(labelled.length > 0 ? labelled : measurements, labelKey);
}

/** What carries no route and no subject, or everything where all is labelled. */
export function overallOf<One extends Measurement>(measurements: readonly One[]): One[] {
  return measurements.every(isLabelled) ? [...measurements] : measurements.filter((one) => !isLabelled(one));
}

/** A single value stands for as many observations as its measurement says; other shapes carry theirs. */
export function figureOf(measurements: readonly Measurement[], statistic: Statistic, metric: MetricDeclaration): Estimate | undefined {
  const figure = estimate(
    measurements.map(({ payload }) => payload),
    statistic,
    metric.better,
  );
  return figure === undefined || metric.shape !== 'value' ? figure : { ...figure, n: measurements.reduce((sum, { n }) => sum + n, 0) };
}
