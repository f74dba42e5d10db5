import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from './run-folder.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-lock-'));
  path = join(folder, 'run.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));
const living = (...pids: number[]) => ({ isAlive: (pid: number) => pids.includes(pid) });

test('one holds it, another is told who; let go, it is gone', () => {
  const release = takeLock(path, { processId: 1, ...living(1, 2) });
  expect(() => takeLock(path, { processId: 2, ...living(1, 2) })).toThrow(
    expect.objectContaining({ code: 'RUN_LOCKED', message: expect.stringContaining('Process 1') }),
  );
  expect(readFileSync(path, 'utf8')).toBe('1');
  release();
  expect(existsSync(path)).toBe(false);
});

test.each(['1', '', 'nonsense'])('a lock that a dead process left ("%s") is taken over, and nothing else is left', (left) => {
  writeFileSync(path, left);
  takeLock(path, { processId: 2, ...living(2) });
  expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['run.lock'], '2']);
});

test('a folder that cannot be written to is DISK, not a lock', () => {
  expect(() => takeLock(join(folder, 'nowhere', 'run.lock'), { processId: 1, ...living(1) })).toThrow(expect.objectContaining({ code: 'DISK' }));
});
