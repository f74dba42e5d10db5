// What people hand in wrong: keys, journals, reports, bundles, folders. Each is a clear error, and nothing is lost.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../gates/digest.ts';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';
import { type CommandFolder, commandFolder } from './testing/command.ts';
import { SMALL_SURFACE, smallApplication, type SmallServer } from './testing/small-application.ts';

let commands: CommandFolder;
let server: SmallServer;
let id: string;
beforeEach(async () => {
  commands = commandFolder();
  server = await smallApplication({ commit: '3f9c2ab41d5e6f708192a3b4c5d6e7f8091a2b3c', deploymentId: 'dpl_1' });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  commands.write('cto.pem', pem(privateKey));
  commands.write('public.pem', publicKey.export({ type: 'spki', format: 'pem' }).toString());
  commands.write('encrypted.pem', privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }).toString());
  const key = { ed25519: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  const staging = { target: { web: server.web }, allow: ['read'], surface: SMALL_SURFACE };
  commands.write('naap-gate.config.json', JSON.stringify({ environments: { staging }, approvers: { CTO: { keys: [key] } } }));
  await run(...RUN);
  id = commands.runs()[0] ?? '';
});
afterEach(async () => {
  await server.close();
  commands.remove();
});

const RUN = ['plan', '--env', 'staging', '--quiet'];
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const inRun = (file: string): string => join(commands.path, '.naap-gate', 'runs', id, file);
/** Every file of the run with its digest. */
const filesOfRun = (): string[] =>
  readdirSync(inRun('.'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name} ${sha256(readFileSync(join(entry.parentPath, entry.name)))}`)
    .toSorted();

/** In this process, which is many times quicker than one of its own. */
async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
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

test.each<readonly [string, () => string | Uint8Array, RegExp]>([
  ['an RSA key', () => pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey), /is a key of the type rsa, not Ed25519/],
  ['a DSA key', () => pem(generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey), /is a key of the type dsa, not Ed25519/],
  ['a key of a curve', () => pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), /is a key of the type ec, not Ed25519/],
  ['an encrypted key', () => readFileSync(join(commands.path, 'encrypted.pem')), /is encrypted/],
  ['the public half', () => readFileSync(join(commands.path, 'public.pem')), /is a public key, and with that nobody can sign/],
  ['no key', () => 'hello', /is no private key that can be read/],
  ['an empty file', () => '', /is no private key that can be read/],
])('signing with %s is a clear error, and the run stays as it is', async (_name, content, message) => {
  commands.write('key', Buffer.from(content()).toString('latin1'));
  const before = filesOfRun();
  const { code, stderr } = await run('signoff', id, '--role', 'CTO', '--reject', '--reason', 'no', '--key', 'key');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^KEY_UNUSABLE/) });
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('BEGIN');
  expect(filesOfRun()).toEqual(before);
});

test('a key that others can read signs nothing until it is kept', async () => {
  const signoff = ['signoff', id, '--role', 'CTO', '--reject', '--reason', 'no', '--key', 'cto.pem'];
  chmodSync(join(commands.path, 'cto.pem'), 0o644);
  expect(await run(...signoff)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^KEY_UNUSABLE .*can be read by others[\s\S]*chmod 600/) });
  chmodSync(join(commands.path, 'cto.pem'), 0o600);
  expect(await run(...signoff)).toMatchObject({ code: 0, stderr: '' });
});

test('a journal that was cut after its seal is found by all, and --resume does not make another run of it', async () => {
  truncateSync(inRun('run.ndjson'), readFileSync(inRun('run.ndjson')).length - 30);
  const before = filesOfRun();
  expect(await run('verify', id)).toMatchObject({ code: 1, stdout: expect.stringMatching(/BROKEN +JOURNAL_DAMAGED .*cut off after \d+ bytes/) });
  expect(await run('note', id, 'hello')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^PAPERS_DAMAGED[\s\S]*cut off/) });
  expect(await run('replay', id)).toMatchObject({ code: 3, stdout: expect.stringMatching(/A last line was cut off[\s\S]*Not sealed/) });
  expect(await run(...RUN, '--resume', id)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^JOURNAL_DAMAGED .*finished and sealed[\s\S]*Restore run.ndjson/),
  });
  expect(filesOfRun()).toEqual(before);
});

test('a report of a newer schema version is said, by verify, by what adds to the run and by replay', async () => {
  writeFileSync(inRun('report.json'), readFileSync(inRun('report.json'), 'utf8').replace('"schemaVersion": 1', '"schemaVersion": 2'));
  const before = filesOfRun();
  const words = /schema version 2; this version/;
  expect(await run('verify', id)).toMatchObject({ code: 1, stdout: expect.stringMatching(words) });
  expect(await run('note', id, 'hello')).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
  expect(await run('replay', id)).toMatchObject({ code: 1, stdout: expect.stringMatching(words) });
  expect(filesOfRun()).toEqual(before);
});

test('a bundle with a newer report, one that was cut, and what is no bundle are refused with words', async () => {
  await run('bundle', id, '-o', 'good.tar');
  const good = readFileSync(join(commands.path, 'good.tar'));
  writeFileSync(join(commands.path, 'cut.tar'), good.subarray(0, 5000));
  mkdirSync(join(commands.path, 'unpacked'));
  execFileSync('tar', ['xf', 'good.tar', '-C', 'unpacked'], { cwd: commands.path });
  const report = join(commands.path, 'unpacked', 'report.json');
  writeFileSync(report, readFileSync(report, 'utf8').replace('"schemaVersion": 1', '"schemaVersion": 2'));
  execFileSync('tar', ['cf', 'newer.tar', '-C', 'unpacked', '.'], { cwd: commands.path });
  for (const file of ['cut.tar', 'newer.tar', 'naap-gate.config.json']) {
    expect(await run('verify', file)).toMatchObject({ code: 1, stdout: expect.stringMatching(/BROKEN +BUNDLE_DAMAGED/) });
    expect(await run('replay', file)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^PAPERS_DAMAGED/) });
  }
  expect(await run('replay', 'good.tar')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Run [\s\S]*Same: 4 rows/) });
});

test('a folder that is no run, and runs that are not there', async () => {
  expect(await run('verify', commands.path)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^UNKNOWN_RUN .*is no run: it has no run.ndjson/) });
  for (const args of [
    ['verify', 'nope'],
    ['replay', 'nope'],
    ['evidence', 'add', 'x', 'cto.pem', '--run', 'nope'],
  ])
    expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^UNKNOWN_RUN .*"nope"/) });
  expect(await run('evidence', 'add', 'nope', 'public.pem', '--run', id)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^UNKNOWN_CRITERION/) });
});

test.each<readonly [string, string, RegExp]>([
  ['no JSON', '{', /^CONFIG_INVALID .*is no JSON[\s\S]*For example/],
  ['a word that is not known', '{"limts":{}}', /Did you mean "limits"\?/],
  ['about another gate', '{"gates":{"phase4":{}}}', /says nothing about plan/],
  [
    'about a row that is not there',
    '{"limits":{"plan.approval.ct":{"value":1,"reason":"r","owner":"o","until":"2026-12-31"}}}',
    /limits\.plan\.approval\.ct: .*Did you mean "plan\.approval\.cto"\?\n/,
  ],
  [
    'a waiver for another environment',
    '{"waivers":[{"criterion":"plan.approval.cto","environment":"demo","owner":"o","reason":"r","until":"2026-12-31"}]}',
    /waivers\[0\]\.environment: there is no environment "demo"/,
  ],
])('a policy to replay with that is %s', async (_name, content, message) => {
  commands.write('policy.json', content);
  const { code, stderr } = await run('replay', id, '--policy', 'policy.json');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
});

test('what would have been is told as such, as text and as a document, and nothing is written', async () => {
  commands.write(
    'policy.json',
    JSON.stringify({
      add: [{ id: 'plan.own.row', text: 'Own', measured: [{ check: 'api-endpoints', expect: { kind: 'cases', metric: 'endpoints', required: 'all' } }] }],
    }),
  );
  const listed = await run('list', 'checks', '--json');
  const [metric] = Object.keys((JSON.parse(listed.stdout) as { id: string; metrics: object }[]).find((one) => one.id === 'api-endpoints')?.metrics ?? {});
  commands.write('policy.json', readFileSync(join(commands.path, 'policy.json'), 'utf8').replace('"endpoints"', JSON.stringify(metric)));
  const before = filesOfRun();
  expect(await run('replay', id, '--policy', 'policy.json')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^HYPOTHETICAL: [\s\S]*not there → inconclusive/),
  });
  const { stdout } = await run('replay', id, '--policy', 'policy.json', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    hypothetical: true,
    run: id,
    rows: [{ id: 'plan.own.row', recorded: null, wouldBe: { state: 'inconclusive', reason: { code: 'NO_DATA' } } }],
  });
  expect(filesOfRun()).toEqual(before);
});

test('replay says what it found as a document too, also of an unfinished run', async () => {
  expect(JSON.parse((await run('replay', id, '--json')).stdout)).toMatchObject({ run: id, sealed: true, same: true, rows: [], report: { state: 'same' } });
  const copy = join(commands.path, 'copy');
  cpSync(inRun('.'), copy, { recursive: true });
  const lines = readFileSync(join(copy, 'run.ndjson'), 'utf8').split('\n');
  writeFileSync(join(copy, 'run.ndjson'), `${lines.slice(0, 3).join('\n')}\n`);
  expect(existsSync(join(copy, 'report.json'))).toBe(true);
  const { code, stdout } = await run('replay', './copy', '--json');
  expect({ code, document: JSON.parse(stdout) }).toMatchObject({ code: 3, document: { sealed: false, same: null, recorded: null } });
});
