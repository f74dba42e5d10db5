// Measures how long a function takes from being asked while no instance of it runs until it answers. Bound to "Cold start < 500ms" (plan §3.6).
import { z } from 'zod';
import type { Check, Progress } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';
import { watchHttp } from '../instruments/http-health.ts';
import { watchVitals } from '../instruments/load/vitals.ts';
import { openYardstick } from '../instruments/yardstick.ts';
import { type ColdAsking, type ColdRoute, askAfterSilence, openRoutes } from './cold-asking.ts';
import { coldFigures } from './cold-figures.ts';

export const ColdStartOptions = z.strictObject({
  /** Cold starts wanted of each route. */
  starts: z.int().min(1),
  /** Times that each route is asked at the most; what is left of them is not made up for. */
  tries: z.int().min(1),
  /** Longest wait for one start, ms. */
  timeoutMs: z.int().positive(),
  /** No further try after it, ms. */
  budgetMs: z.int().positive(),
  /** A start does not count where work on the machine that asks took so many times its CPU time: it has no processor for a function either. */
  maxCpuWait: z.number().positive(),
});
export type ColdStartOptions = z.infer<typeof ColdStartOptions>;

/**
 * Less than half a processor. Measured on two cores, where a start of the twin takes 0.1 s of CPU: with the machine to itself the wait was
 * 1.0 to 1.6; starts that took longer than 500 ms without a fault, all of them beside other work, had waits from 2.9 to 65.
 */
const MAX_CPU_WAIT = 2;
// INSTRUMENTS.md: "process or function start to first 2xx, at least 10 of them". Each of a platform that starts slowly may take 10 s.
const PR: ColdStartOptions = { starts: 10, tries: 20, timeoutMs: 10_000, budgetMs: 60_000, maxCpuWait: MAX_CPU_WAIT };
// Instances live for minutes on a real platform, so a silence is long there: twenty minutes are three or four of them.
const FULL: ColdStartOptions = { ...PR, starts: 20, tries: 40, budgetMs: 1_200_000 };

/** A route that was warm was asked too soon: each time the silence grows by half of what is declared, to four times at the most. */
const LONGEST_SILENCE = 4;

/** Of a healthy start, the request after it and the one that connects, s. */
const TRY_SECONDS = 0.2;

export const coldStart: Check<ColdStartOptions> = {
  id: 'cold-start',
  title: 'Cold starts',
  about: {
    proves: 'A function that nobody asked for a while still answers soon enough.',
    how: 'Each route that the environment names is left alone for `coldStart.idleMs`, then asked on an open connection, and asked again at once. The time to the first 2xx counts only where the answer shows a new instance and the second answer does not: an answer from a warm instance proves nothing. Routes are asked one after the other; where they stay warm, the silence grows to four times at the most.',
    source:
      'Cold start < 500 ms: plan §3.6. At least 10 starts of each route: issue 3 and INSTRUMENTS.md. A start does not count where work on this machine took more than twice its CPU time (measured on two cores).',
    leavesOpen: 'Only routes that are named, from one place, at one time of the day. Connecting (DNS, TCP, TLS) is not counted.',
    whenItFails:
      "Look at what the function does before its first answer: large bundles, clients that connect on import, generated code (Prisma's engine). TOO_FEW_SAMPLES mostly means that the platform keeps instances longer than `coldStart.idleMs` says: raise it, or name routes that fewer people ask. The check's log tells how many answers were warm.",
  },
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
      const http = watchHttp(context.http);
      const own = watchVitals();
      const yardstick = openYardstick();
      try {
        const routes = yield* askAll({ context, http, yardstick, coldStart: declared, options }, options);
        http.requireAnswers();
        for (const measurement of coldFigures(context, routes, { http: http.instrument(), vitals: own.stop(), options }))
          yield { kind: 'measurement', measurement };
      } finally {
        own.stop();
        http.stop();
        await yardstick.stop();
      }
      yield { kind: 'end-of-round' };
    }
  },
};

/** One route after the other, so that no two start at once and the silence of one is the time of the others. */
async function* askAll(asking: ColdAsking, options: ColdStartOptions): AsyncGenerator<Progress, readonly ColdRoute[]> {
  const { context, coldStart: declared } = asking;
  const untilMs = context.clock.monotonicMs() + options.budgetMs;
  const routes = await openRoutes(context, declared);
  for (let turn = 0; turn < options.tries; turn += 1) {
    for (const route of routes) {
      const silenceMs = declared.idleMs * Math.min(LONGEST_SILENCE, 1 + route.warm / 2);
      if (route.coldMs.length >= options.starts || context.clock.monotonicMs() + silenceMs > untilMs) continue;
      await askAfterSilence(asking, route, silenceMs);
      const done = routes.reduce((sum, { coldMs }) => sum + Math.min(coldMs.length, options.starts), 0);
      yield { kind: 'progress', text: `cold starts of ${routes.length} routes`, done, total: routes.length * options.starts };
    }
  }
  return routes;
}
