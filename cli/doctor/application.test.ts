// Clocks, addresses and identity against small servers: well, skewed, closed, walled, expiring, behind a cache.
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Environment } from '../../gates/model.ts';
import { makeCertificates } from '../../fixtures/twin/certificates.ts';
import { testEnvironment } from '../../gates/test-environment.ts';
import { serve, smallApplication, SMALL_SURFACE, type SmallServer } from '../testing/small-application.ts';
import { lookAtIdentity, withHttp } from './application.ts';
import { askDates, type DatedAnswer, lookAtClock, skewOf } from './clock.ts';
import type { OpenedEnvironment, Patient } from './precondition.ts';
import { addressesOf, lookAtAddress } from './reach.ts';

const { signal } = new AbortController();
const NOW = new Date();
const DAY_MS = 86_400_000;
const servers: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
async function opened(server: Promise<SmallServer>): Promise<SmallServer> {
  servers.push(await server);
  return server;
}
const environmentAt = (web: string, more: Partial<Environment> = {}): Environment => ({
  ...testEnvironment(),
  name: 'staging',
  target: { web, api: `${web}/api` },
  legacy: undefined,
  access: { headers: {} },
  identity: { path: '/api/health', expect: { status: 200 } },
  surface: SMALL_SURFACE as Environment['surface'],
  ...more,
});
const openedAt = (web: string, more: Partial<Environment> = {}, absent: OpenedEnvironment['absent'] = []): OpenedEnvironment => ({
  environment: environmentAt(web, more),
  setUp: undefined,
  named: absent,
  absent,
});

/** A server whose clock is `aheadMs` ahead, asked at these moments of ours; each answer takes 20 ms. */
const answersOf = (aheadMs: number, ...moments: readonly number[]): readonly DatedAnswer[] =>
  moments.map((askedMs) => ({ askedMs, answeredMs: askedMs + 20, dateMs: Math.floor((askedMs + 10 + aheadMs) / 1000) * 1000 }));

test('what several answers allow is narrower than the second of one, and holds the truth', () => {
  const one = skewOf(answersOf(300, 1_000_000));
  const many = skewOf(answersOf(300, 1_000_000, 1_000_170, 1_000_340, 1_000_510, 1_000_680, 1_000_850));
  expect(one.highMs - one.lowMs).toBeGreaterThan(1000);
  expect(many.highMs - many.lowMs).toBeLessThan(250);
  expect(many.lowMs <= 300 && 300 <= many.highMs).toBe(true);
});

test.each([
  [0, 'ok'],
  [1500, 'ok'],
  [-5000, 'warn'],
  [30_000, 'warn'],
  [-90_000, 'missing'],
  [3_600_000, 'missing'],
])('a clock that is %d ms ahead is %s', (aheadMs, word) => {
  const moments = [0, 170, 340, 510, 680, 850].map((ms) => 1_000_000 + ms);
  expect(lookAtClock(answersOf(aheadMs, ...moments))).toMatchObject({ word });
});

test('answers that contradict each other come from clocks that differ, and no answer says nothing', () => {
  expect(lookAtClock([...answersOf(0, 1_000_000), ...answersOf(5000, 1_000_000)])).toMatchObject({
    word: 'warn',
    found: expect.stringContaining('contradict'),
  });
  expect(lookAtClock([])).toMatchObject({ word: 'not-looked-at' });
});

