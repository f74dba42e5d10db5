import { expect, test } from 'vitest';
import type { RunOutline } from '../gates/run-outline.ts';
import { runListText } from './run-list.ts';
import { trendText } from './trend.ts';

const run: RunOutline = {
  run: 'phase3-staging-20261123T070000-a1b2',
  gate: 'phase3',
  environment: 'staging',
  profile: 'full',
  subject: { commit: 'a1b2c3d4e5f6', deploymentId: null, schemaVersion: null },
  startedAt: '2026-11-23T07:00:00.000Z',
  endedAt: '2026-11-23T07:03:20.000Z',
  lastAt: '2026-11-23T07:03:20.000Z',
  verdict: 'pass',
  exitCode: 0,
  scope: 'complete',
  headline: '13 of 13 measured passed, 9 wait for people',
  signOffs: [
    { role: 'CTO', decision: 'approve', keyId: 'k', at: '2026-11-23T08:00:00.000Z' },
    { role: 'Security Lead', decision: 'reject', keyId: 'l', at: '2026-11-23T08:00:00.000Z' },
  ],
  decision: 'conditional',
  problem: null,
};
const failed: RunOutline = {
  ...run,
  run: 'red',
  profile: 'pr',
  scope: 'partial',
  verdict: 'fail',
  headline: '\u001B[31m1 failed',
  signOffs: [],
  decision: null,
  startedAt: '2026-11-22T07:00:00.000Z',
};
const unfinished: RunOutline = { ...failed, run: 'begun', verdict: null, endedAt: null, scope: null, headline: null };
const broken: RunOutline = {
  ...unfinished,
  run: 'broken',
  gate: null,
  environment: null,
  profile: null,
  subject: null,
  problem: 'the journal does not hold: line 2 …',
};

test('a table, newest first, with what people said, what cannot be read and how many are not shown', () => {
  const text = runListText([run, failed, unfinished, broken], 3, { width: 120, colour: false });
  expect(text.replaceAll('\u202F', ' ')).toMatchInlineSnapshot(`
    "VERDICT     RUN                                  GATE    ENVIRONMENT   COMMIT    STARTED (UTC)     TOOK
    PASS        phase3-staging-20261123T070000-a1b2  phase3  staging       a1b2c3d4  2026-11-23 07:00  3 min 20 s
      13 of 13 measured passed, 9 wait for people; signed by CTO; rejected by Security Lead; decided: conditional
    FAIL        red                                  phase3  staging (pr)  a1b2c3d4  2026-11-22 07:00  24 h 3 min
      ␛[31m1 failed; partial
    UNFINISHED  begun                                phase3  staging (pr)  a1b2c3d4  2026-11-22 07:00  —
      not finished; its journal last grew 2026-11-23 07:03:20 UTC
    UNREADABLE  broken                               —       —             —         2026-11-22 07:00  —
      cannot be read: the journal does not hold: line 2 …

    3 older runs are not shown: --limit 7 shows all.

    Oldest to newest (P pass, V waived, W warn, ? inconclusive, E error, F fail, · unfinished, ! unreadable):
    phase3 on staging  ·FP
    "
  `);
});

test('colour is for those who see it, and never the only mark', () => {
  expect(runListText([run], 0, { width: 120, colour: true })).toContain('\u001B[32mPASS');
});

const point = (value: number | null, state: 'pass' | 'fail' | 'inconclusive', day: number) => ({
  run: `r${day}`,
  startedAt: `2026-11-0${day}T07:00:00.000Z`,
  commit: null,
  state,
  value,
  reason: { code: 'INSTRUMENT_SICK' as const, text: 'schedule lag P99 15 ms, limit < 5 ms.' },
});
const series = {
  environment: 'staging',
  profile: 'full' as const,
  check: 'api-load',
  metric: 'api.latency',
  statistic: 'p99',
  labels: {},
  unit: 'ms' as const,
  expect: { kind: 'limit', metric: 'api.latency', statistic: 'p99', op: '<', value: 500, minSamples: 1 } as const,
  points: [point(212, 'pass', 1), point(480, 'pass', 2), point(null, 'inconclusive', 3), point(500.04, 'fail', 4)],
};

test('a trend is bars, the numbers behind them, and why a run has none', () => {
  expect(trendText('phase3.performance.p99-latency', [series]).replaceAll('\u202F', ' ')).toMatchInlineSnapshot(`
    "phase3.performance.p99-latency

    staging, full: api.latency p99, by api-load; limit < 500 ms
      ▁█?█  first 212 ms, last 500.04 ms, least 212 ms, most 500.04 ms; 4 runs, 1 without a figure (?)
        2026-11-04 07:00  500.04 ms  FAIL          r4
        2026-11-03 07:00          —  INCONCLUSIVE  r3  schedule lag P99 15 ms, limit < 5 ms.
        2026-11-02 07:00     480 ms  PASS          r2
        2026-11-01 07:00     212 ms  PASS          r1
    "
  `);
});

test('equal figures are in the middle; no figure at all is said', () => {
  const flat = { ...series, points: [point(0, 'pass', 1), point(0, 'pass', 2)] };
  const none = { ...series, points: [point(null, 'inconclusive', 1)] };
  expect(trendText('x', [flat, none]).replaceAll('\u202F', ' ')).toMatchInlineSnapshot(`
    "x

    staging, full: api.latency p99, by api-load; limit < 500 ms
      ▅▅  first 0 ms, last 0 ms, least 0 ms, most 0 ms; 2 runs
        2026-11-02 07:00  0 ms  PASS  r2
        2026-11-01 07:00  0 ms  PASS  r1

    staging, full: api.latency p99, by api-load; limit < 500 ms
      ?  1 run, none with a figure
        2026-11-01 07:00  —  INCONCLUSIVE  r1  schedule lag P99 15 ms, limit < 5 ms.
    "
  `);
});
