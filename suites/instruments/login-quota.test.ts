import { expect, test } from 'vitest';
import { createLoginQuota, WINDOW_MS } from './login-quota.ts';
import type { PacingClock } from './login-quota.ts';

/** A clock that stands still but for sleeps, which pass at once. */
function makeClock(): PacingClock & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    monotonicMs: () => now,
    sleep: (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}
const never = new AbortController().signal;

test('nine of a quota of ten go at once, and the tenth waits until the first is a minute old', async () => {
  const clock = makeClock();
  const quota = createLoginQuota(10, clock);
  for (let index = 0; index < 9; index += 1) await quota.take(never);
  expect(clock.slept).toEqual([]);
  await quota.take(never);
  expect(clock.slept).toEqual([WINDOW_MS]);
});

test('concurrent takers get their turns in order, never more than the quota in a minute', async () => {
  const clock = makeClock();
  const quota = createLoginQuota(3, clock);
  const at = await Promise.all(Array.from({ length: 6 }, () => quota.take(never).then(() => clock.monotonicMs())));
  expect(at).toEqual([0, 0, WINDOW_MS, WINDOW_MS, 2 * WINDOW_MS, 2 * WINDOW_MS]);
});

test('a taker that is aborted while it waits gets the reason, counts nothing, and lets the next one on', async () => {
  const clock = makeClock();
  const quota = createLoginQuota(2, clock);
  await quota.take(never);
  const reason = new Error('interrupted');
  await expect(quota.take(AbortSignal.abort(reason))).rejects.toBe(reason);
  await quota.take(never);
  expect(clock.slept).toEqual([WINDOW_MS]);
});

test('a whole quota is taken when nothing counts any more, and whoever comes next waits for a window', async () => {
  const clock = makeClock();
  const quota = createLoginQuota(10, clock);
  await quota.take(never);
  await quota.takeAll(never);
  expect(clock.slept).toEqual([WINDOW_MS]);
  await quota.take(never);
  expect(clock.slept).toEqual([WINDOW_MS, WINDOW_MS]);
});

test('a window of three seconds is waited for as such, and a second more', async () => {
  const clock = makeClock();
  const quota = createLoginQuota(1, clock, 3);
  await quota.take(never);
  await quota.take(never);
  expect(clock.slept).toEqual([4000]);
});
