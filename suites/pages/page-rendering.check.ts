// Measures whether every page of the surface shows what it is for, without errors: to nobody the public ones, to an account the others.
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent, Page } from '../../gates/model.ts';
import type { OpenBrowser } from '../instruments/browser/open-browser.ts';
import { keepPicture, look, withPage } from './look.ts';
import { type Attempt, type Finding, measureTasks, requireAccount } from './page-cases.ts';
import { askingOf, findLookFlaws, findRecordFlaws } from './page-flaws.ts';

const Options = z.object({
  /** Pages open at a time. */
  concurrency: z.int().min(1).max(8).default(3),
});
type Options = z.infer<typeof Options>;

const showsNothingNamed = ({ shows = [] }: Page): boolean => shows.length === 0;

/** Text that the server's pages have at an address that cannot exist; asked once for each kind of person, and only where a page needs the comparison. */
function makeNowhere(context: CheckContext, browser: OpenBrowser): (as: string | undefined) => Promise<string> {
  const known = new Map<string | undefined, Promise<string>>();
  const ask = (as: string | undefined): Promise<string> =>
    withPage(browser, as, async (opened) => (await look(opened, { path: `/${context.tag}-no-such-page` })).text);
  return (as) => {
    const asked = known.get(as) ?? ask(as);
    known.set(as, asked);
    return asked;
  };
}

async function render(context: CheckContext, browser: OpenBrowser, page: Page, nowhereOf: (as?: string) => Promise<string>, isLast: boolean): Promise<Finding> {
  const as = page.access === 'public' ? undefined : await requireAccount(context);
  return withPage(browser, as, async (opened) => {
    const seen = await look(opened, page);
    const nowhere = showsNothingNamed(page) ? await nowhereOf(as) : undefined;
    const flaws = [...findLookFlaws(page, seen, nowhere), ...findRecordFlaws(opened.record, { ...askingOf(context), isStranger: as === undefined })];
    if (flaws.length > 0 && isLast) await keepPicture(context, opened, `page-rendering ${page.id}`);
    if (flaws.length > 0) return { ok: false, detail: `${page.path}: ${flaws.join(' ')}` };
    const known = showsNothingNamed(page)
      ? `${page.path} shows something, and no more is known: the surface does not name what it must show (pages.${page.id}.shows).`
      : '';
    return { ok: true, detail: known };
  });
}

function measure(context: CheckContext, { concurrency }: Options): AsyncIterable<CheckEvent> {
  return measureTasks(context, { metric: 'pages.rendered', text: 'opening every page', concurrency }, (browser) => {
    const nowhereOf = makeNowhere(context, browser);
    return context.surface.pages.map((page) => {
      const attempt: Attempt = (isLast) => render(context, browser, page, nowhereOf, isLast);
      return { id: page.id, attempt };
    });
  });
}

export const pageRendering: Check<Options> = {
  id: 'page-rendering',
  title: 'Pages that show what they are for, without errors',
  about: {
    proves:
      'Every page that the surface names arrives in a browser, stays at its address, shows what it is for, and does so without an exception, an error on the console or a failed request of its own.',
    how: "A Chromium opens each page in a context of its own, the public ones without a session and the others with that of the first account. The answer must be 2xx, the address the page's own, the title not empty, and each thing that the surface names (`pages.….shows`) seen within ten seconds of loading. The requests are waited for until they rest; then uncaught exceptions, console errors, dialogs, and requests to the environment's own origins that failed or were answered 400 or more are findings (401 and 403 to a visitor's script are not, nor 4xx of what the surface expects to be refused: `web.expectedRefusals`). A page of which nothing is named must differ from what an address that cannot exist shows. A failed page is opened once more: if it then passes it is flaky. Of what failed a picture is kept.",
    source:
      "Waiting times are its own: twenty seconds to load, ten to show, ten to answer the browser. What must be seen is the surface's (suites/naap-web.ts and `surface.pages` of the environment).",
    leavesOpen:
      "Only what the surface names is looked for: a page may lack anything else. How it looks is visual-regression's, what can be done on it critical-paths', how fast it is web-vitals'. Without an account the pages that need a login are not run.",
    whenItFails:
      'The case tells what was not seen and what was, and the picture shows it. A request answered 500 or 501 mostly is a route that was not migrated or a proxy that points to nowhere; a console error about a policy is a Content-Security-Policy too narrow for the page; an end at the login page is a session that this page does not accept. If the page is right, correct `surface.pages`.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['browser'],
  wants: ['accounts'],
  locks: ['browser'],
  after: [],
  options: Options,
  presets: { pr: { concurrency: 3 }, full: { concurrency: 3 } },
  metrics: { 'pages.rendered': { title: 'Pages show what they are for', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'pages.rendered', required: 'all' }],
  // Two seconds and twenty requests a page: measured on the twin with room.
  estimate: ({ concurrency }, { pages }) => ({ requests: pages.length * 20, seconds: 2 + Math.ceil((pages.length * 2) / concurrency) }),
  timeoutMs: () => 300_000,
  measure,
};
