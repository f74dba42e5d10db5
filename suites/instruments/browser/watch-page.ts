// Writes down what a page does besides showing itself: requests, errors, violations of its policy, dialogs. Used by open-browser.ts and by the journeys.
import type { Page, Request } from '@playwright/test';

export interface SeenRequest {
  readonly method: string;
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

export interface PageRecord {
  readonly requests: readonly SeenRequest[];
  /** `console.error` of the page; failed requests, which Chromium writes there too, are left to `requests`. */
  readonly consoleErrors: readonly string[];
  /** Exceptions that nothing caught. */
  readonly exceptions: readonly string[];
  readonly violations: readonly PolicyViolation[];
  /** `alert "…"`, `download report.csv`: what would have kept a person from going on; it was turned away. */
  readonly interruptions: readonly string[];
}

const BINDING = '__naapGatePolicyViolation';
const LISTENER = `addEventListener('securitypolicyviolation', (event) => globalThis.${BINDING}?.({ page: location.pathname, directive: event.effectiveDirective, blocked: event.blockedURI, disposition: event.disposition }));`;

/** Must be awaited before the page is sent anywhere. */
export async function watchPage(page: Page): Promise<PageRecord> {
  const requests: SeenRequest[] = [];
  const consoleErrors: string[] = [];
  const exceptions: string[] = [];
  const violations: PolicyViolation[] = [];
  const interruptions: string[] = [];
  await page.exposeBinding(BINDING, (_source, violation: PolicyViolation) => void violations.push(violation));
  await page.addInitScript(LISTENER);
  const started = new Map<Request, string>();
  page.on('request', (request) => started.set(request, new Date().toISOString()));
  const add = (request: Request, end: Pick<SeenRequest, 'status' | 'failure'>): void => {
    const startedAt = started.get(request) ?? new Date().toISOString();
    requests.push({ method: request.method(), url: request.url(), type: request.resourceType(), startedAt, ...end });
  };
  page.on('response', (response) => add(response.request(), { status: response.status() }));
  page.on('requestfailed', (request) => add(request, { failure: request.failure()?.errorText ?? 'failed' }));
  page.on('pageerror', (error) => void exceptions.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) consoleErrors.push(message.text());
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
  return { requests, consoleErrors, exceptions, violations, interruptions };
}
