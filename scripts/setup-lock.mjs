// One set-up at a time: a lock file that names the processes at work, and is taken over when they are all dead.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SetupError, say } from './setup-error.mjs';

const POLL_MS = 100;
/** A takeover is a handful of file operations; one that is older than this was killed in the middle. */
const TAKEOVER_STALE_MS = 10_000;

/** @param {unknown} error @param {string} code */
const hasCode = (error, code) => error instanceof Error && 'code' in error && error.code === code;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

/** @param {string} path @returns {readonly number[] | undefined} Processes that the lock names; undefined where there is no lock. */
function holders(path) {
  try {
    return readFileSync(path, 'utf8').split(/\s+/).filter(Boolean).map(Number);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Removes a lock whose processes are all dead. Only one process at a time may do so: the folder beside it sees to that. @param {string} path */
function removeStale(path) {
  const takeover = `${path}.takeover`;
  try {
    mkdirSync(takeover);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    const age = Date.now() - (statSync(takeover, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > TAKEOVER_STALE_MS) rmSync(takeover, { recursive: true, force: true });
    return;
  }
  const pids = holders(path);
  if (pids && !pids.some(isAlive)) rmSync(path, { force: true });
  rmdirSync(takeover);
}

/** @param {string} path @returns {boolean} */
function take(path) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${process.pid}\n`);
  try {
    // A hard link appears with its content, whole, and fails where the name is taken.
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Runs `work` while no other process holds the lock at `path`. `work` is given a function that adds a child process
 * to the lock, so that a set-up which is killed while its `npm ci` lives on is not overtaken by the next one.
 *
 * @template T
 * @param {string} path
 * @param {(guard: (pid: number) => void) => Promise<T>} work
 * @param {number} [timeoutMs] How long to wait for others.
 * @returns {Promise<T>} Throws SetupError SETUP_LOCKED.
 */
export async function withLock(path, work, timeoutMs = 15 * 60_000) {
  mkdirSync(dirname(path), { recursive: true });
  const deadline = Date.now() + timeoutMs;
  let told = false;
  while (!take(path)) {
    const pids = holders(path) ?? [];
    if (!pids.some(isAlive)) removeStale(path);
    else if (Date.now() > deadline) {
      throw new SetupError('SETUP_LOCKED', `Another set-up (process ${pids.join(', ')}) holds ${path}.`, 'Wait for it, or end it; then try again.');
    } else {
      if (!told) say(`waiting for another set-up (process ${pids.join(', ')})`);
      told = true;
      await wait(POLL_MS);
    }
  }
  const held = [process.pid];
  try {
    return await work((pid) => {
      held.push(pid);
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, `${held.join('\n')}\n`);
      renameSync(draft, path);
    });
  } finally {
    rmSync(path, { force: true });
  }
}
