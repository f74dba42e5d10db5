// Opens a real browser on the environment: one browser for a check, a context of its own for each page, logged in or not. Used by suites that look at pages.
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { type CheckContext, GateError, type SideName } from '../../../gates/model.ts';
import { sendAccessHeaders } from './access-headers.ts';
import { sessionCookies } from './session-cookies.ts';
import { trustedKeys } from './trusted-keys.ts';
import { type PageRecord, watchPage } from './watch-page.ts';

export type { BrowserContext, Locator as FoundLocator, Page, Request as BrowserRequest } from '@playwright/test';

/** A laptop's window. CSS pixels. */
const DESKTOP = { width: 1280, height: 800 };
/** A browser that does not start in this time will not help a measurement, ms. */
const LAUNCH_MS = 30_000;

export interface BrowserOptions {
  /** TCP port of the DevTools protocol, for tools that bring their own client (Lighthouse). Default: none. */
  readonly debuggingPort?: number;
  readonly args?: readonly string[];
}
export interface PageOptions {
  /** Default: the target. */
  readonly side?: SideName;
  /** Account whose session the page has; default: nobody's. */
  readonly as?: string;
  /** CSS pixels; default 1280 × 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
}
export interface OpenPage {
  readonly page: Page;
  readonly record: PageRecord;
  /** Absolute URL of a path of the surface on this page's side. */
  url(path: string): string;
  close(): Promise<void>;
}
export interface OpenBrowser {
  /** `Chromium 156.0.8078.79`: goes with every figure as the instrument's version. */
  readonly version: string;
  readonly browser: Browser;
  page(options?: PageOptions): Promise<OpenPage>;
  /** Lists every request of its pages among the artifacts. */
  close(): Promise<void>;
}

/**
 * Throws GateError TARGET_UNREACHABLE never: what cannot be reached is seen when a page is opened. Throws INTERNAL where the check does not
 * declare the need `browser`. Closed when the check's signal is aborted, so that whatever waits for a page ends.
 */
export async function openBrowser(context: CheckContext, { debuggingPort, args = [] }: BrowserOptions = {}): Promise<OpenBrowser> {
  const program = context.browser;
  if (program === undefined)
    throw new GateError('INTERNAL', 'A check opens pages without declaring that it needs a browser.', { remedy: "Add 'browser' to its needs." });
  context.signal.throwIfAborted();
  const keys = await trustedKeys(ownOrigins(context), context.access.ca);
  // Playwright takes a third of a second to load, which every start of the command line would wait for.
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({
    executablePath: program.path,
    timeout: LAUNCH_MS,
    // The runner cleans up after Ctrl-C; a browser that went first would look like a crash.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      // Root has no user namespaces to make a sandbox of.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(keys.length === 0 ? [] : [`--ignore-certificate-errors-spki-list=${keys.join(',')}`]),
      ...(debuggingPort === undefined ? [] : [`--remote-debugging-port=${debuggingPort}`]),
      ...args,
    ],
  });
  const close = async (): Promise<void> => browser.close();
  context.signal.addEventListener('abort', () => void close(), { once: true });
  // It was aborted while the browser started, before anybody listened.
  if (context.signal.aborted) await close();
  context.signal.throwIfAborted();
  const records: PageRecord[] = [];
  return {
    version: `Chromium ${browser.version()}`,
    browser,
    page: (options = {}) => openPage(browser, context, options, records),
    async close() {
      await close();
      await listRequests(context, records);
    },
  };
}

/** Origins of the pages and of the API of every side that the environment has. */
export function ownOrigins(context: Pick<CheckContext, 'url'>): readonly string[] {
  const origins = (['target', 'legacy'] as const).flatMap((side) => ['/', '/api/'].flatMap((path) => originOf(context, path, side)));
  return [...new Set(origins)];
}

function originOf({ url }: Pick<CheckContext, 'url'>, path: string, side: SideName): readonly string[] {
  try {
    return [new URL(url(path, side)).origin];
  } catch (error) {
    if (error instanceof GateError && error.code === 'FOREIGN_ORIGIN') return [];
    throw error;
  }
}

async function openPage(browser: Browser, context: CheckContext, options: PageOptions, records: PageRecord[]): Promise<OpenPage> {
  const { side = 'target', as, viewport = DESKTOP, colorScheme = 'light', reducedMotion = 'no-preference' } = options;
  const opened: BrowserContext = await browser.newContext({ viewport, colorScheme, reducedMotion, locale: 'en-GB', timezoneId: 'UTC' });
  try {
    if (as !== undefined) await opened.addCookies([...sessionCookies(await context.accounts.session(as, side), context.surface, context.url('/', side))]);
    const page = await opened.newPage();
    const record = await watchPage(page);
    records.push(record);
    await sendAccessHeaders(page, ownOrigins(context), context.access.headers);
    return { page, record, url: (path) => context.url(path, side), close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function listRequests({ artifacts }: CheckContext, records: readonly PageRecord[]): Promise<void> {
  const requests = records.flatMap(({ requests: seen }) => seen);
  if (requests.length > 0) await artifacts.put('browser-requests.ndjson', 'application/x-ndjson', `${requests.map((one) => JSON.stringify(one)).join('\n')}\n`);
}
