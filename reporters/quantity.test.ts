import { expect, test } from 'vitest';
import { counted, difference, digits, duration, quantity, span } from './quantity.ts';

/** Thin spaces as plain ones, so that expectations can be read. */
const spaced = (text: string): string => text.replaceAll('\u202F', ' ');

test.each([
  [612, 'ms', '612 ms'],
  [21.374, 'ms', '21.4 ms'],
  [5.3111, 'ms', '5.31 ms'],
  [0.04213, 'ms', '0.0421 ms'],
  [12_400.4, 'ms', '12 400 ms'],
  [60_000, 'count', '60 000'],
  [0, 'count', '0'],
  [0.9952, 'ratio', '99.52 %'],
  [1, 'ratio', '100 %'],
  [1000, 'req/s', '1 000 req/s'],
  [48_213, 'bytes', '47.1 KiB'],
  [-3, 'score', '−3'],
  [1.5, 's', '1.5 s'],
  [7, '1', '7'],
] as const)('%d in %s is written %s', (value, unit, text) => {
  expect(spaced(quantity(value, unit))).toBe(text);
});

test('a number just beyond its limit is never written as the limit', () => {
  expect(spaced(quantity(500.04, 'ms', 500))).toBe('500.04 ms');
  expect(spaced(quantity(499.996, 'ms', 500))).toBe('499.996 ms');
  expect(spaced(quantity(500, 'ms', 500))).toBe('500 ms');
});

test('almost all is never written as 100 %, almost none never as 0 %', () => {
  expect(spaced(quantity(0.999_97, 'ratio'))).toBe('99.997 %');
  expect(spaced(quantity(0.000_003, 'ratio'))).toBe('0.0003 %');
});

test('numbers that are none say so', () => {
  expect([digits(Number.NaN), digits(Number.POSITIVE_INFINITY), digits(Number.NEGATIVE_INFINITY)]).toEqual(['not a number', '∞', '−∞']);
});

test('a difference carries its sign, and counts points where the unit is a share', () => {
  expect([difference(612, 500, 'ms'), difference(188.2, 500, 'ms'), difference(0, 0, 'count'), difference(1, 0.999, 'ratio')].map(spaced)).toEqual([
    '+112 ms',
    '−312 ms',
    '0',
    '+0.1 points',
  ]);
});

test('an interval names its unit once, and says "to" where a minus could be read as a dash', () => {
  expect([span(598, 631, 'ms'), span(-4, 12, 'ms'), span(0.991, 0.9967, 'ratio')].map(spaced)).toEqual(['598–631 ms', '−4 to 12 ms', '99.1–99.67 %']);
});

test('counts agree with their noun', () => {
  expect([counted(1, 'sample'), counted(0, 'sample'), counted(60_000, 'sample')].map(spaced)).toEqual(['1 sample', '0 samples', '60 000 samples']);
});

test('durations are said as people say them', () => {
  expect([0.42, 41.7, 59.6, 200, 3600, 3900].map(duration).map(spaced)).toEqual(['0.4 s', '42 s', '1 min', '3 min 20 s', '1 h', '1 h 5 min']);
});
