// Sends the environment's access headers from a page, to the environment's own origins alone. Used by open-browser.ts and by the journeys.
import type { Page } from '@playwright/test';

/**
 * By the DevTools protocol rather than by Playwright's routes: those would send the headers along with a redirect to another origin, and switch
 * the HTTP cache off. Must be awaited before the page is sent anywhere. What the page sets itself stays (an `authorization` of its own).
 */
export async function sendAccessHeaders(page: Page, origins: readonly string[], headers: Readonly<Record<string, string>>): Promise<void> {
  if (Object.keys(headers).length === 0) return;
  const devtools = await page.context().newCDPSession(page);
  const own = new Set(origins);
  devtools.on('Fetch.requestPaused', ({ requestId, request }) => {
    const isOwn = own.has(new URL(request.url).origin);
    const sent = isOwn ? { ...lowerCase(headers), ...lowerCase(request.headers) } : request.headers;
    const entries = Object.entries(sent).map(([name, value]) => ({ name, value }));
    // A page that was closed meanwhile needs no answer any more.
    devtools.send('Fetch.continueRequest', { requestId, headers: entries }).catch(() => undefined);
  });
  await devtools.send('Fetch.enable', { patterns: [...own].map((origin) => ({ urlPattern: `${origin}/*` })) });
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
