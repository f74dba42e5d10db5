// Measures the API under load at a constant arrival rate: latency, throughput, failures; of the target, or of target and legacy by turns. Bound to the performance rows of phase 3.
import { z } from 'zod';
import { GateError, SideName } from '../../gates/model.ts';
import type { Check, CheckContext, LoadRequest, LoadResult, Measurement, Progress, Workload } from '../../gates/model.ts';
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
  /** Measured one after another in each round, by turns first, and labelled; absent: the target, without a label. */
  sides: z.array(SideName).min(1).optional(),
});
export type ApiLoadOptions = z.infer<typeof ApiLoadOptions>;

// plan §3.6: "Load tests passing (1000 req/s)". 60 s and 10 s: issue 2.
const FULL: ApiLoadOptions = { rateRps: 1000, warmupMs: 5000, durationMs: 60_000, timeoutMs: 10_000, seed: 1 };
const PR: ApiLoadOptions = { ...FULL, warmupMs: 1000, durationMs: 10_000 };

/** A comparison needs many rounds rather than long ones (`gates/against.ts`); at 1000 req/s 3 s still leave 30 requests beyond the P99 of each. */
const VERSUS_PR: ApiLoadOptions = { ...FULL, warmupMs: 500, durationMs: 3000, timeoutMs: 5000, sides: ['target', 'legacy'] };
const VERSUS_FULL: ApiLoadOptions = { ...VERSUS_PR, warmupMs: 2000, durationMs: 20_000, timeoutMs: 10_000 };
/** Share of failed requests from which on even the P99 may be made of failures, so that it tells nothing about how fast a side serves. */
const FAILED_REFERENCE = 0.01;

/** Half of what the `pr` profile sends: 50 requests lie beyond its P99. */
const TAIL_SAMPLES = 5000;
/** Rule of three: with no failure among 3000, the rate is below 0.1 % at 95 % confidence. */
const RATE_SAMPLES = 3000;
/** Calibration and start of the engine, s. */
const START_SECONDS = 2.5;

export const apiLoad: Check<ApiLoadOptions> = {
  id: 'api-load',
  title: 'API under load',
  about: {
    proves: 'At a constant arrival rate the API answers in time, answers all of it, and fails next to nothing.',
    how: 'The reads of the surface that have a `loadWeight` are sent in a seeded mix at a fixed rate, whatever the server does (open model), from processes of their own on this machine. Latency is counted from the moment at which a request was due, so that a server which stalls cannot hide the wait (coordinated omission). Warm-up is discarded. Before the load the generator proves itself against a null responder at 1.5 times the rate; afterwards schedule lag, sent over scheduled and event-loop delay are held against the limits of record.',
    source:
      '1000 req/s, P50 < 100 ms and P99 < 500 ms: plan §3.6. Fewer than 0.1 % failed: plan, Success Metrics. 5000 requests leave 50 beyond the P99; with no failure among 3000 the rate is below 0.1 % at 95 % confidence (rule of three).',
    leavesOpen: 'Writes are not loaded. The mix is that of the surface, not that of production. A machine in one place measures its own network too.',
    whenItFails:
      "Compare latency with `api.service-time`: if only the first is high, requests waited for the server (a queue, a pool, one core). The figures by route in the report show whether one route or all are slow. Then look at the database's slow statements, the pool and the number of instances at that minute. INSTRUMENT_SICK is about the machine that measures: run with less beside it, or from a larger one.",
  },
  revision: 1,
  effects: ['load', 'read'],
  needs: ['accounts'],
  locks: ['machine', 'target'],
  after: ['api-endpoints', 'api-auth'],
  options: ApiLoadOptions,
  presets: { full: FULL, pr: PR },
  sides: sidesOf,
  versus: { full: VERSUS_FULL, pr: VERSUS_PR },
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
  estimate: (options) => ({
    seconds: sidesOf(options).length * (START_SECONDS + (options.warmupMs + options.durationMs) / 1000),
    requests: sidesOf(options).length * Math.ceil((options.rateRps * (options.warmupMs + options.durationMs)) / 1000),
  }),
  peakRps: ({ rateRps }) => rateRps,
  // Twice: a sick round is repeated once (DESIGN §6).
  timeoutMs: (options) => 2 * sidesOf(options).length * (options.warmupMs + options.durationMs + options.timeoutMs + 10_000),
  async *measure(context, options, firstRound = 0) {
    const mixes = new Map<SideName, readonly LoadRequest[]>();
    for (const side of sidesOf(options)) mixes.set(side, await loadMix(context, side));
    for (let round = firstRound; ; round += 1) {
      // By turns first: what the first load does to machine and caches shall not always fall on the same side.
      const turns = round % 2 === 0 ? [...mixes] : [...mixes].reverse();
      for (const [side, requests] of turns) {
        for (const measurement of yield* measureSide(context, options, { side, requests, seed: options.seed + round }))
          yield { kind: 'measurement', measurement };
      }
      yield { kind: 'end-of-round' };
    }
  },
};

