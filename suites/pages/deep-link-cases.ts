// The cases of deep-links: a page by its address, the same as by a link, as a stranger, and an address that is none.
import type { CheckContext, Page } from '../../gates/model.ts';
import { locate, wordsFor } from '../instruments/browser/locate.ts';
import type { OpenBrowser, OpenPage } from '../instruments/browser/open-browser.ts';
import { visit } from '../instruments/browser/visit.ts';
import { answerOf, endOf, findMissing, keepPicture, look, type Look, read, rest, withPage } from './look.ts';
import { type Finding, requireAccount } from './page-cases.ts';
import { findMissingFlaws, findWrongEnd, pathOf, showsAllNamed } from './page-flaws.ts';

interface Putting {
  readonly context: CheckContext;
  readonly browser: OpenBrowser;
  readonly isLast: boolean;
}
interface PuttingPage extends Putting {
  readonly page: Page;
}

/** Pages that a link is looked for on; more would say no more. */
const STARTS = 2;
/** How long following a link may take, ms. */
const FOLLOW_MS = 10_000;
/** Answers by which a guard turns a stranger away; 404 where it does not tell that there is such a page. */
const REFUSALS: readonly (number | undefined)[] = [401, 403, 404];

const headingsOf = ({ headings }: Pick<Look, 'headings'>): string => headings.join(' · ');

async function conclude({ context, isLast }: Putting, opened: OpenPage, name: string, flaws: readonly string[], note = ''): Promise<Finding> {
  if (flaws.length > 0 && isLast) await keepPicture(context, opened, `deep-links ${name}`);
  return flaws.length > 0 ? { ok: false, detail: flaws.join(' ') } : { ok: true, detail: note };
}

/** In a fresh context: it arrives, stays and shows what it is for, and what a link in the application leads to is the same. */
export async function openByAddress(put: PuttingPage): Promise<Finding> {
  const { context, browser, page } = put;
  const as = page.access === 'public' ? undefined : await requireAccount(context);
  return withPage(browser, as, async (opened) => {
    const seen = await look(opened, page);
    const flaws = seen.visit.arrived ? [...findWrongEnd(page, seen), ...findMissingFlaws(seen)] : [seen.visit.why];
    if (flaws.length > 0) return conclude(put, opened, page.id, [`${page.path} opened by its address:`, ...flaws]);
    const { differs, note } = await compareWithLink(put, opened, seen);
    return conclude(put, opened, page.id, differs === undefined ? [] : [differs], note);
  });
}

interface Compared {
  readonly differs?: string;
  readonly note?: string;
}

async function compareWithLink({ context, page }: PuttingPage, opened: OpenPage, byAddress: Look): Promise<Compared> {
  const others = context.surface.pages.filter((one) => one.access === page.access && pathOf(one.path) !== pathOf(page.path)).slice(0, STARTS);
  for (const start of others) {
    const { arrived } = await visit(opened, start.path);
    if (!arrived || !(await follow(opened, page))) continue;
    const missing = await findMissing(opened.page, page.shows ?? []);
    const byLink = { ...(await read(opened.page)), missing };
    if (missing.length > 0) return { differs: `Reached by the link on ${start.path} it does not show ${missing.map(wordsFor).join(', ')}.` };
    if (headingsOf(byLink) === headingsOf(byAddress)) return {};
    return { differs: `By its address ${page.path} is headed "${headingsOf(byAddress)}", by the link on ${start.path} "${headingsOf(byLink)}".` };
  }
  const starts = others.map(({ path }) => path).join(' or ');
  return { note: `No link ${starts === '' ? '' : `on ${starts} `}led to ${page.path}, so only its address was tried.` };
}

/** The `href` of a link to the page, as it is written there, that a person can see; null: there is none. */
const FIND_LINK = `(path) => {
  const plain = (pathname) => pathname.replace(/(?<=.)\\/$/, '');
  const found = [...document.querySelectorAll('a[href]')].find((link) => {
    const url = new URL(link.href, location.href);
    return url.origin === location.origin && plain(url.pathname) === plain(path) && link.checkVisibility({ visibilityProperty: true });
  });
  return found?.getAttribute('href') ?? null;
}`;

/** Whether a link there led to the page. */
async function follow({ page: browserPage }: OpenPage, page: Page): Promise<boolean> {
  await rest(browserPage);
  try {
    const href = await answerOf(browserPage, browserPage.evaluate(`(${FIND_LINK})(${JSON.stringify(pathOf(page.path))})`));
    if (href === null) return false;
    const link = browserPage
      .locator(`a[href=${JSON.stringify(href)}]`)
      .filter({ visible: true })
      .first();
    await link.click({ timeout: FOLLOW_MS });
    await browserPage.waitForURL((url) => pathOf(url.pathname) === pathOf(page.path), { timeout: FOLLOW_MS });
  } catch {
    // A link that leads nowhere is plugin-navigate's finding, a page of links that is stuck its own case's; here there is nothing to compare with.
    return false;
  }
  await rest(browserPage);
  return true;
}

