// Measures whether every plugin that the registry lists for an account loads in its page, and whether it comes as an ES module.
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, Measurement, Plugins } from '../../gates/model.ts';
import { openBrowser, type OpenBrowser } from '../instruments/browser/open-browser.ts';
import { readField } from '../instruments/json-field.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { browserInstrument, NotRun, requireAccount, sideBySide } from './page-cases.ts';
import { type ListedPlugin, toListed } from './plugin-bundles.ts';
import { type PluginVisit, visitPlugin } from './plugin-visit.ts';

const Options = z.object({
  /** Pages open at a time. */
  concurrency: z.int().min(1).max(8).default(3),
});
type Options = z.infer<typeof Options>;

/** Stands for all plugins, where none could be looked at. */
const LIST = 'list';

interface Listed {
  readonly as: string;
  readonly plugins: readonly ListedPlugin[];
}

/** A list that does not come is a finding: thrown as what it is. */
class NoList extends Error {}

/** What the account has switched off is not loaded for it, and not counted. */
const isSwitchedOn = (item: unknown): boolean => readField(item, 'enabled') !== false;

async function askForList(context: CheckContext, { list, field }: Plugins): Promise<Listed> {
  const as = await requireAccount(context);
  const { status, json } = await context.http.send({ path: list, as: await context.accounts.session(as) });
  if (status !== 200) throw new NoList(`GET ${list} was answered ${status}, expected 200.`);
  const items = readField(readField(json, 'data') ?? json, field);
  if (!Array.isArray(items)) throw new NoList(`GET ${list} holds no list \`${field}\`.`);
  const plugins = items.filter(isSwitchedOn).map(toListed);
  const nameless = plugins.filter((plugin) => plugin === undefined).length;
  if (nameless > 0) throw new NoList(`GET ${list} lists ${nameless} plugins without a name.`);
  if (plugins.length === 0) throw new NoList(`GET ${list} lists no plugin for the account "${as}".`);
  return { as, plugins: plugins.filter((plugin) => plugin !== undefined) };
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

function figuresOf({ path, loadMs, bundleBytes, consoleErrors }: PluginVisit): string {
  return `${path}: loaded after ${Math.round(loadMs ?? 0)} ms, its own scripts ${kib(bundleBytes)}, ${consoleErrors} errors on the console.`;
}

interface Tried {
  readonly seen: PluginVisit;
  readonly loaded: Case;
  readonly module: Case;
}

/** A failure is tried once more: what then passes is flaky. */
async function tryPlugin(plugin: ListedPlugin, visit: (isLast: boolean) => Promise<PluginVisit>): Promise<Tried> {
  const first = await visit(false);
  const isClean = first.flaws.length === 0 && first.bundleFlaws.length === 0;
  const seen = isClean ? first : await visit(true);
  const toCase = (earlier: readonly string[], now: readonly string[], fine: string): Case => {
    if (now.length > 0) return { id: plugin.name, state: 'failed', detail: `${seen.path}: ${now.join(' ')}` };
    if (earlier.length === 0) return { id: plugin.name, state: 'ok', detail: fine };
    return { id: plugin.name, state: 'flaky', detail: `First: ${earlier.join(' ')} As expected on the second try.` };
  };
  return { seen, loaded: toCase(first.flaws, seen.flaws, figuresOf(seen)), module: toCase(first.bundleFlaws, seen.bundleFlaws, '') };
}

async function keepTable({ artifacts }: CheckContext, tried: readonly Tried[]): Promise<void> {
  const rows = tried
    .toSorted((a, b) => (a.seen.name < b.seen.name ? -1 : 1))
    .map(({ seen: { name, path, loadMs, exceptions, consoleErrors, bundleBytes, pageBytes }, loaded }) => ({
      name,
      path,
      state: loaded.state,
      loadMs: loadMs === undefined ? null : Math.round(loadMs),
      exceptions,
      consoleErrors,
      bundleBytes,
      pageBytes,
    }));
  await artifacts.put('plugins.json', 'application/json', `${JSON.stringify(rows, null, 2)}\n`);
}

async function* measure(context: CheckContext, { concurrency }: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const browser = await openBrowser(context);
  const measured = (metric: string, cases: readonly Case[]): CheckEvent => {
    const measurement = measureCases(context, metric, cases, startedAt, browserInstrument(browser));
    return { kind: 'measurement', measurement };
  };
  try {
    const outcome = await listOrReason(context);
    if ('reason' in outcome) {
      yield measured('plugins.loaded', [outcome.reason]);
      yield measured('plugins.es-modules', [outcome.reason]);
      if (outcome.reason.state === 'failed') yield { kind: 'measurement', measurement: count(context, 0, startedAt, browser) };
    } else {
      const tried: Tried[] = [];
      const { as, plugins, surface } = outcome;
      const visit = (plugin: ListedPlugin): Promise<Tried> =>
        tryPlugin(plugin, (isLast) => visitPlugin({ context, browser, plugins: surface, as, isLast }, plugin));
      for await (const one of sideBySide(plugins, concurrency, visit)) {
        context.signal.throwIfAborted();
        tried.push(one);
        yield { kind: 'progress', text: 'loading every plugin', done: tried.length, total: plugins.length };
      }
      await keepTable(context, tried);
      yield measured(
        'plugins.loaded',
        tried.map(({ loaded }) => loaded),
      );
      yield measured(
        'plugins.es-modules',
        tried.map(({ module }) => module),
      );
      yield { kind: 'measurement', measurement: count(context, plugins.length, startedAt, browser) };
    }
    yield { kind: 'end-of-round' };
  } finally {
    await browser.close();
  }
}

type Outcome = (Listed & { readonly surface: Plugins }) | { readonly reason: Case };

/** The list, or the one case that says why there is none. */
async function listOrReason(context: CheckContext): Promise<Outcome> {
  const surface = context.surface.web?.plugins;
  if (surface === undefined)
    return {
      reason: { id: LIST, state: 'not-run', detail: 'The surface does not say where plugins are listed and how one is known to have loaded (`web.plugins`).' },
    };
  try {
    return { ...(await askForList(context, surface)), surface };
  } catch (error) {
    if (error instanceof NoList) return { reason: { id: LIST, state: 'failed', detail: error.message } };
    if (error instanceof NotRun) return { reason: { id: LIST, state: 'not-run', detail: error.message } };
    throw error;
  }
}

function count(context: CheckContext, listed: number, startedAt: Date, browser: OpenBrowser): Measurement {
  return {
    metric: 'plugins.count',
    labels: { side: 'target' },
    n: 1,
    startedAt: startedAt.toISOString(),
    endedAt: context.clock.now().toISOString(),
    instrument: browserInstrument(browser),
    payload: { shape: 'value', value: listed },
  };
}

export const pluginLoading: Check<Options> = {
  id: 'plugin-loading',
  title: 'Plugins of the registry, loaded in a page',
  about: {
    proves:
      'Every plugin that the registry lists for an account loads in a page, shows something and causes no error, and its script is an ES module that may be cached for good.',
    how: "The list of plugins is asked for as the first account (`surface.web.plugins.list`); what that account has switched off is left out. A Chromium with the account's session opens the page of each plugin: the surface's own where it names one, else the one for all. Its element must be marked as loaded within ten seconds of the page's loading and hold something that can be seen; exceptions, console errors and failed requests of the page are findings. The plugin's own scripts (those that the registry names, else those with its name in their path) must come as JavaScript, import or export as the language's parser reads them, and carry a hash of their content in the name or be cached for a year; a `remoteEntry.js` is Module Federation and fails. A failed plugin is opened once more: if it then passes it is flaky. Load times and bytes are kept as plugins.json, of what failed a picture.",
    source: 'The ten seconds are its own. plan §2.2: "All 12 plugin frontends migrated to ESM build". RFC 9239: JavaScript is text/javascript.',
    leavesOpen:
      "What a plugin can do is critical-paths' and plugin-sandbox's; that it is quick enough is web-vitals', that its bytes did not grow is bundle-size's. Plugins that this account does not have, or has switched off, are not loaded.",
    whenItFails:
      "The case tells whether the element is missing (the page does not know the plugin), stays loading (the script or a promise of the mount never ends) or says error (the console error tells why). A 404 of the script is a version in the registry that was not uploaded. A wrong content type mostly is the storage's default; a classic script is a build that still makes the old format.",
  },
  revision: 1,
  effects: ['read'],
  needs: ['browser'],
  wants: ['accounts'],
  locks: ['browser'],
  after: [],
  options: Options,
  presets: { pr: { concurrency: 3 }, full: { concurrency: 3 } },
  metrics: {
    'plugins.loaded': { title: 'Plugins load', unit: 'count', shape: 'cases', better: 'higher' },
    'plugins.es-modules': { title: 'Plugins are ES modules', unit: 'count', shape: 'cases', better: 'higher' },
    'plugins.count': { title: 'Plugins that the registry lists', unit: 'count', shape: 'value', better: 'higher' },
  },
  defaultExpect: [
    { kind: 'cases', metric: 'plugins.loaded', required: 'all' },
    { kind: 'cases', metric: 'plugins.es-modules', required: 'all' },
    { kind: 'limit', metric: 'plugins.count', statistic: 'value', op: '>=', value: 1, minSamples: 1 },
  ],
  // Twelve plugins (plan §2.2), two seconds and twenty-five requests each: measured on the twin with room.
  estimate: ({ concurrency }) => ({ requests: 300, seconds: 2 + Math.ceil(24 / concurrency) }),
  timeoutMs: () => 400_000,
  measure,
};
