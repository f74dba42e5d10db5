// What a person does on the pages while the time to the next paint is taken, derived from the surface. Used by the check.
import type { Locator, Page, Step, Surface } from '../../gates/model.ts';

/** Pressed key by key; a word that every list of plugins may hold. */
const TYPED = 'plugin';

export interface Interaction {
  /** Page and what is done there: `forum.dialog-open`, `theme-toggle`. */
  readonly id: string;
  readonly page: Pick<Page, 'id' | 'path' | 'access' | 'shows'>;
  readonly steps: readonly (Step | { readonly type: string; readonly into: Locator })[];
  /** What is seen afterwards: without it nothing was done. */
  readonly shows?: Locator;
}

/** Nothing is written by any of them. Empty where the surface names nothing that a person can do. */
export function interactionsOf(surface: Surface): readonly Interaction[] {
  const states = surface.pages.flatMap((page) =>
    (page.states ?? []).map(({ id, steps, shows }): Interaction => ({ id: `${page.id}.${id}`, page, steps, shows })),
  );
  const known = new Set(states.map(keyOf));
  return [...states, ...newPost(surface).filter((one) => !known.has(keyOf(one))), ...search(surface), ...themeToggle(surface)];
}

function newPost({ pages, web }: Surface): readonly Interaction[] {
  const journey = web?.journeys['community-post'];
  if (journey === undefined || 'spec' in journey) return [];
  return [{ id: 'new-post', page: pageAt(pages, journey.path), steps: [{ click: journey.open }], shows: journey.title }];
}

function search({ pages, web }: Surface): readonly Interaction[] {
  const journey = web?.journeys['marketplace-browse'];
  if (journey === undefined || 'spec' in journey) return [];
  return [{ id: 'search-typing', page: pageAt(pages, journey.path), steps: [{ type: TYPED, into: journey.search }] }];
}

/** On the first page that needs a login, where people spend their time; on the first of all where none does. */
function themeToggle({ pages, web }: Surface): readonly Interaction[] {
  const page = pages.find(({ access }) => access === 'authenticated') ?? pages[0];
  if (web?.theme === undefined || page === undefined) return [];
  return [{ id: 'theme-toggle', page, steps: [{ click: web.theme.toggle }] }];
}

/** A path that no page of the surface has is one that a journey logs in for. */
function pageAt(pages: readonly Page[], path: string): Interaction['page'] {
  return pages.find((page) => page.path === path) ?? { id: path, path, access: 'authenticated' };
}

function keyOf({ page, steps }: Interaction): string {
  return JSON.stringify([page.path, steps]);
}