function loginPathOf({ surface }: CheckContext): string | undefined {
  const login = surface.web?.journeys['user-login'];
  return login !== undefined && 'path' in login ? pathOf(login.path) : undefined;
}

/** Flaws, and what a person should know where there is none: an overload or an error says nothing about the guard. */
export function judgeRefusal(
  { path }: Pick<Page, 'path'>,
  { why, status }: { readonly why: string; readonly status?: number },
): readonly [readonly string[], string] {
  const isRefused = REFUSALS.includes(status);
  return isRefused ? [[], `Without a session ${path} is refused: ${why}`] : [[`${path} without a session: ${why} That is no refusal.`], ''];
}

/** Nothing of what the page shows to the account is to be seen without a session. */
export async function openByStranger(put: PuttingPage): Promise<Finding> {
  const { context, browser, page } = put;
  return withPage(browser, undefined, async (opened) => {
    const seen = await look(opened, { path: page.path });
    const end = pathOf(endOf(opened.page));
    if (!seen.visit.arrived && seen.visit.status === undefined)
      return conclude(put, opened, `${page.id} stranger`, [`${page.path} without a session: ${seen.visit.why}`]);
    if (seen.visit.arrived && end === loginPathOf(context)) return { ok: true, detail: '' };
    const shown = await findShown(opened, page);
    if (shown.length > 0) return conclude(put, opened, `${page.id} stranger`, [`Without a session ${page.path} shows ${shown.join(', ')}.`]);
    if (!seen.visit.arrived) return conclude(put, opened, `${page.id} stranger`, ...judgeRefusal(page, seen.visit));
    if (end !== pathOf(page.path)) return { ok: true, detail: `Without a session ${page.path} leads to ${end}.` };
    return conclude(put, opened, `${page.id} stranger`, await findSameAsForAccount(put, seen), `Without a session ${page.path} shows nothing of its own.`);
  });
}

async function findShown({ page }: OpenPage, { shows = [] }: Page): Promise<readonly string[]> {
  const counts = await Promise.all(shows.map((named) => answerOf(page, locate(page, named).filter({ visible: true }).count())));
  return shows.filter((_, index) => (counts[index] ?? 0) > 0).map(wordsFor);
}

/** What the account alone was seen to be shown tells them apart where no text is read. */
export function readsTheSame(page: Pick<Page, 'shows'>, own: Look, stranger: Look): boolean {
  if (own.text === '' && showsAllNamed(page, own)) return false;
  return own.text === stranger.text || (headingsOf(own) !== '' && headingsOf(own) === headingsOf(stranger));
}

/** For a page that stayed at its address: does it read for a stranger as it does for the account? */
async function findSameAsForAccount({ context, browser, page }: PuttingPage, stranger: Look): Promise<readonly string[]> {
  const as = await requireAccount(context);
  const own = await withPage(browser, as, (opened) => look(opened, page));
  return readsTheSame(page, own, stranger)
    ? [`${page.path} shows a stranger what it shows to the account "${as}": "${headingsOf(own) || own.text.slice(0, 80)}".`]
    : [];
}

/** Answered 404, by a page that a person can read. */
export async function openNowhere(put: Putting): Promise<Finding> {
  const { context, browser } = put;
  const as = context.accounts.names.length === 0 ? undefined : await requireAccount(context);
  const path = `/${context.tag}-no-such-page`;
  return withPage(browser, as, async (opened) => {
    const seen = await look(opened, { path });
    const { visit: visited } = seen;
    const end = pathOf(seen.endedAt);
    if (visited.arrived) {
      const where = end === path ? 'was answered' : `led to ${end}, which was answered`;
      return conclude(put, opened, 'unknown address', [`An address that cannot exist (${path}) ${where} ${visited.status}, expected 404.`]);
    }
    if (visited.status !== 404) return conclude(put, opened, 'unknown address', [`An address that cannot exist (${path}): ${visited.why} Expected 404.`]);
    const lacks = [...(seen.title === '' ? ['no title'] : []), ...(seen.text === '' ? ['no text'] : [])];
    return conclude(put, opened, 'unknown address', lacks.length === 0 ? [] : [`The page of an address that cannot exist has ${lacks.join(' and ')}.`]);
  });
}
