import { expect, test } from 'vitest';
import type { Page } from '../../gates/model.ts';
import { countPlaces, placeName, placesOf } from './places.ts';

const state = { id: 'menu-open', steps: [{ press: 'Enter' }], shows: { text: 'Menu' } };
const pages: readonly Page[] = [
  { id: 'home', path: '/', access: 'public' },
  { id: 'forum', path: '/forum', access: 'authenticated', states: [state] },
];
const names = (darkStates: boolean): readonly string[] =>
  placesOf(pages, darkStates).flatMap((visited) => [undefined, ...visited.states].map((one) => placeName(visited, one)));

test('every page and state is looked at in light, and the pages in dark; the states too where that is asked for', () => {
  expect(names(false)).toEqual(['home/light', 'forum/light', 'forum/menu-open/light', 'home/dark', 'forum/dark']);
  expect(names(true)).toEqual([...names(false), 'forum/menu-open/dark']);
  expect(countPlaces(placesOf(pages, true))).toBe(6);
});
