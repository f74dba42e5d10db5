// Writes down what a page does besides showing itself: requests, errors, violations of its policy, dialogs. Used by open-browser.ts and by the journeys.
import type { Page, Request } from '@playwright/test';
import { withoutValues, withoutValuesIn } from './without-values.ts';

export interface SeenRequest {
  readonly method: string;
  /** Without the values of its query, which may be anybody's secrets. */
  readonly url: string;
  /** `document`, `script`, `fetch` … */
  readonly type: string;
  /** Absent: it was not answered. */
  readonly status?: number;
  /** In the browser's words: `net::ERR_CONNECTION_REFUSED`. */
  readonly failure?: string;
  readonly startedAt: string;
}

/** As the browser reports it by `securitypolicyviolation`. */
export interface PolicyViolation {
  readonly page: string;
  readonly directive: string;
  /** A URL, or `inline`, `eval`. */
  readonly blocked: string;
  /** `report`: the policy reports and does not block. */
  readonly disposition: string;
}

/** What a page of https asked for by http, as the browser says it on the console. */
export interface MixedContent {
  /** Path of the page. */
  readonly page: string;
  readonly insecure: string;
}

export interface PageRecord {
  readonly requests: readonly SeenRequest[];
  /** `console.error` of the page; failed requests, which Chromium writes there too, are left to `requests`. */
  readonly consoleErrors: readonly string[];
  /** Exceptions that nothing caught. */
  readonly exceptions: readonly string[];
  readonly violations: readonly PolicyViolation[];
  /** Sent, upgraded or blocked. */
  readonly mixedContent: readonly MixedContent[];
  /** `alert "…"`, `download report.csv`: what would have kept a person from going on; it was turned away. */
  readonly interruptions: readonly string[];
}

const BINDING = '__naapGatePolicyViolation';
const LISTENER = `addEventListener('securitypolicyviolation', (event) => globalThis.${BINDING}?.({ page: location.pathname, directive: event.effectiveDirective, blocked: event.blockedURI, disposition: event.disposition }));`;

const MIXED = /^Mixed Content: The page at '([^']+)' was loaded over HTTPS.*?'(http:[^']+)'/;

/** Must be awaited before the page is sent anywhere. */
export async function watchPage(page: Page): Promise<PageRecord> {
  const requests: SeenRequest[] = [];
  const consoleErrors: string[] = [];
  const exceptions: string[] = [];
  const violations: PolicyViolation[] = [];
  const mixedContent: MixedContent[] = [];
  const interruptions: string[] = [];
  await page.exposeBinding(BINDING, (_source, violation: PolicyViolation) => void violations.push({ ...violation, blocked: withoutValues(violation.blocked) }));
  await page.addInitScript(LISTENER);
  // Listed when it is sent: one that is never answered went out all the same.
  const sent = new Map<Request, { -readonly [Key in keyof SeenRequest]: SeenRequest[Key] }>();
  page.on('request', (request) => {
    const seen = { method: request.method(), url: withoutValues(request.url()), type: request.resourceType(), startedAt: new Date().toISOString() };
    sent.set(request, seen);
    requests.push(seen);
  });
  page.on('response', (response) => {
    const seen = sent.get(response.request());
    if (seen !== undefined) seen.status = response.status();
  });
  page.on('requestfailed', (request) => {
    const seen = sent.get(request);
    if (seen !== undefined) seen.failure = request.failure()?.errorText ?? 'failed';
  });
  page.on('pageerror', (error) => void exceptions.push(withoutValuesIn(error.message)));
  page.on(
    'websocket',
    (socket) => void requests.push({ method: 'GET', url: withoutValues(socket.url()), type: 'websocket', startedAt: new Date().toISOString() }),
  );
  page.on('console', (message) => {
    const [, shown, insecure] = MIXED.exec(message.text()) ?? [];
    if (shown !== undefined && insecure !== undefined) mixedContent.push({ page: new URL(shown).pathname, insecure: withoutValues(insecure) });
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) consoleErrors.push(withoutValuesIn(message.text()));
  });
  page.on('dialog', (dialog) => {
    interruptions.push(`${dialog.type()} ${JSON.stringify(dialog.message())}`);
    // The page may be gone before the answer reaches it.
    dialog.dismiss().catch(() => undefined);
  });
  page.on('download', (download) => {
    interruptions.push(`download ${download.suggestedFilename()}`);
    download.cancel().catch(() => undefined);
  });
  return { requests, consoleErrors, exceptions, violations, mixedContent, interruptions };
}
