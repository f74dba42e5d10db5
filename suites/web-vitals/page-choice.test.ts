import { expect, test } from 'vitest';
import type { Page } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { choosePages } from './page-choice.ts';

const { pages } = naapSurface();
const ids = (chosen: readonly Page[]): readonly string[] => chosen.map(({ id }) => id);
const anybodys = (id: string): Page => ({ id, path: `/${id}`, access: 'public' });

test('four pages of NaaP: home, login, the dashboard and one more plugin', () => {
  expect(ids(choosePages(pages, 4))).toEqual(['home', 'login', 'dashboard', 'forum']);
});

test.each([
  [1, ['home']],
  [2, ['home', 'login']],
  [3, ['home', 'login', 'dashboard']],
  [5, ['home', 'login', 'register', 'dashboard', 'forum']],
])('%i of them', (most, chosen) => {
  expect(ids(choosePages(pages, most))).toEqual(chosen);
});

test('all of them, asked for so or by a number that is large enough', () => {
  expect(choosePages(pages, 'all')).toBe(pages);
  expect(choosePages(pages, pages.length)).toBe(pages);
});

test('a site without a login gives as many of its pages', () => {
  expect(ids(choosePages(['a', 'b', 'c', 'd'].map(anybodys), 3))).toEqual(['a', 'b', 'c']);
});

test('a site without pages gives none', () => {
  expect(choosePages([], 4)).toEqual([]);
});
