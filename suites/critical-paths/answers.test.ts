import { expect, test } from 'vitest';
import { dataOf, emailIn, rowsOf } from './answers.ts';

test('an answer is read in its envelope and without one', () => {
  expect([dataOf({ success: true, data: { a: 1 } }), dataOf({ a: 1 }), dataOf(undefined)]).toEqual([{ a: 1 }, { a: 1 }, undefined]);
});

test('whose an answer is stands in its user, or at its top, or nowhere', () => {
  const email = 'a@b.c';
  expect([{ data: { user: { email } } }, { user: { email } }, { email }, { error: {} }].map(emailIn)).toEqual([email, email, email, undefined]);
});

test('the rows of an answer are its first list that has any, however deep', () => {
  expect(rowsOf({ tags: [], page: { items: [{ id: 1 }] } })).toEqual([{ id: 1 }]);
  expect(rowsOf([{ id: 2 }, 'text'])).toEqual([{ id: 2 }]);
  expect(rowsOf('<html>')).toEqual([]);
});
