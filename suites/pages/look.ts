// Opens a page as a person does and tells what was seen. Used by the checks of this folder.
import type { CheckContext, Locator, Page } from '../../gates/model.ts';
import { locate } from '../instruments/browser/locate.ts';
import type { OpenBrowser, OpenPage, Page as BrowserPage } from '../instruments/browser/open-browser.ts';
import { type Visit, visit, wordsOf } from '../instruments/browser/visit.ts';

/** What a page is for must be seen within this time after it has loaded, ms. */
export const SHOW_MS = 10_000;
/** How long a page's own requests are waited for, so that those that fail late are seen too; one that never rests is no worse for it, ms. */
const REST_MS = 4_000;
const PICTURE_MS = 5_000;
/** A page answers the browser in milliseconds. One that owes it an answer for so long is kept busy by its own script, and would owe it for ever, ms. */
const ANSWER_MS = 10_000;

export interface Look {
  readonly visit: Visit;
  /** Path and query that the browser ended at. */
  readonly endedAt: string;
  readonly missing: readonly Locator[];
  readonly title: string;
  /** Texts of what is seen of `h1`, sorted. */
  readonly headings: readonly string[];
  /** What a person can read, white space made one. */
  readonly text: string;
  /** Whether there is something besides text: a picture, a drawing, a form. */
  readonly hasMore: boolean;
}

const READ = `(() => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getClientRects().length > 0;
  const plain = (text) => (text ?? '').replace(/\\s+/g, ' ').trim();
  return {
    title: plain(document.title),
    headings: [...document.querySelectorAll('h1')].filter(seen).map((one) => plain(one.textContent)).sort(),
    text: document.body !== null && seen(document.body) ? plain(document.body.innerText) : '',
    hasMore: [...document.querySelectorAll('img, svg, canvas, video, iframe, input')].some(seen),
  };
})()`;
type Read = Pick<Look, 'title' | 'headings' | 'text' | 'hasMore'>;
const NOTHING: Read = { title: '', headings: [], text: '', hasMore: false };

/** Without its query, whose values may be anybody's. */
const pathIn = (page: Pick<BrowserPage, 'url'>): string => URL.parse(page.url())?.pathname ?? 'The page';

/** Thrown where a page does not answer the browser; its message is the finding. */
export class StuckPage extends Error {}

/** What the browser asks inside of a page without a time limit of its own. Throws StuckPage where there is no answer within `limitMs`. */
export async function answerOf<Answer>(page: Pick<BrowserPage, 'url'>, asked: Promise<Answer>, limitMs = ANSWER_MS): Promise<Answer> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new StuckPage(`${pathIn(page)} is stuck: it has not answered the browser for ${limitMs / 1000} s.`)), limitMs);
  try {
    return await Promise.race([asked, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether it comes to be seen within `timeoutMs`. */
async function comesToBeSeen(page: BrowserPage, named: Locator, timeoutMs: number): Promise<boolean> {
  const found = locate(page, named).filter({ visible: true }).first();
  return found.waitFor({ state: 'visible', timeout: timeoutMs }).then(
    () => true,
    () => false,
  );
}

/** Those that are not seen within `timeoutMs`. */
export async function findMissing(page: BrowserPage, shows: readonly Locator[], timeoutMs = SHOW_MS): Promise<readonly Locator[]> {
  const seen = await Promise.all(shows.map((named) => comesToBeSeen(page, named, timeoutMs)));
  return shows.filter((_, index) => seen[index] === false);
}

/** Waits until the page has asked for nothing for half a second, or no longer. */
export async function rest(page: BrowserPage): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: REST_MS }).catch(() => undefined);
}

/** Undefined for a page that is just being replaced. */
async function tryToRead(page: BrowserPage): Promise<Read | undefined> {
  try {
    return (await answerOf(page, page.evaluate(READ))) as Read;
  } catch (error) {
    if (error instanceof StuckPage) throw error;
    return undefined;
  }
}

/** A page that is just being replaced is read once more when the next one has come. Throws StuckPage. */
export async function read(page: BrowserPage): Promise<Read> {
  // What Chromium shows where the server sent nothing is not the application's.
  if (page.url().startsWith('chrome-error:')) return NOTHING;
  const first = await tryToRead(page);
  if (first !== undefined) return first;
  await rest(page);
  const second = await tryToRead(page);
  if (second === undefined) throw new StuckPage(`${pathIn(page)} could not be read: it is replaced again and again.`);
  return second;
}

export function endOf(page: BrowserPage): string {
  const { pathname, search } = new URL(page.url() === '' ? 'about:blank' : page.url());
  return `${pathname}${search}`;
}

/** Goes to the page's address, waits for what it must show, and for its requests. Throws StuckPage. */
export async function look(opened: OpenPage, { path, shows = [] }: Pick<Page, 'path' | 'shows'>): Promise<Look> {
  const { page } = opened;
  const visited = await visit(opened, path);
  if (!visited.arrived && visited.status === undefined) return { visit: visited, endedAt: endOf(page), missing: shows, ...NOTHING };
  const missing = visited.arrived ? await findMissing(page, shows) : shows;
  await rest(page);
  return { visit: visited, endedAt: endOf(page), missing, ...(await read(page)) };
}

/** In a context of its own, which is closed afterwards. */
export async function withPage<Answer>(browser: OpenBrowser, as: string | undefined, work: (opened: OpenPage) => Promise<Answer>): Promise<Answer> {
  const opened = await browser.page(as === undefined ? {} : { as });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** What a person would have seen, among the artifacts. A page that does not hold still for it is told of in the log. */
export async function keepPicture(context: CheckContext, { page }: OpenPage, name: string): Promise<void> {
  try {
    await context.artifacts.put(`${name}.png`, 'image/png', await page.screenshot({ timeout: PICTURE_MS }));
  } catch (error) {
    context.log(`no picture of ${name}: ${wordsOf(error)}`);
  }
}
