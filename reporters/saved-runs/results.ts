// Results of the checks of phase 3, one function a kind of expectation; builder.ts makes rows of them.
import type { Case, ChangedLimit, CriterionResult, Expectation, Instrument, Reason, Unit } from '../../gates/model.ts';

export const HTTP: Instrument = { name: 'http', version: 'undici 8.12.4', healthy: true };
export const LOAD: Instrument = {
  name: 'built-in',
  version: '0.1.0',
  healthy: true,
  facts: {
    'schedule lag P99': '0.41 ms (limit 5 ms)',
    'sent over scheduled': '100 % (limit 99.9 %)',
    'event-loop delay P99': '1.8 ms (limit 10 ms)',
    dropped: 0,
  },
};
export const SICK_LOAD: Instrument = {
  ...LOAD,
  healthy: false,
  why: 'schedule lag P99 was 424 ms, limit 5 ms',
  facts: {
    'schedule lag P99': '424 ms (limit 5 ms)',
    'sent over scheduled': '97.2 % (limit 99.9 %)',
    'event-loop delay P99': '2.2 ms (limit 10 ms)',
    dropped: 0,
  },
};
/** SHA-256 of the list of requests, as every saved run has it. */
export const REQUESTS_SHA = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';

export interface Limited {
  readonly check: string;
  readonly metric: string;
  readonly statistic: Extract<Expectation, { kind: 'limit' }>['statistic'];
  readonly op: '<' | '>=' | '==';
  readonly limit: number;
  readonly unit: Unit;
  readonly value: number;
  readonly n: number;
  readonly minSamples: number;
  readonly interval?: readonly [low: number, high: number];
  readonly instrument?: Instrument;
  /** Set where the limit is not the plan's. */
  readonly changed?: ChangedLimit;
}

/** A number against a limit; `reason` overrides what the numbers alone would say. */
export function limited(of: Limited, verdict: CriterionResult['verdict'], reason?: Reason): CriterionResult {
  return {
    check: of.check,
    metric: of.metric,
    labels: {},
    statistic: of.statistic,
    value: of.value,
    unit: of.unit,
    n: of.n,
    expect: {
      kind: 'limit',
      metric: of.metric,
      statistic: of.statistic,
      op: of.op,
      value: of.limit,
      minSamples: of.minSamples,
      ...(of.changed && { changed: of.changed }),
    },
    ...(of.interval && { interval: { low: of.interval[0], high: of.interval[1], level: 0.95 } }),
    verdict,
    reason:
      reason ??
      (verdict === 'pass'
        ? { code: 'WITHIN_LIMIT', text: 'The number is within its limit.' }
        : { code: 'LIMIT_EXCEEDED', text: 'The number is beyond its limit.' }),
    instrument: of.instrument ?? LOAD,
    artifacts: [REQUESTS_SHA],
  };
}

/** Functional cases: `total` in all, of which `notOk` were not. */
export function cased(check: string, total: number, notOk: readonly Case[] = []): CriterionResult {
  const failed = notOk.filter((entry) => entry.state === 'failed').length;
  const flaky = notOk.filter((entry) => entry.state === 'flaky').length;
  return {
    check,
    metric: `${check}.cases`,
    labels: {},
    n: total,
    expect: { kind: 'cases', metric: `${check}.cases`, required: 'all' },
    cases: [...notOk],
    totalCases: total,
    verdict: failed > 0 ? 'fail' : flaky > 0 ? 'warn' : 'pass',
    reason:
      failed > 0
        ? { code: 'CASES_FAILED', text: `${failed} of ${total} cases failed.` }
        : flaky > 0
          ? { code: 'CASES_FLAKY', text: `${flaky} of ${total} cases passed only when repeated.` }
          : { code: 'ALL_CASES_OK', text: 'Every case is as specified.' },
    instrument: HTTP,
    artifacts: [REQUESTS_SHA],
  };
}

export const COLD_START: Limited = {
  check: 'cold-start',
  metric: 'coldstart.duration',
  statistic: 'p95',
  op: '<',
  limit: 500,
  unit: 'ms',
  value: 312.4,
  n: 12,
  minSamples: 10,
  instrument: HTTP,
};
export const P50: Limited = {
  check: 'api-load',
  metric: 'api.latency',
  statistic: 'p50',
  op: '<',
  limit: 100,
  unit: 'ms',
  value: 21.37,
  n: 60_000,
  minSamples: 1000,
  interval: [21.2, 21.6],
};
export const P99: Limited = {
  check: 'api-load',
  metric: 'api.latency',
  statistic: 'p99',
  op: '<',
  limit: 500,
  unit: 'ms',
  value: 188.2,
  n: 60_000,
  minSamples: 10_000,
  interval: [181, 196],
};
export const POOL: Limited = {
  check: 'connection-pool',
  metric: 'pool.waiting',
  statistic: 'max',
  op: '==',
  limit: 0,
  unit: 'count',
  value: 0,
  n: 118,
  minSamples: 30,
};
export const SERVED: Limited = {
  check: 'api-load',
  metric: 'api.served',
  statistic: 'rate',
  op: '>=',
  limit: 0.999,
  unit: 'ratio',
  value: 1,
  n: 60_000,
  minSamples: 1000,
};
export const RATE: Limited = {
  check: 'api-load',
  metric: 'api.rate',
  statistic: 'value',
  op: '>=',
  limit: 999,
  unit: 'req/s',
  value: 1000,
  n: 60_000,
  minSamples: 1000,
};
