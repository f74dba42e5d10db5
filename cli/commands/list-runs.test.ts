import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileStore } from '../../gates/file-store.ts';
import { printError } from '../print-error.ts';
import { runProgram } from '../program.ts';
import { measureIn, probe } from '../run-store/testing/machine.ts';

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-list-'));
  for (const [id, valueMs] of [
    ['first', 100],
    ['second', 900],
    ['third', 200],
  ] as const)
    await measureIn((await fileStore(join(folder, 'runs')).begin(id)).folder, [probe(valueMs)]);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function list(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
  const host = {
    argv: ['node', 'naap-gate', 'list', ...args],
    env: { NAAP_GATE_RUNS: 'runs' },
    pid: process.pid,
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd: () => folder,
    onInterrupt: () => () => undefined,
  };
  const code = await runProgram(host).catch((error: unknown) => printError(error, host.stderr));
  return { code, ...written };
}
const ids = async (...args: string[]): Promise<string[]> =>
  (JSON.parse((await list('runs', '--json', ...args)).stdout) as { run: string }[]).map(({ run }) => run);

test('runs are listed newest first, filtered, and no more than asked for; how many are left out is said', async () => {
  expect(await ids()).toEqual(['third', 'second', 'first']);
  expect(await ids('--verdict', 'fail')).toEqual(['second']);
  expect(await ids('--gate', 'phase3', '--commit', 'A1B2', '--since', '2026-01-01')).toHaveLength(3);
  expect(await ids('--env', 'nowhere')).toEqual([]);
  const limited = await list('runs', '--json', '--limit', '1');
  expect([JSON.parse(limited.stdout), limited.stderr]).toEqual([
    [expect.objectContaining({ run: 'third' })],
    '2 older runs are left out: --limit 3 lists all.\n',
  ]);
});

test('a run whose journal was changed is shown whatever is asked for, without a verdict', async () => {
  const path = join(folder, 'runs', 'second', 'run.ndjson');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"state":"fail"', '"state":"pass"'));
  const { stdout, code } = await list('runs', '--verdict', 'pass');
  expect(code).toBe(0);
  expect(stdout).toMatch(/UNREADABLE {2}second .*\n {2}cannot be read: the journal does not hold: line \d+/);
  expect(stdout).toMatch(/phase3 on \w+ {2}P!P\n/);
});

test('a trend shows the figures of a criterion; one that no run judged is unknown', async () => {
  expect((await list('runs', '--trend', 'phase3.test.probe')).stdout.replaceAll('\u202F', ' ')).toContain(
    '▁█▂  first 100 ms, last 200 ms, least 100 ms, most 900 ms; 3 runs\n',
  );
  const [series] = JSON.parse((await list('runs', '--trend', 'phase3.test.probe', '--json')).stdout) as [{ points: { value: number }[] }];
  expect(series.points.map(({ value }) => value)).toEqual([100, 900, 200]);
  const unknown = await list('runs', '--trend', 'phase3.test.prob');
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringMatching(/^UNKNOWN_CRITERION {2}None of 3 runs has judged a criterion "phase3\.test\.prob"/),
  ]);
});

test.each([
  [['runs', '--limit', '0'], 'a whole number from 1'],
  [['runs', '--since', 'yesterday'], 'a day is written 2026-11-23'],
  [['runs', '--verdict', 'good'], 'Allowed choices are pass'],
  [['errors', '--gate', 'phase3'], '--gate is for list runs'],
  [['run'], 'Did you mean "runs"?'],
])('list %j is told what is wrong with it', async (args, message) => {
  const { code, stderr } = await list(...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test('where nothing fits, what there is is told', async () => {
  expect((await list('runs', '--gate', 'phase9')).stdout).toMatch(/^No run fits\. There are 3 in .*runs: of phase3; on \w+\.\n$/);
  expect((await list('runs', '--runs', 'empty')).stdout).toMatch(/^There are no runs in .*empty yet\.\n$/);
});
