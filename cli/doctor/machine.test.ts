// The machine's preconditions, each both ways.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileLimit, freeMiB, lookAtDisk, lookAtFiles, lookAtFolder, lookAtNode, lookAtPackages, lookAtProcessors } from './machine.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-doctor-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

test.each([
  ['v24.21.0', 'ok'],
  ['v22.19.0', 'ok'],
  ['v22.18.9', 'missing'],
  ['v23.5.0', 'missing'],
  ['v20.11.1', 'missing'],
])('Node %s is %s', (version, word) => {
  expect(lookAtNode(version)).toMatchObject({ word, found: version });
});

test('a checkout whose packages were never installed is missing them; no checkout is not looked at', () => {
  expect(lookAtPackages(folder)).toMatchObject({ word: 'not-looked-at' });
  writeFileSync(join(folder, 'package-lock.json'), '{"packages":{}}');
  expect(lookAtPackages(folder)).toMatchObject({ word: 'missing', remedy: expect.stringContaining('npm ci') });
  expect(lookAtPackages()).toMatchObject({ word: 'ok' });
});

test('a folder that can be written to is well and left as it was, also where it is still to be made', () => {
  expect(lookAtFolder(folder, 'x')).toMatchObject({ word: 'ok', found: folder });
  expect(lookAtFolder(join(folder, 'a', 'b'), 'x')).toMatchObject({ word: 'ok', found: expect.stringContaining('to be made') });
});

test('a folder below a file cannot be written to', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(lookAtFolder(join(folder, 'file'), 'Name another folder.')).toMatchObject({ word: 'missing', remedy: 'Name another folder.' });
});

test.each([
  [99, 'missing'],
  [100, 'warn'],
  [1023, 'warn'],
  [1024, 'ok'],
])('%d MiB free are %s', (free, word) => {
  expect(lookAtDisk(free, '/')).toMatchObject({ word });
});

test('this disk has some space', () => {
  expect(freeMiB(join(folder, 'not', 'yet'))).toBeGreaterThan(0);
});

test.each([
  [1023, { least: 0, most: 0 }, 'missing'],
  [1024, { least: 0, most: 0 }, 'ok'],
  [1100, { least: 1000, most: 20_000 }, 'missing'],
  [1200, { least: 1000, most: 20_000 }, 'warn'],
  [20_200, { least: 1000, most: 20_000 }, 'ok'],
  ['unlimited', { least: 1000, most: 20_000 }, 'ok'],
  [undefined, { least: 0, most: 0 }, 'not-looked-at'],
] as const)('a limit of %s files for %j connections is %s', (limit, connections, word) => {
  expect(lookAtFiles(limit, connections)).toMatchObject({ word });
});

test('the system tells its limit of open files', () => {
  expect([typeof fileLimit(), fileLimit()]).not.toContain(undefined);
});

test.each([
  [2, 0.2, true, 'ok'],
  [2, 1.4, true, 'warn'],
  [1, 0, true, 'warn'],
  [1, 3, false, 'ok'],
])('%d processors with a load of %d, load to send: %s, are %s', (count, load, sendsLoad, word) => {
  expect(lookAtProcessors(count, load, sendsLoad)).toMatchObject({ word });
});
