// Goes through the pages of one side, two at a time, and brings back what axe saw, the cases, and what could not be looked at. Used by accessibility.check.ts.
import { type Case, type CheckContext, GateError, type PageState, type SideName } from '../../gates/model.ts';
import type { OpenBrowser, OpenPage } from '../instruments/browser/open-browser.ts';
import { runParallel } from '../instruments/run-parallel.ts';
import { lastingAccount } from '../instruments/lasting-account.ts';
import { arrive, takeState, takeTheme, troubleWords } from './arrive.ts';
import { lookWithAxe } from './axe.ts';
import type { Looked } from './findings.ts';
import { runPageCases } from './page-cases.ts';
import { type Visited, placeName } from './places.ts';

/** Pages at a time: axe and the browser keep a processor busy each. */
const AT_ONCE = 2;

/** A place that was not looked at; `why`: one sentence. */
export interface Unseen {
  readonly place: string;
  readonly why: string;
}
export interface Report {
  readonly looked: readonly Looked[];
  readonly cases: readonly Case[];
  readonly unseen: readonly Unseen[];
}
export interface Site {
  readonly context: CheckContext;
  readonly browser: OpenBrowser;
  readonly side: SideName;
  /** Puts the cases on the pages in light as well. */
  readonly withCases: boolean;
}

/** Answers as pages are done. Throws only where the check was stopped, or the browser is gone. */
export function visitSite(site: Site, visits: readonly Visited[]): AsyncGenerator<Report> {
  return runParallel(
    visits.map((visited) => () => visitPage(site, visited)),
    AT_ONCE,
  );
}

async function visitPage({ context, browser, side, withCases }: Site, visited: Visited): Promise<Report> {
  const { page, theme, states } = visited;
  const account = page.access === 'public' ? undefined : lastingAccount(context.accounts);
  const everywhere = [undefined, ...states];
  const isForCases = withCases && theme === 'light';
  const nowhere = (why: string): Report => ({
    looked: [],
    cases: isForCases ? [{ id: `opened/${page.id}`, state: 'not-run', detail: why }] : [],
    unseen: everywhere.map((state) => ({ place: placeName(visited, state), why })),
  });
  if (page.access !== 'public' && account === undefined) return nowhere('It is for people who are logged in, and the environment has no account.');
  const opened = await openFor({ browser, side }, account, theme);
  if (typeof opened === 'string') return nowhere(opened);
  try {
    const looked: Looked[] = [];
    const unseen: Unseen[] = [];
    for (const state of everywhere) {
      const seen = await lookAt(context, opened, visited, state);
      if (typeof seen === 'string') unseen.push({ place: placeName(visited, state), why: seen });
      else looked.push(seen);
    }
    const cases = isForCases ? await runPageCases(page, { open: opened, tag: context.tag, signal: context.signal }) : [];
    return { looked, cases, unseen };
  } finally {
    await opened.close();
  }
}

/** Or why there is no page, in words. */
async function openFor({ browser, side }: Pick<Site, 'browser' | 'side'>, as: string | undefined, colorScheme: 'light' | 'dark'): Promise<OpenPage | string> {
  try {
    return await browser.page({ side, colorScheme, ...(as === undefined ? {} : { as }) });
  } catch (error) {
    if (error instanceof GateError && error.code === 'LOGIN_FAILED') return error.message;
    throw error;
  }
}

async function lookAt({ surface, tag, signal }: CheckContext, open: OpenPage, visited: Visited, state: PageState | undefined): Promise<Looked | string> {
  const { page, theme } = visited;
  try {
    const obstacle =
      (await arrive(open, page)) ??
      (await takeTheme(open.page, theme, surface.web?.theme)) ??
      (state === undefined ? undefined : await takeState(open.page, state, tag));
    if (obstacle !== undefined) return obstacle;
    const look = await lookWithAxe(open.page);
    if (look.passed.length + look.violated.length === 0) return 'There was nothing on it that a rule could examine.';
    return { page: page.id, place: placeName(visited, state), look };
  } catch (error) {
    signal.throwIfAborted();
    return troubleWords(error);
  }
}
