import { expect, test } from 'vitest';
import { isShown, numbersIn } from './figures.ts';

test.each([
  ['a whole number', 1234, 'Requests 1234'],
  ['with a comma between thousands', 1_234_567, 'Requests 1,234,567'],
  ['with points between thousands', 1_234_567, 'Anfragen 1.234.567'],
  ['with narrow spaces between thousands', 1_234_567, 'Requêtes 1\u202f234\u202f567'],
  ['rounded to the decimals shown', 0.98765, 'rate 0.99'],
  ['as a percentage', 0.987_654, 'Success Rate\n98.77%'],
  ['as a percentage with a comma', 0.987_654, 'Quote 98,77 %'],
  ['text that is a number', '12.345678', 'Fees 12.35 ETH'],
  ['below zero', -12.5, 'Change -12.5'],
  ['zero', 0, 'Alerts 0'],
])('a figure is found %s', (_how, figure, text) => {
  expect(isShown(figure, numbersIn(text))).toBe(true);
});

test.each([
  ['another number', 1234, 'Requests 1235'],
  ['the same digits elsewhere in a longer number', 123, 'Requests 41234'],
  ['another percentage', 0.9877, 'Success Rate 50.00%'],
  ['a percentage of a figure that is no share', 12, 'Rate 1200 %'],
  ['no number at all', 12, 'Requests …'],
])('a figure is not found in %s', (_what, figure, text) => {
  expect(isShown(figure, numbersIn(text))).toBe(false);
});

test('what is no figure is never shown', () => {
  for (const none of [undefined, null, Number.NaN, '', 'twelve', {}, true]) expect(isShown(none, numbersIn('0 1 12 NaN true'))).toBe(false);
});
