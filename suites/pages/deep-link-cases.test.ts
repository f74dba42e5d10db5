import { expect, test } from 'vitest';
import { judgeRefusal, readsTheSame } from './deep-link-cases.ts';
import type { Look } from './look.ts';

const PAGE = { path: '/account' };

test.each([401, 403, 404])('a stranger who is answered %d is refused', (status) => {
  const why = `It was answered ${status}.`;
  expect(judgeRefusal(PAGE, { why, status })).toEqual([[], `Without a session /account is refused: ${why}`]);
});

test.each([400, 405, 429, 500, 503])('a stranger who is answered %d is not: that says nothing about the guard', (status) => {
  const why = `It was answered ${status}.`;
  expect(judgeRefusal(PAGE, { why, status })).toEqual([[`/account without a session: ${why} That is no refusal.`], '']);
});

test('two pages without text are the same, unless what the page must show was seen by the account alone', () => {
  const shows = [{ role: 'heading', name: 'Account' }];
  const silent: Look = {
    visit: { arrived: true, status: 200, url: '' },
    endedAt: '/account',
    missing: [],
    title: 'Account',
    headings: [],
    text: '',
    hasMore: false,
  };
  expect(readsTheSame({ shows }, silent, silent)).toBe(false);
  expect(readsTheSame({ shows }, { ...silent, missing: shows }, silent)).toBe(true);
  expect(readsTheSame({}, silent, silent)).toBe(true);
  const worded = { ...silent, text: 'Sign in' };
  expect(readsTheSame({ shows }, worded, worded)).toBe(true);
});
