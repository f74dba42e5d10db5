import { expect, test } from 'vitest';
import type { Workload } from '../../../../gates/model.ts';
import { virtualUsers } from './virtual-users.ts';

const workload: Workload = { requests: [], rateRps: 1000, warmupMs: 0, durationMs: 10_000, timeoutMs: 10_000, seed: 1 };
const plenty = { freeMiB: 100_000, maxConnections: Infinity };

test('as many as the rate needs for answers of one and a half seconds', () => {
  expect(virtualUsers(workload, plenty)).toBe(1550);
});
test('the highest rate of all stages counts', () => {
  expect(virtualUsers({ ...workload, stages: [{ durationMs: 1, rateRps: 2000 }] }, plenty)).toBe(3050);
});
test('no more than the timeout can hold', () => {
  expect(virtualUsers({ ...workload, timeoutMs: 200 }, plenty)).toBe(250);
});
test('no more than the environment allows connections, nor than memory holds, and never none', () => {
  expect(virtualUsers(workload, { ...plenty, maxConnections: 100 })).toBe(100);
  expect(virtualUsers(workload, { ...plenty, freeMiB: 600 })).toBe(300);
  expect(virtualUsers(workload, { ...plenty, freeMiB: 0 })).toBe(1);
});
