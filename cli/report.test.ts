// `naap-gate report`, and the reports that are made anew after every paper: from the sealed run to what a lead opens.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';
import { type CommandFolder, commandFolder } from './testing/command.ts';
import { SMALL_SURFACE, smallApplication, type SmallServer } from './testing/small-application.ts';

const ROLES = ['CTO', 'Engineering Lead', 'Security Lead', 'Product Owner'] as const;

let commands: CommandFolder;
let server: SmallServer;
beforeEach(async () => {
  commands = commandFolder();
  server = await smallApplication({ commit: '3f9c2ab41d5e6f708192a3b4c5d6e7f8091a2b3c', deploymentId: 'dpl_1' });
  const staging = { target: { web: server.web }, allow: ['read'], surface: SMALL_SURFACE };
  const approvers = Object.fromEntries(ROLES.map((role) => [role, { keys: [pemKey(role)] }]));
  commands.write('naap-gate.config.json', JSON.stringify({ environments: { staging }, approvers }));
});
afterEach(async () => {
  await server.close();
  commands.remove();
});

function pemKey(role: string): object {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  commands.write(`${role}.pem`, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return { ed25519: publicKey.export({ type: 'spki', format: 'pem' }).toString(), names: [role.toLowerCase()] };
}
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
async function run(...args: string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
  const host = {
    argv: ['node', 'naap-gate', ...args],
    env: { USER: 'erin', HOME: commands.path },
    pid: process.pid,
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd: () => commands.path,
    onInterrupt: () => () => undefined,
  };
  const code = await runProgram(host).catch((error: unknown) => printError(error, host.stderr));
  return { code, ...written };
}
async function sealed(...args: string[]): Promise<string> {
  const before = existsSync(join(commands.path, '.naap-gate')) ? commands.runs() : [];
  await run(...args, '--env', 'staging', '--quiet');
  return commands.runs().find((id) => !before.includes(id)) ?? '';
}
/** Rendered a moment later, the moment alone differs. */
const timeless = (text: string): string => text.replace(/\d\d:\d\d UTC/gu, 'hh:mm UTC');
const fileOf = (id: string, name: string): string => readFileSync(join(commands.path, '.naap-gate', 'runs', id, name), 'utf8');

test('every paper renews report.html and report.md; report.json stays as it was sealed', async () => {
  const id = await sealed('plan');
  const atSeal = fileOf(id, 'report.json');
  expect(fileOf(id, 'report.html')).toContain('This page was made at the seal');
  expect(await run('signoff', id, '--role', 'CTO', '--key', 'CTO.pem')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`report.html and report.md of ${id} show it.`),
  });
  expect(fileOf(id, 'report.html')).toMatch(/Signed by cto on \d{4}-\d\d-\d\d\./u);
  await run('signoff', id, '--role', 'Security Lead', '--key', 'Security Lead.pem', '--reject', '--reason', 'No threat model.');
  expect(fileOf(id, 'report.md')).toMatch(/^## FAIL: 1 of 4 rows for people settled, 1 failed or rejected, 2 still wait\n/u);
  await run('note', id, 'The CTO dialled in.');
  await run('decide', id, '--no-go');
  expect(fileOf(id, 'report.html')).toMatch(/Decided: no-go.*The CTO dialled in\./su);
  expect(fileOf(id, 'report.json')).toBe(atSeal);
  expect((await run('verify', id)).stdout).not.toContain('BROKEN');
});

test('a document is in the reports at once, with its digest', async () => {
  const id = await sealed('phase3', '--only', 'phase3.documentation.error-codes');
  commands.write('errors.md', '# Errors\n');
  expect(await run('evidence', 'add', 'phase3.documentation.error-codes', 'errors.md', '--run', id)).toMatchObject({
    stdout: expect.stringContaining('report.html and report.md'),
  });
  expect(fileOf(id, 'report.md')).toMatch(/errors\.md \| 9\u202FB \| `[0-9a-f]{64}`/u);
});

