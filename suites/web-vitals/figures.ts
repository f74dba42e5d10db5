// Turns series of runs into measurements, each with its instrument's word on itself. Used by the check.
import type { Instrument, Measurement } from '../../gates/model.ts';
import type { Interaction } from './interactions.ts';
import type { LabRun } from './lab-run.ts';
import { type Figure, type Series, whyNot } from './series.ts';
import type { WebVitalsOptions } from './settings.ts';
import { STEADINESS, medianOf } from './stability.ts';
import type { VisitRun } from './visit-run.ts';

/** Of these the median must be steady before a page is measured enough. */
export const LAB_FIGURES: readonly Figure<LabRun>[] = [
  { name: 'LCP', of: ({ lcpMs }) => lcpMs, steadiness: STEADINESS.lcp },
  { name: 'CLS', of: ({ cls }) => cls, steadiness: STEADINESS.cls },
];
export const INP_FIGURE: Figure<VisitRun> = { name: 'INP', of: ({ inpMs }) => inpMs, steadiness: STEADINESS.inp };

/** What all figures of an execution have in common. */
export interface Made {
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly options: WebVitalsOptions;
  /** `Chromium 156.0.8078.79` */
  readonly browser: string;
}

/** LCP, CLS, TBT, score and TTFB of one page in the laboratory. Never empty: a page without runs has figures that prove nothing, and say why. */
export function labMeasurements(made: Made, page: string, series: Series<LabRun>): readonly Measurement[] {
  const version = series.runs[0]?.result.lighthouseVersion;
  const tool = { name: 'lighthouse', version: version === undefined ? made.browser : `${version}, ${made.browser}`, facts: labFacts(made, series) };
  const [lcp, cls] = LAB_FIGURES;
  const one = (metric: string, of: (run: LabRun) => number, why: string | undefined): Measurement =>
    measurement(made, { metric, labels: { side: 'target', route: page }, samples: series.runs.map(of), instrument: wordOf(tool, why) });
  return [
    ...(lcp === undefined ? [] : [one('web.lcp', lcp.of, whyNot(series, lcp))]),
    ...(cls === undefined ? [] : [one('web.cls', cls.of, whyNot(series, cls))]),
    one('web.tbt', ({ tbtMs }) => tbtMs, series.why),
    one('web.performance-score', ({ score }) => score, series.why),
    one('web.ttfb', ({ ttfbMs }) => ttfbMs, series.why),
  ];
}

export function inpMeasurement(made: Made, { id }: Interaction, series: Series<VisitRun>, version: string): Measurement {
  const tool = { name: 'web-vitals', version: `${version}, ${made.browser}`, facts: visitFacts(made, series) };
  const samples = series.runs.map(({ inpMs }) => inpMs);
  return measurement(made, { metric: 'web.inp', labels: { side: 'target', subject: id }, samples, instrument: wordOf(tool, whyNot(series, INP_FIGURE)) });
}

/** LCP and TTFB as a page in use had them, over all interactions on it; CLS of the interaction that moves it most, which the others would hide. */
export function inUseMeasurements(made: Made, page: string, all: readonly Series<VisitRun>[], version: string): readonly Measurement[] {
  const runs = all.flatMap((series) => series.runs);
  const why = runs.length >= made.options.runs ? undefined : all.find((series) => series.why !== undefined)?.why;
  const tool = { name: 'web-vitals', version: `${version}, ${made.browser}`, facts: { cpuSlowdown: made.options.cpuSlowdown, visits: runs.length } };
  const labels = { side: 'target', route: page, subject: `${page} in use` } as const;
  const one = (metric: string, of: (run: VisitRun) => number | undefined, visits: readonly VisitRun[] = runs): Measurement => {
    const samples = visits.map(of).filter((sample) => sample !== undefined);
    return measurement(made, { metric, labels, samples, instrument: wordOf(tool, why) });
  };
  return [one('web.lcp', ({ lcpMs }) => lcpMs), one('web.cls', ({ cls }) => cls, mostMoved(all)), one('web.ttfb', ({ ttfbMs }) => ttfbMs)];
}

/** Its visits; none where there was none at all. */
function mostMoved(all: readonly Series<VisitRun>[]): readonly VisitRun[] {
  const visited = all.filter(({ runs }) => runs.length > 0).toSorted((a, b) => movementOf(b) - movementOf(a));
  return visited[0]?.runs ?? [];
}

/** A visit without a figure hides behind no other. */
const movementOf = ({ runs }: Series<VisitRun>): number => medianOf(runs.map(({ cls }) => cls ?? Number.POSITIVE_INFINITY));

interface Samples extends Pick<Measurement, 'metric' | 'labels' | 'instrument'> {
  readonly samples: number[];
}

/** What is no number was not measured. */
function measurement({ startedAt, endedAt }: Made, { samples, ...rest }: Samples): Measurement {
  const numbers = samples.filter(Number.isFinite);
  const times = { startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString() };
  return { ...rest, ...times, n: numbers.length, payload: { shape: 'samples', samples: numbers } };
}

function wordOf(tool: Pick<Instrument, 'name' | 'version' | 'facts'>, why: string | undefined): Instrument {
  // The sentence that it becomes part of has a full stop of its own.
  return { ...tool, healthy: why === undefined, ...(why === undefined ? {} : { why: why.replace(/\.$/, '') }) };
}

function labFacts({ options }: Made, { runs, lost, leastFree }: Series<LabRun>): NonNullable<Instrument['facts']> {
  const { throttling } = runs[0]?.result.configSettings ?? {};
  return {
    throttling: options.throttling,
    formFactor: options.formFactor,
    ...(throttling === undefined
      ? {}
      : { cpuSlowdown: throttling.cpuSlowdownMultiplier ?? NaN, rttMs: throttling.rttMs ?? NaN, throughputKbps: throttling.throughputKbps ?? NaN }),
    ...(runs.length === 0 ? {} : { benchmarkIndex: Math.round(medianOf(runs.map(({ benchmarkIndex }) => benchmarkIndex))), lcpElement: commonest(runs) }),
    runs: runs.length,
    lostRuns: lost,
    ...free(leastFree),
  };
}

function visitFacts({ options }: Made, { runs, lost, leastFree }: Series<VisitRun>): NonNullable<Instrument['facts']> {
  const worst = runs.toSorted((a, b) => b.inpMs - a.inpMs)[0]?.reported.find(({ name }) => name === 'INP');
  const split = worst === undefined ? [] : [worst.inputDelayMs, worst.processingMs, worst.presentationDelayMs].map((part) => Math.round(part ?? 0));
  return {
    cpuSlowdown: options.cpuSlowdown,
    ...(worst === undefined ? {} : { worst: `${worst.element}: ${split[0]} ms waiting, ${split[1]} ms in its handlers, ${split[2]} ms until painted` }),
    runs: runs.length,
    lostRuns: lost,
    ...free(leastFree),
  };
}

const free = (leastFree: number | undefined): { readonly freeProcessors?: number } =>
  leastFree === undefined ? {} : { freeProcessors: Number(leastFree.toFixed(2)) };

/** The element that was the LCP most often, and how often: `h1 "Forum" (4 of 5)`. */
export function commonest(runs: readonly Pick<LabRun, 'lcpElement'>[]): string {
  const counts = [...Map.groupBy(runs, ({ lcpElement }) => lcpElement)].map(([element, group]) => ({ element, times: group.length }));
  const [first] = counts.toSorted((a, b) => b.times - a.times);
  return first === undefined ? '' : `${first.element || 'not told'} (${first.times} of ${runs.length})`;
}
