import { expect, test } from 'vitest';
import { type Load, figuresOf, tableOf } from './figures.ts';
import type { Resource } from './resources.ts';
import type { PageWeight } from './weigh-page.ts';

const NONE = { total: 0, unused: 0 };
const loaded = (...resources: readonly (readonly [url: string, type: Resource['type'], transferred: number])[]): PageWeight => ({
  loaded: true,
  unused: { script: { total: 100, unused: 40 }, style: NONE },
  resources: resources.map(([url, type, transferred]) => ({ url: `https://naap.test${url}`, type, transferred, parsed: 2 * transferred })),
});
const load = (side: Load['side'], path: string, weight: PageWeight, plugin?: string): Load => ({
  side,
  weight,
  page: { path, isGuarded: true, shows: [], ...(plugin === undefined ? {} : { plugin }) },
});
const forum = (bytes: number): PageWeight =>
  loaded(['/forum', 'document', 50], ['/shell.js', 'script', 100], ['/forum.js', 'script', bytes], ['/posts', 'data', 9999]);
const home = loaded(['/', 'document', 40], ['/shell.js', 'script', 100]);

function told(...loads: readonly Load[]): readonly string[] {
  const sides = (['target', 'legacy'] as const).map((side) => ({ side, loads: loads.filter((one) => one.side === side) }));
  return figuresOf(sides, 'Chromium 1').flatMap(({ metric, labels, n, payload, instrument }) =>
    metric === 'web.transferred-bytes' && payload.shape === 'value'
      ? [`${labels.side} ${labels.route}: ${payload.value} bytes of ${n}${instrument.healthy ? '' : `, sick: ${instrument.why}`}`]
      : [],
  );
}

test('a page weighs its code and assets, not its data; a plugin what no other page loads', () => {
  expect(told(load('target', '/', home), load('target', '/forum', forum(30), 'forum'))).toEqual([
    'target page /: 140 bytes of 2',
    'target page /forum: 180 bytes of 3',
    'target plugin forum: 30 bytes of 1',
  ]);
});

test('of several loads the heaviest counts', () => {
  expect(told(load('target', '/', home), load('target', '/forum', forum(30)), load('target', '/forum', forum(32)))).toContain(
    'target page /forum: 182 bytes of 3',
  );
});

test('loads that are far apart are no figure, and take none from another page', () => {
  const loads = [load('target', '/', home), load('target', '/forum', forum(30)), load('target', '/forum', forum(90))];
  expect(told(...loads)).toEqual(['target page /: 140 bytes of 2', 'target page /forum: 0 bytes of 0']);
  expect(figuresOf([{ side: 'target', loads }], 'Chromium 1').flatMap(({ instrument }) => Object.values(instrument.facts ?? {}))).toEqual([
    'weighed 180 and 240 bytes in two loads of the target side',
  ]);
});

test('a page that was not loaded is missed by name, however often it was loaded besides', () => {
  const gone = load('target', '/forum', { loaded: false, why: 'It was answered 500.' }, 'forum');
  expect(told(load('target', '/', home), gone, load('target', '/forum', forum(30), 'forum'))).toEqual([
    'target page /: 140 bytes of 2',
    'target page /forum: 0 bytes of 0',
    'target plugin forum: 0 bytes of 0',
  ]);
});

test('a plugin without a file of its own on one of the sides is judged with its page alone', () => {
  const merged = loaded(['/forum', 'document', 50], ['/shell.js', 'script', 130]);
  const both = [
    load('target', '/', home),
    load('target', '/forum', forum(30), 'forum'),
    load('legacy', '/', loaded(['/shell.js', 'script', 130])),
    load('legacy', '/forum', merged, 'forum'),
  ];
  expect(told(...both).filter((line) => line.includes('plugin'))).toEqual([]);
});

test('the table has a line for each page and side, the heaviest files first, and names what was not loaded', () => {
  const table = tableOf([
    { side: 'target', loads: [load('target', '/forum', forum(30), 'forum'), load('target', '/', { loaded: false, why: 'It led to /login.' })] },
  ]);
  expect(table.notLoaded).toEqual([{ route: 'page /', side: 'target', why: 'It led to /login.' }]);
  expect(table.loads).toMatchObject([
    {
      route: 'page /forum',
      byType: { data: { transferred: 9999 }, script: { transferred: 130 } },
      heaviest: [{ path: '/shell.js' }, { path: '/forum' }, { path: '/forum.js' }],
    },
  ]);
});
