import { expect, test } from 'vitest';
import { STEADINESS, isSteady, medianInterval, medianOf, whyUnsteady } from './stability.ts';

const { lcp, cls, inp } = STEADINESS;

test.each([
  [5, 1, 0.9375],
  [6, 1, 0.96875],
  [7, 1, 0.984375],
  [8, 2, 0.9296875],
  [9, 2, 0.9609375],
  [11, 3, 0.9345703125],
])('of %i runs the interval of the median goes from the smallest but for rank %i, with its level', (n, rank, level) => {
  const runs = Array.from({ length: n }, (_, index) => index + 1);
  expect(medianInterval(runs.toReversed())).toEqual({ median: (n + 1) / 2, low: rank, high: n + 1 - rank, level });
});

test.each([[[]], [[1]], [[1, 2, 3, 4]]])('%j is too little for an interval, and never steady', (runs) => {
  expect(medianInterval(runs)).toBeUndefined();
  expect(isSteady(runs, lcp)).toBe(false);
  expect(whyUnsteady('LCP', runs, lcp)).toBe(`${runs.length} runs tell no median of LCP: five are the fewest`);
});

test('the median is that of the judge: the middle one, or the mean of the two in the middle', () => {
  expect([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3]), medianOf([])]).toEqual([2, 2.5, NaN]);
});

test.each([
  ['near enough to the median', [2600, 2450, 2500, 2550, 2400], lcp, true],
  ['too far from it, with the limit inside', [2400, 1900, 2500, 2600, 3100], lcp, false],
  ['too far from it, and all of it good', [900, 1200, 1500, 2000, 2400], lcp, true],
  ['too far from it, and none of it good', [2600, 3000, 4000, 5000, 9000], lcp, true],
  ['nothing ever moved', [0, 0, 0, 0, 0], cls, true],
  ['moved in some runs alone', [0, 0, 0.25, 0.25, 0.25], cls, false],
  ['two steps of the clock apart', [192, 200, 208, 208, 208], inp, true],
  ['far apart around the limit', [120, 160, 200, 320, 400], inp, false],
])('five runs, %s', (_, runs, steadiness, is) => {
  expect(isSteady(runs, steadiness)).toBe(is);
});

test('further runs settle what five left open: the extremes no longer count', () => {
  const five = [0, 0.25, 0.25, 0.25, 0.25];
  expect(isSteady(five, cls)).toBe(false);
  expect(isSteady([...five, 0.25, 0.25, 0.25], cls)).toBe(true);
});

test('what stays open is said with its figures', () => {
  expect(whyUnsteady('LCP', [2400, 1900, 2500, 2600, 3100], lcp)).toBe(
    'after 5 runs the median of LCP, 2500, lies between 1900 and 3100: neither within 10 % nor on one side of 2500',
  );
  expect(whyUnsteady('LCP', [1, 2, 3, 4, 5], lcp)).toBeUndefined();
});
