import { expect, test } from 'vitest';
import { machineTicks, ownTicks, processTicks, watchOtherWork } from './other-work.ts';

test('the ticks of a machine: all of them, and those in which nothing was to be done', () => {
  expect(machineTicks('cpu  100 5 40 800 20 1 2 32 7 0\ncpu0 …', 9)).toEqual({ ticks: { all: 1000, idle: 820, own: 9 } });
});

test('a process may be called anything', () => {
  const stat = '4242 (a) b (c) S 17 4242 4242 0 -1 4194560 1 2 3 4 50 20 7 3 20 0 1 0 100 0 0';
  expect(processTicks(stat)).toEqual({ pid: 4242, parent: 17, ticks: 80 });
});

test('ours are those of the process and of all that it started, and no others', () => {
  const processes = [
    { pid: 1, parent: 0, ticks: 1000 },
    { pid: 10, parent: 1, ticks: 1 },
    { pid: 11, parent: 10, ticks: 20 },
    { pid: 12, parent: 11, ticks: 300 },
    { pid: 13, parent: 1, ticks: 5000 },
  ];
  expect(ownTicks(processes, 10)).toBe(321);
  expect(ownTicks(processes, 99)).toBe(0);
});

test('what this process does itself takes nothing from it, and there are never more processors than the machine has', async () => {
  const watch = watchOtherWork();
  const endMs = performance.now() + 100;
  while (performance.now() < endMs) Math.hypot(endMs, 1);
  const free = watch.freeProcessors();
  if (process.platform === 'linux') expect(free).toBeGreaterThan(0);
  else expect(free).toBeUndefined();
  expect(free ?? 0).toBeLessThanOrEqual(navigator.hardwareConcurrency);
});
