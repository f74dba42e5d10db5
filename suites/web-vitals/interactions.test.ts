import { expect, test } from 'vitest';
import { naapSurface } from '../naap-surface.ts';
import { interactionsOf } from './interactions.ts';

const naap = naapSurface();
const ids = (surface: Parameters<typeof interactionsOf>[0]): readonly string[] => interactionsOf(surface).map(({ id }) => id);

test('NaaP: every state of its pages, typing in the search, the theme; the dialog of a new post once', () => {
  expect(interactionsOf(naap).map(({ id, page }) => `${id} on ${page.path}`)).toEqual([
    'login.form-errors on /login',
    'register.form-errors on /register',
    'dashboard.menu-open on /dashboard',
    'forum.dialog-open on /forum',
    'search-typing on /marketplace',
    'theme-toggle on /dashboard',
  ]);
});

test('the dialog of a new post is opened where no state of a page does it', () => {
  const pages = naap.pages.map((page) => ({ ...page, states: [] }));
  expect(ids({ ...naap, pages })).toEqual(['new-post', 'search-typing', 'theme-toggle']);
});

test("a journey of the user's own says nothing of what can be clicked", () => {
  const journeys = { 'community-post': { spec: 'post.journey.ts' }, 'marketplace-browse': { spec: 'browse.journey.ts' } };
  expect(ids({ ...naap, pages: [], web: { journeys, thirdParties: [] } })).toEqual([]);
});

test('a path that is no page of the surface is opened logged in', () => {
  expect(interactionsOf({ ...naap, pages: [] }).map(({ page }) => page)).toEqual([
    { id: '/forum', path: '/forum', access: 'authenticated' },
    { id: '/marketplace', path: '/marketplace', access: 'authenticated' },
  ]);
});

test('without a login the theme is switched on the first page', () => {
  const pages = [{ id: 'start', path: '/', access: 'public' as const }];
  expect(interactionsOf({ ...naap, pages, web: { ...naap.web!, journeys: {} } })).toMatchObject([{ id: 'theme-toggle', page: { id: 'start' } }]);
});

test('a surface that names nothing to do has no interaction', () => {
  expect(ids({ ...naap, pages: [], web: undefined })).toEqual([]);
});