test('a report that cannot be written takes nothing back: the paper is in the ledger, and it is said', async () => {
  const id = await sealed('plan');
  const folder = join(commands.path, '.naap-gate', 'runs', id);
  rmSync(join(folder, 'report.html'));
  mkdirSync(join(folder, 'report.html'));
  const ended = await run('note', id, 'Kept.');
  expect(ended).toMatchObject({
    code: 0,
    stdout: 'Noted by erin.\n',
    stderr: expect.stringMatching(/^It is recorded, but the reports could not be made anew/u),
  });
  expect(fileOf(id, 'ledger.ndjson')).toContain('Kept.');
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
});

test('report renders any format, as of now, of the decision, of the seal', async () => {
  const id = await sealed('plan');
  expect(await run('report', id, '--as-of', 'decision')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE {2}Nothing has been decided/u) });
  for (const role of ROLES) await run('signoff', id, '--role', role, '--key', `${role}.pem`);
  await run('decide', id, '--go', '--role', 'CTO', '--key', 'CTO.pem');
  await run('note', id, 'After the meeting.');

  expect((await run('report', id, '--json')).stdout).toBe(fileOf(id, 'report.json'));
  expect(timeless((await run('report', id, '--format', 'md')).stdout)).toBe(timeless(fileOf(id, 'report.md')));
  const decided = await run('report', id, '--as-of', 'decision', '--format', 'md');
  expect(decided.stdout).toMatch(/^## PASS: 4 of 4 rows for people settled\n/u);
  expect(decided.stdout).not.toContain('After the meeting.');
  const atSeal = await run('report', id, '--as-of', 'seal');
  expect(atSeal.stdout.trim()).toMatch(/report\.as-of-seal\.html$/u);
  expect(fileOf(id, 'report.as-of-seal.html')).not.toContain('Decided');
  expect(fileOf(id, 'report.html')).toContain('After the meeting.');

  await run('bundle', id, '-o', 'gate.tar');
  expect((await run('report', 'gate.tar', '--format', 'md')).stdout).toMatch(/^## PASS: 4 of 4/u);
  expect(await run('report', 'gate.tar')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE .*is a bundle/u) });
  expect((await run('report', 'gate.tar', '--format', 'html', '-o', 'page.html')).code).toBe(0);
  expect(readFileSync(join(commands.path, 'page.html'), 'utf8')).toContain('Decided: go');
});

test('bad input to report is a clear error, and the sealed files are never written over', async () => {
  const id = await sealed('plan');
  const json = join('.naap-gate', 'runs', id, 'report.json');
  const before = readdirSync(join(commands.path, '.naap-gate', 'runs', id));
  const errors: string[] = [];
  for (const args of [
    ['nowhere'],
    [id, '--format', 'pdf'],
    [id, '-o', 'x.html'],
    [id, '--json', '-o', 'x.json'],
    [id, '--format', 'md', '-o', json],
    [id, '--format', 'md', '-o', join('no', 'such', 'folder.md')],
    [id, '--as-of', 'yesterday'],
  ]) {
    const { code, stderr } = await run('report', ...args);
    errors.push(`${code} ${stderr.split('\n')[0]?.replaceAll(commands.path, '').replaceAll(id, 'RUN')}`);
  }
  expect(errors).toMatchInlineSnapshot(`
    [
      "2 UNKNOWN_RUN  No run "nowhere" in /.naap-gate/runs.",
      "2 USAGE  option '--format <format>' argument 'pdf' is invalid. Allowed choices are json, md, html, junit, sarif, intoto.",
      "2 USAGE  -o x.html needs --format: there are several reports.",
      "2 USAGE  --json is report.json on stdout; --format and -o do not go with it.",
      "2 USAGE  /.naap-gate/runs/RUN/report.json is what was sealed, and is not written over.",
      "3 DISK  /no/such/folder.md could not be written: ENOENT: no such file or directory, open '/no/such/folder.md.new'",
      "2 USAGE  option '--as-of <moment>' argument 'yesterday' is invalid. Allowed choices are now, decision, seal.",
    ]
  `);
  expect(readdirSync(join(commands.path, '.naap-gate', 'runs', id))).toEqual(before);
});
