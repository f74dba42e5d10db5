// Measures whether the light and the dark theme can be chosen, are kept, follow the system where nothing was chosen, and can be read.
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, Page, Theme } from '../../gates/model.ts';
import { wordsFor } from '../instruments/browser/locate.ts';
import { openBrowser, type OpenBrowser } from '../instruments/browser/open-browser.ts';
import { visit } from '../instruments/browser/visit.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { findMissing, StuckPage, withPage } from './look.ts';
import { browserInstrument, NotRun, requireAccount } from './page-cases.ts';
import { judgeThemes, mergeTries, THEME_CASES } from './theme-cases.ts';
import { NoTheme, takeLooks } from './theme-looks.ts';

const Options = z.object({});
type Options = z.infer<typeof Options>;

/** Pages of a kind that the toggle is looked for on; one that is there for everybody is on the first. */
const TRIED = 2;
const TOGGLE_SHOWS_MS = 5_000;

interface Start {
  readonly page: Page;
  readonly other: Page | undefined;
  readonly as: string | undefined;
}

/** Pages that need a login come first: people spend their time there. */
async function findStart(context: CheckContext, browser: OpenBrowser, theme: Theme): Promise<Start> {
  const { pages } = context.surface;
  const as = context.accounts.names.length === 0 ? undefined : await requireAccount(context);
  const kinds = [...(as === undefined ? [] : [{ access: 'authenticated', as }]), { access: 'public', as: undefined }];
  const tried: string[] = [];
  for (const kind of kinds) {
    const fitting = pages.filter(({ access }) => access === kind.access);
    for (const page of fitting.slice(0, TRIED)) {
      tried.push(page.path);
      const other = fitting.find(({ id }) => id !== page.id);
      if (await hasToggle(browser, kind.as, page, theme)) return { page, other, as: kind.as };
    }
  }
  if (as === undefined)
    throw new NotRun(`${wordsFor(theme.toggle)} is on no page that can be seen without a login (${tried.join(', ')}), and the environment has no accounts.`);
  throw new NoTheme(`${wordsFor(theme.toggle)} is not to be seen on ${tried.join(', ')}.`);
}

function hasToggle(browser: OpenBrowser, as: string | undefined, { path }: Page, { toggle }: Theme): Promise<boolean> {
  return withPage(browser, as, async (opened) => {
    const { arrived } = await visit(opened, path);
    return arrived && (await findMissing(opened.page, [toggle], TOGGLE_SHOWS_MS)).length === 0;
  });
}

async function tryThemes(context: CheckContext, browser: OpenBrowser, theme: Theme): Promise<readonly Case[]> {
  const all = (state: 'failed' | 'not-run', detail: string): readonly Case[] => THEME_CASES.map((id) => ({ id, state, detail }));
  try {
    const { page, other, as } = await findStart(context, browser, theme);
    return judgeThemes(await takeLooks({ context, browser, theme, as }, page, other), theme);
  } catch (error) {
    if (error instanceof NoTheme || error instanceof StuckPage) return all('failed', error.message);
    if (error instanceof NotRun) return all('not-run', error.message);
    throw error;
  }
}

async function* measure(context: CheckContext): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const theme = context.surface.web?.theme;
  const browser = await openBrowser(context);
  try {
    yield { kind: 'progress', text: theme === undefined ? 'nothing to choose' : 'choosing light and dark' };
    const cases = theme === undefined ? withoutTheme() : await twice(() => tryThemes(context, browser, theme));
    context.signal.throwIfAborted();
    yield { kind: 'measurement', measurement: measureCases(context, 'pages.themes', cases, startedAt, browserInstrument(browser)) };
    yield { kind: 'end-of-round' };
  } finally {
    await browser.close();
  }
}

async function twice(attempt: () => Promise<readonly Case[]>): Promise<readonly Case[]> {
  const first = await attempt();
  return first.some(({ state }) => state === 'failed') ? mergeTries(first, await attempt()) : first;
}

function withoutTheme(): readonly Case[] {
  const detail = 'The surface does not say how a theme is chosen (`web.theme`); where nobody can choose, declare the row not applicable.';
  return THEME_CASES.map((id) => ({ id, state: 'not-run', detail }));
}

export const pageThemes: Check<Options> = {
  id: 'page-themes',
  title: 'Light and dark, chosen and kept',
  about: {
    proves:
      'A person can choose between light and dark; the choice is kept over a reload and on other pages, and is seen from the first sight on; where nothing was chosen the page follows the system; and both themes look different and can be read.',
    how: "A Chromium opens the first page that shows the toggle, once with a system that prefers dark and once with one that prefers light. In the latter it presses the toggle, reloads, goes to another page, comes back and presses it again. Each time it reads the attribute that names the theme, and the colours of most of the text that is seen and of what lies behind it, layers laid over each other. A reload with dark chosen tells by the browser's own times whether the page said dark before its first contentful paint. If anything fails, all is done once more: what then passes is flaky.",
    source: "WCAG 2.1, success criterion 1.4.3: a contrast of at least 4.5:1 for text. The toggle and the attribute are the surface's (`surface.web.theme`).",
    leavesOpen:
      "The colours are those of most of the text on one page; single texts, icons and other pages are accessibility's and visual-regression's. Pictures that differ by theme are not looked at. A background that is a picture or a gradient is not seen.",
    whenItFails:
      'A choice that is not kept mostly is not stored, or is read by one page alone. Light seen before dark is a theme that is set by a script after the first paint: it belongs into the answer or into a blocking script of the head. Colours that do not change are variables that the dark theme does not set, or a stylesheet that was not migrated.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['browser'],
  wants: ['accounts'],
  locks: ['browser'],
  after: [],
  options: Options,
  presets: { pr: {}, full: {} },
  metrics: { 'pages.themes': { title: 'Themes are chosen, kept and readable', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'pages.themes', required: 'all' }],
  // Six visits of two seconds and twenty requests: measured on the twin with room.
  estimate: () => ({ requests: 120, seconds: 14 }),
  timeoutMs: () => 240_000,
  measure,
};
