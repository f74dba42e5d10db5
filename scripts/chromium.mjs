// Finds or fetches a Chromium that really draws, and records it in the cache folder for everything that drives a browser.
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { playwrightPlaces, systemPlaces } from './chromium-places.mjs';
import { proveChromium } from './chromium-proof.mjs';
import { downloadWithPlaywright, fetchSparticuz, installWithApt } from './chromium-sources.mjs';
import { SetupError, say } from './setup-error.mjs';

/** @typedef {{ path: string, how: string, version: string }} Chromium */
/** @typedef {import('./chromium-places.mjs').Found} Found */
/**
 * One way to a Chromium. `get` answers what may be tried, or why there is nothing.
 * @typedef {{ name: string, get: () => Promise<readonly Found[] | string> }} Way
 */

/** @param {string} cache */
const recordOf = (cache) => join(cache, 'chromium.json');

/**
 * What set-up recorded, where it is still there.
 * @param {string} cache @returns {Chromium | undefined}
 */
export function recordedChromium(cache) {
  if (!existsSync(recordOf(cache))) return undefined;
  const recorded = /** @type {Chromium} */ (JSON.parse(readFileSync(recordOf(cache), 'utf8')));
  return existsSync(recorded.path) ? recorded : undefined;
}

/**
 * Takes the first way that leads to a browser which draws a page. Every way that failed is named in the error.
 * @param {readonly Way[]} ways
 * @param {typeof proveChromium} prove
 * @returns {Promise<Chromium>} Throws SetupError NO_CHROMIUM.
 */
export async function firstThatDraws(ways, prove) {
  const failures = [];
  for (const way of ways) {
    const got = await way.get();
    if (typeof got === 'string') failures.push(`${way.name}: ${got}`);
    for (const found of typeof got === 'string' ? [] : got) {
      const proof = await prove(found.path);
      if ('version' in proof) return { ...found, version: proof.version };
      failures.push(`${way.name}: ${found.path}: ${proof.why}`);
    }
  }
  const remedy = 'Install Chromium or Google Chrome (on Debian: apt-get install chromium), then try again.';
  throw new SetupError('NO_CHROMIUM', ['No Chromium works here.', ...failures].join('\n  '), remedy);
}

/** @returns {import('./chromium-places.mjs').Probes} */
const probes = () => ({
  env: process.env,
  platform: process.platform,
  home: homedir(),
  list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
});

/** @param {readonly Found[]} found */
const orNothing = (found) => (found.length > 0 ? found : 'none there');

/** The order of DESIGN's set-up. @param {string} cache @param {string} checkout @param {string} node @param {(pid: number) => void} guard @returns {readonly Way[]} */
const waysToChromium = (cache, checkout, node, guard) => [
  { name: 'installed by Playwright', get: async () => orNothing(playwrightPlaces(probes())) },
  { name: 'on the system', get: async () => orNothing(systemPlaces(probes())) },
  { name: "Playwright's download", get: async () => (await downloadWithPlaywright(checkout, node, guard)) || playwrightPlaces(probes()) },
  { name: "the system's package manager", get: async () => (await installWithApt(guard)) || systemPlaces(probes()) },
  { name: 'npm package', get: async () => fetchSparticuz(cache, guard).then((found) => [found], whyNot) },
];

/** @param {unknown} error */
function whyNot(error) {
  if (error instanceof SetupError) return error.message;
  throw error;
}

/** @param {string} cache @param {string} checkout @param {string} node @param {(pid: number) => void} guard */
export async function getChromium(cache, checkout, node, guard) {
  const chromium = await firstThatDraws(waysToChromium(cache, checkout, node, guard), proveChromium);
  const draft = `${recordOf(cache)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(chromium, undefined, 2)}\n`);
  renameSync(draft, recordOf(cache));
  rmSync(join(cache, 'setup-tmp'), { recursive: true, force: true });
  say(`Chromium ${chromium.version} is ready (${chromium.how}: ${chromium.path})`);
}
