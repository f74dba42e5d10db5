// Judges the summary of a k6 run: what was asked of it held, requests were sent, none was dropped. Called through documentChecks.
import { z } from 'zod';
import type { DocumentChecks } from '../../gates/model.ts';
import { isRecord, readJson, readShape } from './document-text.ts';
import { counted, grouped, listed } from './words.ts';

/** Of `--summary-export` a bare boolean, where true says that it was *crossed*; of handleSummary an object. */
const Threshold = z.union([z.boolean(), z.object({ ok: z.boolean() })]);
const number = z.number().min(0);
const Values = z.object({ count: number.optional(), passes: number.optional(), fails: number.optional() });
const Metric = z.looseObject({ thresholds: z.record(z.string(), Threshold).optional(), values: Values.optional(), ...Values.shape });
const Summary = z.object({ metrics: z.record(z.string(), Metric) });
type Metric = z.infer<typeof Metric>;

export const judgeK6Summary: DocumentChecks['k6-summary'] = (bytes) => {
  const json = readJson(bytes);
  if (isRecord(json) && isRecord(json['results']) && Array.isArray(json['results']['metrics']))
    return {
      ok: false,
      text: 'It is the new machine-readable summary, which does not tell whether thresholds held. Run k6 without --new-machine-readable-summary.',
    };
  const { metrics } = readShape(Summary, json, 'summary of k6');
  const requests = valuesOf(metrics['http_reqs']).count ?? 0;
  const thresholds = Object.entries(metrics).flatMap(([name, metric]) =>
    Object.entries(metric.thresholds ?? {}).map(([expression, held]) => ({ name: `${name} ${expression}`, ok: typeof held === 'boolean' ? !held : held.ok })),
  );
  const against = findAgainst(metrics, requests, thresholds);
  if (against.length > 0) return { ok: false, text: against.join(' ') };
  const checks = valuesOf(metrics['checks']).passes ?? 0;
  return {
    ok: true,
    text: `${counted(requests, 'request')}, no iteration dropped, ${checks === 0 ? 'no checks' : `${counted(checks, 'check')} held`}, ${counted(thresholds.length, 'threshold')} held (${listed(
      thresholds.map(({ name }) => name),
      6,
    )}).`,
  };
};

function findAgainst(
  metrics: Readonly<Record<string, Metric>>,
  requests: number,
  thresholds: readonly { readonly name: string; readonly ok: boolean }[],
): readonly string[] {
  const crossed = thresholds.filter(({ ok }) => !ok).map(({ name }) => name);
  const dropped = valuesOf(metrics['dropped_iterations']).count ?? 0;
  const failedChecks = valuesOf(metrics['checks']).fails ?? 0;
  // Of a rate, `passes` counts what is true of it: here, that the request failed.
  const failed = valuesOf(metrics['http_req_failed']).passes ?? 0;
  const isFailureLimited = Object.entries(metrics).some(
    ([name, { thresholds: own }]) => name.startsWith('http_req_failed') && Object.keys(own ?? {}).length > 0,
  );
  return [
    requests === 0 ? 'No request was sent.' : [],
    thresholds.length === 0 ? 'No threshold was set, so nothing was asked of the run.' : [],
    crossed.length > 0 ? `${counted(crossed.length, 'threshold')} did not hold: ${listed(crossed)}.` : [],
    dropped > 0 ? `${counted(dropped, 'iteration was', 'iterations were')} dropped: the load that was asked for was not sent.` : [],
    failedChecks > 0 ? `${counted(failedChecks, 'check')} failed.` : [],
    failed > 0 && !isFailureLimited
      ? `${grouped(failed)} of ${counted(requests, 'request')} failed, and no threshold on http_req_failed says how many may.`
      : [],
  ].flat();
}

/** `--summary-export` has the values beside the thresholds, handleSummary below `values`. A metric that is not there was never recorded. */
function valuesOf(metric: Metric | undefined): z.infer<typeof Values> {
  return metric?.values ?? metric ?? {};
}
