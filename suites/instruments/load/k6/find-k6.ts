// Where k6 comes from: PATH, the cache, a build from its source, its release. Asked by cli/ and the bench; the order alone stands here.
import { join } from 'node:path';
import { buildK6 } from './build-k6.ts';
import { runCommand } from './command.ts';
import { downloadK6 } from './download-k6.ts';
import { K6_VERSION, MAJOR, RELEASES } from './pinned.ts';

export const PLACES = ['PATH', 'cache', 'build', 'release'] as const;
export type Place = (typeof PLACES)[number];

export interface Binary {
  readonly path: string;
  /** For example `v2.1.0`. */
  readonly version: string;
}
/** Why there is none at a place, for a person. */
export interface Absent {
  readonly why: string;
}
export type K6Places = Readonly<Record<Place, () => Promise<Binary | Absent>>>;

/** The first that answers. A place that comes later is not asked. */
export async function findK6(places: K6Places): Promise<(Binary & { readonly from: Place }) | { readonly whys: readonly string[] }> {
  const whys: string[] = [];
  for (const from of PLACES) {
    const found = await places[from]();
    if ('path' in found) return { ...found, from };
    whys.push(found.why);
  }
  return { whys };
}

export interface Machine {
  /** The cache folder; k6 gets `<cache>/k6/<version>/k6`. */
  readonly cacheDir: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Told only where it takes long. */
  readonly say: (text: string) => void;
}

export function placesOn({ cacheDir, variables, signal, say }: Machine): K6Places {
  const cached = join(cacheDir, 'k6', K6_VERSION, 'k6');
  const inspect = (path: string, name: string): Promise<Binary | Absent> => inspectK6(path, name, variables, signal);
  return {
    PATH: () => inspect('k6', 'k6 on PATH'),
    cache: () => inspect(cached, 'k6 in the cache'),
    build: async () => (await buildK6({ path: cached, variables, signal, say })) ?? inspect(cached, 'the k6 that was built'),
    release: async () =>
      (await downloadK6({ path: cached, releases: RELEASES, platform: process.platform, arch: process.arch, variables, signal, say })) ??
      inspect(cached, 'the k6 that was downloaded'),
  };
}

const VERSION_TIMEOUT_MS = 10_000;

export async function inspectK6(path: string, name: string, variables: Machine['variables'], signal: AbortSignal): Promise<Binary | Absent> {
  const { ok, output } = await runCommand(path, ['version'], { env: variables, timeoutMs: VERSION_TIMEOUT_MS, signal });
  const version = versionIn(output);
  if (!ok || version === undefined)
    return { why: /ENOENT/.test(output) ? `there is no ${name}` : `${name} does not tell its version (${output.split('\n')[0]})` };
  if (majorOf(version) !== MAJOR) return { why: `${name} is ${version}, and v${MAJOR} is needed` };
  return { path, version };
}

/** From `k6 v2.1.0 (go1.26.8, linux/amd64)`; v1 and v2 say it alike. */
export function versionIn(output: string): string | undefined {
  return /^k6 (v\d+\.\d+\.\d+\S*)/m.exec(output)?.[1];
}

const majorOf = (version: string): number => Number(/^v(\d+)/.exec(version)?.[1]);
