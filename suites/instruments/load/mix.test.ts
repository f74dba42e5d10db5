import { expect, test } from 'vitest';
import { mixOf } from './mix.ts';

const requests = [{ weight: 5 }, { weight: 3 }, { weight: 2 }];
const sequence = (seed: number, count: number): number[] => Array.from({ length: count }, (_, index) => mixOf(requests, seed)(index));

test('the mix follows its weights', () => {
  const picked = sequence(1, 20_000);
  const shares = requests.map((_, route) => picked.filter((pick) => pick === route).length / picked.length);
  expect(shares[0]).toBeCloseTo(0.5, 1);
  expect(shares[1]).toBeCloseTo(0.3, 1);
  expect(shares[2]).toBeCloseTo(0.2, 1);
});

test('the same seed gives the same order, another seed another one', () => {
  expect(sequence(7, 200)).toEqual(sequence(7, 200));
  expect(sequence(7, 200)).not.toEqual(sequence(8, 200));
});

test('every worker gets the whole mix, not one route each', () => {
  const mine = sequence(1, 4000).filter((_, index) => index % 2 === 0);
  expect(mine.filter((pick) => pick === 2).length / mine.length).toBeCloseTo(0.2, 1);
});

test('an empty mix is refused', () => {
  expect(() => mixOf([], 1)).toThrow(RangeError);
});
