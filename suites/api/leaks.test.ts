import { expect, test } from 'vitest';
import { findInside, findSecret } from './leaks.ts';

const secretIn = (json: unknown): string | undefined => findSecret({ json, text: JSON.stringify(json) });

test.each([
  ['a stack trace', JSON.stringify({ message: 'Error: x\n    at run (/srv/app/route.js:10:7)' }), 'it tells a stack trace'],
  ['an error of PostgreSQL', 'syntax error at or near "\'"', 'it tells an error of the database'],
  ['a statement', 'SELECT "id" FROM core."User"', 'it tells an SQL statement'],
  ['a file of a function', 'Cannot find module /var/task/app.js', 'it tells a path of the server'],
])('%s is seen', (_, text, told) => {
  expect(findInside(text)).toBe(told);
});

test.each(['There is no such post.', 'Meet us at 10:30:00', 'Select a plan from the list', 'Something went wrong.'])('%j tells nothing', (text) => {
  expect(findInside(JSON.stringify({ message: text }))).toBeUndefined();
});

test('a connection string is named by its place and never by its value', () => {
  const told = secretIn({ environment: { DATABASE_URL: 'postgresql://naap:hunter2@db:5432/naap' } });
  expect(told).toBe('it tells a URL with a password and a value of `environment.DATABASE_URL`');
});

test.each([{ apiKey: 'abc123' }, { services: [{ client_secret: 'abc' }] }, { note: `-----BEGIN RSA ${'PRIVATE'} KEY-----` }])('%j is a secret', (json) => {
  expect(secretIn(json)).toBeDefined();
});

test.each([{ apiKey: '***' }, { secret: 'configured' }, { password: true }, { token: 'x' }, { url: 'https://naap.dev/a:b' }, { status: 'healthy' }])(
  '%j is none',
  (json) => {
    expect(secretIn(json)).toBeUndefined();
  },
);
