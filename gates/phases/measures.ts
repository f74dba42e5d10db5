// Measurements that several rows of the plan rest on, with their limits. Called by the files of the gates.
import type { Binding, Expectation, Operator, Statistic } from '../model/criterion.ts';

/** Below this many requests a P99 rests on fewer than ten of them. */
export const LATENCY_SAMPLES = 1000;
/** Rule of three: with no failure among 3000, the rate is below 0.1 % at 95 % confidence. */
export const FAILURE_SAMPLES = 3000;
/** Median of at least five runs: with three, one pair in a hundred of equal builds differs by a tenth (WEB-QUALITY, noise). */
const LAB_RUNS = 5;
/** 1000 a second for ten seconds, the least that tells a loss of one in ten thousand. */
export const MESSAGE_SAMPLES = 10_000;
/** Fewer starts of a route than this are not gated: issue 3, "at least 10, per route". */
const COLD_STARTS = 10;
/** plan §1.3 and §2.3: "within 10% of baseline". */
const TENTH = { ratio: 0.1 };

export const cases = (check: string, metric: string, ...required: readonly string[]): Binding => ({
  check,
  expect: { kind: 'cases', metric, required: required.length === 0 ? 'all' : [...required] },
});
export const none = (check: string, metric: string): Binding => ({ check, expect: { kind: 'none', metric } });
export const noNew = (check: string, metric: string): Binding => ({ check, expect: { kind: 'no-new', metric } });
export const limit = (check: string, metric: string, statistic: Statistic, op: Operator, value: number, minSamples = 1): Binding => ({
  check,
  expect: { kind: 'limit', metric, statistic, op, value, minSamples },
});
/** At most a tenth worse than the baseline, or than the live legacy side where there is one (gates/against.ts). `atLeast`: what the tenth stands for at the least, in the metric's unit. */
export const asBefore = (check: string, metric: string, statistic: Statistic, minSamples: number, atLeast?: number): Binding => ({
  check,
  expect: { kind: 'baseline', metric, statistic, tolerance: { ...TENTH, ...(atLeast === undefined ? {} : { atLeast }) }, minSamples } satisfies Expectation,
});
/** Every page, route, statement or interaction by itself; the worst counts. */
export const each = (binding: Binding): Binding => ({ ...binding, scope: 'each' });

/** plan §0.1.3, `criticalPaths`: "Critical user journeys that MUST pass before any phase completion". */
export const CRITICAL_PATHS = [
  'user-registration',
  'user-login',
  'user-logout',
  'plugin-load',
  'plugin-navigate',
  'dashboard-view',
  'wallet-connect',
  'community-post',
  'marketplace-browse',
  'settings-update',
] as const;

/** These journeys, or all ten: named one by one, so that one left out is not run rather than not missed. */
export const criticalPaths = (...paths: readonly (typeof CRITICAL_PATHS)[number][]): Binding =>
  cases('critical-paths', 'critical-paths.journeys', ...(paths.length === 0 ? CRITICAL_PATHS : paths));

export const endpoints = cases('api-endpoints', 'api.endpoints');
export const sessions = cases('api-auth', 'auth.sessions');
export const rateLimit = cases('rate-limit', 'rate-limit.behaviour');
export const cors = cases('cors', 'cors.origins');
export const coldStart = each(limit('cold-start', 'api.cold-start', 'max', '<', 500, COLD_STARTS)); // plan §3.6: "Cold start < 500ms"
export const apiP50 = limit('api-load', 'api.latency', 'p50', '<', 100, LATENCY_SAMPLES); // plan §3.6: "P50 latency < 100ms"
export const apiP99 = limit('api-load', 'api.latency', 'p99', '<', 500, LATENCY_SAMPLES); // plan §3.6: "P99 latency < 500ms"
/** What users get, from monitoring: production is not loaded (DESIGN §8). plan §7.1, §7.4: "P99 < 500ms". */
export const observedP99 = limit('observed-latency', 'app.latency', 'p99', '<', 500, LATENCY_SAMPLES);
export const errorRate = limit('error-rate', 'app.error-rate', 'rate', '<', 0.001, FAILURE_SAMPLES); // plan §7.1: "Error rate < 0.1%"

export const lcp = each(limit('web-vitals', 'web.lcp', 'p50', '<', 2500, LAB_RUNS)); // plan §2.3: "LCP < 2.5s"
export const cls = each(limit('web-vitals', 'web.cls', 'p50', '<', 0.1, LAB_RUNS)); // plan §2.3: "CLS < 0.1"
export const inp = each(limit('web-vitals', 'web.inp', 'p50', '<=', 200, LAB_RUNS)); // web.dev/inp: good up to 200 ms

export const deliveries = (...features: readonly string[]): Binding => cases('realtime-delivery', 'realtime.deliveries', ...features);
export const realtimeP99 = limit('realtime-latency', 'realtime.latency', 'p99', '<', 100, LATENCY_SAMPLES); // plan §4.7: "Message latency < 100ms"
export const noLostMessages = limit('realtime-load', 'realtime.lost-messages', 'rate', '==', 0, MESSAGE_SAMPLES);

export const pluginsLoaded = cases('plugin-loading', 'plugins.loaded');
export const twelvePlugins = limit('plugin-loading', 'plugins.count', 'value', '>=', 12); // plan §2.2: "All 12 plugin frontends"
export const pluginDeployments = cases('plugin-deployment', 'plugins.deployments');
export const pluginSandbox = cases('plugin-sandbox', 'plugins.sandbox');
export const registry = cases('plugin-registry', 'plugins.registry');

export const uploads = cases('uploads', 'storage.uploads');
export const downloads = cases('uploads', 'storage.downloads');
export const caching = cases('cdn-caching', 'cdn.cache-headers');
export const freshSignals = (...signals: readonly string[]): Binding => cases('monitoring-signals', 'signals.fresh', ...signals);
/** One for each condition of plan §1.2.3 that asks for a rollback. */
export const alertRules = cases('alert-rules', 'alerts.rules', 'error-rate', 'login-success', 'p99-latency');

export const rowCounts = [none('row-counts', 'data.row-count-differences'), none('row-counts', 'data.missing-tables')] as const;
export const contents = none('row-contents', 'data.content-differences');
export const catalogue = none('catalogue-parity', 'catalogue.differences');
export const foreignKeys = none('foreign-keys', 'relations.foreign-key-differences');
export const orphanedRows = none('orphaned-rows', 'relations.orphaned-rows');
/** Every table of the schema: same count, same content. */
export const schemaMigrated = (schema: string): Binding => cases('row-contents', 'data.schemas', schema);
/** What is written while both sides are written to arrives in this schema. */
export const schemaDualWritten = (schema: string): Binding => cases('dual-write-drift', 'dual-write.schemas', schema);
export const noDrift = none('dual-write-drift', 'dual-write.confirmed-differences');
