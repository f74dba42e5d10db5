import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openChain, readChain } from './chain.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chain-'));
  path = join(folder, 'run.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): ReturnType<typeof openChain> => openChain(path, { now: () => new Date('2026-11-23T04:00:00Z'), toText: (text) => text });
function write(count: number): void {
  const chain = open();
  for (let index = 0; index < count; index += 1) chain.append({ type: 'note', index });
  chain.close();
}

test('what is appended is read back in order, across two openings', () => {
  write(2);
  write(2);
  expect(readChain(path).entries.map(({ link, event }) => [link.seq, event['index']])).toEqual([
    [0, 0],
    [1, 1],
    [2, 0],
    [3, 1],
  ]);
});

test('a torn tail is told apart from damage, and the next opening cuts it off', () => {
  write(3);
  appendFileSync(path, '{"seq":3,"at":"2026-');
  expect(readChain(path)).toMatchObject({ tornBytes: 20 });
  write(1);
  expect(readChain(path)).toMatchObject({ tornBytes: 0 });
  expect(readChain(path).entries).toHaveLength(4);
});

test('every changed byte of a whole line is found', () => {
  write(3);
  const good = readFileSync(path);
  const end = good.lastIndexOf(0x0a, good.length - 2);
  const missed: number[] = [];
  for (let at = 0; at < end; at += 1) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 1;
    writeFileSync(path, bad);
    if (survives()) missed.push(at);
  }
  expect(missed).toEqual([]);
});

test.each([
  ['a dropped line', [0, 2]],
  ['swapped lines', [0, 2, 1]],
  ['a doubled line', [0, 1, 1, 2]],
])('%s is found', (_name, order) => {
  write(3);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  writeFileSync(path, order.map((index) => `${lines[index]}\n`).join(''));
  expect(() => readChain(path)).toThrowError(/line \d does not|carries seq|line \d/);
});

test('a full disk is told, and leaves whole lines that the next ones stand on', () => {
  const main = fileURLToPath(new URL('testing/append-until-full.ts', import.meta.url));
  // A limit on the size of a file ends a write in its middle, as a full disk does: 8 blocks of 512 bytes.
  const told = execFileSync('sh', ['-c', 'ulimit -f 8 && exec "$0" "$@"', process.execPath, main, path], { encoding: 'utf8' });
  expect(told).toBe('DISK DISK');
  const { tornBytes, entries } = readChain(path);
  expect({ tornBytes, lines: entries.length }).toEqual({ tornBytes: 0, lines: 4 });
  write(1);
  expect(readChain(path).entries).toHaveLength(5);
});

function survives(): boolean {
  try {
    readChain(path);
    return true;
  } catch {
    return false;
  }
}
