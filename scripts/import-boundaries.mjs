// The house's walls as a lint plugin (DESIGN §3): which folder may import which, and who may open a socket. Loaded by .oxlintrc.json.
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * What each folder may import of ours beside itself. A name without an extension is a folder with all that is in it.
 * `bench/`, `scripts/` and the config files at the root wire things together and may import anything.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const MAY_IMPORT = {
  gates: [],
  suites: ['gates/model.ts'],
  baselines: ['gates'],
  reporters: ['gates'],
  dashboards: ['gates', 'reporters'],
  fixtures: ['gates', 'suites', 'scripts/cache-folder.mjs'],
  cli: ['gates', 'suites', 'baselines', 'reporters', 'dashboards', 'scripts', 'package.json'],
};
/** Beyond its folder's row, a test may import these. */
const TESTS_MAY_IMPORT = ['fixtures'];
/** Shared by every suite; suites never import each other. */
const SHARED_IN_SUITES = ['suites/instruments', 'suites/naap-surface.ts'];

/** Modules that reach the network. In suites only `instruments/` may use them: that is how every request is listed and capped. */
const NETWORK = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'undici', 'ws', 'pg', 'ably', 'autocannon'];

/** A test, or what only tests use: stand-ins in a folder named `testing`. @param {string} path */
const isTest = (path) => /\.test\.m?ts$|\/testing\//.test(path);
/** @param {string} path @param {readonly string[]} places */
const isWithin = (path, places) => places.some((place) => path === place || path.startsWith(`${place}/`));

/** `suites/api` for a file in there, `suites` for a file directly in suites/. @param {string} path */
const suiteOf = (path) => path.split('/').slice(0, -1).slice(0, 2).join('/');

/**
 * Why a file may not import another, or undefined where it may. Paths are relative to the root, with `/`.
 * @param {string} from @param {string} to @param {boolean} isDynamic `await import(…)`
 */
export function whyForbidden(from, to, isDynamic) {
  const folder = from.split('/')[0] ?? '';
  const allowed = MAY_IMPORT[folder];
  if (allowed === undefined || !from.includes('/')) return undefined;
  if (isTest(to) && !isTest(from)) return `${to} is for tests alone`;
  if (isTest(from) && isWithin(to, TESTS_MAY_IMPORT)) return undefined;
  if (isWithin(to, allowed)) return undefined;
  if (isWithin(to, [folder])) return folder === 'suites' ? whyAcrossSuites(from, to) : undefined;
  if (folder === 'cli' && isWithin(to, ['fixtures'])) return isDynamic ? undefined : 'cli/ imports fixtures/ through `await import` alone';
  return `${folder}/ may import ${allowed.join(', ') || 'nothing of ours'}, not ${to}`;
}

/** @param {string} from @param {string} to */
function whyAcrossSuites(from, to) {
  const own = suiteOf(from);
  if (own === 'suites' || isWithin(to, [own, ...SHARED_IN_SUITES])) return undefined;
  return `suites never import each other: move what ${own} shares into suites/instruments, not ${to}`;
}

/** @param {string} from @param {string} source What the import names. */
function whyNoNetwork(from, source) {
  if (!from.startsWith('suites/') || from.startsWith('suites/instruments/') || isTest(from)) return undefined;
  const module = source.replace(/^node:/, '').split('/')[0] ?? '';
  return NETWORK.includes(module) ? `"${source}" reaches the network: only suites/instruments may; ask the check's context` : undefined;
}

/**
 * Every way to name another module: import, import type, export from, import().
 * @param {any} context @param {(from: string, source: string, isDynamic: boolean) => string | undefined} judge
 */
function overImports(context, judge) {
  const from = relative(ROOT, context.filename).split(sep).join('/');
  /** @param {any} node @param {boolean} isDynamic */
  const visit = (node, isDynamic) => {
    const source = node.source?.value;
    const why = typeof source === 'string' ? judge(from, source, isDynamic) : undefined;
    if (why !== undefined) context.report({ node: node.source, message: why });
  };
  return {
    ImportDeclaration: (/** @type {any} */ node) => visit(node, false),
    ExportNamedDeclaration: (/** @type {any} */ node) => visit(node, false),
    ExportAllDeclaration: (/** @type {any} */ node) => visit(node, false),
    TSImportType: (/** @type {any} */ node) => visit(node, false),
    ImportExpression: (/** @type {any} */ node) => visit(node, true),
  };
}

/** @param {string} from @param {string} source @param {boolean} isDynamic */
function whyAcrossWalls(from, source, isDynamic) {
  if (!source.startsWith('.') && !source.startsWith('/')) return undefined;
  return whyForbidden(
    from,
    relative(ROOT, resolve(dirname(join(ROOT, from)), source))
      .split(sep)
      .join('/'),
    isDynamic,
  );
}

export default {
  meta: { name: 'house' },
  rules: {
    imports: { create: (/** @type {any} */ context) => overImports(context, whyAcrossWalls) },
    network: { create: (/** @type {any} */ context) => overImports(context, whyNoNetwork) },
  },
};
