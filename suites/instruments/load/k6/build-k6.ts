// Builds k6 from its source by Go's own client, at the lowest priority, into the cache. Used by find-k6.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import type { Absent, Machine } from './find-k6.ts';
import { GO_SUM, GO_VERSION, K6_MODULE, K6_VERSION } from './pinned.ts';

/** On 2 cores shared with others it took 147 s; on a slow line the modules take longer than that. */
const BUILD_TIMEOUT_MS = 15 * 60_000;
const VERSION_TIMEOUT_MS = 10_000;
const UNFINISHED = 'building-';
const LARGEST_AGE_MS = 2 * BUILD_TIMEOUT_MS;

/**
 * Undefined when k6 stands at `path`. `go build` in a module that requires the pinned version and its digest, not
 * `go install`: that one also asks for the newest version, which a proxy that holds the pinned one need not know.
 */
export async function buildK6({ path, variables, signal, say }: Omit<Machine, 'cacheDir'> & { readonly path: string }): Promise<Absent | undefined> {
  const env = { ...variables, GOFLAGS: '', GOWORK: 'off', GO111MODULE: 'on', CGO_ENABLED: '0' };
  const go = await runCommand('go', ['version'], { env, timeoutMs: VERSION_TIMEOUT_MS, signal });
  if (!go.ok) return { why: /ENOENT/.test(go.output) ? 'there is no Go to build it with' : `go version failed (${go.output})` };
  const startedMs = performance.now();
  const root = dirname(dirname(path));
  let folder: string;
  try {
    folder = workFolder(root);
  } catch (error) {
    return { why: `the cache cannot be written (${(error as Error).message})` };
  }
  try {
    say(`building k6 ${K6_VERSION} from its source beside the first checks, since there is none: once, about 2 min of CPU and 350 MB of Go modules`);
    writeFileSync(join(folder, 'go.mod'), `module naap-gate-k6\n\ngo ${GO_VERSION}\n\nrequire ${K6_MODULE} ${K6_VERSION}\n`);
    writeFileSync(join(folder, 'go.sum'), GO_SUM);
    const built = await runCommand('go', ['build', '-mod=mod', '-trimpath', '-ldflags=-s -w', '-o', 'k6', K6_MODULE], {
      cwd: folder,
      env,
      timeoutMs: BUILD_TIMEOUT_MS,
      signal,
      idle: true,
    });
    if (!built.ok) return { why: `go build failed (${built.output.split('\n').at(-1)})` };
    mkdirSync(dirname(path), { recursive: true });
    renameSync(join(folder, 'k6'), path);
    say(`k6 ${K6_VERSION} is built: ${Math.round(statSync(path).size / 1e6)} MB in ${Math.round((performance.now() - startedMs) / 1000)} s, kept in ${path}`);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A fresh folder beside the finished ones; what a killed build left there long ago is removed. */
function workFolder(root: string): string {
  mkdirSync(root, { recursive: true });
  for (const name of readdirSync(root).filter((entry) => entry.startsWith(UNFINISHED))) {
    const left = join(root, name);
    if (Date.now() - statSync(left).mtimeMs > LARGEST_AGE_MS) rmSync(left, { recursive: true, force: true });
  }
  return mkdtempSync(join(root, UNFINISHED));
}
