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

/** A clock that has passed the window by the second time it is asked. */
function leaping(from: number, byMs: number): () => number {
  const moments = [from];
  return () => moments.shift() ?? from + byMs;
}

/** Takes, and answers the waits that were told of. */
async function waitsOf(count: number, now: () => number, of = quota): Promise<readonly number[]> {
  const waits: number[] = [];
  await takeQuota(of, count, { onWait: (waitMs) => void waits.push(waitMs), now });
  return waits;
}

test('requests within the quota, one of which is spared, wait for nothing', async () => {
  expect(await waitsOf(2, () => 1000)).toEqual([]);
  expect(await waitsOf(1, () => 2000)).toEqual([]);
  expect(taken()).toEqual([1000, 1000, 2000]);
});

test('a request beyond the quota waits until the first one counts no more', async () => {
  await waitsOf(3, () => 1000);
  // The window of 60 s and a second of travel end at 62 000: 10 ms from then.
  expect(await waitsOf(1, leaping(61_990, 10))).toEqual([10]);
  expect(taken()).toEqual([62_000]);
});

test('a wait is told of before it is taken', async () => {
  await waitsOf(3, () => 1000);
  const bookedThen: number[][] = [];
  await takeQuota(quota, 1, { onWait: () => void bookedThen.push(taken()), now: leaping(61_990, 10) });
  expect([bookedThen, taken()]).toEqual([[[1000, 1000, 1000]], [62_000]]);
});

test('two that go together wait until there is room for both', async () => {
  await waitsOf(1, () => 1000);
  await waitsOf(1, () => 2000);
  expect(await waitsOf(2, leaping(61_995, 5))).toEqual([5]);
  expect(taken()).toEqual([2000, 62_000, 62_000]);
});

test('more at once than the quota allows are let through rather than waited for in vain', async () => {
  expect(await waitsOf(2, () => 1000, { ...quota, requests: 1 })).toEqual([]);
});

test('workers that ask at the same moment are counted one after another, none is lost', async () => {
  const many = { ...quota, requests: 100 };
  await Promise.all(Array.from({ length: 20 }, (_, index) => waitsOf(1, () => index, many)));
  expect(taken()).toHaveLength(20);
});

test('a worker that was killed while it counted does not keep the others waiting', async () => {
  mkdirSync(`${quota.ledger}.lock`);
  const before = Date.now() / 1000 - 10;
  utimesSync(`${quota.ledger}.lock`, before, before);
  expect(await waitsOf(1, () => 1000)).toEqual([]);
});
