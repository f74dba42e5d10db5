import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { secretsInTrace } from './trace-secrets.ts';

const lines = (...values: unknown[]): Uint8Array => strToU8(values.map((value) => JSON.stringify(value)).join('\n'));
const network = (headers: { name: string; value: string }[], cookies: { name: string; value: string }[] = []): Uint8Array =>
  lines({ type: 'resource-snapshot', snapshot: { request: { headers, cookies }, response: { headers: [], cookies: [] } } });

test.each([
  ['a cookie', { 'a.network': network([], [{ name: 'session', value: 'cookie-of-somebody' }]) }, 'cookie-of-somebody'],
  ['a cookie header, without names', { 'a.network': network([{ name: 'Cookie', value: 'theme=dark; session=cookie-of-somebody' }]) }, 'cookie-of-somebody'],
  [
    'a set cookie, without its attributes',
    { 'a.network': network([{ name: 'set-cookie', value: 's=cookie-of-somebody; Path=/; Expires=Mon, 23 Nov 2026' }]) },
    'cookie-of-somebody',
  ],
  ['a bearer token', { 'a.network': network([{ name: 'authorization', value: 'Bearer token-of-somebody' }]) }, 'token-of-somebody'],
  [
    'a header that opens a protected preview',
    { 'a.network': network([{ name: 'x-vercel-protection-bypass', value: 'let-me-in-please' }]) },
    'let-me-in-please',
  ],
  ['a token in an answer', { 'resources/1.json': strToU8('{"data":{"token":"token-of-somebody"}}') }, 'token-of-somebody'],
  ['a password that was sent', { 'resources/2.json': strToU8('{"email":"a@b","confirmPassword":"hunter22-hunter22"}') }, 'hunter22-hunter22'],
  ['a password in a body that stands in a line', { 'a.network': lines({ postData: { text: '{"password":"hunter22-hunter22"}' } }) }, 'hunter22-hunter22'],
  ['a password that was typed and never sent', { 'a.trace': lines({ method: 'fill', params: { selector: '#password', value: 'hunter22' } }) }, 'hunter22'],
])('%s is found in a trace', (_what, entries: Record<string, Uint8Array>, secret) => {
  expect(secretsInTrace(zipSync(entries))).toContain(secret);
});

test('words and what was typed elsewhere are no secrets', () => {
  const entries = {
    'a.network': network([
      { name: 'cookie', value: 'theme=dark' },
      { name: 'accept', value: 'application/json, text/plain' },
    ]),
    'a.trace': lines({ method: 'fill', params: { selector: '#title', value: 'a title of a post' } }),
    'resources/1.json': strToU8('{"password":"At least eight characters","token":""}'),
  };
  expect(secretsInTrace(zipSync(entries))).toEqual([]);
});

test('what is no zip throws: nobody can say what is in it', () => {
  expect(() => secretsInTrace(strToU8('torn'))).toThrowError('invalid zip data');
});
