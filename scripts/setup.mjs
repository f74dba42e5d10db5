// Set-up: brings what a checkout needs and is not there, and is silent when nothing is missing. Run by every npm script, before anything else.
import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.mjs';
import { getChromium, recordedChromium } from './chromium.mjs';
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs';
import { fetchNode, presentNode } from './fitting-node.mjs';
import { withLock } from './setup-lock.mjs';
import { SetupError, complain, say } from './setup-error.mjs';

export const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** What a command may ask for beyond Node and the npm packages. */
export const NEEDS = /** @type {const} */ (['chromium']);
/** @typedef {typeof NEEDS[number]} Need */

/** @param {string} cache */
function openCache(cache) {
  try {
    const made = mkdirSync(cache, { recursive: true });
    // PostgreSQL runs from the cache as another user, whatever the umask says.
    if (made !== undefined) chmodSync(cache, 0o755);
    accessSync(cache, constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SetupError('CACHE_NOT_WRITABLE', `The cache folder ${cache} cannot be used: ${why}`, 'Set NAAP_GATE_CACHE to a folder that you may write to.');
  }
}

/**
 * @param {readonly Need[]} needs
 * @param {readonly Need[]} [wants] Brought where there is a way; else the reason is said and set-up goes on.
 * @returns {Promise<{ node: string, cache: string }>} A fitting Node, and the cache folder. Throws SetupError.
 */
export async function setUp(needs, wants = []) {
  const cache = resolve(cacheFolder());
  openCache(cache);
  const node = presentNode(cache) ?? (await withLock(join(cache, 'setup.lock'), async (guard) => presentNode(cache) ?? fetchNode(cache, guard)));
  if (!dependenciesAreCurrent(CHECKOUT)) {
    await withLock(join(CHECKOUT, '.naap-gate', 'setup.lock'), async (guard) => {
      if (!dependenciesAreCurrent(CHECKOUT)) await installDependencies(CHECKOUT, guard);
    });
  }
  if (needs.includes('chromium')) await bringChromium(cache, node);
  else if (wants.includes('chromium')) await bringChromiumOrGoOn(cache, node);
  return { node, cache };
}

/** @param {string} cache @param {string} node */
async function bringChromium(cache, node) {
  if (recordedChromium(cache)) return;
  await withLock(join(cache, 'setup.lock'), async (guard) => {
    if (!recordedChromium(cache)) await getChromium(cache, CHECKOUT, node, guard);
  });
}

/** Looking for one may take minutes where there is none, so the next command does not look again, ms. */
const LOOK_AGAIN_MS = 24 * 60 * 60_000;

/** What cannot be had is told; rows that need it will say that they were not measured. @param {string} cache @param {string} node */
async function bringChromiumOrGoOn(cache, node) {
  const none = join(cache, 'chromium-none');
  const since = statSync(none, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (!recordedChromium(cache) && Date.now() - since < LOOK_AGAIN_MS)
    return say(`No Chromium was found within the last day (${none}; remove it to look again). ${GOES_ON}`);
  try {
    await bringChromium(cache, node);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    complain(error);
    writeFileSync(none, '');
    say(GOES_ON);
  }
}
const GOES_ON = 'It goes on without: what is seen in a browser is not measured.';

/** @param {string} word @returns {word is Need} */
export const isNeed = (word) => NEEDS.some((need) => need === word);

/** `node scripts/setup.mjs [chromium]`: set-up alone. */
if (process.argv[1] && existsSync(process.argv[1]) && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const unknown = process.argv.slice(2).filter((word) => !isNeed(word));
  if (unknown.length > 0) {
    complain(new SetupError('USAGE', `Unknown: ${unknown.join(', ')}.`, `node scripts/setup.mjs [${NEEDS.join('|')}]`));
    process.exitCode = 2;
  } else {
    await setUp(process.argv.slice(2).filter(isNeed)).catch((error) => {
      complain(error);
      process.exitCode = 3;
    });
  }
}
