// The check web-vitals with a real browser on a small server: one run of Lighthouse and one visit are enough to see that each figure comes from where it should.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { CheckContext, Measurement, Surface } from '../gates/model.ts';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { recordedChromium } from '../scripts/chromium.mjs';
import { naapSurface } from '../suites/naap-surface.ts';
import { webVitals } from '../suites/web-vitals/web-vitals.check.ts';
import { findBrowser } from './find-browser.ts';

/** The button keeps the page busy for 300 ms; what it writes then moves what stands below it, 600 ms later. */
const ACCOUNT = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Account</title>
<h1>Account</h1><button>Show</button><p id="shown"></p><div style="height: 60vh; background: #cde">Below</div>
<script>
  document.querySelector('button').addEventListener('click', () => {
    for (const end = performance.now() + 300; performance.now() < end; );
    document.getElementById('shown').textContent = 'Shown';
    setTimeout(() => { document.querySelector('h1').style.paddingBottom = '50vh'; }, 600);
  });
</script></html>`;
const LOGIN = '<!doctype html><html lang="en"><title>Log in</title><h1>Log in</h1></html>';

interface Site {
  readonly origin: string;
  /** Path and browser of every request that had the session. */
  readonly loggedIn: readonly string[];
}

async function openSite(): Promise<Site> {
  const loggedIn: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    const isLoggedIn = headers.cookie?.includes('token-of-ann') === true;
    if (isLoggedIn) loggedIn.push(`${url} ${headers['user-agent']?.includes('moto g power') === true ? 'phone' : 'laptop'}`);
    if (url === '/account' && !isLoggedIn) return response.writeHead(302, { location: '/login' }).end();
    return response.setHeader('content-type', 'text/html').end(url === '/account' ? ACCOUNT : LOGIN);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, loggedIn };
}

const heading = (name: string) => ({ role: 'heading', name });
const account: Surface['pages'][number] = {
  id: 'account',
  path: '/account',
  access: 'authenticated',
  shows: [heading('Account')],
  states: [{ id: 'shown', steps: [{ click: { role: 'button', name: 'Show' } }], shows: { text: 'Shown' } }],
};

async function measure(site: Site, pages: Surface['pages'], artifacts: string[]): Promise<ReadonlyMap<string, Measurement>> {
  const context = {
    surface: { ...naapSurface(), pages, web: undefined },
    browser: recordedChromium(cacheFolder()) ?? findBrowser({ variables: process.env }).browser,
    access: { headers: {}, ca: undefined },
    accounts: {
      isDisposable: () => false,
      names: ['ann'],
      session: () => Promise.resolve({ account: 'ann', role: 'member', email: 'ann@naap.test', userId: '1', token: 'token-of-ann' }),
    },
    url: (path: string) => `${site.origin}${path}`,
    tag: 'naap-gate-test',
    signal: new AbortController().signal,
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    artifacts: { put: (name: string) => Promise.resolve(String(artifacts.push(name))) },
    log: () => undefined,
  };
  const measured = new Map<string, Measurement>();
  // Other tests run beside this one, so every run counts here.
  const options = { ...webVitals.presets.pr, runs: 1, maxRuns: 1, freeProcessors: 0 };
  // What the check asks of its world, and no more.
  for await (const event of webVitals.measure(context as unknown as CheckContext, options)) {
    if (event.kind === 'end-of-round') return measured;
    if (event.kind === 'measurement') {
      const { metric, labels } = event.measurement;
      measured.set(`${metric} ${labels.subject ?? labels.route}`, event.measurement);
    }
  }
  throw new Error('The check ended without a round.');
}

function samplesOf(measurement: Measurement | undefined): readonly number[] {
  return measurement?.payload.shape === 'samples' ? measurement.payload.samples : [];
}

test('a page behind a login is measured as the account, on a phone and while it is used; a page that leads to the login is not measured', async () => {
  const site = await openSite();
  const artifacts: string[] = [];
  const closed = { id: 'closed', path: '/account', access: 'public' as const };
  const measured = await measure(site, [account, closed], artifacts);

  expect(site.loggedIn).toEqual(expect.arrayContaining(['/account phone', '/account laptop']));
  for (const name of ['web.lcp account', 'web.cls account', 'web.tbt account', 'web.performance-score account', 'web.ttfb account', 'web.lcp account in use'])
    expect(samplesOf(measured.get(name)), name).toHaveLength(1);
  const lab = measured.get('web.lcp account')?.instrument;
  expect(lab).toMatchObject({ name: 'lighthouse', healthy: false, why: '1 runs tell no median of LCP: five are the fewest' });
  expect(lab?.facts).toMatchObject({ throttling: 'simulate', formFactor: 'mobile', cpuSlowdown: 4, benchmarkIndex: expect.any(Number) as number });

  expect(samplesOf(measured.get('web.inp account.shown'))[0]).toBeGreaterThanOrEqual(296);
  expect(samplesOf(measured.get('web.cls account in use'))[0]).toBeGreaterThan(0.1);
  expect(samplesOf(measured.get('web.cls account'))).toEqual([0]);

  expect(samplesOf(measured.get('web.lcp closed'))).toEqual([]);
  expect(measured.get('web.lcp closed')?.instrument).toMatchObject({
    healthy: false,
    why: '0 of 1 runs could be made: It led to /login, and the surface does not say what it should show',
  });
  expect(artifacts).toEqual(
    expect.arrayContaining(['web-vitals/account.json', 'web-vitals/account.lighthouse.html', 'web-vitals/account.shown.interaction.json']),
  );
});
