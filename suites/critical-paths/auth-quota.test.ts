import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AuthQuota, takeQuota } from './auth-quota.ts';

let folder: string;
let quota: AuthQuota;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auth-quota-'));
  quota = { requests: 4, windowSeconds: 60, ledger: join(folder, 'ledger.json') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const taken = (): number[] => JSON.parse(readFileSync(quota.ledger, 'utf8')) as number[];

/** A clock that has passed the window by the second time it is asked after a wait. */
function leaping(from: number, byMs: number): () => number {
  const moments = [from, from, from + byMs, from + byMs];
  return () => moments.shift() ?? from + byMs;
}

test('requests within the quota, one of which is spared, wait for nothing', async () => {
  expect(await takeQuota(quota, 2, () => 1000)).toBe(0);
  expect(await takeQuota(quota, 1, () => 2000)).toBe(0);
  expect(taken()).toEqual([1000, 1000, 2000]);
});

test('a request beyond the quota waits until the first one counts no more', async () => {
  await takeQuota(quota, 3, () => 1000);
  // The window of 60 s and a second of travel end at 62 000: 10 ms from then.
  expect(await takeQuota(quota, 1, leaping(61_990, 10))).toBe(10);
  expect(taken()).toEqual([62_000]);
});

test('two that go together wait until there is room for both', async () => {
  await takeQuota(quota, 1, () => 1000);
  await takeQuota(quota, 1, () => 2000);
  expect(await takeQuota(quota, 2, leaping(61_995, 5))).toBe(5);
  expect(taken()).toEqual([2000, 62_000, 62_000]);
});

test('more at once than the quota allows are let through rather than waited for in vain', async () => {
  expect(await takeQuota({ ...quota, requests: 1 }, 2, () => 1000)).toBe(0);
});

test('workers that ask at the same moment are counted one after another, none is lost', async () => {
  const many = { ...quota, requests: 100 };
  await Promise.all(Array.from({ length: 20 }, (_, index) => takeQuota(many, 1, () => index)));
  expect(taken()).toHaveLength(20);
});

test('a worker that was killed while it counted does not keep the others waiting', async () => {
  mkdirSync(`${quota.ledger}.lock`);
  const before = Date.now() / 1000 - 10;
  utimesSync(`${quota.ledger}.lock`, before, before);
  expect(await takeQuota(quota, 1, () => 1000)).toBe(0);
});
