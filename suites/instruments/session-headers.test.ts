import { expect, test } from 'vitest';
import type { StoredCookie } from '../../gates/model.ts';
import { sessionHeaders } from './session-headers.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const cookie = (more: Partial<StoredCookie>): StoredCookie => ({
  name: 'sid',
  value: 'abc',
  domain: 'naap.dev',
  path: '/',
  expires: -1,
  httpOnly: true,
  secure: true,
  sameSite: 'Lax',
  ...more,
});

test('a token goes as bearer', () => {
  expect(sessionHeaders({ token: 't' }, 'https://naap.dev/api')).toEqual({ authorization: 'Bearer t' });
});

test.each<readonly [string, Partial<StoredCookie>, string, boolean]>([
  ['its own host', {}, 'https://naap.dev/api/x', true],
  ['a subdomain, where it is for the host alone', {}, 'https://api.naap.dev/', false],
  ['a subdomain, where its domain begins with a dot', { domain: '.naap.dev' }, 'https://api.naap.dev/', true],
  ['the host itself, where its domain begins with a dot', { domain: '.naap.dev' }, 'https://naap.dev/', true],
  ['a host that only ends alike', { domain: '.naap.dev' }, 'https://evilnaap.dev/', false],
  ['another host', {}, 'https://github.com/', false],
  ['plain HTTP, where it is Secure', {}, 'http://naap.dev/', false],
  ['plain HTTP, where it is not Secure', { secure: false }, 'http://naap.dev/', true],
  ['plain HTTP on this machine, as browsers do', { domain: '127.0.0.1' }, 'http://127.0.0.1:3000/', true],
  ['a path below its own', { path: '/api' }, 'https://naap.dev/api/x', true],
  ['a path that only begins alike', { path: '/api' }, 'https://naap.dev/apix', false],
  ['its host before it expires', { expires: NOW.getTime() / 1000 + 1 }, 'https://naap.dev/', true],
  ['its host after it has expired', { expires: NOW.getTime() / 1000 }, 'https://naap.dev/', false],
])('a cookie and %s', (_name, more, url, goes) => {
  expect(sessionHeaders({ cookies: [cookie(more)] }, url, NOW)).toEqual(goes ? { cookie: 'sid=abc' } : {});
});

test('cookies that belong there go in one header', () => {
  const cookies = [cookie({}), cookie({ name: 'other', domain: 'github.com' }), cookie({ name: 'theme', value: 'dark' })];
  expect(sessionHeaders({ cookies }, 'https://naap.dev/', NOW)).toEqual({ cookie: 'sid=abc; theme=dark' });
});
