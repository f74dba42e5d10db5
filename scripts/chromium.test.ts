import { expect, test } from 'vitest';
import { playwrightPlaces, systemPlaces, type Probes } from './chromium-places.mjs';
import { firstThatDraws } from './chromium.mjs';

const machine = (files: readonly string[], over: Partial<Probes> = {}): Probes => ({
  env: { PATH: '/usr/local/bin:/usr/bin' },
  platform: 'linux',
  home: '/h',
  list: (folder) => [...new Set(files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1).split('/')[0] ?? ''))],
  isFile: (path) => files.includes(path),
  ...over,
});
const paths = (found: readonly { readonly path: string }[]): readonly string[] => found.map(({ path }) => path);

test("of Playwright's browsers, a full one comes before a headless shell, and a new one before an old one", () => {
  const folder = '/h/.cache/ms-playwright';
  const files = [
    `${folder}/chromium_headless_shell-1300/chrome-linux/headless_shell`,
    `${folder}/chromium-999/chrome-linux/chrome`,
    `${folder}/chromium-1200/chrome-linux64/chrome`,
    `${folder}/firefox-1500/firefox/firefox`,
  ];
  expect(paths(playwrightPlaces(machine(files)))).toEqual([files[2], files[1], files[0]]);
});

test('PLAYWRIGHT_BROWSERS_PATH names the folder, and 0 does not', () => {
  const file = '/b/chromium-1200/chrome-linux/chrome';
  expect(paths(playwrightPlaces(machine([file], { env: { PLAYWRIGHT_BROWSERS_PATH: '/b' } })))).toEqual([file]);
  expect(paths(playwrightPlaces(machine([file], { env: { PLAYWRIGHT_BROWSERS_PATH: '0' } })))).toEqual([]);
});

test('on the system, chromium comes before google-chrome, and a headless shell last', () => {
  const files = ['/usr/bin/chromium-headless-shell', '/usr/local/bin/google-chrome', '/usr/bin/chromium'];
  expect(paths(systemPlaces(machine(files)))).toEqual(['/usr/bin/chromium', '/usr/local/bin/google-chrome', '/usr/bin/chromium-headless-shell']);
});

test('on macOS the applications are looked at too', () => {
  const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  expect(paths(systemPlaces(machine([chrome], { platform: 'darwin' })))).toEqual([chrome]);
  expect(paths(systemPlaces(machine([chrome])))).toEqual([]);
});

const way = (name: string, got: readonly string[] | string) => ({
  name,
  get: async () => (typeof got === 'string' ? got : got.map((path) => ({ path, how: name }))),
});

test('a browser that does not draw is passed over, and later ways are not tried once one draws', async () => {
  const prove = async (path: string) => (path === '/good' ? { version: '1' } : { why: 'drew nothing' });
  const never = { name: 'never', get: () => Promise.reject(new Error('tried')) };
  const chromium = await firstThatDraws([way('playwright', 'none there'), way('system', ['/stub', '/good']), never], prove);
  expect(chromium).toEqual({ path: '/good', how: 'system', version: '1' });
});

test('where nothing draws, the error names every way and why it failed', async () => {
  const ways = [way('playwright', 'none there'), way('system', ['/stub'])];
  await expect(firstThatDraws(ways, async () => ({ why: 'drew nothing' }))).rejects.toMatchObject({
    code: 'NO_CHROMIUM',
    message: 'No Chromium works here.\n  playwright: none there\n  system: /stub: drew nothing',
  });
});
