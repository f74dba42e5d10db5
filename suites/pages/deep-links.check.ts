// Measures whether pages can be opened by their address alone: by whom they are for, and by nobody else; and what an address that is none answers.
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent, Page } from '../../gates/model.ts';
import type { OpenBrowser } from '../instruments/browser/open-browser.ts';
import { openByAddress, openByStranger, openNowhere } from './deep-link-cases.ts';
import { measureTasks, type Task } from './page-cases.ts';

const Options = z.object({
  /** Pages open at a time. */
  concurrency: z.int().min(1).max(8).default(3),
});
type Options = z.infer<typeof Options>;

function planPage(context: CheckContext, browser: OpenBrowser, page: Page): readonly Task[] {
  const own: Task = { id: page.id, attempt: (isLast) => openByAddress({ context, browser, page, isLast }) };
  if (page.access === 'public') return [own];
  return [own, { id: `${page.id}/stranger`, attempt: (isLast) => openByStranger({ context, browser, page, isLast }) }];
}

function measure(context: CheckContext, { concurrency }: Options): AsyncIterable<CheckEvent> {
  const { pages } = context.surface;
  return measureTasks(context, { metric: 'pages.deep-links', text: 'opening pages by their address', concurrency }, (browser) => [
    ...pages.flatMap((page) => planPage(context, browser, page)),
    ...(pages.length === 0 ? [] : [{ id: 'unknown-address', attempt: (isLast: boolean) => openNowhere({ context, browser, isLast }) }]),
  ]);
}

export const deepLinks: Check<Options> = {
  id: 'deep-links',
  title: 'Pages opened by their address alone',
  about: {
    proves:
      'Every page of the surface can be opened, bookmarked and sent to others: its address alone leads to it and shows what a link in the application leads to; a page that needs a login shows nothing of itself to a stranger; and an address that is none says so, to machines and to people.',
    how: 'A Chromium opens each page by its address in a context where nothing was opened before, the public ones without a session and the others with that of the first account: it must end at that address and show what the surface names. Then, in the same context, a link to it is looked for on other pages of its kind and followed: what the surface names and the main headings must be the same. Each page that needs a login is opened without one: it must lead to the login page, be refused (401, 403 or 404), or show nothing of what it shows to the account. An address that cannot exist must be answered 404 by a page with a title and text. A failed case is put once more: if it then passes it is flaky. Of what failed a picture is kept.',
    source:
      "Waiting times are its own: twenty seconds to load, ten to show, ten to answer the browser. What pages show is the surface's (suites/naap-web.ts and `surface.pages` of the environment).",
    leavesOpen:
      "Addresses of single things (a post, a transaction) are looked at only where the surface names them as pages. What a page's first answer holds that no person sees is not read. Whether a stranger is led back to the page after the login is not asked for. That roles are kept apart is api-auth's.",
    whenItFails:
      'A deep link that ends at the home page mostly is a router that knows addresses only once it has started, or a rewrite rule that is missing at the edge; one that ends at the login page is a session that is read too late. A page shown to a stranger is a guard that runs in the browser alone, or a matcher of the middleware that leaves the page out; one that fails for a stranger (500) mostly is code that expects a session where there is none. An unknown address answered 200 is a catch-all that answers for everything.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['browser'],
  wants: ['accounts'],
  locks: ['browser'],
  after: [],
  options: Options,
  presets: { pr: { concurrency: 3 }, full: { concurrency: 3 } },
  metrics: { 'pages.deep-links': { title: 'Addresses lead to their pages', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'pages.deep-links', required: 'all' }],
  // Three visits a page, of two seconds and twenty requests each: measured on the twin with room.
  estimate: ({ concurrency }, { pages }) => ({ requests: pages.length * 60, seconds: 2 + Math.ceil((pages.length * 6) / concurrency) }),
  timeoutMs: () => 400_000,
  measure,
};
