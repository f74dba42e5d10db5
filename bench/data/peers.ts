// Python programs that compare databases, installed into virtual environments of the bench's own where Python and a package index are there. Used by bench.ts.
import { execFile } from 'node:child_process';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Newest versions of November 2026. */
const PEERS = {
  reladiff: ['reladiff==0.6.0', 'psycopg2-binary==2.9.13'],
  'data-validation': ['google-pso-data-validator==8.10.1', 'psycopg2-binary==2.9.13'],
} as const;
export type PeerName = keyof typeof PEERS;
/** Its program, or why there is none. */
export type Peer = { readonly program: string; readonly version: string } | { readonly why: string };

const INSTALL_WITHIN_MS = 600_000;

/** Installs it once; a half installation is removed. */
export async function findPeer(name: PeerName, cacheDir: string, say: (text: string) => void): Promise<Peer> {
  const [pinned] = PEERS[name];
  const version = pinned.split('==')[1] ?? '';
  const home = join(cacheDir, 'bench-tools', `${name}-${version}`);
  const program = join(home, 'bin', name);
  try {
    await access(program);
    return { program, version };
  } catch {
    say(`${name} ${version}: installing it into ${home}`);
  }
  const run = promisify(execFile);
  try {
    await run('python3', ['-m', 'venv', home]);
    await run(join(home, 'bin', 'pip'), ['install', '--quiet', ...PEERS[name]], { timeout: INSTALL_WITHIN_MS });
    return { program, version };
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    return { why: `${name} could not be installed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}` };
  }
}
