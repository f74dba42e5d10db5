// Manifests of builds as bundlers write them, and each way in which one can be wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeBundleManifest } from './bundle-manifest.rule.ts';

const RULE = { kind: 'bundle-manifest', describe: 'x' } as const;
const judge = (value: unknown): { ok: boolean; text: string } =>
  judgeBundleManifest(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), RULE);
const VITE = readFileSync(join(import.meta.dirname, 'testing', 'recorded', 'vite-manifest.json'), 'utf8');
const NEXT = {
  polyfillFiles: ['static/chunks/polyfills-42372ed130431b0a.js'],
  devFiles: [],
  lowPriorityFiles: ['static/Zr6y3qvB0Jc1xVqT2mNpL/_buildManifest.js', 'static/Zr6y3qvB0Jc1xVqT2mNpL/_ssgManifest.js'],
  rootMainFiles: ['static/chunks/webpack-4bd1b696f785427d.js', 'static/chunks/main-app-20882bf820444624.js'],
  pages: { '/_app': ['static/chunks/main-0a1b2c3d4e5f6a7b.js'] },
};
const ESBUILD = {
  inputs: { 'a.ts': { bytes: 3, imports: [] } },
  outputs: { 'dist/main-OEPBBOTN.js': { bytes: 120, inputs: {}, imports: [], exports: [] }, 'dist/main-OEPBBOTN.js.map': { bytes: 9 } },
};
const files = (...names: string[]): object => ({ files: names.map((file) => ({ file, bytes: 5 })) });

test.each<readonly [string, unknown, string]>([
  ['of Vite', VITE, "Vite's manifest: 4 files, each with a hash of its content in its name."],
  ['with CRLF and a byte order mark', `\uFEFF${VITE.replaceAll('\n', '\r\n')}`, "Vite's manifest: 4 files, each with a hash of its content in its name."],
  ['of Next.js', NEXT, "Next.js's build manifest: 6 files, each with a hash of its content in its name."],
  ['of esbuild', ESBUILD, "esbuild's metafile: 1 file, each with a hash of its content in its name, 120 bytes together."],
  ['by hand', files('a.4bd1b696.js', 'b-OEPBBOTN.min.css'), 'List of built files: 2 files, each with a hash of its content in its name, 10 bytes together.'],
])('a manifest %s is accepted', (_, value, text) => {
  expect(judge(value)).toEqual({ ok: true, text });
});

test.each<readonly [string, unknown, string]>([
  ['main.js', files('main.js'), '1 file of 1 without a hash of the content in the name: main.js.'],
  ['a word of eight letters', files('main-polyfill.js', 'a-4bd1b696.js'), '1 file of 2 without a hash of the content in the name: main-polyfill.js.'],
  ['a date', files('main-20261123.js'), '1 file of 1 without a hash of the content in the name: main-20261123.js.'],
  ['a version', files('plugins/wallet/1.4.2/wallet.js'), '1 file of 1 without a hash of the content in the name: plugins/wallet/1.4.2/wallet.js.'],
  ['a version in the name', files('wallet-v1.24.2.js'), '1 file of 1 without a hash of the content in the name: wallet-v1.24.2.js.'],
  ['a component', files('MyComponent.js'), '1 file of 1 without a hash of the content in the name: MyComponent.js.'],
  ['a hash in the query', files('main.js?v=4bd1b696'), '1 file of 1 without a hash of the content in the name: main.js?v=4bd1b696.'],
  ['a file of no bytes', { files: [{ file: 'a-4bd1b696.js', bytes: 0 }] }, '1 file of no bytes: a-4bd1b696.js.'],
  ['a file that stands twice', files('a-4bd1b696.js', 'a-4bd1b696.js'), 'it contradicts itself: a-4bd1b696.js stands twice.'],
  ['no file', files(), 'it names no file that was built.'],
  ['pages alone', files('index.html'), 'it names no file that was built.'],
])('%s is not enough', (_, value, text) => {
  expect(judge(value)).toEqual({ ok: false, text: `List of built files: ${text}` });
});

test('a few of many may read as words, because chance makes such hashes', () => {
  const hashed = Array.from({ length: 99 }, (_, index) => `a-${(0x4bd1b690 + index).toString(16)}.js`);
  expect(judge(files(...hashed, 'b-polyfill.js'))).toMatchObject({ ok: true });
  expect(judge(files(...hashed, 'b-polyfill.js', 'c-polyfill.js', 'd-polyfill.js'))).toMatchObject({
    ok: false,
    text: expect.stringContaining('3 files of 102'),
  });
  expect(judge(files(...hashed, 'b.js'))).toMatchObject({ ok: false, text: expect.stringContaining('1 file of 100') });
});

test.each<readonly [string, unknown, RegExp]>([
  ['an empty manifest', {}, /^Vite's manifest: it names no file/],
  [
    'an import that is not there',
    VITE.replace('"src/lazy.ts": {', '"src/other.ts": {'),
    /contradicts itself: index\.html imports src\/lazy\.ts, which is not there/,
  ],
  ['a development server', { ...NEXT, lowPriorityFiles: ['static/development/_buildManifest.js'] }, /it is of a development server/],
])('%s is not enough', (_, value, text) => {
  expect(judge(value)).toEqual({ ok: false, text: expect.stringMatching(text) });
});

test.each<readonly [string, unknown, RegExp]>([
  ['nothing', '', /it is empty/],
  ['a manifest cut off', VITE.slice(0, 120), /no JSON, or was cut off/],
  ['a list', [], /no JSON object/],
  ['other JSON', { a: 1 }, /no manifest of a build/],
  ['a file that is a number', { 'a.ts': { file: 5 } }, /no manifest of Vite: a\.ts\.file/],
  ['a size that is a word', { files: [{ file: 'a-4bd1b696.js', bytes: 'many' }] }, /no list of built files: files\.0\.bytes/],
  ['50 MB of garbage', 'x'.repeat(50 * 1024 * 1024), /no JSON/],
])('%s cannot be read', (_, value, message) => {
  expect(() => judge(value)).toThrow(message);
});
