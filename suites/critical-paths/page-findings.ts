// What the browser saw beside the journeys' own outcome: violations of the policy, mixed content, foreign hosts, errors of the pages. Pure; used by critical-paths.check.ts.
import type { Item, JourneyId } from '../../gates/model.ts';
import type { PageRecord, SeenRequest } from '../instruments/browser/watch-page.ts';
import type { Coverage } from './coverage.ts';

/** A tab that a journey had: nothing need ever have been shown in it. */
export interface SeenPage extends PageRecord {
  /** For people: several that one test stands for are joined by `+`. */
  readonly journey: string;
  /** None: a test that stands for no journey. */
  readonly journeys: readonly JourneyId[];
}
/** Names of hosts that pages may contact. */
export interface Own {
  readonly origins: readonly string[];
  readonly thirdParties: readonly string[];
}

export interface PageFindings {
  readonly violations: readonly Item[];
  readonly mixedContent: readonly Item[];
  readonly foreignHosts: readonly Item[];
  readonly pageErrors: readonly Item[];
}

interface Finding {
  readonly key: string;
  readonly words: string;
  readonly journey: string;
}

/** Those in which the application showed a page of its own: one that it refused, or that never came, is clean without proving anything. */
export function shownPages(pages: readonly SeenPage[], { origins }: Pick<Own, 'origins'>): readonly SeenPage[] {
  const isShown = ({ type, url, status = 0, failure }: SeenRequest): boolean =>
    type === 'document' && failure === undefined && (isGood(status) || status === NOT_MODIFIED) && origins.includes(new URL(url).origin);
  return pages.filter(({ requests }) => requests.some(isShown));
}

const isGood = (status: number): boolean => status >= 200 && status < 300;
/** The browser showed what it had. */
const NOT_MODIFIED = 304;

/** Of how many pages a set speaks: an error page proves nothing by being clean, and what it does wrong it does. */
export function examined(found: readonly Item[], pages: { readonly all: number; readonly shown: number }): number {
  return found.length === 0 ? pages.shown : pages.all;
}

/** In words: the journeys of which no page was looked at, whoever was to run them. Undefined: there are none. */
export function unwatchedWords(coverage: Coverage, shown: readonly SeenPage[]): string | undefined {
  const watched = new Set(shown.flatMap(({ journeys }) => journeys));
  const unwatched = (Object.keys(coverage) as JourneyId[]).filter((id) => !watched.has(id));
  return unwatched.length === 0 ? undefined : `no page was watched of ${unwatched.join(', ')}`;
}

export function findingsOf(pages: readonly SeenPage[], own: Own): PageFindings {
  return { violations: violations(pages), mixedContent: mixedContent(pages), foreignHosts: foreignHosts(pages, own), pageErrors: pageErrors(pages) };
}

function violations(pages: readonly SeenPage[]): Item[] {
  return distinct(
    pages.flatMap(({ violations: seen, journey }) =>
      seen.map(({ page, directive, blocked, disposition }) => ({
        key: `${page} ${directive} ${blocked}`,
        words: `${page}: ${directive} ${disposition === 'report' ? 'would forbid' : 'forbids'} ${blocked || 'what was inline'}`,
        journey,
      })),
    ),
  );
}

/** What a page of https asked for by http: sent, upgraded or blocked by the browser. */
function mixedContent(pages: readonly SeenPage[]): Item[] {
  return distinct(
    pages.flatMap(({ mixedContent: seen, journey }) =>
      seen.map(({ page, insecure }) => ({ key: `${page} ${insecure}`, words: `${page} is https and asks for ${insecure}`, journey })),
    ),
  );
}

/** What the page's own policy kept from being sent contacted nobody; it is a violation. */
function foreignHosts(pages: readonly SeenPage[], { origins, thirdParties }: Own): Item[] {
  const allowed = new Set([...origins.map((origin) => new URL(origin).host), ...thirdParties]);
  return distinct(
    pages.flatMap(({ requests, journey }) =>
      requests.flatMap(({ url, type, failure }) => {
        const { protocol, host, hostname, origin, pathname } = new URL(url);
        const isNetwork = /^(https?|wss?):$/.test(protocol);
        if (!isNetwork || failure === 'csp' || allowed.has(host) || allowed.has(hostname)) return [];
        return [{ key: host, words: `${type} ${origin}${pathname}`, journey }];
      }),
    ),
  );
}

function pageErrors(pages: readonly SeenPage[]): Item[] {
  return distinct(
    pages.flatMap(({ exceptions, consoleErrors, journey }) => [
      ...exceptions.map((text) => ({ key: `exception ${firstLine(text)}`, words: `Nothing caught: ${firstLine(text)}`, journey })),
      ...consoleErrors.map((text) => ({ key: `console ${firstLine(text)}`, words: `The console says: ${firstLine(text)}`, journey })),
    ]),
  );
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

/** One item a key, with the journeys that met it. */
function distinct(findings: readonly Finding[]): Item[] {
  return [...Map.groupBy(findings, ({ key }) => key)].map(([key, [first, ...more]]) => {
    const journeys = new Set([first, ...more].map((one) => one?.journey));
    return { key, detail: `${first?.words} (${[...journeys].join(', ')}${more.length === 0 ? '' : `, ${more.length + 1} times`})` };
  });
}
