// Runs a command to its end, for set-up: output is collected, and told only where it failed.
import { spawn } from 'node:child_process';

/** Longest that a fetch may take, ms. */
export const FETCH_TIMEOUT_MS = 10 * 60_000;

/**
 * @typedef {{ ok: boolean, stdout: string, output: string }} Ended `output`: both streams, at most their first and last 2000 characters.
 * @typedef {{ cwd?: string, env?: Readonly<Record<string, string | undefined>>, timeoutMs?: number, ownGroup?: boolean, onSpawn?: (pid: number) => void }} Options
 *   `ownGroup`: Ctrl-C does not reach it (a package manager must not be cut off in the middle).
 */

/** @param {string} text */
const clip = (text) => (text.length > 4000 ? `${text.slice(0, 2000)}${text.slice(-2000)}` : text);

/**
 * Never throws: a command that is not there ends with `ok: false` and says so in `output`.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Options} [options]
 * @returns {Promise<Ended>}
 */
export function runCommand(command, args, { cwd, env = process.env, timeoutMs = FETCH_TIMEOUT_MS, ownGroup = false, onSpawn } = {}) {
  return new Promise((resolve) => {
    let stdout = '';
    let output = '';
    let why = '';
    const child = spawn(command, args, { cwd, env, detached: ownGroup, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid !== undefined) onSpawn?.(child.pid);
    const timer = setTimeout(() => {
      why = `\nstopped after ${timeoutMs / 1000} s`;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      output = clip(output + chunk);
    });
    child.stderr.on('data', (chunk) => {
      output = clip(output + chunk);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, stdout, output: `${output}${error.message}` });
    });
    // 'exit', not 'close': a grandchild that keeps the pipe open must not keep set-up waiting.
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal && !why) why = `\nended by ${signal}`;
      setImmediate(() => resolve({ ok: code === 0, stdout, output: (output + why).trim() }));
    });
  });
}
