import { expect, test } from 'vitest';
import type { Workload } from '../../../../gates/model.ts';
import { scheduleOf } from '../schedule.ts';
import { legsOf, offsetsOf, periodMs, wholeRateOf } from './arrivals.ts';

const workload: Workload = { requests: [], rateRps: 1000, warmupMs: 2000, durationMs: 10_000, timeoutMs: 1000, seed: 1 };
const stepped: Workload = {
  ...workload,
  rateRps: 100,
  warmupMs: 300,
  durationMs: 1500,
  stages: [
    { durationMs: 500, rateRps: 100 },
    { durationMs: 1000, rateRps: 1000 },
  ],
};

test('warm-up and window are one stretch where the rate is the same', () => {
  expect(legsOf(workload)).toEqual([{ rateRps: 1000, durationMs: 12_000 }]);
});

test('a constant rate starts arrival i at i periods', () => {
  expect([0, 1, 11_999].map(offsetsOf(legsOf(workload)))).toEqual([0, 1, 11_999]);
});

test('a period is cut to whole ns, as k6 cuts it', () => {
  expect(periodMs(700, wholeRateOf([{ rateRps: 700, durationMs: 1 }]))).toBe(1.428571);
});

test('a broken rate becomes a whole number of arrivals in a longer time', () => {
  const whole = wholeRateOf([{ rateRps: 12.5, durationMs: 1 }]);
  expect([whole.seconds, whole.of(12.5), periodMs(12.5, whole)]).toEqual([1000, 12_500, 80]);
});

test('stepped rates start each arrival one period later than the built-in schedule has it', () => {
  const offset = offsetsOf(legsOf(stepped));
  const ours = scheduleOf(stepped);
  for (const index of [0, 29, 79]) expect(offset(index) - ours.offsetMs(index)).toBeCloseTo(10, 6);
  for (const index of [80, 81, 1079]) expect(offset(index) - ours.offsetMs(index)).toBeCloseTo(1, 6);
});
