import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Absent, type Binary, type K6Places, type Place, PLACES, findK6, inspectK6, placesOn, versionIn } from './find-k6.ts';

const folders: string[] = [];
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'naap-gate-find-k6-'));
  folders.push(made);
  return made;
}
/** A command on a PATH of its own, beside the system's `sh`, `cp` and `sleep`. */
function command(directory: string, name: string, body: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(directory, name), 0o755);
}
const never = new AbortController().signal;
const silent = (): void => undefined;

function places(has: Partial<Record<Place, Binary>>, asked: Place[]): K6Places {
  const place = (name: Place) => async (): Promise<Binary | Absent> => {
    asked.push(name);
    return has[name] ?? { why: `nothing in ${name}` };
  };
  return { PATH: place('PATH'), cache: place('cache'), build: place('build'), release: place('release') };
}
const binary: Binary = { path: '/somewhere/k6', version: 'v2.1.0' };

test.each(PLACES.map((place, index) => [place, PLACES.slice(0, index + 1)] as const))('found in %s, nothing after it is asked', async (place, expected) => {
  const asked: Place[] = [];
  expect(await findK6(places({ [place]: binary }, asked))).toEqual({ ...binary, from: place });
  expect(asked).toEqual(expected);
});

test('found nowhere, every place says why', async () => {
  expect(await findK6(places({}, []))).toEqual({ whys: ['nothing in PATH', 'nothing in cache', 'nothing in build', 'nothing in release'] });
});

test.each([
  ['k6 v2.1.0 (go1.26.8, linux/amd64)', 'v2.1.0'],
  ['k6 v2.3.0 (commit/e088784614, go1.26.3, darwin/arm64)\nExtensions:\n  none', 'v2.3.0'],
  ['k6 v0.49.0 (2024-01-29, go1.21.6, linux/amd64)', 'v0.49.0'],
  ['k6 (devel)', undefined],
  ['', undefined],
])('%j is version %s', (output, version) => {
  expect(versionIn(output)).toBe(version);
});

test('an older k6 is refused, with its version', async () => {
  const bin = folder();
  command(bin, 'k6', 'echo "k6 v1.3.0 (go1.24.6, linux/amd64)"');
  expect(await inspectK6('k6', 'k6 on PATH', { PATH: bin }, never)).toEqual({ why: 'k6 on PATH is v1.3.0, and v2 is needed' });
});

test('a k6 on PATH is taken as it is', async () => {
  const bin = folder();
  command(bin, 'k6', 'echo "k6 v2.9.1 (go1.27.0, linux/amd64)"');
  const found = await findK6(placesOn({ cacheDir: folder(), variables: { PATH: bin }, signal: never, say: silent }));
  expect(found).toEqual({ path: 'k6', version: 'v2.9.1', from: 'PATH' });
});

test('something else that is called k6 is not taken for it', async () => {
  const bin = folder();
  command(bin, 'k6', 'echo "hello"');
  expect(await inspectK6('k6', 'k6 on PATH', { PATH: bin }, never)).toEqual({ why: 'k6 on PATH does not tell its version (hello)' });
});

/** A Go that "builds" what it is told; it speaks only to itself. */
const GO = `if [ "$1" = version ]; then echo "go version go1.26.8"; exit 0; fi
grep -q 'require go.k6.io/k6/v2 v2.1.0' go.mod && grep -q 'h1:' go.sum || exit 1
printf '#!/bin/sh\\necho "k6 v2.1.0 (go1.26.8, linux/amd64)"\\n' > k6
chmod 755 k6`;

test('with Go it is built into the cache, with words, and found there the next time', async () => {
  const [bin, cacheDir, said] = [folder(), folder(), [] as string[]];
  command(bin, 'go', GO);
  const variables = { PATH: `${bin}:/usr/bin:/bin` };
  const path = join(cacheDir, 'k6', 'v2.1.0', 'k6');
  const machine = { cacheDir, variables, signal: never, say: (text: string) => void said.push(text) };
  expect(await placesOn(machine).build()).toEqual({ path, version: 'v2.1.0' });
  expect(said).toEqual([expect.stringContaining('building k6 v2.1.0'), expect.stringMatching(/k6 v2\.1\.0 is built: \d+ MB in \d+ s, kept in /)]);
  expect(readdirSync(join(cacheDir, 'k6'))).toEqual(['v2.1.0']);
  expect(await placesOn(machine).cache()).toEqual({ path, version: 'v2.1.0' });
});

test('without Go there is nothing to build it with', async () => {
  expect(await placesOn({ cacheDir: folder(), variables: { PATH: folder() }, signal: never, say: silent }).build()).toEqual({
    why: 'there is no Go to build it with',
  });
});

test('a build that fails says so in its own words and leaves nothing behind', async () => {
  const [bin, cacheDir] = [folder(), folder()];
  command(bin, 'go', 'if [ "$1" = version ]; then echo go; exit 0; fi\necho "go: go.k6.io/k6/v2@v2.1.0: 403 Forbidden" >&2\nexit 1');
  const found = await placesOn({ cacheDir, variables: { PATH: `${bin}:/usr/bin:/bin` }, signal: never, say: silent }).build();
  expect(found).toEqual({ why: 'go build failed (go: go.k6.io/k6/v2@v2.1.0: 403 Forbidden)' });
  expect(readdirSync(join(cacheDir, 'k6'))).toEqual([]);
});

test('an interrupt ends a build and all that it has started, long before its end', async () => {
  const [bin, cacheDir] = [folder(), folder()];
  command(bin, 'go', 'if [ "$1" = version ]; then echo go; exit 0; fi\nsleep 60 &\nsleep 60');
  const stop = new AbortController();
  let stoppedMs = 0;
  const say = (): void => {
    setTimeout(() => {
      stoppedMs = performance.now();
      stop.abort();
    }, 200);
  };
  const found = await placesOn({ cacheDir, variables: { PATH: `${bin}:/usr/bin:/bin` }, signal: stop.signal, say }).build();
  // It would sleep for a minute.
  expect(performance.now() - stoppedMs).toBeLessThan(15_000);
  expect(found).toEqual({ why: 'go build failed (interrupted)' });
  expect(readdirSync(join(cacheDir, 'k6'))).toEqual([]);
});
