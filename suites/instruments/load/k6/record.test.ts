import { expect, test } from 'vitest';
import type { LoadRequest, Workload } from '../../../../gates/model.ts';
import { figuresOf } from '../histogram.ts';
import { complaints } from '../innocence.ts';
import { type Merged, mergeShards } from '../merge.ts';
import type { Point } from './points.ts';
import { openRecorder } from './record.ts';

const request = (route: string): LoadRequest => ({ route, method: 'GET', url: `http://127.0.0.1/${route}`, headers: {}, weight: 1, ok: [200] });
/** 100 arrivals, of which the last 80 count. */
const workload: Workload = { requests: [request('a'), request('b')], rateRps: 100, warmupMs: 200, durationMs: 800, timeoutMs: 500, seed: 1 };
const START_MS = Date.parse('2026-11-23T05:41:15.892Z') + 0.7;

interface Fate {
  readonly lagMs?: number;
  readonly latencyMs?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly refusal?: string;
}

/** The points of an arrival, in k6's order: the request, what the script said of it, the iteration. */
function pointsOf(arrival: number, { lagMs = 0, latencyMs = 5, tags = { status: '200' }, refusal }: Fate = {}): Point[] {
  const dueMs = START_MS + arrival * 10;
  const endMs = dueMs + lagMs + latencyMs;
  const said = refusal === undefined ? [] : [{ metric: 'naap_gate_refusals', atMs: endMs, value: 1, tags: { code: refusal }, arrival }];
  return [
    { metric: 'http_req_duration', atMs: endMs, value: latencyMs - 1, tags: { route: arrival % 2 === 0 ? 'a' : 'b', ...tags }, arrival },
    ...said,
    { metric: 'iteration_duration', atMs: endMs + 1, value: latencyMs + 1, tags: {}, arrival },
  ];
}

function record(points: readonly Point[], of = workload): Merged & { readonly startAtMs: number } {
  const recorder = openRecorder(of);
  for (const point of points) recorder.take(point);
  const { shard, startAtMs } = recorder.result();
  return { ...mergeShards([shard], 80), startAtMs };
}
const arrivals = (count: number, fate: (arrival: number) => Fate = () => ({})): Point[] =>
  Array.from({ length: count }, (_, index) => pointsOf(index, fate(index))).flat();
const vitals = ['scheduleLagP99Ms', 'sentRatio', 'dropped'] as const;

test('each arrival of the window counts once; the warm-up and what k6 sends beyond the schedule do not', () => {
  const merged = record(arrivals(102, (arrival) => ({ latencyMs: arrival < 20 || arrival >= 100 ? 400 : 5 })));
  expect(merged).toMatchObject({ scheduled: 80, sent: 80, answered: 80, failed: 0, failures: {} });
  expect(merged.perRoute['a']).toMatchObject({ answered: 40, failed: 0 });
  expect(figuresOf(merged.latency)).toMatchObject({ n: 80, p50: expect.closeTo(5, 1), max: expect.closeTo(5, 1) });
  expect(figuresOf(merged.service).p50).toBeCloseTo(4, 1);
  expect(complaints(merged.vitals, vitals)).toEqual([]);
});

test('latency counts from the intended start: what the generator or the server held back is in it', () => {
  const merged = record(arrivals(100, (arrival) => ({ lagMs: arrival >= 90 ? 300 : 0 })));
  expect(figuresOf(merged.latency).max).toBeCloseTo(305, 0);
  expect(merged.vitals.scheduleLagP99Ms).toBeCloseTo(300, 0);
  expect(complaints(merged.vitals, vitals)).toEqual([expect.stringMatching(/schedule lag P99 300(\.\d+)? ms, limit < 5 ms/)]);
});

test('the schedule begins with the most punctual of the first arrivals', () => {
  const merged = record(arrivals(100, (arrival) => ({ lagMs: arrival === 40 ? 0 : 3 })));
  expect(merged.startAtMs).toBeCloseTo(START_MS, 3);
  expect(figuresOf(merged.latency).p50).toBeCloseTo(8, 1);
});

test('a long run sets its clock by its beginning and forgets no arrival', () => {
  const long: Workload = { ...workload, rateRps: 1000, warmupMs: 0, durationMs: 2000 };
  const points = Array.from({ length: 2000 }, (_, arrival) => pointsOf(arrival).map((point) => ({ ...point, atMs: point.atMs - arrival * 9 }))).flat();
  const recorder = openRecorder(long);
  for (const point of points) recorder.take(point);
  const merged = mergeShards([recorder.result().shard], 2000);
  expect([merged.sent, merged.answered, figuresOf(merged.latency).n]).toEqual([2000, 2000, 2000]);
});

test('failures are told apart by status, by the code of the body, and by what broke', () => {
  const merged = record(
    arrivals(100, (arrival) => {
      if (arrival % 4 === 0) return { tags: { status: '503', error_code: '1503' }, refusal: 'POOL_EXHAUSTED' };
      return arrival % 4 === 1 ? { tags: { status: '0', error_code: '1212' }, latencyMs: 2 } : {};
    }),
  );
  expect(merged).toMatchObject({ answered: 40, failed: 40, failures: { 'status 503 POOL_EXHAUSTED': 20, 'connection refused': 20 } });
  expect(figuresOf(merged.perRoute['b']!.latency).max).toBeGreaterThanOrEqual(500); // A quick refusal counts with the timeout.
});

test('a dropped arrival is counted, whenever it was, and is never innocent', () => {
  const drop: Point = { metric: 'dropped_iterations', atMs: START_MS, value: 1, tags: {}, arrival: undefined };
  const merged = record([...arrivals(99), drop]);
  expect(merged.vitals.dropped).toBe(1);
  expect(merged.failures).toEqual({ 'dropped by the generator': 1 });
  expect(complaints(merged.vitals, vitals)).toEqual([expect.stringContaining('sent ÷ scheduled'), 'dropped arrivals 1, limit == 0']);
});

test('arrivals that never ended are not sent, and too few sent is never innocent', () => {
  const merged = record([...arrivals(60), pointsOf(60)[0]!]);
  expect(merged).toMatchObject({ sent: 40, answered: 40, failed: 40, failures: { 'not sent': 40 } });
  expect(complaints(merged.vitals, vitals)).toEqual(['sent ÷ scheduled 0.5, limit >= 0.999']);
});

test('a run without a point proves nothing', () => {
  const merged = record([]);
  expect(merged.startAtMs).toBeNaN();
  expect(complaints(merged.vitals, vitals)).toHaveLength(2);
});

test('requests in flight are those that had begun and not ended', () => {
  const merged = record(arrivals(100, () => ({ latencyMs: 100 })));
  expect(merged.inFlight.mean).toBeGreaterThan(9); // Little's law: 100 a second for 100 ms each are 10.
  expect(merged.inFlight.mean).toBeLessThan(11);
});

test('the timeline follows the intended times', () => {
  const merged = record(arrivals(100, (arrival) => ({ latencyMs: arrival >= 60 ? 50 : 5 })));
  expect(merged.timeline.map(({ atMs, n }) => [atMs, n])).toEqual(Array.from({ length: 8 }, (_, index) => [index * 100, 10]));
  expect(merged.timeline[3]?.meanMs).toBeCloseTo(5, 3);
  expect(merged.timeline[4]?.meanMs).toBeCloseTo(50, 3);
});
