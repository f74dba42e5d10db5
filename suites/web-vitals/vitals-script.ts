// The library web-vitals as a script for a page, and what it reports from there. Used by visit-run.ts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Name of the function that the page reports by. */
export const REPORT = '__naapGateVital';

export interface Reported {
  readonly name: 'CLS' | 'INP' | 'LCP' | 'TTFB';
  /** ms; of CLS a score. */
  readonly value: number;
  /** Selector of the element that it was about. */
  readonly element: string;
  /** Of INP: how long the page was busy with something else, with the event, with showing what came of it, ms. */
  readonly inputDelayMs?: number;
  readonly processingMs?: number;
  readonly presentationDelayMs?: number;
}

const require = createRequire(import.meta.url);
/** The library's scripts for pages; the package exports neither them nor its package.json by name. */
const DIST = dirname(require.resolve('web-vitals'));

/** The version that is installed. */
export function webVitalsVersion(): string {
  const { version } = JSON.parse(readFileSync(join(DIST, '..', 'package.json'), 'utf8')) as { readonly version: string };
  return version;
}

/** In the page: `webVitals` is what the library's own script defines. 16 ms is the least that Event Timing tells of interactions after the first. */
const REPORTING = `
  if (window !== window.top) return;
  const options = { reportAllChanges: true, durationThreshold: 16 };
  const send = (name, element, more) => (metric) => {
    const { attribution = {} } = metric;
    globalThis['${REPORT}']({ name, value: metric.value, element: String(attribution[element] ?? ''), ...(more?.(attribution) ?? {}) });
  };
  webVitals.onCLS(send('CLS', 'largestShiftTarget'), options);
  webVitals.onLCP(send('LCP', 'target'), options);
  webVitals.onTTFB(send('TTFB', ''), options);
  webVitals.onINP(
    send('INP', 'interactionTarget', ({ inputDelay, processingDuration, presentationDelay }) => ({ inputDelayMs: inputDelay, processingMs: processingDuration, presentationDelayMs: presentationDelay })),
    options,
  );`;

/** Leaves nothing in the page's own scope. Each change is reported: a page that is closed would not tell its last figures. */
export function vitalsScript(): string {
  const library = readFileSync(join(DIST, 'web-vitals.attribution.iife.js'), 'utf8');
  return `(() => {\n${library}\n${REPORTING}\n})();`;
}
