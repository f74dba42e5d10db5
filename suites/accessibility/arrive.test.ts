import { expect, test } from 'vitest';
import { ledTo } from './arrive.ts';

test.each([
  ['/forum', '/forum', undefined],
  ['/forum', '/forum/', undefined],
  ['/', '/', undefined],
  ['/forum?tab=new', '/forum#top', undefined],
  ['/forum', '/login?next=%2Fforum', '/login'],
  ['/', '/login', '/login'],
  ['/forum', '/forum/latest', '/forum/latest'],
])('%s, at %s in the end, led to %s', (wanted, url, led) => {
  expect(ledTo(`https://naap.test${wanted}`, `https://naap.test${url}`)).toBe(led);
});
