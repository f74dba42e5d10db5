// Sends a page to an address and says what came of it in words, whatever the server does: a verdict needs a reason, not a stack. Used by suites that look at pages.
import { stripVTControlCharacters } from 'node:util';
import type { Page, Response } from '@playwright/test';
import type { OpenPage } from './open-browser.ts';

export type Visit =
  | { readonly arrived: true; /** Of the document. */ readonly status: number; /** After redirects. */ readonly url: string }
  | { readonly arrived: false; readonly why: string; /** Of the document, where it was answered at all. */ readonly status?: number };

/** A page that has not loaded by then never loads, as far as a person is concerned, ms. */
export const VISIT_MS = 20_000;

const GONE = 'The browser went away.';
const SENT_ELSEWHERE = 'It sent the browser elsewhere before it had loaded.';

/** Whether the page sent the browser on before it had loaded: a person sees another one. */
export function wasSentElsewhere(visited: Visit): boolean {
  return !visited.arrived && visited.why === SENT_ELSEWHERE;
}

const withoutSlash = (path = ''): string => path.replace(/\/$/u, '');

/** Where the browser is now, as a sentence, if that is another path than the wanted one; a slash at the end, a query and a fragment make no other. */
export function elsewhere(now: string, wanted: string): string | undefined {
  const [path, own] = [now, wanted].map((url) => new URL(url).pathname);
  return withoutSlash(path) === withoutSlash(own) ? undefined : `It led to ${path}.`;
}

/** How long a browser that is closing may take to say so, ms. */
const GOING_MS = 1_000;

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/ERR_TOO_MANY_REDIRECTS/, 'It redirects without end.'],
  [/Download is starting/, 'It is a download, not a page.'],
  [/ERR_CERT/, 'Its certificate is not trusted.'],
  [/ERR_CONNECTION_REFUSED/, 'Nobody listens at its address.'],
  [/ERR_NAME_NOT_RESOLVED/, 'Its host name is unknown.'],
  [/crashed/i, 'The page crashed.'],
  [/ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_CONNECTION_CLOSED/, 'The connection was cut before it was answered.'],
  [/ERR_INVALID_REDIRECT|ERR_UNSAFE_REDIRECT/, 'It redirects to what is no address of a page.'],
  [/interrupted by another navigation/, SENT_ELSEWHERE],
  [/frame was detached/, GONE],
  [/ERR_ABORTED/, 'It was broken off: no page came.'],
  [/has been closed/, GONE],
];

/**
 * Never throws for what a page does; an answer of 400 or more has not arrived. `path`: of the surface.
 * Waits for the `load` event.
 */
export async function visit({ page, url }: Pick<OpenPage, 'page' | 'url'>, path: string, timeoutMs = VISIT_MS): Promise<Visit> {
  const crash = crashOf(page);
  const statuses = watchStatus(page);
  try {
    const response = await Promise.race([page.goto(url(path), { timeout: timeoutMs, waitUntil: 'load' }), crash.happened]);
    if (response === null) return { arrived: false, why: 'It was not answered by a page.' };
    const status = response.status();
    return status >= 400 ? { arrived: false, why: `It was answered ${status}.`, status } : { arrived: true, status, url: page.url() };
  } catch (error) {
    const status = statuses.last();
    if (isEmptyError(error) && status !== undefined) return { arrived: false, why: `It was answered ${status}, without a page.`, status };
    return { arrived: false, why: (await isGoing(page, error)) ? GONE : wordsOf(error) };
  } finally {
    crash.forget();
    statuses.forget();
  }
}

/** An answer of 400 or more without a body: Chromium then shows a page of its own. */
const isEmptyError = (error: unknown): boolean => error instanceof Error && error.message.includes('ERR_HTTP_RESPONSE_CODE_FAILURE');

function watchStatus(page: Page): { last(): number | undefined; forget(): void } {
  let status: number | undefined;
  const onResponse = (response: Response): void => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) status = response.status();
  };
  page.on('response', onResponse);
  return { last: () => status, forget: () => void page.off('response', onResponse) };
}

/** A browser that is being closed breaks off what is under way before it says that it goes. */
async function isGoing(page: Page, error: unknown): Promise<boolean> {
  if (!(error instanceof Error && error.message.includes('ERR_ABORTED'))) return false;
  const closed = (): boolean => page.isClosed() || page.context().browser()?.isConnected() === false;
  return (
    closed() ||
    page.waitForEvent('close', { timeout: GOING_MS }).then(
      () => true,
      () => closed(),
    )
  );
}

/** First line of an error of the browser, in words where it is a known one. */
export function wordsOf(error: unknown): string {
  // Playwright colours the log of its calls.
  const message = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
  const timeoutMs = /Timeout (\d+)ms exceeded/.exec(message)?.[1];
  if (timeoutMs !== undefined) return `It had not loaded within ${Number(timeoutMs) / 1000} s.`;
  const known = REASONS.find(([pattern]) => pattern.test(message));
  return known?.[1] ?? message.split('\n')[0] ?? '';
}

function crashOf(page: Page): { readonly happened: Promise<never>; forget(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const onCrash = (): void => reject(new Error('The page crashed.'));
  page.once('crash', onCrash);
  return { happened: promise, forget: () => void page.off('crash', onCrash) };
}
