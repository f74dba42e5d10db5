import { expect, test } from 'vitest';
import type { Sighting } from './look-again.ts';
import { type Suspect, weigh } from './suspects.ts';

const PATIENCE = { quietMs: 900, confirmMs: 5000 };
type Look = readonly [at: number, legacy: string, target: string] | readonly [at: number];

/** What the last of these looks says. */
function after(looks: readonly Look[]): string {
  let suspect: Suspect = { key: ['1'], since: 0 };
  for (const [at, legacy, target] of looks) {
    const sighting: Sighting | undefined = legacy === undefined || target === undefined ? undefined : { key: ['1'], legacy, target, differences: [] };
    const looked = weigh(suspect, sighting, at, PATIENCE);
    if (looked.kind === 'confirmed') return `${looked.how} after ${looked.afterMs}`;
    if (looked.kind === 'equal') return `equal after ${looked.afterMs}`;
    ({ suspect } = looked);
  }
  return 'waiting';
}
/** A look each second. */
const each = (seconds: number, look: (second: number) => readonly [string, string]): Look[] =>
  Array.from({ length: seconds + 1 }, (_, second) => [second * 1000, ...look(second)] as const);

test.each<readonly [string, readonly Look[], string]>([
  ['one look proves nothing', [[100, 'a', 'b']], 'waiting'],
  [
    'a difference that stood still for less than is waited for proves nothing',
    [
      [0, 'a', 'b'],
      [4999, 'a', 'b'],
    ],
    'waiting',
  ],
  [
    'one that stood still for as long is confirmed',
    [
      [0, 'a', 'b'],
      [5000, 'a', 'b'],
    ],
    'quiet after 5000',
  ],
  ['a row that is equal once has arrived', [[0, 'a', 'b'], [2000]], 'equal after 2000'],
  [
    'a write to the legacy row begins the waiting anew',
    [
      [0, 'a', 'b'],
      [3000, 'a2', 'b'],
      [7999, 'a2', 'b'],
    ],
    'waiting',
  ],
  [
    'so does one to the target',
    [
      [0, 'a', 'b'],
      [3000, 'a', 'b2'],
      [7999, 'a', 'b2'],
    ],
    'waiting',
  ],
  [
    'after it, it is confirmed as late',
    [
      [0, 'a', 'b'],
      [3000, 'a2', 'b'],
      [8000, 'a2', 'b'],
    ],
    'quiet after 8000',
  ],
  ['a row that is always written, and followed, is never confirmed', each(100, (second) => [`a${second}`, `b${second}`]), 'waiting'],
  [
    'one that is not followed is confirmed when the target stood still three times as long',
    each(100, (second) => [`a${second}`, 'b']),
    'left-behind after 15000',
  ],
  ['a row that is missing on the target is a version too', each(100, () => ['a', 'absent']), 'quiet after 5000'],
])('%s', (_, looks, outcome) => {
  expect(after(looks)).toBe(outcome);
});
