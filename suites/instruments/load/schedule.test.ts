import { expect, test } from 'vitest';
import type { Workload } from '../../../gates/model.ts';
import { peakRps, scheduleOf } from './schedule.ts';

const workload: Workload = { requests: [], rateRps: 1000, warmupMs: 2000, durationMs: 10_000, timeoutMs: 1000, seed: 1 };

test('arrivals come at a constant rate and the window begins after the warm-up', () => {
  const schedule = scheduleOf(workload);
  expect([schedule.total, schedule.windowFrom, schedule.lengthMs]).toEqual([12_000, 2000, 12_000]);
  expect([0, 1, 1999, 2000, 11_999].map((index) => schedule.offsetMs(index))).toEqual([0, 1, 1999, 2000, 11_999]);
});

test('a minute at 1000 req/s is 60 000 requests, not one less', () => {
  const schedule = scheduleOf({ ...workload, warmupMs: 5000, durationMs: 60_000 });
  expect(schedule.total - schedule.windowFrom).toBe(60_000);
});

test('stages follow one another without a gap, and the warm-up runs at the rate of the first', () => {
  const schedule = scheduleOf({
    ...workload,
    warmupMs: 1000,
    durationMs: 1500,
    stages: [
      { durationMs: 1000, rateRps: 100 },
      { durationMs: 500, rateRps: 2000 },
    ],
  });
  expect([schedule.total, schedule.windowFrom]).toEqual([100 + 100 + 1000, 100]);
  expect([99, 100, 199, 200, 201, 1199].map((index) => schedule.offsetMs(index))).toEqual([990, 1000, 1990, 2000, 2000.5, 2499.5]);
});

test('without a warm-up the first arrival counts', () => {
  const schedule = scheduleOf({ ...workload, warmupMs: 0 });
  expect([schedule.windowFrom, schedule.offsetMs(0)]).toEqual([0, 0]);
});

test('the peak is the highest rate of all stages', () => {
  expect(
    peakRps({
      ...workload,
      stages: [
        { durationMs: 1, rateRps: 100 },
        { durationMs: 1, rateRps: 2000 },
      ],
    }),
  ).toBe(2000);
  expect(peakRps(workload)).toBe(1000);
});
