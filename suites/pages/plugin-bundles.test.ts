import { expect, test } from 'vitest';
import { syntaxOf } from './module-syntax.ts';
import { type FetchedScript, findBundleFlaws, type ListedPlugin, ownScripts, toListed } from './plugin-bundles.ts';

const FORUM: ListedPlugin = { name: 'forum', urls: [] };
const HEALTHY: FetchedScript = {
  url: 'https://naap.test/cdn/plugins/forum/1.0.0/forum.js',
  status: 200,
  contentType: 'text/javascript; charset=utf-8',
  cacheControl: 'public, max-age=31536000, immutable',
  mode: 'cors',
  body: "import { el } from './dom.js';\nexport const mount = () => el('p');",
  bytes: 900,
};
const SHELL: FetchedScript = { ...HEALTHY, url: 'https://naap.test/assets/shell.1f2e3d4c.js' };

test.each([
  ['export const a = 1;', 'module'],
  ["import './a.js';", 'module'],
  ['export{a as mount};let a', 'module'],
  ['const url = import.meta.url;', 'module'],
  ['const a = await b();', 'module'],
  ['const words = "export const a"; // import x from "y"', 'script'],
  ["(() => { globalThis.forum = { mount() { return import('./late.js'); } }; })();", 'script'],
  ['module.exports = { mount() {} };', 'script'],
  ['<!doctype html><title>Not found</title>', 'unreadable'],
])('%s is read as a %s', (source, syntax) => {
  expect(syntaxOf(source)).toBe(syntax);
});

test('a module that may be cached for good has no flaw', () => {
  expect(findBundleFlaws(FORUM, [SHELL, HEALTHY])).toEqual([]);
});

test.each<[string, Partial<FetchedScript>, readonly string[]]>([
  ['that is not there', { status: 404, contentType: 'text/html' }, ['/cdn/plugins/forum/1.0.0/forum.js was answered 404.']],
  ['of another content type', { contentType: 'text/plain' }, ['/cdn/plugins/forum/1.0.0/forum.js is served as text/plain, not as JavaScript.']],
  ['without a content type', { contentType: '' }, ['/cdn/plugins/forum/1.0.0/forum.js is served as nothing in particular, not as JavaScript.']],
  ['that is a classic script', { body: 'globalThis.forum = {};' }, ['/cdn/plugins/forum/1.0.0/forum.js is a classic script: it neither imports nor exports.']],
  ['that is empty', { body: '' }, ['/cdn/plugins/forum/1.0.0/forum.js is a classic script: it neither imports nor exports.']],
  [
    'that is asked for each time',
    { cacheControl: 'no-cache' },
    ['/cdn/plugins/forum/1.0.0/forum.js has no hash of its content in its name and is not cached for a year (cache-control: no-cache).'],
  ],
  [
    'that may be kept for an hour',
    { cacheControl: 'max-age=3600' },
    ['/cdn/plugins/forum/1.0.0/forum.js has no hash of its content in its name and is not cached for a year (cache-control: max-age=3600).'],
  ],
  ['with a hash in its name', { cacheControl: '', url: 'https://naap.test/cdn/plugins/forum/forum-BxK3d9aZ.js' }, []],
  [
    'with a word in its name that is no hash',
    { cacheControl: '', url: 'https://naap.test/cdn/plugins/forum/forum-something.js' },
    ['/cdn/plugins/forum/forum-something.js has no hash of its content in its name and is not cached for a year (cache-control: none).'],
  ],
  ['kept for a year', { cacheControl: 'max-age=31536000' }, []],
  ['newer than this parser, fetched as modules are', { body: 'export let x = 1 ??? 2;' }, []],
  ['whose body is not known, fetched as modules are', { body: undefined }, []],
  [
    'whose body is not known, fetched as classic scripts are',
    { body: undefined, mode: 'no-cors' },
    ['/cdn/plugins/forum/1.0.0/forum.js is a classic script: it neither imports nor exports.'],
  ],
])('a script %s', (_, change, flaws) => {
  expect(findBundleFlaws(FORUM, [{ ...HEALTHY, ...change }])).toEqual(flaws);
});

test('a plugin without a script of its own is no ES module by itself', () => {
  expect(findBundleFlaws(FORUM, [SHELL])).toEqual(["No script of the plugin's own was fetched."]);
  expect(findBundleFlaws({ ...FORUM, urls: ['/cdn/forum.js'] }, [SHELL])).toEqual([
    "No script of the plugin's own was fetched (the registry names /cdn/forum.js).",
  ]);
});

test('a remoteEntry.js is Module Federation', () => {
  const remote = { ...HEALTHY, url: 'https://naap.test/cdn/plugins/forum/remoteEntry.js?v=2' };
  expect(findBundleFlaws(FORUM, [remote])).toEqual(['/cdn/plugins/forum/remoteEntry.js was fetched: that is Module Federation, not ES modules.']);
});

test("scripts are a plugin's own by what the registry names, else by their path", () => {
  const other = { ...HEALTHY, url: 'https://naap.test/cdn/plugins/forum-extra/main.js' };
  const elsewhere = { ...HEALTHY, url: 'https://cdn.naap.test/a/b.js?v=1' };
  expect(ownScripts({ ...FORUM, urls: ['https://cdn.naap.test/a/b.js'] }, [SHELL, HEALTHY, elsewhere])).toEqual([elsewhere]);
  expect(ownScripts({ ...FORUM, name: 'wallet' }, [SHELL, HEALTHY])).toEqual([]);
  expect(ownScripts(FORUM, [SHELL, HEALTHY])).toEqual([HEALTHY]);
  expect(ownScripts({ ...FORUM, name: 'forum-extra' }, [HEALTHY, other])).toEqual([other]);
});

test('an item of the list is known by its name, and its scripts by their ending', () => {
  expect(toListed({ name: 'forum', bundleUrl: '/cdn/forum.js?v=1', icon: '/forum.svg', position: 2 })).toEqual({ name: 'forum', urls: ['/cdn/forum.js?v=1'] });
  expect([toListed({ id: 1 }), toListed('forum'), toListed(null), toListed({ name: 7 })]).toEqual([undefined, undefined, undefined, undefined]);
});
