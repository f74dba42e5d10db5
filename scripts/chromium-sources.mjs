// Ways to get a Chromium where none is there: Playwright's download, the system's package manager, an npm package.
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { fetchPackage, workFolder } from './npm-package.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError, say } from './setup-error.mjs';

/** @typedef {import('./chromium-places.mjs').Found} Found */
/** @typedef {(pid: number) => void} Guard */

/** A Chromium for serverless platforms that brings its own libraries: Linux on x64 only. @type {import('./npm-package.mjs').PinnedPackage} */
const SPARTICUZ = {
  name: '@sparticuz/chromium',
  version: '153.0.0',
  integrity: 'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
  megabytes: 70,
};
/** Playwright tries its mirrors one after the other; where all are blocked it must give up soon. */
const PLAYWRIGHT_TIMEOUT_MS = 5 * 60_000;
const PLAYWRIGHT_CONNECT_TIMEOUT_MS = 10_000;

/** @param {string} checkout @param {string} node @param {Guard} guard @returns {Promise<string>} Empty when it worked, else why not. */
export async function downloadWithPlaywright(checkout, node, guard) {
  const cli = join(checkout, 'node_modules', '@playwright', 'test', 'cli.js');
  if (!existsSync(cli)) return '@playwright/test is not a dependency';
  say("fetching Chromium by Playwright's own download (about 180 MB, the version that Playwright pins)");
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: String(PLAYWRIGHT_CONNECT_TIMEOUT_MS) };
  const ended = await runCommand(node, [cli, 'install', 'chromium'], { cwd: checkout, env, timeoutMs: PLAYWRIGHT_TIMEOUT_MS, onSpawn: guard });
  return ended.ok ? '' : lastLine(ended.output);
}

/** @param {Guard} guard @returns {Promise<string>} Empty when it worked, else why not. */
export async function installWithApt(guard) {
  if (process.platform !== 'linux') return 'not a Debian';
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length > 0 && !(await runCommand('sudo', ['-n', 'true'], { timeoutMs: 10_000 })).ok) return 'this user may not install packages';
  if (!(await runCommand('apt-get', ['--version'], { timeoutMs: 10_000 })).ok) return 'there is no apt-get';
  say("installing chromium from the distribution's packages (its version; about 125 MB with its libraries)");
  const env = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const [command = '', ...rest] = [...asRoot, ...env, 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args];
    const ended = await runCommand(command, rest, { ownGroup: true, onSpawn: guard });
    if (!ended.ok) return `apt-get ${args[0]}: ${lastLine(ended.output)}`;
  }
  return '';
}

/** Finds nothing of its own on the system, so that it works where no package may be installed. @param {string} folder */
const wrapper = (folder) => `#!/bin/sh
# Made by scripts/chromium-sources.mjs: starts @sparticuz/chromium ${SPARTICUZ.version} with the libraries and fonts it brings.
export LD_LIBRARY_PATH="${folder}/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_PATH="\${FONTCONFIG_PATH:-${folder}}"
exec "${folder}/chromium" "$@"
`;
/** @param {string} folder */
const fontsConfig = (folder) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * Unpacks the npm package as its own code would at every start, once, into the cache.
 * @param {string} cache @param {Guard} guard
 * @returns {Promise<Found>} Throws SetupError.
 */
export async function fetchSparticuz(cache, guard) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      'NO_CHROMIUM',
      `@sparticuz/chromium is for Linux on x64, this is ${process.platform}-${process.arch}.`,
      'Install Chromium or Google Chrome.',
    );
  }
  const home = join(cache, 'chromium', `sparticuz-${SPARTICUZ.version}`);
  const found = { path: join(home, 'headless-chromium'), how: `npm package @sparticuz/chromium@${SPARTICUZ.version}` };
  if (existsSync(found.path)) return found;
  const work = workFolder(cache);
  const brought = join(await fetchPackage(SPARTICUZ, work, `because no other Chromium is to be had; unpacks to 220 MB in ${cache}`, guard), 'bin');
  const folder = join(work, 'chromium');
  mkdirSync(folder);
  await inflate(join(brought, 'chromium.br'), join(folder, 'chromium'), 0o755);
  for (const name of ['al2023.tar', 'swiftshader.tar', 'fonts.tar']) {
    const archive = join(work, name);
    await inflate(join(brought, `${name}.br`), archive, 0o644);
    const ended = await runCommand('tar', ['-xf', archive, '-C', folder, '--no-same-owner'], { onSpawn: guard });
    if (!ended.ok) throw new SetupError('FETCH_FAILED', `tar could not unpack ${name}: ${ended.output}`, 'Is the disk full?');
  }
  writeFileSync(join(folder, 'fonts.conf'), fontsConfig(home));
  writeFileSync(join(folder, 'headless-chromium'), wrapper(home), { mode: 0o755 });
  rmSync(home, { recursive: true, force: true });
  mkdirSync(dirname(home), { recursive: true });
  renameSync(folder, home);
  rmSync(work, { recursive: true, force: true });
  return found;
}

/** @param {string} from @param {string} to @param {number} mode */
const inflate = (from, to, mode) => pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode }));

/** @param {string} text */
const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';
