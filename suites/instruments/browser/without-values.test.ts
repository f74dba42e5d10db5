import { expect, test } from 'vitest';
import { withoutValues, withoutValuesIn } from './without-values.ts';

test.each([
  ['wss://rt.example.com/?access_token=abc.def&v=2', 'wss://rt.example.com/?access_token=…&v=…'],
  ['https://ann:pw@naap.dev/verify?token=abc&token=d#code=1', 'https://naap.dev/verify?token=…'],
  ['https://naap.dev:8443/forum', 'https://naap.dev:8443/forum'],
  ['data:text/html;base64,PGgxPg==', 'data:text/html;base64'],
  ['blob:https://naap.dev/0b7c', 'blob:https://naap.dev/0b7c'],
  ['inline', 'inline'],
])('of %s is told %s', (address, told) => {
  expect(withoutValues(address)).toBe(told);
});

test('in a text every address loses its query', () => {
  expect(withoutValuesIn('{"url":"https://a.dev/x?key=1&b=2","b":"https://a.dev/y"} see wss://b.dev/z?t=9.')).toBe(
    '{"url":"https://a.dev/x?…","b":"https://a.dev/y"} see wss://b.dev/z?…',
  );
});
