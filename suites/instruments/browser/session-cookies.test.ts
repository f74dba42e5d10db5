import { expect, test } from 'vitest';
import type { StoredCookie } from '../../../gates/model.ts';
import { naapSurface } from '../../naap-surface.ts';
import { sessionCookies } from './session-cookies.ts';

const surface = naapSurface();
const GIVEN: StoredCookie = { name: 'sid', value: 'v', domain: '.naap.dev', path: '/', expires: -1, httpOnly: true, secure: true, sameSite: 'Lax' };

test('a token becomes the cookie of the application, for its host alone', () => {
  expect(sessionCookies({ token: 'abc' }, surface, 'https://staging.naap.dev:8443/')).toEqual([
    { name: 'naap_auth_token', value: 'abc', domain: 'staging.naap.dev', path: '/', expires: -1, httpOnly: true, secure: true, sameSite: 'Lax' },
  ]);
});

test('where the pages come by plain http, a cookie that is not Secure, else it would never be sent', () => {
  expect(sessionCookies({ token: 'abc' }, surface, 'http://127.0.0.1:3000/')[0]?.secure).toBe(false);
});

test('cookies that were given are taken as they are, and a session of neither is none', () => {
  expect(sessionCookies({ cookies: [GIVEN] }, surface, 'https://naap.dev/')).toEqual([GIVEN]);
  expect(sessionCookies({}, surface, 'https://naap.dev/')).toEqual([]);
});
