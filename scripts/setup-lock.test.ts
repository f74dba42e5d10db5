import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './setup-lock.mjs';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-lock-'));
  lock = join(folder, 'setup.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process id that belongs to nobody any more. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid;

test('only one holds the lock at a time, and everybody gets a turn', async () => {
  let inside = 0;
  const most: number[] = [];
  const turn = () =>
    withLock(lock, async () => {
      most.push(++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    });
  await Promise.all([turn(), turn(), turn(), turn()]);
  expect(most).toEqual([1, 1, 1, 1]);
  expect(existsSync(lock)).toBe(false);
});

test('a lock whose processes are all dead is taken over', async () => {
  writeFileSync(lock, `${deadPid()}\n${deadPid()}\n`);
  expect(await withLock(lock, async () => 'done')).toBe('done');
});

test('a lock is kept by a child that outlives the set-up which started it', async () => {
  writeFileSync(lock, `${deadPid()}\n${process.pid}\n`);
  await expect(withLock(lock, async () => 'done', 200)).rejects.toMatchObject({ code: 'SETUP_LOCKED' });
});

test('the lock is given back when the work throws', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('boom')))).rejects.toThrowError('boom');
  expect(existsSync(lock)).toBe(false);
});
