import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, 'launch.mjs');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-launch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}
const start = (args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [launcher, ...args], { env });
function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
}
function script(code: string): string {
  const path = join(folder, 'script.ts');
  writeFileSync(path, code);
  return path;
}

test('a script gets its arguments, its exit code is passed on, and set-up says nothing when nothing is missing', async () => {
  const file = script('const words: string[] = process.argv.slice(2); console.log(JSON.stringify(words)); process.exit(7);');
  expect(await endOf(start([file, 'phase3', '--json', '--needs']))).toEqual({ code: 7, signal: null, stdout: '["phase3","--json","--needs"]\n', stderr: '' });
});

test('the child is told the cache folder that set-up used', async () => {
  const file = script("console.log(process.env.NAAP_GATE_CACHE?.startsWith('/'));");
  expect(await endOf(start([file]))).toMatchObject({ code: 0, stdout: 'true\n' });
});

test('what is wanted and cannot be had is said once a day in a line, and the script runs all the same', async () => {
  const cache = join(folder, 'cache');
  mkdirSync(cache);
  writeFileSync(join(cache, 'chromium-none'), '');
  const file = script("console.log('ran');");
  const ended = await endOf(start(['--wants', 'chromium', file], { ...process.env, NAAP_GATE_CACHE: cache }));
  expect(ended).toMatchObject({ code: 0, stdout: 'ran\n' });
  expect(ended.stderr).toMatch(/^set-up: No Chromium was found within the last day \(.*chromium-none; remove it to look again\)\. It goes on without/);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s reaches the script, and the launcher waits for its end', async (signal) => {
  const file = script(`process.on('${signal}', () => { console.log('cleaned up'); process.exit(130); }); setInterval(() => {}, 1000); console.log('ready');`);
  const child = start([file]);
  const ended = endOf(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 130, stdout: 'ready\ncleaned up\n' });
});

test('a script that a signal ends makes the launcher end by the same signal', async () => {
  const file = script("process.kill(process.pid, 'SIGKILL');");
  expect(await endOf(start([file]))).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test.each([
  [['--needs', 'moon', 'x.ts'], /^USAGE {2}--needs moon: known are chromium\./],
  [['--wants', 'moon', 'x.ts'], /^USAGE {2}--wants moon: known are chromium\./],
  [[], /^USAGE {2}Nothing to run\./],
  [['nowhere.ts'], /^USAGE {2}There is no .*nowhere\.ts\./],
  [['--bin', 'nothing'], /^USAGE {2}There is no .*nothing\./],
])('%j is refused in words, as a usage error', async (args, words) => {
  const ended = await endOf(start(args));
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(words);
  expect(ended.stderr).not.toContain(' at ');
});

test('a cache folder that cannot be used is named, with the remedy', async () => {
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  const ended = await endOf(start([script('')], { ...process.env, NAAP_GATE_CACHE: join(blocked, 'cache') }));
  expect(ended).toMatchObject({ code: 3, stdout: '' });
  expect(ended.stderr).toContain(`CACHE_NOT_WRITABLE  The cache folder ${join(blocked, 'cache')} cannot be used`);
  expect(ended.stderr).toContain('Set NAAP_GATE_CACHE');
});