const dated =
  (aheadMs: number, more: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', date: new Date(Date.now() + aheadMs).toUTCString(), ...more }).end('{}');

test.each([
  ['right', 0, {}, 'ok'],
  ['two minutes ahead', 120_000, {}, 'missing'],
  ['out of a cache', 120_000, { age: '120' }, 'not-looked-at'],
])('the clock of a server that is %s', async (_, aheadMs, headers, word) => {
  const { web } = await opened(serve(dated(aheadMs, headers)));
  const answers = await withHttp(environmentAt(web), signal, (http) => askDates(http, environmentAt(web), 'target', signal));
  expect(lookAtClock(answers)).toMatchObject({ word });
});

test('addresses that share an origin are one; a legacy side is needed where the plan says so', () => {
  const sides = { target: { web: 'https://a.dev', api: 'https://a.dev/api' }, legacy: { web: 'https://b.dev', api: 'https://api.b.dev' } };
  expect(addressesOf(sides, false)).toEqual([
    { name: 'target.web, target.api', url: 'https://a.dev', isNeeded: true },
    { name: 'legacy.web', url: 'https://b.dev', isNeeded: false },
    { name: 'legacy.api', url: 'https://api.b.dev', isNeeded: false },
  ]);
});

const address = (url: string, isNeeded = true) => ({ name: 'target.web', url, isNeeded });

test('a port on this machine that takes connections is well; a closed one is missing where it is needed', async () => {
  const { web } = await opened(serve(dated(0)));
  expect(await lookAtAddress(address(web), undefined, NOW, signal)).toMatchObject({ word: 'ok', found: expect.stringMatching(/^127\.0\.0\.1:\d+ in \d+ ms$/) });
  expect(await lookAtAddress(address('http://127.0.0.1:9'), undefined, NOW, signal)).toMatchObject({
    word: 'missing',
    found: expect.stringContaining('ECONNREFUSED'),
  });
  expect(await lookAtAddress(address('http://127.0.0.1:9', false), undefined, NOW, signal)).toMatchObject({ word: 'warn' });
});

async function secureServer(): Promise<{ readonly url: string; readonly ca: string }> {
  const { ca, certificate, key } = await makeCertificates();
  const server: Server = createServer({ cert: certificate, key }, (_, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, ca };
}

test('a certificate is well while it holds, warned of before it ends, and missing where nobody vouches for it', async () => {
  const { url, ca } = await secureServer();
  expect(await lookAtAddress(address(url), ca, NOW, signal)).toMatchObject({ word: 'ok', found: expect.stringMatching(/TLSv1\.\d, certificate until \d{4}-/) });
  const later = new Date(NOW.getTime() + 20 * DAY_MS);
  expect(await lookAtAddress(address(url), ca, later, signal)).toMatchObject({ word: 'warn', remedy: expect.stringMatching(/ends in (9|10) days/) });
  expect(await lookAtAddress(address(url), undefined, NOW, signal)).toMatchObject({ word: 'missing', remedy: expect.stringContaining('access.ca') });
});

test('https where plain HTTP is spoken is missing', async () => {
  const { web } = await opened(serve(dated(0)));
  expect(await lookAtAddress(address(web.replace('http:', 'https:')), undefined, NOW, signal)).toMatchObject({ word: 'missing' });
});

const patient = { signal, now: () => NOW } as Patient;

test('the application is known by its answer; a login wall is not it', async () => {
  const application = await opened(smallApplication({ commit: '3f9c2ab41d5e', deploymentId: 'dpl_1' }));
  expect(await lookAtIdentity(patient, openedAt(application.web))).toMatchObject([
    { word: 'ok' },
    { word: 'ok', found: 'commit 3f9c2ab41d5e, deployment dpl_1' },
  ]);
  const wall = await opened(serve((_, response) => response.writeHead(302, { location: '/sso' }).end()));
  expect(await lookAtIdentity(patient, openedAt(wall.web))).toMatchObject([{ word: 'missing', found: expect.stringMatching(/^TARGET_NOT_THE_APP/) }]);
});

test('an application that does not tell its version is warned of', async () => {
  const { web } = await opened(serve((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}')));
  expect(await lookAtIdentity(patient, openedAt(web))).toMatchObject([{ word: 'ok' }, { name: 'Version', word: 'warn' }]);
});

test('where a header of every request is a secret that is not set, nothing is sent', async () => {
  const server = await opened(serve(dated(0)));
  const absent = [{ secret: 'BYPASS', place: 'environments.staging.access.headers.x-bypass' }];
  const looks = await lookAtIdentity(patient, openedAt(server.web, { access: { headers: { 'x-bypass': 'placeholder' } } }, absent));
  expect(looks).toMatchObject([{ word: 'not-looked-at', found: expect.stringContaining('BYPASS is not set') }]);
  expect(server.requests).toEqual([]);
});