function sidesOf({ sides }: ApiLoadOptions): readonly SideName[] {
  return sides ?? ['target'];
}

/** One side of one round. Throws GateError TARGET_UNHEALTHY where legacy fails so much that its latency is no reference. */
async function* measureSide(
  context: CheckContext,
  { rateRps, warmupMs, durationMs, timeoutMs, sides }: ApiLoadOptions,
  { side, requests, seed }: { readonly side: SideName; readonly requests: readonly LoadRequest[]; readonly seed: number },
): AsyncGenerator<Progress, readonly Measurement[]> {
  const workload: Workload = { requests, rateRps, warmupMs, durationMs, timeoutMs, ca: context.access.ca, seed };
  const where = sides === undefined ? '' : ` on ${side}`;
  const result = yield* drivenLoad(context, workload, `${requests.length} routes at ${rateRps} req/s${where}`);
  if (side === 'legacy' && result.instrument.healthy) refuseFailing(result, rateRps);
  return measurementsOf(result, workload, sides === undefined ? {} : { side });
}

function refuseFailing({ failed, scheduled, failures }: LoadResult, rateRps: number): void {
  if (failed < FAILED_REFERENCE * scheduled) return;
  const kinds = Object.entries(failures).map(([kind, count]) => `${count} × ${kind}`);
  throw new GateError(
    'TARGET_UNHEALTHY',
    `The legacy side failed ${failed} of ${scheduled} requests at ${rateRps} req/s (${kinds.join(', ')}), so its latency is no reference.`,
    {
      remedy: 'Mend it, or compare at a rate that it holds.',
    },
  );
}

function measurementsOf(result: LoadResult, workload: Workload, labels: Measurement['labels']): readonly Measurement[] {
  const { startedAt, endedAt, instrument, scheduled, failed } = result;
  const measured = { labels, startedAt, endedAt, instrument };
  return [
    { ...measured, metric: 'api.latency', n: result.sent, payload: result.latency },
    { ...measured, metric: 'api.service-time', n: result.sent, payload: result.service },
    { ...measured, metric: 'api.answered-rate', n: scheduled, payload: { shape: 'value', value: answeredRate(result, workload) } },
    { ...measured, metric: 'api.failed-requests', n: scheduled, payload: { shape: 'proportion', hits: failed, total: scheduled } },
    ...Object.entries(result.perRoute).flatMap(([route, of]): Measurement[] => {
      const n = of.answered + of.failed;
      return [
        { ...measured, labels: { ...labels, route }, metric: 'api.latency', n, payload: of.latency },
        { ...measured, labels: { ...labels, route }, metric: 'api.failed-requests', n, payload: { shape: 'proportion', hits: of.failed, total: n } },
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
  return Number((Math.round(answersOf(result) / (durationMs / 1000) / step) * step).toPrecision(12));
}
