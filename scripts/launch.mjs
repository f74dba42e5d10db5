// Starts every npm script: `node scripts/launch.mjs [--needs|--wants chromium] <file.ts | --bin name> [arguments]` sets up, then runs it under a fitting Node.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CHECKOUT, NEEDS, isNeed, setUp } from './setup.mjs';
import { SetupError, complain } from './setup-error.mjs';

const USAGE = `node scripts/launch.mjs [--needs|--wants ${NEEDS.join('|')}] <file | --bin name> [arguments]`;

/**
 * `needs`: without it nothing is run. `wants`: brought where there is a way; a machine without one says so and goes on.
 * @param {readonly string[]} words
 * @returns {{ needs: import('./setup.mjs').Need[], wants: import('./setup.mjs').Need[], bin?: string, file?: string, args: readonly string[] }} Throws SetupError USAGE.
 */
function readArguments(words) {
  /** @type {import('./setup.mjs').Need[]} */
  const needs = [];
  /** @type {import('./setup.mjs').Need[]} */
  const wants = [];
  let rest = words;
  while (rest[0] === '--needs' || rest[0] === '--wants') {
    const need = rest[1] ?? '';
    if (!isNeed(need)) throw new SetupError('USAGE', `${rest[0]} ${need}: known are ${NEEDS.join(', ')}.`, USAGE);
    (rest[0] === '--needs' ? needs : wants).push(need);
    rest = rest.slice(2);
  }
  const byName = rest[0] === '--bin';
  const [subject, ...args] = byName ? rest.slice(1) : rest;
  if (!subject) throw new SetupError('USAGE', 'Nothing to run.', USAGE);
  return byName ? { needs, wants, bin: subject, args } : { needs, wants, file: subject, args };
}

/** @param {string | undefined} bin @param {string | undefined} file */
function scriptPath(bin, file) {
  const path = bin === undefined ? resolve(file ?? '') : join(CHECKOUT, 'node_modules', '.bin', bin);
  if (!existsSync(path)) throw new SetupError('USAGE', `There is no ${path}.`, USAGE);
  return bin === undefined ? path : realpathSync(path);
}

/**
 * Runs to the end and ends as the child ended. Ctrl-C reaches the child by itself, through the terminal's process
 * group; a signal that was sent to this process alone is handed on.
 * @param {string} node @param {readonly string[]} args @param {string} cache
 */
function runUnder(node, args, cache) {
  const env = { ...process.env, NAAP_GATE_CACHE: cache, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` };
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], { stdio: 'inherit', env });
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => atTerminal || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    complain(new SetupError('CANNOT_START', `${node}: ${error.message}`, `Remove ${cache}/node and try again.`));
    process.exitCode = 3;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 3);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

try {
  const { needs, wants, bin, file, args } = readArguments(process.argv.slice(2));
  const { node, cache } = await setUp(needs, wants);
  runUnder(node, [scriptPath(bin, file), ...args], cache);
} catch (error) {
  complain(error);
  process.exitCode = error instanceof SetupError && error.code === 'USAGE' ? 2 : 3;
}
