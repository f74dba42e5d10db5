// What is kept of the runs for whoever looks into a figure: every run in short, and Lighthouse's own page on the run in the middle. Used by the check.
import type { ArtifactStore } from '../../gates/model.ts';
import { withoutValuesIn } from '../instruments/browser/without-values.ts';
import type { Interaction } from './interactions.ts';
import type { Lab, LabRun } from './lab-run.ts';
import type { Series } from './series.ts';
import { medianOf } from './stability.ts';
import type { VisitRun } from './visit-run.ts';

export async function keepLab(artifacts: ArtifactStore, lab: Pick<Lab, 'report'>, page: string, { runs, lost, why }: Series<LabRun>): Promise<void> {
  const settings = runs[0]?.result.configSettings;
  const about = { page, throttlingMethod: settings?.throttlingMethod, throttling: settings?.throttling, formFactor: settings?.formFactor, lost, why };
  const short = runs.map(({ result, ...run }) => ({ ...run, fetchedAt: result.fetchTime, metrics: metricsOf(result) }));
  await artifacts.put(`web-vitals/${page}.json`, 'application/json', JSON.stringify({ ...about, runs: short }));
  const middle = middleRun(runs);
  if (middle !== undefined) await artifacts.put(`web-vitals/${page}.lighthouse.html`, 'text/html', lab.report(tellable(middle.result)));
}

/** It lists every request that the page made. */
function tellable<Result>(result: Result): Result {
  return JSON.parse(withoutValuesIn(JSON.stringify(result))) as Result;
}

/** Every figure that Lighthouse has of a run, the observed ones too. */
function metricsOf({ audits }: LabRun['result']): unknown {
  const details: unknown = audits['metrics']?.details;
  return typeof details === 'object' && details !== null && 'items' in details && Array.isArray(details.items) ? details.items[0] : undefined;
}

/** The run whose LCP is nearest to the median. */
export function middleRun<Run extends Pick<LabRun, 'lcpMs'>>(runs: readonly Run[]): Run | undefined {
  const median = medianOf(runs.map(({ lcpMs }) => lcpMs));
  return runs.toSorted((a, b) => Math.abs(a.lcpMs - median) - Math.abs(b.lcpMs - median))[0];
}

export async function keepVisits(artifacts: ArtifactStore, { id, page, steps }: Interaction, series: Series<VisitRun>): Promise<void> {
  const { runs, lost, why } = series;
  await artifacts.put(`web-vitals/${id}.interaction.json`, 'application/json', JSON.stringify({ interaction: id, page: page.path, steps, lost, why, runs }));
}
