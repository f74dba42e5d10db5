// Opens the page of one plugin and tells what became of it: mounted or not, how soon, with which bytes and errors. Called by plugin-loading.check.ts.
import type { CheckContext, Page, Plugins } from '../../gates/model.ts';
import type { BrowserRequest, OpenBrowser, OpenPage, Page as BrowserPage } from '../instruments/browser/open-browser.ts';
import { visit, wordsOf } from '../instruments/browser/visit.ts';
import { answerOf, keepPicture, rest, withPage } from './look.ts';
import { askingOf, findRecordFlaws } from './page-flaws.ts';
import { type FetchedScript, findBundleFlaws, type ListedPlugin, ownScripts } from './plugin-bundles.ts';

/** A plugin that has not loaded by then has not loaded, as far as a person is concerned, ms. */
export const LOAD_MS = 10_000;

export interface PluginVisit {
  readonly name: string;
  readonly path: string;
  readonly flaws: readonly string[];
  readonly bundleFlaws: readonly string[];
  /** From asking for the page until the plugin was marked loaded; undefined: it never was. */
  readonly loadMs: number | undefined;
  readonly exceptions: number;
  readonly consoleErrors: number;
  /** Transferred, headers with them: the plugin's own scripts, and everything that the page fetched. */
  readonly bundleBytes: number;
  readonly pageBytes: number;
}

interface Traffic {
  /** Waits until what was answered has been read. */
  settle(): Promise<{ readonly scripts: readonly FetchedScript[]; readonly bytes: number }>;
}

/** Must be called before the page is sent anywhere. */
function watchTraffic(page: BrowserPage): Traffic {
  const fetched: Promise<FetchedScript & { readonly isScript: boolean }>[] = [];
  const watch = (request: BrowserRequest): void => {
    const read = async (): Promise<FetchedScript & { readonly isScript: boolean }> => {
      const [response, sizes, sent] = await Promise.all([request.response(), request.sizes().catch(() => undefined), request.allHeaders()]);
      const headers = (await response?.allHeaders()) ?? {};
      const contentType = headers['content-type'] ?? '';
      const isScript = request.resourceType() === 'script' || /\.m?js$/.test(new URL(request.url()).pathname);
      return {
        isScript,
        url: request.url(),
        status: response?.status() ?? 0,
        contentType: contentType.toLowerCase(),
        cacheControl: (headers['cache-control'] ?? '').toLowerCase(),
        mode: sent['sec-fetch-mode'] ?? '',
        // A body that the browser has let go of is not known, and is judged as such.
        body: isScript ? await answerOf(page, Promise.resolve(response?.text())).catch(() => undefined) : undefined,
        bytes: (sizes?.responseBodySize ?? 0) + (sizes?.responseHeadersSize ?? 0),
      };
    };
    fetched.push(read());
  };
  page.on('requestfinished', watch);
  // Chromium calls a module script that was answered 404 a failed one.
  page.on('requestfailed', watch);
  return {
    async settle() {
      const settled = await Promise.allSettled(fetched);
      const all = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      return { scripts: all.filter(({ isScript, status }) => isScript && status > 0), bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
  };
}

/** The page that mounts it: the surface's own, else the one for all. */
export function pathOfPlugin(name: string, plugins: Plugins, pages: readonly Page[]): string {
  return pages.find(({ plugin }) => plugin === name)?.path ?? plugins.route.replace('{name}', encodeURIComponent(name));
}

const quote = (value: string): string => JSON.stringify(value);

/** What is wrong with its element; undefined: it is loaded and not empty. */
async function findMountFlaw({ page }: OpenPage, name: string, { mark }: Plugins): Promise<string | undefined> {
  const own = page.locator(`[${mark.name}=${quote(name)}]`);
  const loaded = page.locator(`[${mark.name}=${quote(name)}][${mark.status}=${quote(mark.loaded)}]`);
  try {
    await loaded.first().waitFor({ state: 'attached', timeout: LOAD_MS });
    return undefined;
  } catch {
    if ((await answerOf(page, own.count())) === 0) return `There is no element with ${mark.name}="${name}".`;
    const status = await own.first().getAttribute(mark.status);
    return `It is not loaded after ${LOAD_MS / 1000} s: ${mark.status} is ${status === null ? 'not set' : `"${status}"`}.`;
  }
}

/** Whether a person sees nothing in it nor in the open shadow roots in it. What is gone again shows nothing. */
const IS_EMPTY = `(element) => {
  if (element === null) return true;
  const drawn = 'img, svg, canvas, video, iframe, input';
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().height > 0;
  const inside = (root) => [...root.querySelectorAll('*')];
  const inShadow = (host) => host.shadowRoot === null ? [] : inside(host.shadowRoot).flatMap((one) => [one, ...inShadow(one)]);
  const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
  if (seen(element) && (element.innerText.trim() !== '' || [...element.querySelectorAll(drawn)].some(seen))) return false;
  return ![element, ...inside(element)].flatMap(inShadow).some((one) => seen(one) && (hasText(one) || one.matches(drawn)));
}`;

/** Why nothing is known to be seen in an element that is marked as loaded; undefined: something is. */
async function findEmptiness({ page }: OpenPage, name: string, { mark }: Plugins): Promise<string | undefined> {
  try {
    const isEmpty = await answerOf(page, page.evaluate(`(${IS_EMPTY})(document.querySelector(${quote(`[${mark.name}=${quote(name)}]`)}))`));
    return isEmpty === false ? undefined : 'It is marked as loaded, and nothing is to be seen in it.';
  } catch (error) {
    return wordsOf(error);
  }
}

interface Visiting {
  readonly context: CheckContext;
  readonly browser: OpenBrowser;
  readonly plugins: Plugins;
  readonly as: string;
  readonly isLast: boolean;
}

export async function visitPlugin(visiting: Visiting, plugin: ListedPlugin): Promise<PluginVisit> {
  const { context, browser, plugins, as, isLast } = visiting;
  const path = pathOfPlugin(plugin.name, plugins, context.surface.pages);
  return withPage(browser, as, async (opened) => {
    const traffic = watchTraffic(opened.page);
    const startedMs = context.clock.monotonicMs();
    const shown = await show(opened, path, plugin.name, plugins);
    const loadMs = shown === undefined ? context.clock.monotonicMs() - startedMs : undefined;
    await rest(opened.page);
    const mounted = shown ?? (await findEmptiness(opened, plugin.name, plugins));
    const flaws = [...(mounted === undefined ? [] : [mounted]), ...findRecordFlaws(opened.record, { ...askingOf(context), isStranger: false })];
    if (flaws.length > 0 && isLast) await keepPicture(context, opened, `plugin-loading ${plugin.name}`);
    const { scripts, bytes } = await traffic.settle();
    return {
      name: plugin.name,
      path,
      flaws,
      bundleFlaws: findBundleFlaws(plugin, scripts),
      loadMs,
      exceptions: opened.record.exceptions.length,
      consoleErrors: opened.record.consoleErrors.length,
      bundleBytes: ownScripts(plugin, scripts).reduce((sum, { bytes: size }) => sum + size, 0),
      pageBytes: bytes,
    };
  });
}

/** Why the plugin did not come to be shown. */
async function show(opened: OpenPage, path: string, name: string, plugins: Plugins): Promise<string | undefined> {
  const visited = await visit(opened, path);
  if (!visited.arrived) return visited.why;
  try {
    return await findMountFlaw(opened, name, plugins);
  } catch (error) {
    return wordsOf(error);
  }
}
