// Fetches one pinned npm package without installing it: no install scripts, no node_modules, checked against its digest.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';
import { SetupError, say } from './setup-error.mjs';

/** @typedef {{ name: string, version: string, integrity: string, megabytes: number }} PinnedPackage `megabytes`: size of the download. */

/** Where the registry cannot be reached, say so within a minute or two; npm's own patience is four tries for each package. */
const PATIENCE = ['--fetch-retries=1', '--loglevel=error', '--dry-run=false', '--engine-strict=false'];

/**
 * npm as the person who started us would run it: the one that runs this script, else the one on the PATH. Always under the
 * Node that we were started with, not under the fetched one, because npm finds its global settings (registry, proxy,
 * certificates) beside its Node; no script of a package runs, so the Node's version does not matter to the outcome.
 * @param {readonly string[]} args
 * @param {import('./run-command.mjs').Options} options
 */
export function runNpm(args, options) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('npm-cli.js') ? runCommand(process.execPath, [cli, ...args, ...PATIENCE], options) : runCommand('npm', [...args, ...PATIENCE], options);
}

/**
 * A fresh folder for what is not finished yet. Whoever calls holds the set-up lock, so what lies there was left by a set-up that was killed.
 * @param {string} cache
 */
export function workFolder(cache) {
  const root = join(cache, 'setup-tmp');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  return mkdtempSync(join(root, 'fetch-'));
}

/**
 * Downloads and unpacks into `folder`; the package's files are then in `folder/package`.
 * @param {PinnedPackage} wanted
 * @param {string} folder
 * @param {string} why Told to the person who waits.
 * @param {(pid: number) => void} guard
 * @returns {Promise<string>} Path of `folder/package`. Throws SetupError FETCH_FAILED.
 */
export async function fetchPackage(wanted, folder, why, guard) {
  const spec = `${wanted.name}@${wanted.version}`;
  say(`fetching ${spec} from the npm registry (${wanted.megabytes} MB) ${why}`);
  const pack = ['pack', spec, '--pack-destination', folder, '--ignore-scripts'];
  const packed = await runNpm(pack, { cwd: folder, onSpawn: guard });
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (!packed.ok || file === undefined) {
    throw new SetupError('FETCH_FAILED', `npm could not fetch ${spec}: ${packed.output}`, 'Check the network and the npm registry (npm ping), then try again.');
  }
  const archive = join(folder, file);
  const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (digest !== wanted.integrity) {
    throw new SetupError(
      'FETCH_FAILED',
      `${spec} has the digest ${digest}, pinned is ${wanted.integrity}.`,
      'The registry or something before it gives another file: find out what.',
    );
  }
  const unpacked = await runCommand('tar', ['-xzf', archive, '-C', folder, '--no-same-owner'], { onSpawn: guard });
  if (!unpacked.ok) throw new SetupError('FETCH_FAILED', `tar could not unpack ${spec}: ${unpacked.output}`, 'Is the disk full?');
  rmSync(archive);
  return join(folder, 'package');
}
