// The browser as an instrument, on small servers of its own: what a visit says whatever a server does, whom it trusts, what it sends to whom, what it writes down.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeCertificates } from '../fixtures/twin/certificates.ts';
import { type CheckContext, GateError, type Session } from '../gates/model.ts';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { recordedChromium } from '../scripts/chromium.mjs';
import { resolveUrl } from '../suites/instruments/address.ts';
import { openBrowser, type OpenBrowser, type OpenPage } from '../suites/instruments/browser/open-browser.ts';
import { visit } from '../suites/instruments/browser/visit.ts';
import { naapSurface } from '../suites/naap-surface.ts';
import { findBrowser } from './find-browser.ts';

const SESSION: Session = { account: 'ann', role: 'member', email: 'ann@naap.test', userId: '1', token: 'a-token-of-ann' };
const SECRET = 'let-me-in-4711';
const PAGE = '<!doctype html><title>Page</title><h1>Page</h1>';

interface Site {
  readonly origin: string;
  readonly seen: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  close(): void;
}

async function listen(server: Server, protocol: 'http' | 'https', seen: Site['seen']): Promise<Site> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function openSite(answer: RequestListener): Promise<Site> {
  const seen: Site['seen'] = [];
  return listen(
    createServer((request, response) => {
      seen.push({ path: request.url ?? '', headers: request.headers });
      answer(request, response);
    }),
    'http',
    seen,
  );
}

/** Signed by an authority of its own. */
async function openSecureSite(): Promise<Site & { readonly ca: string }> {
  const { ca, certificate, key } = await makeCertificates();
  const server = createSecureServer({ cert: certificate, key }, (_, response) => response.setHeader('content-type', 'text/html').end(PAGE));
  return { ...(await listen(server, 'https', [])), ca };
}

interface Stored {
  readonly name: string;
  readonly text: string;
}
interface World {
  readonly context: CheckContext;
  readonly stored: readonly Stored[];
  readonly abort: AbortController;
}

function worldOf(web: string, { headers = {}, ca }: { readonly headers?: Record<string, string>; readonly ca?: string } = {}): World {
  const stored: Stored[] = [];
  const abort = new AbortController();
  const browser = recordedChromium(cacheFolder()) ?? findBrowser({ variables: process.env }).browser;
  const context = {
    surface: naapSurface(),
    browser,
    access: { headers, ca },
    accounts: { session: () => Promise.resolve(SESSION) },
    url: (path: string, side?: 'target' | 'legacy') => resolveUrl({ target: { web, api: `${web}/api` } }, path, side),
    signal: abort.signal,
    artifacts: { put: (name: string, _type: string, text: string) => Promise.resolve(String(stored.push({ name, text }))) },
  };
  // What the instrument asks of a check's world, and no more.
  return { context: context as unknown as CheckContext, stored, abort };
}

async function openIn(world: World): Promise<OpenBrowser> {
  const opened = await openBrowser(world.context);
  onTestFinished(() => opened.browser.close());
  return opened;
}

let site: Site;
let elsewhere: Site;

