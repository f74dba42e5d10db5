// Where a Chromium may lie already: those that Playwright installed first, then the system's. Pure but for the probes it is given.
import { join } from 'node:path';

/**
 * @typedef {{
 *   env: Readonly<Record<string, string | undefined>>, platform: string, home: string,
 *   list: (folder: string) => readonly string[], isFile: (path: string) => boolean,
 * }} Probes `list`: names in a folder, none where it is not there.
 * @typedef {{ path: string, how: string }} Found
 */

/** Inside a browser folder of Playwright; the names have changed over its versions. */
const PLAYWRIGHT_BINARIES = [
  'chrome-linux64/chrome',
  'chrome-linux/chrome',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-headless-shell-linux64/chrome-headless-shell',
  'chrome-linux/headless_shell',
  'chrome-headless-shell-mac-arm64/chrome-headless-shell',
  'chrome-headless-shell-mac-x64/chrome-headless-shell',
];
/** A full browser before a headless shell. */
const SYSTEM_COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chromium-headless-shell'];
const MAC_APPLICATIONS = ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** @param {Probes} probes */
function playwrightFolder({ env, platform, home }) {
  const named = env.PLAYWRIGHT_BROWSERS_PATH;
  if (named && named !== '0') return named;
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'ms-playwright') : join(env.XDG_CACHE_HOME || join(home, '.cache'), 'ms-playwright');
}

/** A full browser before a headless shell, then the newest revision. @param {string} name */
const rank = (name) => (name.startsWith('chromium-') ? 1e9 : 0) + Number(name.replace(/^.*-/, ''));

/** @param {Probes} probes @returns {readonly Found[]} */
export function playwrightPlaces(probes) {
  const folder = playwrightFolder(probes);
  const installed = probes.list(folder).filter((name) => /^chromium(_headless_shell)?-\d+$/.test(name));
  return installed
    .sort((a, b) => rank(b) - rank(a))
    .flatMap((name) => PLAYWRIGHT_BINARIES.map((binary) => join(folder, name, binary)))
    .filter(probes.isFile)
    .map((path) => ({ path, how: 'installed by Playwright' }));
}

/** @param {Probes} probes @returns {readonly Found[]} */
export function systemPlaces({ env, platform, isFile }) {
  const folders = (env.PATH ?? '').split(':').filter(Boolean);
  const onPath = SYSTEM_COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...onPath, ...(platform === 'darwin' ? MAC_APPLICATIONS : [])].filter(isFile).map((path) => ({ path, how: 'on the system' }));
}
