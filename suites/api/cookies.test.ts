import { expect, test } from 'vitest';
import { findCookieFlaw, parseSetCookies, readCookiePairs } from './cookies.ts';

const NOW = new Date('2026-11-01T00:00:00Z');
const WEEK = 7 * 24 * 3600;

test('several cookies in one answer are read with all their attributes, whatever their case', () => {
  expect(
    parseSetCookies('naap_auth_token=a=b; Path=/; HttpOnly; secure; SAMESITE=Lax; Max-Age=604800\ncsrf=x; Expires=Sun, 01 Nov 2026 01:00:00 GMT', NOW),
  ).toEqual([
    { name: 'naap_auth_token', value: 'a=b', httpOnly: true, secure: true, sameSite: 'lax', maxAgeSeconds: WEEK },
    { name: 'csrf', value: 'x', httpOnly: false, secure: false, sameSite: undefined, maxAgeSeconds: 3600 },
  ]);
});

test('no header, and a line that is no cookie, are no cookies', () => {
  expect(parseSetCookies(undefined, NOW)).toEqual([]);
  expect(parseSetCookies('=x; Secure', NOW)).toEqual([]);
});

test('cookies are sent back as pairs', () => {
  expect(readCookiePairs('a=1; Secure\nb=2; Path=/')).toBe('a=1; b=2');
});

const SAFE = 'naap_auth_token=t; HttpOnly; Secure; SameSite=Lax; Max-Age=604800';
test.each([
  [SAFE, undefined],
  [SAFE.replace(' HttpOnly;', ''), 'HttpOnly is missing, so scripts can read it'],
  [SAFE.replace(' Secure;', ''), 'Secure is missing, so it travels over plain HTTP'],
  [SAFE.replace(' SameSite=Lax;', ''), 'SameSite is missing, expected Lax'],
  [SAFE.replace('Lax', 'None'), 'SameSite is none, expected Lax'],
  [SAFE.replace('604800', '604801'), 'it lives 604801 s, expected 1 to 604800'],
  [SAFE.replace('604800', '0'), 'it lives 0 s, expected 1 to 604800'],
  [SAFE.replace('; Max-Age=604800', ''), 'it has neither Max-Age nor Expires'],
])('%s: %s', (line, flaw) => {
  const [cookie] = parseSetCookies(line, NOW);
  expect(cookie && findCookieFlaw(cookie, WEEK)).toBe(flaw);
});
