// One run of Lighthouse on one page, in a context of its own of the browser that the check has opened, logged in where the page needs it. Used by the check.
import { randomUUID } from 'node:crypto';
import type { Flags, Result, RunnerResult } from 'lighthouse';
import type { Browser as Puppeteer, Page as PuppeteerPage } from 'puppeteer-core';
import type { Page as SurfacePage } from '../../gates/model.ts';
import type { OpenBrowser, OpenPage } from '../instruments/browser/open-browser.ts';
import { wordsOf } from '../instruments/browser/visit.ts';
import { whyElsewhere } from './arrival.ts';
import type { Try } from './series.ts';
import type { WebVitalsOptions } from './settings.ts';

export interface LabRun {
  /** The later of the two below: what happened without any slowdown cannot have happened sooner with it. */
  readonly lcpMs: number;
  /** By Lighthouse: reckoned for a slow device from what was seen, or seen under throttling. */
  readonly throttledLcpMs: number;
  /** As it happened on this machine. Lighthouse's reckoning leaves out slow answers and timers, and this does not. */
  readonly observedLcpMs: number;
  /** Selector and text of the element that was the LCP. */
  readonly lcpElement: string;
  readonly cls: number;
  /** Element that moved most; empty where nothing did. */
  readonly shifted: string;
  readonly tbtMs: number;
  /** 0…1 */
  readonly score: number;
  readonly ttfbMs: number;
  readonly benchmarkIndex: number;
  readonly result: Result;
}

export interface Lab {
  run(page: SurfacePage, account: string | undefined): Promise<Try<LabRun>>;
  /** Lighthouse's own page on a run. */
  report(result: Result): string;
  close(): Promise<void>;
}

/** A page that has not loaded by then never does, ms; Lighthouse goes on with what there is, and the page must show itself afterwards. */
const LOAD_MS = 30_000;
const PAINT_MS = 15_000;
/** Lighthouse looks on for so long after the load, ms: by default for one second, in which what a timer shows too late (LCP < 2.5 s) was never seen. */
const PAUSE_MS = 3500;
const FIND_MS = 10_000;
/** Lighthouse waits for the first answer for ever, and a run under throttling takes 20 s. ms */
const RUN_MS = 90_000;

/** `port`: the browser's DevTools. Lighthouse is loaded here, since nothing else of the command line needs it. */
export async function openLab(
  browser: OpenBrowser,
  port: number,
  options: Pick<WebVitalsOptions, 'throttling' | 'formFactor'>,
  signal: AbortSignal,
): Promise<Lab> {
  const [{ default: lighthouse, desktopConfig, generateReport }, { default: puppeteer }] = await Promise.all([import('lighthouse'), import('puppeteer-core')]);
  const devtools = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
  const flags: Flags = {
    logLevel: 'silent',
    onlyCategories: ['performance'],
    throttlingMethod: options.throttling,
    maxWaitForLoad: LOAD_MS,
    maxWaitForFcp: PAINT_MS,
    pauseAfterLoadMs: options.throttling === 'simulate' ? PAUSE_MS : undefined,
    // The context is new, so there is nothing to clear but the session that the page needs.
    disableStorageReset: true,
    disableFullPageScreenshot: true,
  };
  const config = options.formFactor === 'desktop' ? desktopConfig : undefined;
  return {
    async run(wanted, account) {
      const open = await browser.page(account === undefined ? {} : { as: account });
      try {
        const page = await findIn(devtools, open);
        const ran = await unlessAborted(lighthouse(open.url(wanted.path), flags, config, page), AbortSignal.any([signal, AbortSignal.timeout(RUN_MS)]));
        if (ran === undefined) return { why: 'Lighthouse had nothing to say.' };
        const why = whyNoFigures(ran) ?? (await whyElsewhere(open.page, wanted));
        return why === undefined ? { run: runOf(ran.lhr) } : { why };
      } catch (error) {
        signal.throwIfAborted();
        return { why: wordsOf(error) };
      } finally {
        await open.close();
      }
    },
    report: (result) => generateReport(result, 'html'),
    close: () => devtools.disconnect(),
  };
}

/** Playwright's page as Puppeteer has it, which is what Lighthouse drives: known by an address that no other page has. */
async function findIn(devtools: Puppeteer, { page }: OpenPage): Promise<PuppeteerPage> {
  const mark = `about:blank#${randomUUID()}`;
  await page.goto(mark);
  const target = await devtools.waitForTarget((one) => one.url() === mark, { timeout: FIND_MS });
  const found = await target.page();
  if (found === null) throw new Error('The browser has lost the page.');
  return found;
}

/** Lighthouse does not always notice that its browser has gone. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Whatever becomes of it after the abort is nobody's business any more.
    work.catch(() => undefined);
  }
}

function whyNoFigures({ lhr }: RunnerResult): string | undefined {
  if (lhr.runtimeError !== undefined) return `Lighthouse: ${lhr.runtimeError.message}`;
  const silent = ['largest-contentful-paint', 'cumulative-layout-shift', 'total-blocking-time'].find((id) => lhr.audits[id]?.numericValue === undefined);
  return silent === undefined ? undefined : `Lighthouse has no ${silent}: ${lhr.audits[silent]?.errorMessage ?? 'it gave no reason'}`;
}

/** Only of a result that has its figures: `whyNoFigures`. */
export function runOf(result: Result): LabRun {
  const figure = (audit: string): number => result.audits[audit]?.numericValue ?? NaN;
  const seen = itemsOf(result, 'metrics')[0];
  const throttledLcpMs = figure('largest-contentful-paint');
  const observedLcpMs = numberIn(seen, 'observedLargestContentfulPaint');
  return {
    lcpMs: Math.max(throttledLcpMs, observedLcpMs),
    throttledLcpMs,
    observedLcpMs,
    lcpElement: nodeIn(itemsOf(result, 'lcp-breakdown-insight')),
    cls: figure('cumulative-layout-shift'),
    shifted: nodeIn(itemsOf(result, 'layout-shifts')),
    tbtMs: figure('total-blocking-time'),
    score: result.categories['performance']?.score ?? NaN,
    ttfbMs: numberIn(seen, 'timeToFirstByte'),
    benchmarkIndex: result.environment.benchmarkIndex,
    result,
  };
}

type Item = Readonly<Record<string, unknown>>;

function itemsOf({ audits }: Result, audit: string): readonly Item[] {
  const details: unknown = audits[audit]?.details;
  return typeof details === 'object' && details !== null && 'items' in details && Array.isArray(details.items) ? (details.items as readonly Item[]) : [];
}

function numberIn(item: Item | undefined, key: string): number {
  const value = item?.[key];
  return typeof value === 'number' ? value : NaN;
}

/** The first node among the items of an audit, as `main > h1 "Network Platform"`. */
function nodeIn(items: readonly Item[]): string {
  const nodes = items.flatMap((item) => [item, item['node'], item['value']]).filter((one): one is Item => typeof one === 'object' && one !== null);
  const node = nodes.find(({ type }) => type === 'node');
  return node === undefined ? '' : `${String(node['selector'] ?? '')} ${JSON.stringify(String(node['nodeLabel'] ?? ''))}`.trim();
}
