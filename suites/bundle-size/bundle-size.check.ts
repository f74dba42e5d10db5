// Measures what the browser transfers for every page and every plugin. Bound to "Bundle size within 10% of baseline" (plan §2.3).
import { z } from 'zod';
import { type Check, type CheckContext, type CheckEvent, type Measurement, PAGE_BYTES_MEDIA_TYPE, type SideName } from '../../gates/model.ts';
import { openBrowser } from '../instruments/browser/open-browser.ts';
import { lastingAccount } from '../instruments/lasting-account.ts';
import { runParallel } from '../instruments/run-parallel.ts';
import { type Load, type SideLoads, figuresOf, tableOf } from './figures.ts';
import { pagesToWeigh } from './pages-to-weigh.ts';
import { weighPage } from './weigh-page.ts';

const Options = z.strictObject({
  sides: z.array(z.enum(['target', 'legacy'])).min(1),
  /** Loads of every page on each side; the heaviest counts. */
  loads: z.int().min(1).max(10),
  /** Pages open at a time. */
  parallel: z.int().min(1).max(8),
});
type Options = z.infer<typeof Options>;

const PR: Options = { sides: ['target'], loads: 1, parallel: 2 };
const FULL: Options = { ...PR, loads: 2 };
const BOTH: readonly SideName[] = ['target', 'legacy'];

async function* measure(context: CheckContext, { sides, loads: times, parallel }: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now().toISOString();
  const account = lastingAccount(context.accounts);
  const browser = await openBrowser(context);
  try {
    const pages = await pagesToWeigh(context, account);
    const tasks = pages.flatMap((page) => sides.flatMap((side) => Array.from({ length: times }, () => ({ page, side }))));
    const loads: Load[] = [];
    for await (const load of runParallel(
      tasks.map(({ page, side }) => async (): Promise<Load> => ({ page, side, weight: await weighPage(context, browser, page, { side, account }) })),
      parallel,
    )) {
      loads.push(load);
      yield { kind: 'progress', text: 'weighing every page', done: loads.length, total: tasks.length };
    }
    const bySide: readonly SideLoads[] = sides.map((side) => ({ side, loads: loads.filter((one) => one.side === side) }));
    await context.artifacts.put('bundle-size/pages.json', PAGE_BYTES_MEDIA_TYPE, JSON.stringify(tableOf(bySide), null, 2));
    const span = { startedAt, endedAt: context.clock.now().toISOString() };
    for (const figure of figuresOf(bySide, browser.version)) yield { kind: 'measurement', measurement: { ...figure, ...span } satisfies Measurement };
    yield { kind: 'end-of-round' };
  } finally {
    await browser.close();
  }
}

/** Of a page, opened and idle for half a second, s. */
const LOAD_SECONDS = 2;
const LOAD_REQUESTS = 12;
/** Plugins are known only when they are asked for. plan §2.2: "All 12 plugin frontends". */
const PLUGINS = 12;

const BYTES = { unit: 'bytes', shape: 'value', better: 'lower', repeatable: true } as const;

export const bundleSize: Check<Options> = {
  id: 'bundle-size',
  title: 'Bytes transferred by page and plugin',
  about: {
    proves: 'No page and no plugin makes the browser transfer more than it did on the legacy side, beyond a tenth of it.',
    how: 'Every page of the surface, and the page of every plugin that the account has (the first whose session no other check ends), is opened in a fresh browser context with the cache off, on both sides where there is a legacy side. Counted are the bodies as they came over the wire (DevTools protocol, headers left out) until the page shows what it is for and the network is idle: documents, scripts, styles, fonts, images and media. A plugin weighs what its page loads and no other page does; one without a file of its own is judged with its page alone. What the API answers is counted by itself (`web.data-bytes`) and not judged, since it depends on the data. Decoded bytes (`web.parsed-bytes`) and the share of script and style that was not used by then (`web.unused-code`) are told beside it. Bytes hardly vary, so one round decides; profile full loads everything twice and takes the heavier one, and a page whose two loads are more than 5 % apart has no figure.',
    source:
      'Within 10 % of the baseline: plan §2.3. A tenth of a small file is below what can be noticed, so 1460 bytes more are allowed in any case: one TCP segment on Ethernet.',
    leavesOpen:
      "What is loaded by interactions. How long loading takes (web-vitals). Whether files have a hash in their names: that is read from the build's manifest (evidence of the rule bundle-manifest), whose sizes are those before compression, of all files; here it is what a visitor really pays.",
    whenItFails:
      'The table in the report tells which type grew and names the heaviest files. A script that doubled mostly is a library bundled twice or compression that is off: compare transferred with parsed bytes. If the legacy side had the code in a file shared by all pages, look whether each plugin now carries its own copy (externals of the build).',
  },
  revision: 1,
  effects: ['read'],
  needs: ['browser'],
  wants: ['accounts'],
  locks: ['browser'],
  after: [],
  options: Options,
  presets: { pr: PR, full: FULL },
  versus: { pr: { ...PR, sides: [...BOTH] }, full: { ...FULL, sides: [...BOTH] } },
  metrics: {
    'web.transferred-bytes': { title: 'Code and assets transferred', ...BYTES },
    'web.parsed-bytes': { title: 'Code and assets, decoded', ...BYTES },
    'web.data-bytes': { title: 'Answers of the API transferred', ...BYTES, repeatable: false },
    'web.unused-code': { title: 'Share of script and style that is not used on opening', unit: 'ratio', shape: 'proportion', better: 'lower' },
  },
  defaultExpect: [{ kind: 'baseline', metric: 'web.transferred-bytes', statistic: 'value', tolerance: { ratio: 0.1, atLeast: 1460 }, minSamples: 1 }],
  sides: ({ sides }) => sides,
  estimate: ({ sides, loads, parallel }, { pages }) => {
    const times = (pages.length + PLUGINS) * sides.length * loads;
    return { seconds: Math.ceil((times * LOAD_SECONDS) / parallel), requests: times * LOAD_REQUESTS };
  },
  // Of 60 pages and plugins on a machine that is busy.
  timeoutMs: ({ sides, loads, parallel }) => 60_000 + Math.ceil((2 * 60 * sides.length * loads * 2 * LOAD_SECONDS * 1000) / parallel),
  measure,
};
