import { expect, test } from 'vitest';
import { findingsOf, type SeenPage } from './page-findings.ts';

const page = (more: Partial<SeenPage>): SeenPage => ({
  journey: 'user-login',
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
