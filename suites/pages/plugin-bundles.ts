// Which scripts that a page fetched are a plugin's own, and what is wrong with them as ES modules: pure. Called by plugin-loading.check.ts.
import { syntaxOf } from './module-syntax.ts';

/** A script that a page fetched, as it came. */
export interface FetchedScript {
  readonly url: string;
  readonly status: number;
  /** `content-type` and `cache-control`, lower case; empty where they were not sent. */
  readonly contentType: string;
  readonly cacheControl: string;
  /** `sec-fetch-mode` of the request: module scripts are always fetched by `cors`. */
  readonly mode: string;
  /** Undefined: the browser did not keep it. */
  readonly body: string | undefined;
  /** Bytes that were transferred, headers with them. */
  readonly bytes: number;
}

/** As the registry lists it. `urls`: those of its fields that name a script. */
export interface ListedPlugin {
  readonly name: string;
  readonly urls: readonly string[];
}

/** RFC 9239: `text/javascript`; the others are its obsolete aliases that browsers take for it. */
const JAVASCRIPT = /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b/;
const YEAR_SECONDS = 31_536_000;
/** `index-BxK3d9aZ.js`, `forum.1f2e3d4c.js`: eight characters or more that are no word. */
const HASHED = /[.\-_/]([A-Za-z0-9_-]{8,})\.m?js$/;
const looksHashed = (part: string): boolean => /\d/.test(part) || (/[a-z]/.test(part) && /[A-Z]/.test(part));

const pathOf = (url: string): string => URL.parse(url, 'https://page.invalid')?.pathname ?? url;

/** Those that the registry names; where it names none, those whose path has the plugin's name as a part. */
export function ownScripts(plugin: ListedPlugin, scripts: readonly FetchedScript[]): readonly FetchedScript[] {
  const named = new Set(plugin.urls.map(pathOf));
  const listed = scripts.filter(({ url }) => named.has(pathOf(url)));
  if (listed.length > 0) return listed;
  const startsWithName = (part: string): boolean => part === plugin.name || part.startsWith(`${plugin.name}.`) || part.startsWith(`${plugin.name}-`);
  return scripts.filter(({ url }) => pathOf(url).split('/').some(startsWithName));
}

function isCachedForGood({ url, cacheControl }: FetchedScript): boolean {
  const maxAge = Number(/max-age=(\d+)/.exec(cacheControl)?.[1] ?? 0);
  const hash = HASHED.exec(pathOf(url))?.[1];
  return cacheControl.includes('immutable') || maxAge >= YEAR_SECONDS || (hash !== undefined && looksHashed(hash));
}

function findFlaws(script: FetchedScript): readonly string[] {
  const { status, contentType, body, mode } = script;
  const path = pathOf(script.url);
  if (status >= 400) return [`${path} was answered ${status}.`];
  const syntax = body === undefined || body === '' ? 'unreadable' : syntaxOf(body);
  const isModule = syntax === 'module' || (syntax === 'unreadable' && body !== '' && mode === 'cors');
  return [
    ...(JAVASCRIPT.test(contentType) ? [] : [`${path} is served as ${contentType === '' ? 'nothing in particular' : contentType}, not as JavaScript.`]),
    ...(isModule ? [] : [`${path} is a classic script: it neither imports nor exports.`]),
    ...(isCachedForGood(script)
      ? []
      : [
          `${path} has no hash of its content in its name and is not cached for a year (cache-control: ${script.cacheControl === '' ? 'none' : script.cacheControl}).`,
        ]),
  ];
}

/** `scripts`: all that the page fetched. */
export function findBundleFlaws(plugin: ListedPlugin, scripts: readonly FetchedScript[]): readonly string[] {
  const remote = scripts.find(({ url }) => /\/remoteEntry\.m?js$/.test(pathOf(url)));
  const federation = remote === undefined ? [] : [`${pathOf(remote.url)} was fetched: that is Module Federation, not ES modules.`];
  const own = ownScripts(plugin, scripts);
  if (own.length === 0)
    return [
      ...federation,
      `No script of the plugin's own was fetched${plugin.urls.length === 0 ? '' : ` (the registry names ${plugin.urls.map(pathOf).join(', ')})`}.`,
    ];
  return [...federation, ...new Set(own.flatMap(findFlaws))];
}

/** Of an item of the registry's list; undefined where it has no name. */
export function toListed(item: unknown): ListedPlugin | undefined {
  if (typeof item !== 'object' || item === null || !('name' in item) || typeof item.name !== 'string') return undefined;
  const urls = Object.values(item).filter((value): value is string => typeof value === 'string' && /\.m?js(?:\?|$)/.test(value));
  return { name: item.name, urls };
}
