// The check and the process that it starts, on a small site whose pages go wrong: tests of its own stand for all journeys.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Case, type CheckContext, JOURNEY_IDS, type JourneyId, type Measurement } from '../gates/model.ts';
import { createScrubber } from '../gates/scrub.ts';
import { processesIn } from '../suites/instruments/journeys/processes-in.ts';
import { naapSurface } from '../suites/naap-surface.ts';
import { findBrowser } from './find-browser.ts';
import { criticalPaths } from '../suites/critical-paths/critical-paths.check.ts';

/** Six tests, most of them twice, each with a browser's page: 12 s on a quiet machine. */
const RUN_MS = 300_000;

let site: Server;
let origin: string;
/** Of this test alone, so that what other runs on this machine leave there is not taken for ours. */
let temporary: string;
beforeEach(async () => {
  // What Playwright has compiled stays where it is.
  vi.stubEnv('PLAYWRIGHT_TRANSFORM_CACHE_DIR', join(tmpdir(), `playwright-transform-cache-${process.geteuid?.() ?? 'all'}`));
  temporary = mkdtempSync(join(tmpdir(), 'naap-gate-test-'));
  vi.stubEnv('TMPDIR', temporary);
  site = createServer(({ url }, response) => {
    if (url === '/hangs') return;
    if (url === '/redirects') response.writeHead(302, { location: '/redirects' }).end();
    else if (url === '/download') response.writeHead(200, { 'content-disposition': 'attachment; filename="a.bin"' }).end('bytes');
    else if (url === '/error') response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Internal Server Error</h1>');
    else if (url === '/form') response.writeHead(200, { 'content-type': 'text/html' }).end(FORM);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
});

const FORM = `<label>Password <input type="password" id="password"></label><button>Send</button><p role="status"></p>
<script>
  document.querySelector('button').onclick = () =>
    fetch('/login', { method: 'POST', headers: { authorization: 'Bearer token-of-a-journey' }, body: JSON.stringify({ password: document.querySelector('input').value }) })
      .then(() => { document.querySelector('p').textContent = 'Sent'; });
</script>`;

interface Stored {
  readonly name: string;
  readonly bytes: Uint8Array;
}
interface Ran {
  readonly measurements: readonly Measurement[];
  readonly stored: readonly Stored[];
}

const spec = (name: string): { readonly spec: string } => ({ spec: join(import.meta.dirname, '..', 'suites', 'critical-paths', 'testing', `${name}.spec.ts`) });

/** One journey is a test of our own; the others are declared not applicable. Cleans up as a run does. */
async function runCheck(journey: JourneyId, name: string, abort?: { readonly signal: AbortSignal; onTest(): void }): Promise<Ran> {
  const undos: (() => Promise<void>)[] = [];
  const stored: Stored[] = [];
  const scrubber = createScrubber();
  const nowhere = (): never => {
    throw new Error('not needed here');
  };
  const context: CheckContext = {
    profile: 'pr',
    tag: 'naap-gate-live-test',
    surface: naapSurface({ web: { journeys: { [journey]: spec(name) } } }),
    http: { send: async () => ({ status: 404, headers: {}, text: '', json: undefined, durationMs: 1 }), sent: 0 },
    sql: { query: nowhere },
    databases: { legacy: [], hasTarget: false, open: nowhere },
    mapping: undefined,
    accounts: {
      names: [],
      roleOf: nowhere,
      session: nowhere,
      hasPassword: nowhere,
      isDisposable: nowhere,
      credentials: nowhere,
      authQuota: nowhere,
      wholeAuthQuota: async () => undefined,
      countAuthRequests: () => undefined,
      expiredToken: undefined,
    },
    load: { name: 'none', run: nowhere },
    url: (of) => `${origin}${of}`,
    ...findBrowser({ variables: process.env }),
    access: { headers: {}, ca: undefined },
    allow: ['write'],
    notApplicable: JOURNEY_IDS.filter((id) => id !== journey).map((id) => `critical-paths.${id}`),
    cleanup: (_what, undo) => void undos.push(undo),
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    signal: abort?.signal ?? new AbortController().signal,
    artifacts: {
      put: async (as, mediaType, bytes, secrets = []) => {
        for (const secret of secrets) scrubber.add('of a session', secret);
        stored.push({ name: as, bytes: typeof bytes === 'string' ? Buffer.from(scrubber.text(bytes)) : scrubber.bytes(bytes, mediaType) });
        return '';
      },
    },
    checkpoint: { read: nowhere, write: nowhere },
    log: () => undefined,
  };
  const measurements: Measurement[] = [];
  try {
    for await (const event of criticalPaths.measure(context, criticalPaths.presets.pr)) {
      if (event.kind === 'measurement') measurements.push(event.measurement);
      if (event.kind === 'progress' && event.text === journey) abort?.onTest();
    }
  } finally {
    for (const undo of undos.toReversed()) await undo();
  }
  return { measurements, stored };
}

const folders = (): readonly string[] => readdirSync(temporary);

const casesOf = ({ measurements }: Ran): readonly Case[] =>
  measurements.flatMap(({ metric, payload }) => (metric === 'critical-paths.journeys' && payload.shape === 'cases' ? payload.cases : []));

/** Whether a text stands in any stored byte, unpacked. */
function holds({ stored }: Ran, text: string): boolean {
  const files = stored.flatMap(({ name, bytes }) => (name.endsWith('.zip') ? Object.values(unzipSync(bytes)) : [bytes]));
  const forms = [text, encodeURIComponent(text), Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1)];
  return files.some((bytes) => forms.some((form) => Buffer.from(bytes).includes(form)));
}

test('whatever goes wrong on a page ends in words; the traces of all tries are kept, and no secret is in them', { timeout: RUN_MS }, async () => {
  const ran = await runCheck('dashboard-view', 'hostile');
  expect(casesOf(ran)).toMatchObject([{ id: 'dashboard-view', state: 'failed', detail: expect.stringMatching(/\S/) }]);
  const traces = ran.stored.filter(({ name }) => name.endsWith('trace.zip'));
  expect(traces).toHaveLength(12);
  for (const secret of ['typed-by-a-journey', 'cookie-of-a-journey', 'token-of-a-journey']) expect(holds(ran, secret)).toBe(false);
  expect(holds(ran, '[secret of a session]')).toBe(true);
  const pages = ran.measurements.find(({ metric }) => metric === 'critical-paths.foreign-hosts');
  expect(pages).toMatchObject({ n: 2, payload: { totalItems: 0 } });
  expect(folders()).toEqual([]);
});

test('Ctrl-C in the middle leaves no process and no file', { timeout: RUN_MS }, async () => {
  const controller = new AbortController();
  let during: readonly string[] = [];
  const onTest = (): void => {
    during = folders();
    controller.abort(new Error('interrupted'));
  };
  await expect(runCheck('user-logout', 'endless', { signal: controller.signal, onTest })).rejects.toThrowError('interrupted');
  expect(during).toHaveLength(1);
  expect(folders()).toEqual([]);
  await expect.poll(() => during.flatMap((name) => processesIn(name)), { timeout: 10_000 }).toEqual([]);
});

test('a Playwright that dies is an error with its last words, and leaves nothing either', { timeout: RUN_MS }, async () => {
  await expect(runCheck('user-login', 'deadly')).rejects.toThrowError('Playwright ended before its journeys did (SIGKILL).');
  expect(folders()).toEqual([]);
});
