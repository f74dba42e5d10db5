import { expect, test } from 'vitest';
import { complaints } from './innocence.ts';
import type { Vitals } from './innocence.ts';

const sound: Vitals = { scheduleLagP99Ms: 1.2, sentRatio: 1, dropped: 0, eventLoopDelayP99Ms: 0.6, eventLoopDelayMaxMs: 5, gcMaxMs: 3 };

test('a sound generator has nothing against it', () => {
  expect(complaints(sound)).toEqual([]);
});

test.each([
  ['scheduleLagP99Ms', 4.999, 5, 'schedule lag P99 5 ms, limit < 5 ms'],
  ['sentRatio', 0.999, 0.99899, 'sent ÷ scheduled 0.99899, limit >= 0.999'],
  ['dropped', 0, 1, 'dropped arrivals 1, limit == 0'],
  ['eventLoopDelayP99Ms', 9.999, 10, 'event-loop delay P99 10 ms, limit < 10 ms'],
  ['eventLoopDelayMaxMs', 99.99, 100, 'event-loop delay max 100 ms, limit < 100 ms'],
  ['gcMaxMs', 49.99, 50, 'longest garbage collection 50 ms, limit < 50 ms'],
] as const)('%s: %d is innocent, %d is not', (vital, inside, outside, words) => {
  expect(complaints({ ...sound, [vital]: inside })).toEqual([]);
  expect(complaints({ ...sound, [vital]: outside })).toEqual([words]);
});

test.each(Object.keys(sound) as (keyof Vitals)[])('%s that is not a number is never innocent', (vital) => {
  expect(complaints({ ...sound, [vital]: NaN })).toHaveLength(1);
});

test('everything that is wrong is named, not only the first', () => {
  expect(complaints({ ...sound, dropped: 3, scheduleLagP99Ms: 424 })).toEqual(['schedule lag P99 424 ms, limit < 5 ms', 'dropped arrivals 3, limit == 0']);
});
