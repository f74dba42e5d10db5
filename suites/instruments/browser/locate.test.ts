import { expect, test } from 'vitest';
import { wordsFor } from './locate.ts';

test('what the surface names is told as a report names it', () => {
  expect([
    wordsFor({ role: 'button', name: 'Post' }),
    wordsFor({ label: 'Email' }),
    wordsFor({ placeholder: 'Search plugins...' }),
    wordsFor({ text: 'Success Rate' }),
    wordsFor({ css: '#email' }),
  ]).toEqual(['button "Post"', 'field "Email"', 'field with "Search plugins..." in it', '"Success Rate"', '#email']);
});
