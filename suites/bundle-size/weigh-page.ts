// Opens a page with an empty cache and writes down every body that the browser received for it. Called by bundle-size.check.ts.
import { type CheckContext, GateError, type Locator, type SideName } from '../../gates/model.ts';
import { inTime } from '../instruments/browser/in-time.ts';
import { locate, wordsFor } from '../instruments/browser/locate.ts';
import type { OpenBrowser, OpenPage } from '../instruments/browser/open-browser.ts';
import { elsewhere, visit, wordsOf } from '../instruments/browser/visit.ts';
import { type Resource, type ResourceType, type Unused, typeOf, unusedScript, unusedStyle } from './resources.ts';

/** A page of the surface, or the page of a plugin that has none there. */
export interface WeighedPage {
  readonly path: string;
  readonly isGuarded: boolean;
  /** Seen before it counts as loaded. */
  readonly shows: readonly Locator[];
  /** The plugin that it mounts. */
  readonly plugin?: string;
}
export type PageWeight =
  | { readonly loaded: true; readonly resources: readonly Resource[]; readonly unused: { readonly script: Unused; readonly style: Unused } }
  | { readonly loaded: false; readonly why: string };

/** ms. */
const SHOWN_MS = 20_000;
/** A page that polls is never idle; what it has loaded by then counts, ms. */
const IDLE_MS = 5_000;

/** Never throws for what a page does. */
export async function weighPage(
  context: CheckContext,
  browser: OpenBrowser,
  page: WeighedPage,
  { side, account }: { readonly side: SideName; readonly account: string | undefined },
): Promise<PageWeight> {
  if (page.isGuarded && account === undefined) return { loaded: false, why: 'It needs a login, and the environment has no account.' };
  const opened = await open(browser, page, side, account);
  if (opened instanceof GateError) return { loaded: false, why: opened.message };
  try {
    return await load(opened, page);
  } catch (error) {
    context.signal.throwIfAborted();
    return { loaded: false, why: wordsOf(error) };
  } finally {
    await opened.close();
  }
}

async function open(browser: OpenBrowser, { isGuarded }: WeighedPage, side: SideName, account: string | undefined): Promise<OpenPage | GateError> {
  try {
    return await browser.page({ side, ...(isGuarded && account !== undefined ? { as: account } : {}) });
  } catch (error) {
    if (error instanceof GateError && error.code === 'LOGIN_FAILED') return error;
    throw error;
  }
}

async function load(opened: OpenPage, { path, shows }: WeighedPage): Promise<PageWeight> {
  const { page } = opened;
  const received = await listen(opened);
  await Promise.all([page.coverage.startJSCoverage({ resetOnNavigation: false }), page.coverage.startCSSCoverage({ resetOnNavigation: false })]);
  const arrival = await visit(opened, path);
  if (!arrival.arrived) return { loaded: false, why: arrival.why };
  const landed = elsewhere(arrival.url, opened.url(path));
  if (landed !== undefined) return { loaded: false, why: landed };
  for (const named of shows) {
    const isShown = await inTime(locate(page, named).first().waitFor({ state: 'visible', timeout: SHOWN_MS }));
    if (!isShown) return { loaded: false, why: `It did not show ${wordsFor(named)} within ${SHOWN_MS / 1000} s.` };
  }
  await inTime(page.waitForLoadState('networkidle', { timeout: IDLE_MS }));
  // A guard that runs in the page sends a stranger away after it has loaded.
  const end = elsewhere(page.url(), opened.url(path));
  if (end !== undefined) return { loaded: false, why: end };
  const [scripts, styles] = await Promise.all([page.coverage.stopJSCoverage(), page.coverage.stopCSSCoverage()]);
  const lost = received.lost();
  if (lost !== undefined) return { loaded: false, why: `It was not loaded whole: ${lost}.` };
  return { loaded: true, resources: received.resources(), unused: { script: unusedScript(scripts), style: unusedStyle(styles) } };
}

interface Received {
  readonly url: string;
  readonly type: ResourceType;
  /** The page itself loads it and cannot be whole without it, unlike what it fetches by hand or streams. */
  readonly isNeeded: boolean;
  /** As its header says; 0 where it does not. */
  readonly announced: number;
  /** Received when the headers were complete. */
  readonly headers: number;
  parsed: number;
  received: number;
  /** Undefined: it was not received to its end. */
  transferred: number | undefined;
}

/** Of the DevTools protocol. */
const NEEDED: ReadonlySet<string> = new Set(['Document', 'Script', 'Stylesheet', 'Font', 'Image']);

function announcedIn(headers: Readonly<Record<string, string>>): number {
  const length = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : 0;
}

/** A body that nobody reads, or that is streamed, never ends: what came, or was announced, counts. */
function resourceOf({ url, type, parsed, transferred, received, announced }: Received): Resource {
  return { url, type, parsed, transferred: transferred ?? Math.max(received, announced) };
}

function unfinished(all: readonly Received[]): string | undefined {
  const one = all.find(({ isNeeded, transferred }) => isNeeded && transferred === undefined);
  return one === undefined ? undefined : `${pathOf(one.url)} (still under way)`;
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}

/** By the DevTools protocol, which alone tells what came over the wire; nothing comes from the cache. */
async function listen({ page }: OpenPage): Promise<{ resources(): readonly Resource[]; lost(): string | undefined }> {
  const byId = new Map<string, Received>();
  const failed: string[] = [];
  const asked = new Map<string, string>();
  const devtools = await page.context().newCDPSession(page);
  devtools.on('Network.responseReceived', ({ requestId, type, response: { url, mimeType, encodedDataLength, headers } }) => {
    if (!/^https?:/.test(url)) return;
    byId.set(requestId, {
      url,
      type: typeOf(type, mimeType),
      isNeeded: NEEDED.has(type),
      announced: announcedIn(headers),
      headers: encodedDataLength,
      parsed: 0,
      received: 0,
      transferred: undefined,
    });
  });
  devtools.on('Network.dataReceived', ({ requestId, dataLength, encodedDataLength }) => {
    const one = byId.get(requestId);
    if (one === undefined) return;
    one.parsed += dataLength;
    one.received += encodedDataLength;
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const one = byId.get(requestId);
    if (one !== undefined) one.transferred = Math.max(0, encodedDataLength - one.headers);
  });
  devtools.on('Network.requestWillBeSent', ({ requestId, request: { url } }) => void asked.set(requestId, url));
  devtools.on('Network.loadingFailed', ({ requestId, errorText, canceled, blockedReason, type }) => {
    const one = byId.get(requestId);
    if (one !== undefined) one.transferred = one.received;
    // What the page itself called off, or its policy forbids, it does without.
    if (canceled === true || blockedReason !== undefined || !NEEDED.has(type)) return;
    failed.push(`${pathOf(asked.get(requestId) ?? '')} (${errorText})`);
  });
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  return {
    resources: () => [...byId.values()].map(resourceOf),
    lost: () => failed[0] ?? unfinished([...byId.values()]),
  };
}
