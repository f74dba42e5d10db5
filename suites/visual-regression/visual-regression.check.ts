// Measures whether pages look as they did before: pictures of each, beside those of the live legacy side. Bound to "Visual regression tests passing" (plan §2.3).
import { z } from 'zod';
import { type Check, type CheckContext, type CheckEvent } from '../../gates/model.ts';
import { hasSide } from '../instruments/address.ts';
import { openBrowser } from '../instruments/browser/open-browser.ts';
import { lastingAccount } from '../instruments/lasting-account.ts';
import { runParallel } from '../instruments/run-parallel.ts';
import type { Scene } from './capture.ts';
import { type PictureCase, type Task, keepCompared, pictureCase } from './picture-cases.ts';

const Options = z.strictObject({
  /** Widths and themes that every page is taken in. CSS pixels. */
  views: z.array(z.strictObject({ width: z.int().min(200).max(4000), theme: z.enum(['light', 'dark']) })).min(1),
  /** Below it a page is not looked at, CSS pixels. */
  maxHeight: z.int().min(200).max(16_000),
  /** Colour distance up to which two pixels are the same, 0…1. */
  threshold: z.number().min(0).max(1),
  /** Pixels of a picture that may differ beyond it. */
  pixels: z.int().min(0),
  /** Pages open at a time. */
  parallel: z.int().min(1).max(8),
});
type Options = z.infer<typeof Options>;

/** A phone, a tablet upright, a laptop. */
const WIDTHS = [360, 768, 1280] as const;
const FULL: Options = {
  views: WIDTHS.flatMap((width) => [
    { width, theme: 'light' as const },
    { width, theme: 'dark' as const },
  ]),
  // Chromium's own limit for a picture is 16 384; of longer pages eight thousand tell enough.
  maxHeight: 8000,
  // A fifth of pixelmatch's default, which is for pictures of different browsers: see `source`.
  threshold: 0.02,
  pixels: 8,
  parallel: 2,
};
/** Every width and theme but not each with each: what breaks in one of them alone is seen at a third of the cost. */
const PR: Options = {
  ...FULL,
  views: [
    { width: 360, theme: 'dark' },
    { width: 1280, theme: 'light' },
  ],
};

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const browser = await openBrowser(context);
  try {
    const account = lastingAccount(context.accounts);
    const scene: Scene = { context, browser, account, at: startedAt, maxHeight: options.maxHeight };
    const tasks = context.surface.pages.flatMap((page) => options.views.map((view): Task => ({ page, view })));
    const hasLegacy = hasSide(context, 'legacy');
    const results: PictureCase[] = [];
    for await (const result of runParallel(
      tasks.map((task) => () => pictureCase(scene, task, options, hasLegacy)),
      options.parallel,
    )) {
      results.push(result);
      yield { kind: 'progress', text: 'taking pictures of every page', done: results.length, total: tasks.length };
    }
    await keepCompared(scene, results);
    const cases = results.map((result) => result.case).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    yield {
      kind: 'measurement',
      measurement: {
        metric: 'pages.pictures',
        labels: { side: 'target' },
        n: cases.filter(({ state }) => state !== 'not-run').length,
        startedAt: startedAt.toISOString(),
        endedAt: context.clock.now().toISOString(),
        instrument: { name: 'pictures', version: browser.version, healthy: true, facts: { pages: context.surface.pages.length, views: options.views.length } },
        payload: { shape: 'cases', cases },
      },
    };
    yield { kind: 'end-of-round' };
  } finally {
    await browser.close();
  }
}

/** Of a page on one side, twice where it differs, s: opened, idle for half a second, taken at least twice. */
const PICTURE_SECONDS = 2;
/** A page, its assets and what it asks of the API. */
const PICTURE_REQUESTS = 12;

export const visualRegression: Check<Options> = {
  id: 'visual-regression',
  title: 'Pictures of pages beside those of before',
  about: {
    proves: 'Every page that the surface names looks on the target as it does on the legacy side, on a phone and on a laptop, in light and in dark.',
    how: 'Each page is opened in a fresh browser context as the first account of the environment, on the target and right after it on the legacy side. The clock is fixed, animations and the caret are stopped, fonts and images awaited, what the page names as `dynamic` is painted over, and pictures of the whole page (8000 px of it at the most) are taken until two in a row are equal. The two sides are compared by pixelmatch; pages of different sizes differ. A page that differs is taken again on both sides; if it then is as before, it is flaky. Expected, actual and difference are kept, and shown side by side in the report. Profile pr takes 360 px dark and 1280 px light; full takes 360, 768 and 1280 px, each light and dark.',
    source:
      'Both sides are drawn by the same browser on the same machine, where 16 pictures of equal applications were equal to the last pixel (measured, with a threshold of 0.01). So the colour threshold is 0.02, a fifth of the default of pixelmatch: two greys that differ by 6 of 255 differ, where the default lets 26 pass. What pixelmatch takes for antialiasing is left out, and 8 pixels of a picture may differ beyond that, whatever its size: a share would let a missing icon pass on a long page. A button that moved by three pixels differed in a thousand (measured).',
    leavesOpen:
      'Only the pages that the surface names, in the state that they open in. What is painted over is not compared. Other browsers draw otherwise. Whether it looks good is for the UX review. Where there is no legacy side the pictures are kept and nothing is compared: NO_BASELINE.',
    whenItFails:
      "Look at the three pictures in the report. If much differs slightly, it mostly is a font that did not load or a stylesheet in another order. If only heights differ, look for data that one side has and the other has not. If the change is meant, show it to the UX lead and waive the row; if it changes by itself, add its selector to the page's `dynamic`.",
  },
  revision: 1,
  effects: ['read'],
  needs: ['browser'],
  wants: ['accounts', 'legacy'],
  // What other checks write meanwhile would stand on the pages.
  locks: ['browser', 'target'],
  after: [],
  options: Options,
  presets: { pr: PR, full: FULL },
  metrics: { 'pages.pictures': { title: 'Pages look as before', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'pages.pictures', required: 'all' }],
  estimate: ({ views, parallel }, { pages }) => ({
    seconds: Math.ceil((pages.length * views.length * 2 * PICTURE_SECONDS) / parallel),
    requests: pages.length * views.length * 4 * PICTURE_REQUESTS,
  }),
  // Of 40 pages, each taken twice on two sides on a machine that is busy.
  timeoutMs: ({ views, parallel }) => Math.ceil((40 * views.length * 4 * PICTURE_SECONDS * 1000) / parallel) + 60_000,
  measure,
};
