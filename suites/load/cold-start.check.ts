// Measures how long a function takes from being asked while no instance of it runs until it answers. Bound to "Cold start < 500ms" (plan §3.6).
import { z } from 'zod';
import type { Check, ColdStart, Instrument, Measurement, Progress } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';
import { type WatchedHttp, watchHttp } from '../instruments/http-health.ts';
import { OWN_STALL_LIMIT_MS, watchOwnStalls } from '../instruments/own-stalls.ts';
import { type ColdAsking, type ColdRoute, askAfterSilence, openRoutes } from './cold-asking.ts';

export const ColdStartOptions = z.strictObject({
  /** Cold starts wanted of each route. */
  starts: z.int().min(1),
  /** Times that each route is asked at the most; what is left of them is not made up for. */
  tries: z.int().min(1),
  /** Longest wait for one start, ms. */
  timeoutMs: z.int().positive(),
  /** No further try after it, ms. */
  budgetMs: z.int().positive(),
});
export type ColdStartOptions = z.infer<typeof ColdStartOptions>;

// INSTRUMENTS.md: "process or function start to first 2xx, at least 10 of them". Each of a platform that starts slowly may take 10 s.
const PR: ColdStartOptions = { starts: 10, tries: 20, timeoutMs: 10_000, budgetMs: 60_000 };
// Instances live for minutes on a real platform, so a silence is long there: twenty minutes are three or four of them.
const FULL: ColdStartOptions = { ...PR, starts: 20, tries: 40, budgetMs: 1_200_000 };

/** A route that was warm was asked too soon: each time the silence grows by half of what is declared, to four times at the most. */
const LONGEST_SILENCE = 4;

/** Of a healthy start, the request after it and the one that connects, s. */
const TRY_SECONDS = 0.15;

export const coldStart: Check<ColdStartOptions> = {
  id: 'cold-start',
  title: 'Cold starts',
  revision: 1,
  effects: ['read'],
  needs: ['cold-start'],
  wants: ['accounts'],
  // What else runs would keep the functions warm and take the processors that they start on.
  locks: ['machine', 'target'],
  after: [],
  options: ColdStartOptions,
  presets: { pr: PR, full: FULL },
  metrics: {
    /** On an open connection: TCP and TLS are the network's time, not the function's. Overall and by route. */
    'api.cold-start': { title: 'Time from asking to the first 2xx while no instance runs', unit: 'ms', shape: 'samples', better: 'lower' },
  },
  defaultExpect: [{ kind: 'limit', metric: 'api.cold-start', statistic: 'max', op: '<', value: 500, minSamples: 10 }], // plan §3.6: "Cold start < 500ms"
  estimate: ({ starts, budgetMs }, { coldStart: declared }) => {
    const { idleMs, routes, atOnce = 1 } = declared ?? { idleMs: 0, routes: ['none'] };
    const turns = Math.ceil(starts / atOnce);
    const seconds = turns * Math.max(idleMs / 1000, routes.length * TRY_SECONDS) + turns * TRY_SECONDS;
    return { seconds: Math.min(budgetMs / 1000, seconds), requests: turns * routes.length * (2 * atOnce + 1) };
  },
  // Twice: a sick round is repeated once (DESIGN §6).
  timeoutMs: ({ budgetMs, timeoutMs }) => 2 * (budgetMs + 2 * timeoutMs + 10_000),
  async *measure(context, options) {
    const declared = context.surface.coldStart;
    if (declared === undefined)
      throw new GateError('CONFIG_INVALID', 'The surface does not say by what a cold start is known.', { remedy: 'Give it surface.coldStart.' });
    for (;;) {
      const stalls = watchOwnStalls();
      const http = watchHttp(context.http);
      try {
        yield* oneRound({ context, http, stalls, coldStart: declared, timeoutMs: options.timeoutMs }, http, options);
      } finally {
        stalls.stop();
        http.stop();
      }
    }
  },
};

async function* oneRound(
  asking: ColdAsking,
  http: WatchedHttp,
  options: ColdStartOptions,
): AsyncGenerator<Progress | { kind: 'measurement'; measurement: Measurement } | { kind: 'end-of-round' }> {
  const { context, coldStart: declared } = asking;
  const startedAt = context.clock.now().toISOString();
  const untilMs = context.clock.monotonicMs() + options.budgetMs;
  const routes = await openRoutes(context, declared);
  const wanted = routes.length * options.starts;
  for (let turn = 0; turn < options.tries; turn += 1) {
    for (const route of routes) {
      const silenceMs = silenceOf(route, declared);
      if (route.coldMs.length >= options.starts || context.clock.monotonicMs() + silenceMs > untilMs) continue;
      await askAfterSilence(asking, route, silenceMs);
      yield {
        kind: 'progress',
        text: `cold starts of ${routes.length} routes`,
        done: routes.reduce((sum, { coldMs }) => sum + Math.min(coldMs.length, options.starts), 0),
        total: wanted,
      };
    }
  }
  http.requireAnswers();
  for (const route of routes) if (route.coldMs.length < options.starts) context.log(shortfall(route, declared, options));
  const measured = { metric: 'api.cold-start', startedAt, endedAt: context.clock.now().toISOString() };
  for (const [label, of] of [[undefined, routes], ...routes.map((route) => [route.endpoint.id, [route]] as const)] as const) {
    const samples = of.flatMap(({ coldMs }) => coldMs);
    const labels = label === undefined ? {} : { route: label };
    yield {
      kind: 'measurement',
      measurement: { ...measured, labels, n: samples.length, instrument: instrumentOf(http, of), payload: { shape: 'samples', samples } },
    };
  }
  yield { kind: 'end-of-round' };
}

function silenceOf({ warm }: ColdRoute, { idleMs }: ColdStart): number {
  return idleMs * Math.min(LONGEST_SILENCE, 1 + warm / 2);
}

function shortfall(
  { endpoint, coldMs, warm, unproven, disturbed, unanswered }: ColdRoute,
  { marker, idleMs }: ColdStart,
  { starts }: ColdStartOptions,
): string {
  const sign = 'header' in marker ? marker.header : marker.instanceHeader;
  return `${endpoint.id}: ${coldMs.length} of ${starts} cold starts proven by ${sign}; ${warm} answers were warm after ${idleMs} ms and more of silence, ${unproven} were marked as cold as was the one after them, ${disturbed} fell into a stall of our own, ${unanswered} had no 2xx.`;
}

/** Sick where most starts were spoiled by our own process, or the client could not send. */
function instrumentOf(http: WatchedHttp, routes: readonly ColdRoute[]): Instrument {
  const sum = (of: (route: ColdRoute) => number): number => routes.reduce((total, route) => total + of(route), 0);
  const [cold, disturbed] = [sum(({ coldMs }) => coldMs.length), sum((route) => route.disturbed)];
  const instrument = http.instrument();
  const why =
    disturbed > cold ? `our own process stood still for more than ${OWN_STALL_LIMIT_MS} ms during ${disturbed} of ${cold + disturbed} starts` : instrument.why;
  const facts = {
    ...instrument.facts,
    cold,
    disturbed,
    warm: sum(({ warm }) => warm),
    unproven: sum(({ unproven }) => unproven),
    noAnswer: sum(({ unanswered }) => unanswered),
  };
  const warmMs = median(routes.flatMap((route) => route.warmMs));
  return {
    ...instrument,
    healthy: why === undefined,
    ...(why === undefined ? {} : { why }),
    facts: warmMs === undefined ? facts : { ...facts, medianWarmMs: Math.round(warmMs * 10) / 10 },
  };
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
