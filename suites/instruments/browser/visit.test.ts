import { expect, test } from 'vitest';
import { elsewhere, wordsOf } from './visit.ts';

test.each([
  ['page.goto: net::ERR_TOO_MANY_REDIRECTS at https://naap.test/', 'It redirects without end.'],
  ['page.goto: Timeout 20000ms exceeded.\nCall log: …', 'It had not loaded within 20 s.'],
  ['page.goto: Timeout 1500ms exceeded.', 'It had not loaded within 1.5 s.'],
  ['page.goto: net::ERR_CERT_AUTHORITY_INVALID at https://naap.test/', 'Its certificate is not trusted.'],
  ['page.goto: net::ERR_NAME_NOT_RESOLVED at https://naap.test/', 'Its host name is unknown.'],
  ['page.goto: net::ERR_ABORTED; maybe frame was detached?', 'The browser went away.'],
  ['page.goto: net::ERR_ABORTED at https://naap.test/', 'It was broken off: no page came.'],
  ['page.goto: Target page, context or browser has been closed', 'The browser went away.'],
  ['Something new\nwith a second line', 'Something new'],
  ['\u001b[2mSomething\u001b[22m grey', 'Something grey'],
])('%s is told as: %s', (message, words) => {
  expect(wordsOf(new Error(message))).toBe(words);
});

test('what is no error is told as it is', () => {
  expect(wordsOf('plain')).toBe('plain');
});

test.each([
  ['/forum', '/forum', undefined],
  ['/forum/', '/forum', undefined],
  ['/', '', undefined],
  ['/forum?tab=new#top', '/forum?tab=old', undefined],
  ['/login?next=%2Fforum', '/forum', 'It led to /login.'],
  ['/', '/forum', 'It led to /.'],
  ['/forum/latest', '/forum', 'It led to /forum/latest.'],
])('who is at %s and wanted %s is told: %s', (now, wanted, words) => {
  expect(elsewhere(`https://naap.dev${now}`, `https://naap.dev${wanted}`)).toBe(words);
});
