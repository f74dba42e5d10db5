import { expect, test } from 'vitest';
import { examined, findingsOf, type SeenPage, shownPages, unwatchedWords } from './page-findings.ts';

const page = (more: Partial<SeenPage>): SeenPage => ({
  journey: 'user-login',
  journeys: ['user-login'],
  requests: [],
  consoleErrors: [],
  exceptions: [],
  violations: [],
  mixedContent: [],
  interruptions: [],
  ...more,
});
const asked = (url: string, failure?: string): SeenPage['requests'][number] => ({
  method: 'GET',
  url,
  type: 'script',
  startedAt: '2026-11-23T00:00:00.000Z',
  ...(failure === undefined ? {} : { failure }),
});
const OWN = { origins: ['https://naap.dev', 'https://api.naap.dev'], thirdParties: ['fonts.example.com'] };

test('hosts of the environment and those that the surface names are nobody foreign; a policy that forbids a request kept it at home', () => {
  const requests = [
    asked('https://naap.dev/app.js'),
    asked('https://api.naap.dev/api/v1'),
    asked('https://fonts.example.com/a.woff'),
    asked('data:text/plain,x'),
    asked('https://forbidden.example/x.js', 'csp'),
    asked('wss://naap.dev.evil.example/socket'),
  ];
  expect(findingsOf([page({ requests })], OWN).foreignHosts).toEqual([
    { key: 'naap.dev.evil.example', detail: 'script wss://naap.dev.evil.example/socket (user-login)' },
  ]);
});

test('another port of the same machine is another host', () => {
  const found = findingsOf([page({ requests: [asked('http://127.0.0.1:2/')] })], { origins: ['http://127.0.0.1:1'], thirdParties: [] });
  expect(found.foreignHosts.map(({ key }) => key)).toEqual(['127.0.0.1:2']);
});

test('the same violation on several pages is one finding, with the journeys that met it', () => {
  const violations = [{ page: '/forum', directive: 'script-src-elem', blocked: 'inline', disposition: 'enforce' }];
  expect(findingsOf([page({ violations }), page({ violations, journey: 'plugin-load' })], OWN).violations).toEqual([
    { key: '/forum script-src-elem inline', detail: '/forum: script-src-elem forbids inline (user-login, plugin-load, 2 times)' },
  ]);
});

test('mixed content and errors of pages are listed by what they are', () => {
  const found = findingsOf(
    [page({ mixedContent: [{ page: '/', insecure: 'http://old.example/a.png' }], exceptions: ['x is undefined\n at y'], consoleErrors: ['oh no'] })],
    OWN,
  );
  expect(found.mixedContent.map(({ key }) => key)).toEqual(['/ http://old.example/a.png']);
  expect(found.pageErrors.map(({ key }) => key)).toEqual(['exception x is undefined', 'console oh no']);
});

const document = (status: number | undefined, more: Partial<SeenPage['requests'][number]> = {}): SeenPage['requests'][number] => ({
  ...asked('https://naap.dev/dashboard'),
  type: 'document',
  ...(status === undefined ? {} : { status }),
  ...more,
});

test.each([
  ['was never sent anywhere', [], 0],
  ['was answered', [document(200)], 1],
  ['was answered by what the browser still had', [document(304)], 1],
  ['was refused', [document(401)], 0],
  ['was answered by a gateway that has nobody behind it', [document(302), document(502)], 0],
  ['was never answered', [document(undefined, { failure: 'net::ERR_CONNECTION_REFUSED' })], 0],
  ['broke off', [document(200, { failure: 'net::ERR_ABORTED' })], 0],
  ['was shown by somebody else', [document(200, { url: 'https://login.example/' })], 0],
  ['has scripts alone', [{ ...asked('https://naap.dev/app.js'), status: 200 }], 0],
  ['was refused at first', [document(503), document(200)], 1],
] as const)('a page that %s', (_what, requests, shown) => {
  expect(shownPages([page({ requests })], OWN)).toHaveLength(shown);
});

test('journeys of which no page was watched are named: those that others run, and those that never came to one', () => {
  const coverage = { 'user-login': 'ours', 'user-logout': { spec: '/e2e/own.spec.ts' }, 'plugin-load': { notRun: 'no accounts' } } as const;
  expect(unwatchedWords(coverage, [page({})])).toBe('no page was watched of user-logout, plugin-load');
  expect(unwatchedWords({ 'user-login': 'ours' }, [page({})])).toBeUndefined();
});

test('clean error pages are no pages, and what one of them does wrong counts', () => {
  expect(examined([], { all: 20, shown: 0 })).toBe(0);
  expect(examined([{ key: 'evil.example', detail: '' }], { all: 20, shown: 0 })).toBe(20);
});
