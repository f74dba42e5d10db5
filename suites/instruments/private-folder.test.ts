import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openPrivateFolder } from './private-folder.ts';

const KIND = `test-${process.pid}`;
const made: string[] = [];
const make = (path: string): string => {
  mkdirSync(path);
  writeFileSync(join(path, 'world.json'), 'a session');
  made.push(path);
  return path;
};
const open = (kind: string): string => {
  const path = openPrivateFolder(kind);
  made.push(path);
  return path;
};
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

test('nobody else may read it, and two are never one', () => {
  const [one, two] = [open(KIND), open(KIND)];
  expect(statSync(one).mode & 0o777).toBe(0o700);
  expect(two).not.toBe(one);
  expect(existsSync(one)).toBe(true);
});

test('what a killed process left of the same kind is removed; of a living one, or of another kind, not', () => {
  const { pid: gone } = spawnSync(process.execPath, ['--version']);
  const left = make(join(tmpdir(), `naap-gate-${KIND}-${gone}-abcdef`));
  const living = make(join(tmpdir(), `naap-gate-${KIND}-${process.ppid}-abcdef`));
  const another = make(join(tmpdir(), `naap-gate-${KIND}-more-${gone}-abcdef`));
  open(KIND);
  expect([left, living, another].map((path) => existsSync(path))).toEqual([false, true, true]);
});
