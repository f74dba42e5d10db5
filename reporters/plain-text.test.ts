import { expect, test } from 'vitest';
import { oneLine, plain } from './plain-text.ts';

test('control characters become visible and are never dropped', () => {
  expect(plain('\u001B[31mred\u0000\u007F\u009B')).toBe('␛[31mred␀␡\uFFFD');
});

test('marks that reverse text on screen are replaced', () => {
  expect(plain('ab\u202Ecd')).toBe('ab\uFFFDcd');
});

test('half a surrogate pair is replaced, a whole one stays', () => {
  expect(plain('\uD800x😀')).toBe('\uFFFDx😀');
});

test('newlines stay in plain text and become a space on one line', () => {
  expect(plain('a\r\nb')).toBe('a\nb');
  expect(oneLine(' a \r\n\t b ')).toBe('a b');
});
