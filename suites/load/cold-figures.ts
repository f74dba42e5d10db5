// What a round of cold starts comes to: figures by route and overall, and the word on the machine that they were taken on. Called by cold-start.check.ts.
import type { CheckContext, Instrument, Measurement } from '../../gates/model.ts';
import { complaints } from '../instruments/load/innocence.ts';
import type { WorkerVitals } from '../instruments/load/protocol.ts';
import type { ColdRoute } from './cold-asking.ts';

export interface Round {
  /** The client's word on itself. */
  readonly http: Instrument;
  /** Of our own process while it asked. */
  readonly vitals: WorkerVitals;
  /** Cold starts wanted of each route. */
  readonly options: { readonly starts: number; readonly maxCpuWait: number };
}

/** Logs what kept a route from the starts that were wanted of it. */
export function coldFigures(context: CheckContext, routes: readonly ColdRoute[], round: Round): readonly Measurement[] {
  for (const route of routes) if (route.coldMs.length < round.options.starts) context.log(shortfall(context, route, round.options.starts));
  const groups = [{ labels: {}, of: routes }, ...routes.map((route) => ({ labels: { route: route.endpoint.id }, of: [route] }))];
  const [startedAt, endedAt] = [new Date(Math.min(...routes.map(({ openedAt }) => openedAt.getTime()))).toISOString(), context.clock.now().toISOString()];
  return groups.map(({ labels, of }) => {
    const samples = of.flatMap(({ coldMs }) => coldMs);
    return {
      metric: 'api.cold-start',
      labels,
      n: samples.length,
      startedAt,
      endedAt,
      instrument: instrumentOf(round, of),
      payload: { shape: 'samples', samples },
    };
  });
}

function shortfall({ surface }: CheckContext, { endpoint, coldMs, warm, unproven, starved, unanswered }: ColdRoute, starts: number): string {
  const { marker, idleMs = 0 } = surface.coldStart ?? {};
  const sign = marker === undefined ? 'nothing' : 'header' in marker ? marker.header : marker.instanceHeader;
  return `${endpoint.id}: ${coldMs.length} of ${starts} cold starts proven by ${sign}; ${warm} answers were warm after ${idleMs} ms and more of silence, ${unproven} were marked as cold as was the one after them, ${starved} fell into a time when this machine had no processor free, ${unanswered} had no 2xx.`;
}

/**
 * A process that only waits for answers is behind where the machine has too much to do; then so is a function that starts on it,
 * and on a machine like that the time of a single request is nobody's fault. The limits are those of the load generator.
 */
function instrumentOf({ http, vitals, options }: Round, routes: readonly ColdRoute[]): Instrument {
  const stalls = complaints({ scheduleLagP99Ms: 0, sentRatio: 1, dropped: 0, ...vitals }, ['eventLoopDelayP99Ms', 'eventLoopDelayMaxMs', 'gcMaxMs']);
  const sum = (of: (route: ColdRoute) => number): number => routes.reduce((total, route) => total + of(route), 0);
  const [cold, spoiled] = [sum(({ coldMs }) => coldMs.length), sum((route) => route.starved)];
  const full = spoiled > cold ? [`work took more than ${options.maxCpuWait} times its CPU time during ${spoiled} of ${cold + spoiled} starts`] : [];
  const why = [...(http.why === undefined ? [] : [http.why]), ...stalls, ...full].join('; ');
  const warmMs = median(routes.flatMap((route) => route.warmMs));
  const facts = {
    ...http.facts,
    eventLoopDelayP99Ms: tenths(vitals.eventLoopDelayP99Ms),
    eventLoopDelayMaxMs: tenths(vitals.eventLoopDelayMaxMs),
    cold,
    starved: spoiled,
    warm: sum(({ warm }) => warm),
    unproven: sum(({ unproven }) => unproven),
    noAnswer: sum(({ unanswered }) => unanswered),
    ...(warmMs === undefined ? {} : { medianWarmMs: tenths(warmMs) }),
  };
  return { ...http, healthy: why === '', ...(why === '' ? {} : { why }), facts };
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
