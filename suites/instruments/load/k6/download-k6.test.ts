import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Download, downloadK6 } from './download-k6.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'naap-gate-download-k6-'));
  ends.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const FILE = 'k6-v2.1.0-linux-amd64.tar.gz';
/** As the release packs it: one folder with the binary in it. */
function archive(): Buffer {
  const at = folder();
  mkdirSync(join(at, 'k6-v2.1.0-linux-amd64'));
  writeFileSync(join(at, 'k6-v2.1.0-linux-amd64', 'k6'), 'the binary');
  execFileSync('tar', ['-czf', FILE, 'k6-v2.1.0-linux-amd64'], { cwd: at });
  return readFileSync(join(at, FILE));
}

async function serve(files: Readonly<Record<string, Buffer | string>>): Promise<string> {
  const server: Server = createServer((request, response) => {
    const content = files[request.url ?? ''];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function download(releases: string, more: Partial<Download> = {}): { readonly path: string; readonly outcome: ReturnType<typeof downloadK6> } {
  const path = join(folder(), 'k6', 'v2.1.0', 'k6');
  const outcome = downloadK6({
    path,
    releases,
    platform: 'linux',
    arch: 'x64',
    variables: process.env,
    signal: new AbortController().signal,
    say: () => undefined,
    ...more,
  });
  return { path, outcome };
}
const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('the file whose digest the release names is unpacked into the cache', async () => {
  const bytes = archive();
  const releases = await serve({
    '/v2.1.0/k6-v2.1.0-checksums.txt': `${'0'.repeat(64)}  k6-v2.1.0-macos-arm64.zip\n${digestOf(bytes)}  ${FILE}\n`,
    [`/v2.1.0/${FILE}`]: bytes,
  });
  const { path, outcome } = download(releases);
  expect(await outcome).toBeUndefined();
  expect(readFileSync(path, 'utf8')).toBe('the binary');
  expect(readdirSync(join(path, '..', '..'))).toEqual(['v2.1.0']);
});

test('a file with another digest is not unpacked', async () => {
  const releases = await serve({ '/v2.1.0/k6-v2.1.0-checksums.txt': `${'a'.repeat(64)}  ${FILE}\n`, [`/v2.1.0/${FILE}`]: archive() });
  const { path, outcome } = download(releases);
  expect(await outcome).toEqual({ why: expect.stringMatching(/has the digest [0-9a-f]{64}, its release says a{64}/) });
  expect(existsSync(path)).toBe(false);
});

test('a release without a digest for this machine is not downloaded', async () => {
  const { outcome } = download(await serve({ '/v2.1.0/k6-v2.1.0-checksums.txt': `${'a'.repeat(64)}  another\n` }));
  expect(await outcome).toEqual({ why: `the release of k6 v2.1.0 names no digest for ${FILE}` });
});

test('a place that refuses or does not answer says so', async () => {
  expect(await download(await serve({})).outcome).toEqual({ why: expect.stringMatching(/could not be downloaded \(404 from http/) });
  expect(await download('http://127.0.0.1:1').outcome).toEqual({ why: expect.stringMatching(/could not be downloaded \(.*(ECONNREFUSED|bad port)/) });
});

test('a machine that k6 is not released for is named', async () => {
  expect(await download('http://127.0.0.1:1', { platform: 'aix', arch: 'ppc64' }).outcome).toEqual({ why: 'there is no release of k6 for aix on ppc64' });
});
