// Proves that a page is the one that was meant, not a login form or an error that was answered 200. Used by the check, lab-run.ts and visit-run.ts.
import type { Page as SurfacePage } from '../../gates/model.ts';
import { locate, wordsFor } from '../instruments/browser/locate.ts';
import type { OpenBrowser, Page } from '../instruments/browser/open-browser.ts';
import { visit } from '../instruments/browser/visit.ts';

/** After it has loaded, a page has this long to show what it is for, ms. */
export const SHOWN_MS = 10_000;

/** Why it is another page, in one sentence; undefined: it shows what it is for, or, where the surface does not say what that is, it has stayed at its path. */
export async function whyElsewhere(page: Page, { path, shows = [] }: Pick<SurfacePage, 'path' | 'shows'>): Promise<string | undefined> {
  const [sign] = shows;
  if (sign !== undefined) {
    const seen = locate(page, sign).first();
    if (
      await seen.waitFor({ state: 'visible', timeout: SHOWN_MS }).then(
        () => true,
        () => false,
      )
    )
      return undefined;
  }
  const there = new URL(page.url()).pathname;
  if (sign === undefined) return there === pathOf(path) ? undefined : `It led to ${there}, and the surface does not say what it should show.`;
  return `It did not show ${wordsFor(sign)} within ${SHOWN_MS / 1000} s${there === pathOf(path) ? '' : `, and had led to ${there}`}.`;
}

/** Without query and fragment. */
function pathOf(path: string): string {
  return new URL(path, 'http://surface.invalid').pathname;
}

/** Why a page cannot be measured, looked at once before Lighthouse opens it again and again: it would wait a minute and more for one that hangs. */
export async function whyNotThere(browser: OpenBrowser, wanted: Pick<SurfacePage, 'path' | 'shows'>, account: string | undefined): Promise<string | undefined> {
  const open = await browser.page(account === undefined ? {} : { as: account });
  try {
    const visited = await visit(open, wanted.path);
    return visited.arrived ? await whyElsewhere(open.page, wanted) : visited.why;
  } finally {
    await open.close();
  }
}
