// Measures the API under load at a constant arrival rate: latency, throughput, failures. Bound to the performance rows of phase 3.
import { z } from 'zod';
import type { Check, LoadResult, Measurement, Workload } from '../../gates/model.ts';
import { answersOf, drivenLoad } from './driven-load.ts';
import { loadMix } from './load-mix.ts';

export const ApiLoadOptions = z.strictObject({
  /** Arrivals a second. */
  rateRps: z.number().positive(),
  /** Discarded. */
  warmupMs: z.int().min(0),
  durationMs: z.int().positive(),
  /** From the intended send time. */
  timeoutMs: z.int().positive(),
  /** Seeds the order of the mix; the round is added. */
  seed: z.int(),
});
export type ApiLoadOptions = z.infer<typeof ApiLoadOptions>;

// plan §3.6: "Load tests passing (1000 req/s)". 60 s and 10 s: issue 2.
const FULL: ApiLoadOptions = { rateRps: 1000, warmupMs: 5000, durationMs: 60_000, timeoutMs: 10_000, seed: 1 };
const PR: ApiLoadOptions = { ...FULL, warmupMs: 2000, durationMs: 10_000 };

/** Half of what the `pr` profile sends: 50 requests lie beyond its P99. */
const TAIL_SAMPLES = 5000;
/** Rule of three: with no failure among 3000, the rate is below 0.1 % at 95 % confidence. */
const RATE_SAMPLES = 3000;
/** Calibration and start of the engine, s. */
const START_SECONDS = 2.5;

export const apiLoad: Check<ApiLoadOptions> = {
  id: 'api-load',
  title: 'API under load',
  revision: 1,
  effects: ['load', 'read'],
  needs: ['accounts'],
  locks: ['machine', 'target'],
  after: ['api-endpoints', 'api-auth'],
  options: ApiLoadOptions,
  presets: { full: FULL, pr: PR },
  metrics: {
    'api.latency': { title: 'Latency from the intended send time', unit: 'ms', shape: 'histogram', better: 'lower' },
    /** What closed-loop tools report: it leaves out the wait of requests that a slow server held back. Recorded, never judged. */
    'api.service-time': { title: 'Latency from the real send time', unit: 'ms', shape: 'histogram', better: 'lower' },
    /** See `answeredRate`. */
    'api.answered-rate': { title: 'Requests answered before the timeout, a second', unit: 'req/s', shape: 'value', better: 'higher' },
    'api.failed-requests': { title: 'Requests not served', unit: 'ratio', shape: 'proportion', better: 'lower' },
  },
  defaultExpect: [
    { kind: 'limit', metric: 'api.latency', statistic: 'p50', op: '<', value: 100, minSamples: 1000 }, // plan §3.6: "P50 latency < 100ms"
    { kind: 'limit', metric: 'api.latency', statistic: 'p99', op: '<', value: 500, minSamples: TAIL_SAMPLES }, // plan §3.6: "P99 latency < 500ms"
    { kind: 'limit', metric: 'api.answered-rate', statistic: 'value', op: '>=', value: 1000, minSamples: TAIL_SAMPLES }, // plan §3.6: "Load tests passing (1000 req/s)"
    { kind: 'limit', metric: 'api.failed-requests', statistic: 'rate', op: '<', value: 0.001, minSamples: RATE_SAMPLES }, // plan, Success Metrics: "Error Rate … < 0.1%"
  ],
  estimate: ({ rateRps, warmupMs, durationMs }) => ({
    seconds: START_SECONDS + (warmupMs + durationMs) / 1000,
    requests: Math.ceil((rateRps * (warmupMs + durationMs)) / 1000),
  }),
  peakRps: ({ rateRps }) => rateRps,
  // Twice: a sick round is repeated once (DESIGN §6).
  timeoutMs: ({ warmupMs, durationMs, timeoutMs }) => 2 * (warmupMs + durationMs + timeoutMs + 10_000),
  async *measure(context, options) {
    const requests = await loadMix(context);
    const { rateRps, warmupMs, durationMs, timeoutMs, seed } = options;
    for (let round = 0; ; round += 1) {
      const workload: Workload = { requests, rateRps, warmupMs, durationMs, timeoutMs, ca: context.access.ca, seed: seed + round };
      const result = yield* drivenLoad(context, workload, `${requests.length} routes at ${rateRps} req/s`);
      for (const measurement of measurementsOf(result, workload)) yield { kind: 'measurement', measurement };
      yield { kind: 'end-of-round' };
    }
  },
};

function measurementsOf(result: LoadResult, workload: Workload): readonly Measurement[] {
  const { startedAt, endedAt, instrument, scheduled, failed } = result;
  const measured = { labels: {}, startedAt, endedAt, instrument };
  return [
    { ...measured, metric: 'api.latency', n: result.sent, payload: result.latency },
    { ...measured, metric: 'api.service-time', n: result.sent, payload: result.service },
    { ...measured, metric: 'api.answered-rate', n: scheduled, payload: { shape: 'value', value: answeredRate(result, workload) } },
    { ...measured, metric: 'api.failed-requests', n: scheduled, payload: { shape: 'proportion', hits: failed, total: scheduled } },
    ...Object.entries(result.perRoute).flatMap(([route, of]): Measurement[] => {
      const n = of.answered + of.failed;
      return [
        { ...measured, labels: { route }, metric: 'api.latency', n, payload: of.latency },
        { ...measured, labels: { route }, metric: 'api.failed-requests', n, payload: { shape: 'proportion', hits: of.failed, total: n } },
      ];
    }),
  ];
}

/**
 * Requests due in the window that were answered before their timeout, divided by the length of the window, s.
 *
 * In an open model the arrivals are given, so what a server can hold shows in what it leaves unanswered; counting the
 * answers that happen to fall into the window would only measure how far the last of them spill over its end. A server
 * that is too slow for the rate shows as latency first, and as timeouts, which lower this figure, once its queue is
 * longer than the timeout. An answer with a wrong status is an answer: `api.failed-requests` judges it.
 *
 * Rounded to 0.1 % of the rate, the precision at which the plan states both its rate (1000 req/s) and its error budget
 * (0.1 %): one lost request in 60 000 is a failed request, no lack of throughput.
 */
function answeredRate(result: LoadResult, { rateRps, durationMs }: Workload): number {
  const step = rateRps / 1000;
  return Number((Math.round((answersOf(result) / (durationMs / 1000)) / step) * step).toPrecision(12));
}