beforeAll(async () => {
  elsewhere = await openSite((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>Elsewhere</title>'));
  site = await openSite(({ url = '' }, response) => {
    const html = (body: string): unknown => response.setHeader('content-type', 'text/html').end(body);
    if (url === '/hangs') return undefined;
    if (url === '/never-loaded') return html(`${PAGE}<img src="/hangs">`);
    if (url === '/loop') return response.writeHead(302, { location: '/loop' }).end();
    if (url === '/cut') return response.destroy();
    if (url === '/download') return response.setHeader('content-disposition', 'attachment; filename="report.csv"').end('a,b');
    if (url === '/missing' || url === '/broken') return response.writeHead(url === '/missing' ? 404 : 503, { 'content-type': 'text/html' }).end(PAGE);
    if (url === '/empty') return response.writeHead(404).end();
    if (url === '/away') return response.writeHead(302, { location: `${elsewhere.origin}/landed` }).end();
    if (url === '/asks-both') return html(`${PAGE}<img src="/own.png"><img src="${elsewhere.origin}/foreign.png">`);
    if (url === '/noisy') {
      response.setHeader('content-security-policy', "img-src 'self'");
      return html(
        `${PAGE}<img src="http://127.0.0.1:9/blocked.png"><script>console.error('not well'); fetch('/missing'); setTimeout(() => { throw new Error('thrown'); }); alert('hello');</script>`,
      );
    }
    return html(PAGE);
  });
});
afterAll(() => {
  site.close();
  elsewhere.close();
});

test('a visit says in words what came of it, whatever the server does', async () => {
  const browser = await openIn(worldOf(site.origin));
  const go = async (path: string, timeoutMs?: number): Promise<unknown> => {
    const opened = await browser.page();
    const outcome = await visit(opened, path, timeoutMs);
    await opened.close();
    return 'why' in outcome ? [path, outcome.why, outcome.status] : [path, outcome.status, new URL(outcome.url).pathname];
  };
  expect(await go('/fine')).toEqual(['/fine', 200, '/fine']);
  expect(await go('/missing')).toEqual(['/missing', 'It was answered 404.', 404]);
  expect(await go('/broken')).toEqual(['/broken', 'It was answered 503.', 503]);
  // A headless shell shows an empty page, a full browser refuses it.
  expect(await go('/empty')).toEqual(['/empty', expect.stringMatching(/^It was answered 404(?:, without a page)?\.$/u), 404]);
  expect(await go('/loop')).toEqual(['/loop', 'It redirects without end.', undefined]);
  expect(await go('/cut')).toEqual(['/cut', 'The connection was cut before it was answered.', undefined]);
  expect(await go('/download')).toEqual(['/download', 'It is a download, not a page.', undefined]);
  expect(await go('/hangs', 500)).toEqual(['/hangs', 'It had not loaded within 0.5 s.', undefined]);
  expect(await go('/never-loaded', 1500)).toEqual(['/never-loaded', 'It had not loaded within 1.5 s.', undefined]);
});

test('a page that crashes, a host where nobody listens and a browser that goes away are told as what they are', async () => {
  const nobody = await openSite(() => undefined);
  nobody.close();
  const refused = await (await openIn(worldOf(nobody.origin))).page();
  expect(await visit(refused, '/')).toEqual({ arrived: false, why: 'Nobody listens at its address.' });

  const world = worldOf(site.origin);
  const browser = await openIn(world);
  const crashing = await browser.page();
  const devtools = await crashing.page.context().newCDPSession(crashing.page);
  const crash = visit(crashing, '/never-loaded');
  await crashing.page.waitForURL('**/never-loaded', { waitUntil: 'commit' });
  // It never answers: there is nobody left.
  devtools.send('Page.crash').catch(() => undefined);
  expect(await crash).toEqual({ arrived: false, why: 'The page crashed.' });

  const waiting = await browser.page();
  const visited = visit(waiting, '/hangs');
  world.abort.abort();
  expect(await visited).toEqual({ arrived: false, why: 'The browser went away.' });
  await expect(openBrowser(world.context)).rejects.toThrow('aborted');
});

test('access headers go to own origins alone: not to others that a page asks, and not along with a redirect', async () => {
  const browser = await openIn(worldOf(site.origin, { headers: { 'X-Access': SECRET } }));
  const { page, ...rest } = await browser.page();
  await visit({ page, ...rest }, '/asks-both');
  await visit({ page, ...rest }, '/away');
  const headerAt = ({ seen }: Site, path: string): unknown => seen.find((one) => one.path === path)?.headers['x-access'] ?? 'none';
  expect(['/asks-both', '/own.png', '/away'].map((path) => headerAt(site, path))).toEqual([SECRET, SECRET, SECRET]);
  expect(elsewhere.seen.map(({ path }) => path)).toEqual(expect.arrayContaining(['/foreign.png', '/landed']));
  expect(elsewhere.seen.filter(({ headers }) => JSON.stringify(headers).includes(SECRET))).toEqual([]);
});

test("exactly the servers that the environment's authority vouches for are trusted", async () => {
  const [own, stranger] = await Promise.all([openSecureSite(), openSecureSite()]);
  onTestFinished(() => [own, stranger].forEach((one) => one.close()));
  const go = async (opened: OpenPage, url: string): Promise<string> => {
    const outcome = await visit({ page: opened.page, url: () => url }, '/');
    return outcome.arrived ? 'arrived' : outcome.why;
  };
  const browser = await openIn(worldOf(own.origin, { ca: own.ca }));
  expect(await go(await browser.page(), own.origin)).toBe('arrived');
  expect(await go(await browser.page(), stranger.origin)).toBe('Its certificate is not trusted.');
  const unknowing = await openIn(worldOf(own.origin));
  expect(await go(await unknowing.page(), own.origin)).toBe('Its certificate is not trusted.');
  const deceived = await openIn(worldOf(own.origin, { ca: stranger.ca }));
  expect(await go(await deceived.page(), own.origin)).toBe('Its certificate is not trusted.');
});

test('a page has the session of who it is opened as, and what it does besides showing itself is written down', async () => {
  const world = worldOf(site.origin);
  const browser = await openIn(world);
  const stranger = await browser.page();
  await visit(stranger, '/as-nobody');
  await visit(stranger, '/verify?token=which-the-page-got-by-itself');
  const ann = await browser.page({ as: 'ann' });
  await visit(ann, '/as-ann');
  const cookieAt = (path: string): unknown => site.seen.find((one) => one.path === path)?.headers.cookie;
  expect([cookieAt('/as-nobody'), cookieAt('/as-ann')]).toEqual([undefined, 'naap_auth_token=a-token-of-ann']);

  await visit(ann, '/noisy');
  const { record } = ann;
  await expect.poll(() => [record.exceptions.length, record.violations.length, record.interruptions.length]).toEqual([1, 1, 1]);
  expect(record.exceptions).toEqual(['thrown']);
  expect(record.consoleErrors.filter((text) => !text.includes('Content Security Policy'))).toEqual(['not well']);
  expect(record.interruptions).toEqual(['alert "hello"']);
  expect(record.violations[0]).toMatchObject({ page: '/noisy', directive: 'img-src', disposition: 'enforce' });
  await expect.poll(() => record.requests.find(({ url }) => url.endsWith('/missing'))).toMatchObject({ type: 'fetch', status: 404 });

  await browser.close();
  const list = world.stored.find(({ name }) => name === 'browser-requests.ndjson')?.text ?? '';
  expect(
    list
      .trim()
      .split('\n')
      .map((line) => new URL(JSON.parse(line).url).pathname),
  ).toEqual(expect.arrayContaining(['/as-nobody', '/as-ann', '/noisy', '/missing']));
  expect(list).toContain('/verify?token=…');
  expect(list).not.toContain('which-the-page-got-by-itself');
  expect(list).not.toContain(SESSION.token);
});

test('a run that is aborted while the browser starts has none afterwards', async () => {
  const { context, abort } = worldOf(site.origin);
  const opening = openBrowser(context);
  setTimeout(() => abort.abort(new Error('enough')), 30);
  await expect(opening).rejects.toThrow('enough');
});

test('a check that opens pages without saying so is told what it lacks', async () => {
  const { context } = worldOf(site.origin);
  await expect(openBrowser({ ...context, browser: undefined })).rejects.toThrow(GateError);
});
