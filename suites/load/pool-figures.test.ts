import { expect, test } from 'vitest';
import type { LoadBucket, LoadResult, Measurement } from '../../gates/model.ts';
import { connectionPool } from './connection-pool.check.ts';
import { poolFigures } from './pool-figures.ts';

const options = connectionPool.presets.pr;
const BURST_FROM = options.lightMs + options.steadyMs;
const BACK_FROM = BURST_FROM + options.burstMs;
const WINDOW_MS = BACK_FROM + options.backMs;
const BUCKET_MS = 100;

const bucket = (atMs: number, meanMs: number, failed = 0): LoadBucket => ({ atMs, n: 50, failed, meanMs, maxMs: meanMs });
const timeline = (meanAt: (atMs: number) => number, failedAt: (atMs: number) => number = () => 0): LoadBucket[] =>
  Array.from({ length: WINDOW_MS / BUCKET_MS }, (_, index) => bucket(index * BUCKET_MS, meanAt(index * BUCKET_MS), failedAt(index * BUCKET_MS)));

function result(more: Partial<LoadResult>): LoadResult {
  const histogram = { shape: 'histogram', hdr: '', perUnit: 1000 } as const;
  return {
    latency: histogram,
    service: histogram,
    perRoute: {},
    scheduled: 1150,
    sent: 1150,
    answered: 1150,
    failed: 0,
    failures: {},
    inFlight: { mean: 5, max: 9 },
    timeline: timeline(() => 6),
    startedAt: '2026-11-23T04:00:00.000Z',
    endedAt: '2026-11-23T04:00:03.000Z',
    instrument: { name: 'built-in', version: '1', healthy: true },
    ...more,
  };
}

function figure(measured: readonly Measurement[], metric: string): number | undefined {
  const payload = measured.find((one) => one.metric === metric)?.payload;
  if (payload?.shape === 'value') return payload.value;
  return payload?.shape === 'proportion' ? payload.hits : undefined;
}
const figures = (more: Partial<LoadResult>) => {
  const measured = poolFigures(result(more), options);
  return {
    refused: figure(measured, 'pool.refused-requests'),
    delay: figure(measured, 'pool.queueing-delay'),
    recovery: figure(measured, 'pool.recovery-time'),
  };
};

test('a sound pool refuses nobody, adds no wait, and has nothing to recover from', () => {
  expect(figures({})).toEqual({ refused: 0, delay: 0, recovery: 0 });
});

test('responses that are slow at any rate are no wait for a connection', () => {
  expect(figures({ timeline: timeline(() => 156) })).toEqual({ refused: 0, delay: 0, recovery: 0 });
});

test('what the burst adds to the latency is the wait', () => {
  expect(figures({ timeline: timeline((at) => (at >= BURST_FROM && at < BACK_FROM ? 406 : 6)) })).toEqual({ refused: 0, delay: 400, recovery: 0 });
});

test('recovery is the time until a stretch is as quick as before the burst', () => {
  expect(figures({ timeline: timeline((at) => (at >= BURST_FROM && at < BACK_FROM + 300 ? 206 : 6)) }).recovery).toBe(300);
});

test('a pool that is never back counts with the whole time that was watched', () => {
  expect(figures({ timeline: timeline((at) => (at >= BURST_FROM ? 900 : 6)) }).recovery).toBe(options.backMs);
});

test('quick refusals are not a recovery', () => {
  const dry = timeline(
    () => 2,
    (at) => (at >= BURST_FROM ? 50 : 0),
  ).map((one) => (one.atMs === WINDOW_MS - BUCKET_MS ? { ...one, failed: 40 } : one));
  expect(figures({ timeline: dry }).recovery).toBe(options.backMs);
});

test('a pool that was empty before the load has no light latency to hide behind', () => {
  expect(
    figures({
      timeline: timeline(
        () => 2000,
        (at) => (at < options.lightMs ? 50 : 49),
      ),
    }).delay,
  ).toBe(2000);
});

test.each(['status 503', 'status 503 SERVICE_UNAVAILABLE', 'status 500 P2024', 'status 500 POOL_EXHAUSTED', 'status 500 TOO_MANY_CONNECTIONS', 'timeout'])(
  '"%s" is want of a connection',
  (kind) => {
    expect(figures({ answered: 1140, failed: 10, failures: { [kind]: 10 } }).refused).toBe(10);
  },
);

test.each(['status 500', 'status 500 INTERNAL', 'status 502', 'status 429 RATE_LIMITED', 'connection lost'])('"%s" is not', (kind) => {
  expect(figures({ answered: 1140, failed: 10, failures: { [kind]: 10 } }).refused).toBe(0);
});

test('a target that is down gives no sample, so that nothing can pass', () => {
  const measured = poolFigures(
    result({
      answered: 0,
      failed: 1150,
      failures: { 'connection refused': 1150 },
      timeline: timeline(
        () => 3000,
        () => 50,
      ),
    }),
    options,
  );
  expect(measured.map(({ metric, n }) => [metric, n])).toEqual([['pool.refused-requests', 0]]);
});

test('the instrument speaks in every figure', () => {
  const sick = { name: 'built-in', version: '1', healthy: false, why: 'schedule lag P99 424 ms, limit < 5 ms' };
  for (const { instrument } of poolFigures(result({ instrument: sick }), options)) expect(instrument).toMatchObject(sick);
});
