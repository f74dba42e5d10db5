// Brings a page to where it is to be looked at: opened, shown, in its theme, at rest, in a state. Says in words what kept it from it. Used by the checks of this suite.
import { stripVTControlCharacters } from 'node:util';
import type { Locator, Page as SurfacePage, PageState, Theme } from '../../gates/model.ts';
import { inTime } from '../instruments/browser/in-time.ts';
import { locate, take, wordsFor } from '../instruments/browser/locate.ts';
import type { OpenPage, Page } from '../instruments/browser/open-browser.ts';
import { elsewhere, visit, wordsOf } from '../instruments/browser/visit.ts';
import { COME_TO_REST } from './page-script.ts';
import type { ThemeName } from './places.ts';

/** After the load event a page has this long to show what it is for; its data comes later than itself. ms */
export const SHOWN_MS = 10_000;
/** Of a page that does not say what it shows, this long is waited for what it asks the API: who is logged in, and then where to lead. ms */
const ASKED_MS = 3_000;

/** An application may take its theme from the system only once its script runs: it has this long before it is told by hand, ms. */
const FOLLOWS_MS = 2_000;

/** Undefined: it is there. Otherwise why it is not, as one sentence. */
export type Obstacle = string | undefined;

export async function arrive(open: Pick<OpenPage, 'page' | 'url'>, wanted: SurfacePage): Promise<Obstacle> {
  const visited = await visit(open, wanted.path);
  if (!visited.arrived) return visited.why;
  const { shows = [] } = wanted;
  if (shows.length === 0) await inTime(open.page.waitForLoadState('networkidle', { timeout: ASKED_MS }));
  const missing = await firstMissing(open.page, shows, SHOWN_MS);
  if (missing === undefined) await open.page.evaluate(COME_TO_REST);
  const led = elsewhere(open.page.url(), open.url(wanted.path));
  return missing === undefined ? led : [`${wordsFor(missing)} was not shown within ${SHOWN_MS / 1000} s.`, led].filter(Boolean).join(' ');
}

/** The first of these that cannot be seen within the time. */
export async function firstMissing(page: Page, wanted: readonly Locator[], timeoutMs: number): Promise<Locator | undefined> {
  for (const one of wanted) {
    const isShown = await locate(page, one)
      .filter({ visible: true })
      .first()
      .waitFor({ state: 'visible', timeout: timeoutMs })
      .then(
        () => true,
        () => false,
      );
    if (!isShown) return one;
  }
  return undefined;
}

/** The context prefers the theme already; where a person can choose and the page shows the other one all the same, it is chosen. */
export async function takeTheme(page: Page, wanted: ThemeName, theme: Theme | undefined): Promise<Obstacle> {
  if (theme === undefined) return undefined;
  const shown = page.locator(theme.selector).first();
  const value = theme[wanted];
  const isWanted = (timeout: number): Promise<void> =>
    page
      .locator(`${theme.selector}[${theme.attribute}=${JSON.stringify(value)}]`)
      .first()
      .waitFor({ state: 'attached', timeout });
  try {
    if ((await shown.getAttribute(theme.attribute, { timeout: SHOWN_MS })) === value || (await inTime(isWanted(FOLLOWS_MS)))) return undefined;
    await locate(page, theme.toggle).click({ timeout: SHOWN_MS });
    await isWanted(SHOWN_MS);
  } catch (error) {
    return `It did not become ${wanted} by ${wordsFor(theme.toggle)}: ${troubleWords(error)}`;
  }
  await page.evaluate(COME_TO_REST);
  return undefined;
}

export async function takeState(page: Page, { steps, shows }: PageState, tag: string): Promise<Obstacle> {
  try {
    for (const step of steps) await take(page, step, tag, SHOWN_MS);
  } catch (error) {
    return `A step could not be taken: ${troubleWords(error)}`;
  }
  if ((await firstMissing(page, [shows], SHOWN_MS)) !== undefined) return `${wordsFor(shows)} was not shown within ${SHOWN_MS / 1000} s.`;
  await page.evaluate(COME_TO_REST);
  return undefined;
}

/** What kept a page from doing something after it had loaded: a time that ran out is not its loading. */
export function troubleWords(error: unknown): string {
  const waited = error instanceof Error ? /waiting for (.+)$/m.exec(stripVTControlCharacters(error.message))?.[1] : undefined;
  if (error instanceof Error && error.name === 'TimeoutError') return `${waited ?? 'what it takes'} did not come within ${SHOWN_MS / 1000} s.`;
  return wordsOf(error);
}
