// `doctor` and `explain` on the command line, in this process: mistakes with their remedy, pages as text and as JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { printError } from '../print-error.ts';
import { runProgram } from '../program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
  const host = {
    argv: ['node', 'naap-gate', ...args],
    env: {},
    pid: process.pid,
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd: () => folder,
    onInterrupt: () => () => undefined,
  };
  const code = await runProgram(host).catch((error: unknown) => printError(error, host.stderr));
  return { code, ...written };
}

test.each([
  [['doctor', '--env', 'stagng'], /^UNKNOWN_ENVIRONMENT/],
  [['doctor', '--gate', 'phase33'], /^UNKNOWN_GATE[\s\S]*Did you mean "phase3"/],
  [['doctor', '--config', 'nowhere.json'], /^CONFIG_NOT_FOUND/],
  [['doctor', '--profil'], /^USAGE/],
  [['explain'], /^USAGE/],
  [['explain', 'phase3.performance.p99-latenci'], /^USAGE[\s\S]*Did you mean "phase3\.performance\.p99-latency"/],
])('%j is a mistake of the command line', async (args, message) => {
  const ended = await run(...args);
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
});

test('explain prints a page, and with --json the same as one document', async () => {
  const page = await run('explain', 'Security', 'Lead');
  expect(page).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Security Lead\n {2}A role that signs/) });
  const { pages } = JSON.parse((await run('explain', 'SUBJECT_CHANGED', '--json')).stdout) as { pages: { kind: string; sections: unknown[] }[] };
  expect(pages).toMatchObject([{ kind: 'reason', id: 'SUBJECT_CHANGED' }]);
});
