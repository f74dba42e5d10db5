// Programs that some rows need: pg_dump, k6, Chromium, ssh-keygen. Looked for, never fetched: a look must not take minutes.
import { join } from 'node:path';
import { proveChromium } from '../../scripts/chromium-proof.mjs';
import { runCommand } from '../../suites/instruments/load/k6/command.ts';
import { inspectK6 } from '../../suites/instruments/load/k6/find-k6.ts';
import { GO_VERSION, K6_VERSION, MAJOR } from '../../suites/instruments/load/k6/pinned.ts';
import { lacking, type Look, note, ok, warn } from './finding.ts';

type Variables = Readonly<Record<string, string | undefined>>;
const ASK_MS = 10_000;
const DRAW_MS = 30_000;

export interface Asked {
  readonly variables: Variables;
  readonly signal: AbortSignal;
}

/** What a program says of its version; undefined where there is none. */
async function versionOf(command: string, args: readonly string[], { variables, signal }: Asked): Promise<string | undefined> {
  const { ok: isThere, output } = await runCommand(command, args, { env: variables, timeoutMs: ASK_MS, signal });
  return isThere ? output : undefined;
}

/** `serverMajor`: of the target database; undefined where it is not known. */
export async function lookAtPgDump(serverMajor: number | undefined, isNeeded: boolean, asked: Asked): Promise<Look> {
  const needed = `${serverMajor === undefined ? 'the major version of the server' : `${serverMajor}`} or newer${isNeeded ? '' : ', for rows that restore a dump'}`;
  const remedy = `Install PostgreSQL's client programs (Debian: apt-get install postgresql-client${serverMajor === undefined ? '' : `-${serverMajor}`}; macOS: brew install libpq).`;
  const told = await versionOf('pg_dump', ['--version'], asked);
  const major = Number(/(\d+)(\.\d+)?/.exec(told ?? '')?.[1]);
  if (told === undefined || Number.isNaN(major)) return lacking(isNeeded, 'there is no pg_dump on PATH', needed, remedy);
  if (serverMajor === undefined) return note(`${told}; the version of the server is not known`, needed);
  return major >= serverMajor ? ok(told, needed) : lacking(isNeeded, `${told}, older than the server (${serverMajor})`, needed, remedy);
}

export async function lookAtK6(cacheDir: string, { variables, signal }: Asked): Promise<Look> {
  const needed = `v${MAJOR}, with --load-engine k6 alone; a run builds or downloads it where it is not there`;
  for (const [path, place] of [
    ['k6', 'on PATH'],
    [join(cacheDir, 'k6', K6_VERSION, 'k6'), 'in the cache'],
  ] as const) {
    const found = await inspectK6(path, `k6 ${place}`, variables, signal);
    if ('path' in found) return ok(`${found.version} ${place}`, needed);
  }
  const go = await versionOf('go', ['version'], { variables, signal });
  const version = /go(\d+\.\d+(\.\d+)?)/.exec(go ?? '')?.[1];
  if (version !== undefined && isAtLeast(version, GO_VERSION)) return note(`not there; Go ${version} can build it (about 2 min, once)`, needed);
  return note(
    version === undefined ? 'not there, and no Go to build it with' : `not there, and Go ${version} is older than ${GO_VERSION}`,
    needed,
    `Install k6 v${MAJOR} (https://grafana.com/docs/k6) or Go ${GO_VERSION}, should you want that engine.`,
  );
}

export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [index, part] of b.entries()) if ((a[index] ?? 0) !== part) return (a[index] ?? 0) > part;
  return true;
}

/** Draws a page with it: a file that is there proves nothing. */
export async function lookAtChromium(path: string | undefined, isNeeded: boolean): Promise<Look> {
  const needed = `a Chromium that draws a page${isNeeded ? '' : ', for rows that open pages'}`;
  const remedy = 'Install Chromium or Google Chrome (Debian: apt-get install chromium), or run `node scripts/setup.mjs chromium` in the checkout.';
  if (path === undefined) return lacking(isNeeded, 'none was found', needed, remedy);
  const proof = await proveChromium(path, DRAW_MS);
  return 'version' in proof ? ok(`${proof.version} drew a page (${path})`, needed) : lacking(isNeeded, `${path} drew nothing: ${proof.why}`, needed, remedy);
}

export async function lookAtSshKeygen(isNeeded: boolean, asked: Asked): Promise<Look> {
  const needed = 'to sign with SSH keys; PEM keys sign without it';
  // It has no option for its version; asked for nothing it tells how it is used and fails.
  const { output } = await runCommand('ssh-keygen', ['-?'], { env: asked.variables, timeoutMs: ASK_MS, signal: asked.signal });
  if (!/ENOENT/.test(output)) return ok('there', needed);
  const remedy = 'Install OpenSSH (Debian: apt-get install openssh-client), or sign with an Ed25519 key in a PEM file.';
  return isNeeded ? warn('not on PATH', needed, remedy) : note('not on PATH', needed, remedy);
}
