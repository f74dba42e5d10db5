import { expect, test } from 'vitest';
import { costs } from './choose-way.ts';
import { AGREEMENT, hashesAgree } from './hash-agreement.ts';

const HASHES: readonly (string | null)[] = Array.from({ length: AGREEMENT.split(' AS h').length - 1 }, (_, index) => String(index * 7919));

test.each<readonly [string, readonly (string | null)[], boolean]>([
  ['the same hashes', HASHES, true],
  ['one hash that differs', HASHES.with(3, '-1'), false],
  ['one hash that is NULL', HASHES.with(3, null), false],
  ['an answer that is short', HASHES.slice(1), false],
])('%s: two servers may be compared by hashes only where all agree', (_, other, agree) => {
  expect(hashesAgree(HASHES, other)).toBe(agree);
  expect(hashesAgree(other, HASHES)).toBe(agree);
});

test('servers that answer the same for everything do not hash', () => {
  const same = HASHES.map(() => '0');
  expect(hashesAgree(same, same)).toBe(false);
  expect(hashesAgree([], [])).toBe(false);
});

const LARGE = { rows: 5_000_000, bytes: 1_150_000_000 };
test.each([
  ['on loopback the bytes are as quick', { roundTripMs: 0.1, bytesPerSecond: 1e9 }, 'near'],
  ['within a data centre too', { roundTripMs: 0.5, bytesPerSecond: 1e8 }, 'near'],
  ['over 20 MB/s hashing takes a fifth of the time', { roundTripMs: 20, bytesPerSecond: 2e7 }, 'far'],
  ['over a home connection it is minutes against a quarter of an hour', { roundTripMs: 60, bytesPerSecond: 1.2e6 }, 'far'],
  ['far away with a wide link both wait as often', { roundTripMs: 100, bytesPerSecond: 1e8 }, 'near'],
] as const)('%s', (_, link, way) => {
  const { near, far } = costs({ ...LARGE, link });
  expect(near >= 2 * far ? 'far' : 'near').toBe(way);
});
