// Where a page is looked at: itself and its states, in light and dark. Used by accessibility.check.ts, and by what names findings.
import type { Page, PageState } from '../../gates/model.ts';

export type ThemeName = 'light' | 'dark';

/** A page in one theme, with the states that it is brought into there. */
export interface Visited {
  readonly page: Page;
  readonly theme: ThemeName;
  readonly states: readonly PageState[];
}

/** `dashboard/light`, `dashboard/menu-open/dark`: part of the key by which a finding is known in the next run. */
export function placeName({ page, theme }: Pick<Visited, 'page' | 'theme'>, state?: PageState): string {
  return [page.id, ...(state === undefined ? [] : [state.id]), theme].join('/');
}

/** Light first: what is found there already is not told again of dark. */
export function placesOf(pages: readonly Page[], darkStates: boolean): readonly Visited[] {
  const inTheme = (theme: ThemeName, withStates: boolean): readonly Visited[] =>
    pages.map((page) => ({ page, theme, states: withStates ? (page.states ?? []) : [] }));
  return [...inTheme('light', true), ...inTheme('dark', darkStates)];
}

export function countPlaces(visited: readonly Visited[]): number {
  return visited.reduce((sum, { states }) => sum + 1 + states.length, 0);
}
