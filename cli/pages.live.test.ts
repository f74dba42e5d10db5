// The checks of pages on a small site without accounts, plugins or a theme, as a process: what can be looked at is judged, and what cannot is never a pass.
// Then pages that are unlike those of the twin, looked at one by one.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { CheckContext, CriterionResult } from '../gates/model.ts';
import { openBrowser, type OpenBrowser } from '../suites/instruments/browser/open-browser.ts';
import { naapSurface } from '../suites/naap-surface.ts';
import { look, withPage } from '../suites/pages/look.ts';
import { visitPlugin } from '../suites/pages/plugin-visit.ts';
import { takeLooks } from '../suites/pages/theme-looks.ts';
import { findBrowser } from './find-browser.ts';
import { type CommandFolder, commandFolder, reportOf } from './testing/command.ts';

const page = (heading: string, more = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${heading}</title></head><body><h1>${heading}</h1>${more}</body></html>`;

/** Keeps its page busy for ever, once it has loaded. */
const LOOP = '<script>addEventListener("load", () => setTimeout(() => { for (;;); }, 100));</script>';

/** A plugin, marked as loaded, whose element becomes what the script makes of it. */
const plugin = (name: string, script: string): string =>
  page('Plugins', `<div data-plugin="${name}" data-status="loaded"></div><script>const own = document.querySelector('[data-plugin]'); ${script}</script>`);

/** Whatever is not there is answered 200 by the last: a catch-all. */
const PAGES: Readonly<Record<string, string>> = {
  '/': page('Home', '<a href="/about">About</a>'),
  '/about': page('About us', '<a href="/">Home</a>'),
  '/disguised': page('Application error'),
  '/late': page('Late', '<script>fetch("/api/figures");</script>'),
  '/parts': page('Parts').replace(
    '<h1>Parts</h1>',
    `<div></div><script>document.querySelector('div').attachShadow({ mode: 'open' }).innerHTML = '<h1>Parts</h1>';</script>`,
  ),
  '/plugins/shaded': plugin('shaded', `own.attachShadow({ mode: 'open' }).innerHTML = '<p style="position: absolute">Shaded</p>';`),
  '/plugins/nested': plugin(
    'nested',
    `own.innerHTML = '<span></span>'; own.firstChild.attachShadow({ mode: 'open' }).innerHTML = '<style>p { color: red; }</style><p>Nested</p>';`,
  ),
  '/plugins/hollow': plugin('hollow', `own.attachShadow({ mode: 'open' }).innerHTML = '<style>p { color: red; }</style><p></p><p hidden>Hidden</p>';`),
  // What it asks for in vain keeps the look at it waiting until it is gone.
  '/plugins/gone': plugin('gone', `fetch('/hangs'); addEventListener('load', () => setTimeout(() => own.remove(), 2000));`),
  '/stuck': page('Stuck', LOOP),
  '/plugins/stuck': plugin('stuck', '').replace('</body>', `${LOOP}</body>`),
  '/restless': page(
    'Restless',
    `<style>
      body { color: rgb(20, 20, 20); background-color: rgb(255, 255, 255); transition: all 200ms; }
      [data-theme=dark] body { color: rgb(240, 240, 240); background-color: rgb(10, 10, 10); }
      p { animation: turn 1s infinite; }
      p + p { animation: turn 1s paused; }
      @keyframes turn { to { rotate: 1turn; } }
    </style>
    <button onclick="document.documentElement.dataset.theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'">Theme</button>
    <p>Turns.</p><p>Held.</p>`,
  ),
};
const CATCH_ALL = page('Welcome');

let server: Server;
let web: string;
let folder: CommandFolder;
let results: readonly CriterionResult[];
let code: number | null;

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    if (url === '/api/health') return response.setHeader('content-type', 'application/json').end('{}');
    if (url.startsWith('/api/')) return response.writeHead(502).end();
    if (url === '/hangs') return undefined;
    if (url === '/overloaded') return response.writeHead(503).end('Come back later.');
    return response.setHeader('content-type', 'text/html').end(PAGES[url] ?? CATCH_ALL);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = commandFolder();
  const none = Object.fromEntries(naapSurface().pages.map(({ id }) => [id, null]));
  const surface = naapSurface({
    pages: {
      ...none,
      start: { path: '/', access: 'public', shows: [{ role: 'heading', name: 'Home' }] },
      about: { path: '/about', access: 'public' },
      disguised: { path: '/disguised', access: 'public' },
      late: { path: '/late', access: 'public', shows: [{ role: 'heading', name: 'Late' }] },
      parts: { path: '/parts', access: 'public', shows: [{ role: 'heading', name: 'Parts' }] },
      'not-there': { path: '/not-there', access: 'public' },
      account: { path: '/account', access: 'authenticated' },
      overloaded: { path: '/overloaded', access: 'authenticated' },
    },
    web: { theme: null, plugins: null },
  });
  web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder.configure({ site: { target: { web }, identity: { path: '/api/health', expect: { status: 200 } }, allow: ['read'], surface } });
  const ended = await folder.run(['check', 'pages', '--env', 'site', '--profile', 'pr', '--json', '--quiet']);
  code = ended.code;
  results = reportOf(ended).report.criteria.flatMap((criterion) => criterion.results);
}, 300_000);
afterAll(() => {
  folder.remove();
  server.closeAllConnections();
  server.close();
});

const notOk = (metric: string): readonly string[] =>
  results.find((one) => one.metric === metric)?.cases?.map(({ id, state, detail }) => `${id} ${state}: ${detail}`) ?? ['there is no such result'];

const NO_ACCOUNTS = 'It needs a login, and the environment has no accounts (`auth.accounts`).';

test('pages that are errors in disguise, that ask for what fails or that nobody can log in to are named; the others pass', () => {
  expect(notOk('pages.rendered')).toEqual([
    `account not-run: ${NO_ACCOUNTS}`,
    'disguised failed: /disguised: It was answered 200, and says "Application error".',
    'late failed: /late: GET /api/figures was answered 502.',
    'not-there failed: /not-there: It shows what an address that cannot exist shows.',
    `overloaded not-run: ${NO_ACCOUNTS}`,
  ]);
});

test('a catch-all that answers 200 for every address is found, and an overload is no refusal of a stranger', () => {
  expect(notOk('pages.deep-links').map((line) => line.replace(/naap-gate-\S+?-no-such-page/, 'nowhere'))).toEqual([
    `account not-run: ${NO_ACCOUNTS}`,
    `account/stranger not-run: ${NO_ACCOUNTS}`,
    `overloaded not-run: ${NO_ACCOUNTS}`,
    'overloaded/stranger failed: /overloaded without a session: It was answered 503. That is no refusal.',
    'unknown-address failed: An address that cannot exist (/nowhere) was answered 200, expected 404.',
  ]);
});

test('without a theme and without plugins nothing is proved, and it is said why', () => {
  expect(new Set(notOk('pages.themes').map((line) => line.replace(/^\S+ /, '')))).toEqual(
    new Set(['not-run: The surface does not say how a theme is chosen (`web.theme`); where nobody can choose, declare the row not applicable.']),
  );
  const unknown = 'list not-run: The surface does not say where plugins are listed and how one is known to have loaded (`web.plugins`).';
  expect(notOk('plugins.loaded')).toEqual([unknown]);
  expect(notOk('plugins.es-modules')).toEqual([unknown]);
  expect(results.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
  expect(code).toBe(1);
});

const PLUGINS = { list: '/api/plugins', field: 'plugins', route: '/plugins/{name}', mark: { name: 'data-plugin', status: 'data-status', loaded: 'loaded' } };

/** What looking at a page asks of a check's world, and no more. */
function makeContext(): CheckContext {
  const context = {
    surface: naapSurface(),
    browser: findBrowser({ variables: process.env }).browser,
    access: { headers: {} },
    signal: new AbortController().signal,
    accounts: { session: () => Promise.resolve({ account: 'ann', role: 'member', email: 'ann@naap.test', userId: '1', token: 'a-token' }) },
    clock: { monotonicMs: () => performance.now() },
    url: (path: string) => `${web}${path}`,
    artifacts: { put: () => Promise.resolve('') },
  };
  return context as unknown as CheckContext;
}

async function openIn(context: CheckContext): Promise<OpenBrowser> {
  const opened = await openBrowser(context);
  onTestFinished(() => opened.close());
  return opened;
}

test('what fades from one theme to the other is waited for, what moves for ever or is paused is not', async () => {
  const context = makeContext();
  const browser = await openIn(context);
  const theme = { toggle: { role: 'button', name: 'Theme' }, selector: 'html', attribute: 'data-theme', light: 'light', dark: 'dark' };
  const start = { id: 'restless', path: '/restless', access: 'public' as const };
  const { chosenDark, chosenLight } = await takeLooks({ context, browser, theme, as: undefined }, start, undefined);
  expect([chosenDark, chosenLight]).toEqual([
    { said: 'dark', ink: [240, 240, 240], paper: [10, 10, 10] },
    { said: 'light', ink: [20, 20, 20], paper: [255, 255, 255] },
  ]);
});

test('a plugin is seen in its shadow root too; one that shows nothing there or is gone again is empty, and no other plugin suffers', async () => {
  const context = makeContext();
  const browser = await openIn(context);
  const visits = ['shaded', 'nested', 'hollow', 'gone'].map((name) =>
    visitPlugin({ context, browser, plugins: PLUGINS, as: 'ann', isLast: false }, { name, urls: [] }).then(({ flaws }) => [name, flaws]),
  );
  const isEmpty = ['It is marked as loaded, and nothing is to be seen in it.'];
  expect(Object.fromEntries(await Promise.all(visits))).toEqual({ shaded: [], nested: [], hollow: isEmpty, gone: isEmpty });
});

test('a page that is stuck in its own script ends the look at itself, in words, and no more', async () => {
  const context = makeContext();
  const browser = await openIn(context);
  const looked = withPage(browser, undefined, (opened) => look(opened, { path: '/stuck' }));
  const visited = visitPlugin({ context, browser, plugins: PLUGINS, as: 'ann', isLast: false }, { name: 'stuck', urls: [] });
  await expect(looked).rejects.toThrow('/stuck is stuck: it has not answered the browser for 10 s.');
  expect((await visited).flaws).toEqual(['/plugins/stuck is stuck: it has not answered the browser for 10 s.']);
});
