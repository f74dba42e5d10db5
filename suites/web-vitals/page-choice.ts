// Chooses the pages that the laboratory measures: all of them, or the few that stand for them on a pull request. Used by the check.
import type { Page } from '../../gates/model.ts';

/**
 * At most `most` pages, in the surface's order: two that anybody may open (the first impression and mostly the login), one that needs a login, and one
 * that mounts a plugin; what is left of the number is filled up with the pages that come first.
 */
export function choosePages(pages: readonly Page[], most: number | 'all'): readonly Page[] {
  if (most === 'all' || pages.length <= most) return pages;
  const anybodys = pages.filter(({ access }) => access === 'public').slice(0, 2);
  const guarded = pages.filter(({ access }) => access === 'authenticated');
  const first = guarded.slice(0, 1);
  const plugin = guarded.filter((page) => page.plugin !== undefined && !first.includes(page)).slice(0, 1);
  const byRank = [...new Set([...anybodys, ...first, ...plugin, ...pages])];
  const kept = new Set(byRank.slice(0, most));
  return pages.filter((page) => kept.has(page));
}
