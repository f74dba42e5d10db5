// Downloads the release of k6, held against the release's own list of digests. Used by find-k6 where k6 cannot be built.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import type { Absent, Machine } from './find-k6.ts';
import { K6_VERSION } from './pinned.ts';

/** Where nothing answers, a person learns it within this, ms. */
const ANSWER_TIMEOUT_MS = 15_000;
/** For about 35 MB. */
const BODY_TIMEOUT_MS = 5 * 60_000;
const UNPACK_TIMEOUT_MS = 60_000;

export interface Download extends Omit<Machine, 'cacheDir'> {
  readonly path: string;
  /** Address above `<version>/<file>`. */
  readonly releases: string;
  readonly platform: string;
  readonly arch: string;
}

/** Undefined when k6 stands at `path`. The list of digests comes from the same place as the file, so it guards against damage, not against the place. */
export async function downloadK6(download: Download): Promise<Absent | undefined> {
  const file = releaseFile(download.platform, download.arch);
  if (file === undefined) return { why: `there is no release of k6 for ${download.platform} on ${download.arch}` };
  try {
    const list = await fetched(`${download.releases}/${K6_VERSION}/k6-${K6_VERSION}-checksums.txt`, ANSWER_TIMEOUT_MS, download.signal);
    const expected = digestIn(new TextDecoder().decode(list), file);
    if (expected === undefined) return { why: `the release of k6 ${K6_VERSION} names no digest for ${file}` };
    download.say(`downloading k6 ${K6_VERSION} (about 35 MB)`);
    const bytes = await fetched(`${download.releases}/${K6_VERSION}/${file}`, BODY_TIMEOUT_MS, download.signal);
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== expected) return { why: `the downloaded ${file} has the digest ${digest}, its release says ${expected}` };
    return await unpack(download, file, bytes);
  } catch (error) {
    return { why: `the release of k6 could not be downloaded (${words(error)})` };
  }
}

/** As k6 names them since v0.2x: `k6-v2.1.0-linux-amd64.tar.gz`, `k6-v2.1.0-macos-arm64.zip`. */
function releaseFile(platform: string, arch: string): string | undefined {
  const cpu = { x64: 'amd64', arm64: 'arm64' }[arch];
  if (cpu === undefined) return undefined;
  if (platform === 'linux') return `k6-${K6_VERSION}-linux-${cpu}.tar.gz`;
  return platform === 'darwin' ? `k6-${K6_VERSION}-macos-${cpu}.zip` : undefined;
}

function digestIn(list: string, file: string): string | undefined {
  const line = list.split('\n').find((candidate) => candidate.trim().endsWith(` ${file}`) || candidate.trim().endsWith(`*${file}`));
  return /^[0-9a-f]{64}/.exec(line ?? '')?.[0];
}

async function fetched(url: string, timeoutMs: number, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
  if (!response.ok) throw new Error(`${response.status} from ${url}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function unpack({ path, variables, signal }: Download, file: string, bytes: Uint8Array): Promise<Absent | undefined> {
  const root = dirname(dirname(path));
  mkdirSync(root, { recursive: true });
  const folder = mkdtempSync(join(root, 'downloading-'));
  try {
    writeFileSync(join(folder, file), bytes);
    // The tar of macOS reads zip files too.
    const { ok, output } = await runCommand('tar', ['-xf', file, '--strip-components=1'], {
      cwd: folder,
      env: variables,
      timeoutMs: UNPACK_TIMEOUT_MS,
      signal,
    });
    if (!ok) return { why: `tar could not unpack ${file} (${output})` };
    mkdirSync(dirname(path), { recursive: true });
    renameSync(join(folder, 'k6'), path);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `fetch failed` alone says nothing: what failed is its cause. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
