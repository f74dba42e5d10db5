import { expect, test } from 'vitest';
import { judgeRefusal } from './deep-link-cases.ts';

const PAGE = { path: '/account' };

test.each([401, 403, 404])('a stranger who is answered %d is refused', (status) => {
  const why = `It was answered ${status}.`;
  expect(judgeRefusal(PAGE, { why, status })).toEqual([[], `Without a session /account is refused: ${why}`]);
});

test.each([400, 405, 429, 500, 503])('a stranger who is answered %d is not: that says nothing about the guard', (status) => {
  const why = `It was answered ${status}.`;
  expect(judgeRefusal(PAGE, { why, status })).toEqual([[`/account without a session: ${why} That is no refusal.`], '']);
});
