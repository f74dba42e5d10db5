// What the browser saw beside the journeys' own outcome: violations of the policy, mixed content, foreign hosts, errors of the pages. Pure; used by critical-paths.check.ts.
import type { Item } from '../../gates/model.ts';
import type { PageRecord } from '../instruments/browser/watch-page.ts';

/** A page that a journey had open. */
export interface SeenPage extends PageRecord {
  readonly journey: string;
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
