// What is wrong with a page that was looked at: pure functions from what was seen to sentences. Used by the checks of this folder.
import type { CheckContext, Page } from '../../gates/model.ts';
import { wordsFor } from '../instruments/browser/locate.ts';
import { ownOrigins } from '../instruments/browser/open-browser.ts';
import type { PageRecord, SeenRequest } from '../instruments/browser/watch-page.ts';
import type { Look } from './look.ts';

/** So many of a kind are named; more would hide the first. */
const NAMED = 3;
const QUOTED = 160;

const quoted = (text: string): string => (text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text);

function list(lines: readonly string[]): readonly string[] {
  const unique = [...new Set(lines)];
  const more = unique.length - NAMED;
  return more > 0 ? [...unique.slice(0, NAMED), `And ${more} more of the kind.`] : unique;
}

/** Without its query, whose values may be anybody's. */
function told({ method, url }: SeenRequest): string {
  return `${method} ${new URL(url).pathname}`;
}

/** An answer that a stranger may well get: it says that there is no session. */
const isNoSession = ({ status, type }: SeenRequest): boolean => (status === 401 || status === 403) && (type === 'fetch' || type === 'xhr');

/** Whose requests are judged. */
export interface Asking {
  /** Requests to others are not the page's own. */
  readonly origins: readonly string[];
  /** Without a session. */
  readonly isStranger: boolean;
  /** Paths that are answered 4xx by design. */
  readonly refusals?: readonly string[];
}

export function askingOf(context: Pick<CheckContext, 'url' | 'surface'>): Omit<Asking, 'isStranger'> {
  return { origins: ownOrigins(context), refusals: context.surface.web?.expectedRefusals ?? [] };
}

/** What a page breaks off itself (`net::ERR_ABORTED`) has not failed. */
export function findFailedRequests(requests: readonly SeenRequest[], { origins, isStranger, refusals = [] }: Asking): readonly string[] {
  const own = requests.filter(({ url, type }) => origins.includes(URL.parse(url)?.origin ?? '') && type !== 'document');
  const isByDesign = ({ url, status = 0 }: SeenRequest): boolean => status < 500 && refusals.includes(new URL(url).pathname);
  return own.flatMap((request) => {
    const { status, failure } = request;
    const isAllowed = isByDesign(request) || (isStranger && isNoSession(request));
    if (status !== undefined && status >= 400 && !isAllowed) return [`${told(request)} was answered ${status}.`];
    return failure === undefined || failure.includes('ERR_ABORTED') ? [] : [`${told(request)} failed: ${failure}.`];
  });
}

/** Errors, failed requests and interruptions, each once. */
export function findRecordFlaws(record: PageRecord, asking: Asking): readonly string[] {
  const errors = record.consoleErrors.filter((text) => !text.startsWith('[Report Only]'));
  return [
    ...list(record.exceptions.map((text) => `Uncaught exception: ${quoted(text)}.`)),
    ...list(errors.map((text) => `Error on its console: ${quoted(text)}.`)),
    ...list(findFailedRequests(record.requests, asking)),
    ...list(record.interruptions.map((what) => `It stood in the way: ${what}.`)),
  ];
}

/** The page's name or heading says that it is an error, whatever its status says. */
const ERROR_TITLE =
  /^\W*(?:error\s+)?[45]\d\d\s*(?:$|[:|·–—-])|internal server error|application error|bad gateway|service unavailable|something went wrong|not found/i;

/** For a page of which nobody says what it must show: is it an error page that was answered 200? `nowhere`: what an address that cannot exist shows. */
function findDisguisedError({ title, headings, text }: Look, nowhere: string | undefined): readonly string[] {
  const said = [title, ...headings].find((words) => ERROR_TITLE.test(words));
  if (said !== undefined) return [`It was answered 200, and says "${quoted(said)}".`];
  return nowhere !== undefined && text !== '' && text === nowhere ? ['It shows what an address that cannot exist shows.'] : [];
}

const seenInstead = ({ text }: Look): string => (text === '' ? 'There is nothing to be read.' : `What is seen begins with "${quoted(text.slice(0, 80))}".`);

export function findMissingFlaws(seen: Look): readonly string[] {
  return seen.missing.length === 0 ? [] : [`It does not show ${seen.missing.map(wordsFor).join(', ')}. ${seenInstead(seen)}`];
}

/** Without its query and a slash at its end. */
export const pathOf = (path: string): string => path.split(/[?#]/)[0]?.replace(/(?<=.)\/$/, '') ?? path;

export function findWrongEnd(page: Pick<Page, 'path'>, { endedAt }: Pick<Look, 'endedAt'>): readonly string[] {
  return pathOf(endedAt) === pathOf(page.path) ? [] : [`It ended at ${pathOf(endedAt)} instead of ${pathOf(page.path)}.`];
}

/** Whether the surface names something for it to show, and all of that was seen, be it in a shadow root, whose text is not read. */
export function showsAllNamed({ shows = [] }: Pick<Page, 'shows'>, { missing }: Pick<Look, 'missing'>): boolean {
  return shows.length > 0 && missing.length === 0;
}

/** What is wrong with what the page shows. `nowhere`: text of an address that cannot exist, where it is known. */
export function findLookFlaws(page: Page, seen: Look, nowhere: string | undefined): readonly string[] {
  if (!seen.visit.arrived) return [seen.visit.why];
  const { status } = seen.visit;
  const isBlank = seen.text === '' && !seen.hasMore && !showsAllNamed(page, seen);
  return [
    ...(status >= 200 && status < 300 ? [] : [`It was answered ${status}, expected 200.`]),
    ...findWrongEnd(page, seen),
    ...(isBlank ? ['It shows nothing.'] : findMissingFlaws(seen)),
    ...(page.shows === undefined || page.shows.length === 0 ? findDisguisedError(seen, nowhere) : []),
    ...(seen.title === '' ? ['It has no title.'] : []),
    ...(page.title === undefined || page.title === seen.title ? [] : [`Its title is "${quoted(seen.title)}", expected "${page.title}".`]),
  ];
}
