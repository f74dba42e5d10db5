import { expect, test } from 'vitest';
import { type Resource, byType, ownOf, sumOf, typeOf, unusedScript, unusedStyle } from './resources.ts';

const resource = (url: string, type: Resource['type'] = 'script', transferred = 10): Resource => ({ url, type, transferred, parsed: transferred * 3 });

test.each<readonly [string, string, Resource['type']]>([
  ['Document', 'text/html', 'document'],
  ['Stylesheet', 'text/css', 'style'],
  ['Image', 'image/svg+xml', 'image'],
  ['Fetch', 'application/json', 'data'],
  ['XHR', 'text/plain', 'data'],
  ['Fetch', 'text/javascript; charset=utf-8', 'script'],
  ['Fetch', 'application/wasm', 'script'],
  ['XHR', 'font/woff2', 'font'],
  ['Prefetch', 'text/css', 'style'],
  ['Manifest', 'application/manifest+json', 'other'],
  ['EventSource', 'text/event-stream', 'data'],
])('%s of %s is counted as %s', (kind, mime, type) => {
  expect(typeOf(kind, mime)).toBe(type);
});

test('bytes are added up, by type too', () => {
  const all = [resource('a'), resource('b', 'style', 5), resource('c')];
  expect(sumOf(all)).toEqual({ requests: 3, transferred: 25, parsed: 75 });
  expect(byType(all)).toEqual({ script: { requests: 2, transferred: 20, parsed: 60 }, style: { requests: 1, transferred: 5, parsed: 15 } });
});

test('a plugin weighs what its page alone loads: neither the document nor the shell nor data', () => {
  const page = [resource('/forum', 'document'), resource('/shell.js'), resource('/forum.js'), resource('/forum.css', 'style'), resource('/posts', 'data')];
  expect(ownOf(page, [[resource('/shell.js'), resource('/wallet.js')]]).map(({ url }) => url)).toEqual(['/forum.js', '/forum.css']);
});

test('what an inner range says of code holds against the outer one', () => {
  const source = 'x'.repeat(100);
  const range = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });
  const functions = [{ ranges: [range(0, 100, 1), range(20, 60, 0)] }, { ranges: [range(30, 40, 2)] }];
  expect(unusedScript([{ source, functions }])).toEqual({ total: 100, unused: 30 });
});

test('a script that nothing is known of is unused as a whole, and one without a source is none', () => {
  expect(unusedScript([{ source: 'abc', functions: [] }, { functions: [] }])).toEqual({ total: 3, unused: 3 });
});

test('a style is used where a range says so', () => {
  expect(
    unusedStyle([
      {
        text: 'x'.repeat(50),
        ranges: [
          { start: 0, end: 10 },
          { start: 20, end: 25 },
        ],
      },
    ]),
  ).toEqual({ total: 50, unused: 35 });
});
