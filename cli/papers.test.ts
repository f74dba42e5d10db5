// The paper side as people use it: from a sealed run to a bundle that verifies elsewhere, with keys as people have them.
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Approvers } from '../gates/paper/approvers.ts';
import { evidenceChecks } from './papers.ts';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';
import { type CommandFolder, commandFolder } from './testing/command.ts';
import { SMALL_SURFACE, smallApplication, type SmallServer } from './testing/small-application.ts';

const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const skipped = hasSshKeygen ? '' : ' (skipped: ssh-keygen, of the package openssh-client, is not on this machine)';
const ROLES = ['CTO', 'Engineering Lead', 'Security Lead', 'Product Owner'] as const;

let commands: CommandFolder;
let server: SmallServer;
beforeEach(async () => {
  commands = commandFolder();
  server = await smallApplication({ commit: '3f9c2ab41d5e6f708192a3b4c5d6e7f8091a2b3c', deploymentId: 'dpl_1' });
});
afterEach(async () => {
  await server.close();
  commands.remove();
});

/** A PEM file with an Ed25519 key in the folder; answers the configuration's entry. */
function pemKey(file: string, names: readonly string[] = []): object {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  commands.write(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return { ed25519: publicKey.export({ type: 'spki', format: 'pem' }).toString(), ...(names.length === 0 ? {} : { names }) };
}
function sshKey(file: string, passphrase = ''): object {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', file, '-f', join(commands.path, file)]);
  return { ssh: readFileSync(join(commands.path, `${file}.pub`), 'utf8').trim() };
}
function configure(approvers: Readonly<Record<string, object>>): void {
  const staging = { target: { web: server.web }, allow: ['read'], surface: SMALL_SURFACE, access: { headers: { 'x-token': { env: 'BYPASS' } } } };
  commands.write('naap-gate.config.json', JSON.stringify({ environments: { staging }, approvers }));
}
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
/** In this process, which is many times quicker; one test starts the command for real. */
async function runIn(cwd: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
  const env = { BYPASS: 'open-sesame', USER: 'erin', HOME: cwd, ...more };
  const host = {
    argv: ['node', 'naap-gate', ...args],
    env,
    pid: process.pid,
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd: () => cwd,
    onInterrupt: () => () => undefined,
  };
  const code = await runProgram(host).catch((error: unknown) => printError(error, host.stderr));
  return { code, ...written };
}
const run = (...args: string[]): Promise<Ended> => runIn(commands.path, args);
/** A run of the gate, sealed; answers its id. */
async function sealed(...args: string[]): Promise<string> {
  const before = new Set(readdirSync(commands.path).includes('.naap-gate') ? commands.runs() : []);
  await run(...args, '--env', 'staging', '--quiet');
  return commands.runs().find((id) => !before.has(id)) ?? '';
}
function keysForAll(): Readonly<Record<string, object>> {
  return Object.fromEntries(ROLES.map((role) => [role, { keys: [pemKey(`${role}.pem`, [role])] }]));
}

test.skipIf(!hasSshKeygen)(`a gate is signed with SSH and PEM keys, decided, bundled, and verifies elsewhere by the keys alone${skipped}`, async () => {
  configure({ ...keysForAll(), CTO: { keys: [sshKey('cto')], expiresDays: 30 } });
  const id = await sealed('plan');
  expect((await run('verify', id)).code).toBe(1);
  for (const role of ROLES)
    expect(await run('signoff', id, '--role', role, '--key', role === 'CTO' ? 'cto' : `${role}.pem`)).toMatchObject({ code: 0, stderr: '' });
  expect(await run('decide', id, '--go', '--role', 'CTO', '--key', 'cto')).toMatchObject({ code: 0, stderr: '' });
  expect(await run('bundle', id, '-o', 'gate.tar')).toMatchObject({ code: 0, stderr: '' });

  const bytesOf = (): Buffer => readFileSync(join(commands.path, 'gate.tar'));
  const { approvers } = JSON.parse(readFileSync(join(commands.path, 'naap-gate.config.json'), 'utf8')) as { approvers: Approvers };
  expect(evidenceChecks(approvers, new Date())['signed-run']?.(bytesOf(), 'plan')).toMatchObject({ ok: true });
  const next = await sealed('phase1', '--only', 'phase1.standing.*');
  const previous = await run('evidence', 'add', 'phase1.standing.previous-phase', 'gate.tar', '--run', next);
  expect(previous).toMatchObject({ code: 1, stdout: expect.stringMatching(/^FAIL .*It is a run of plan, not of phase0\./) });

  const elsewhere = commandFolder();
  try {
    const bundle = join(commands.path, 'gate.tar');
    expect(await runIn(elsewhere.path, ['verify', bundle])).toMatchObject({ code: 1, stdout: expect.stringContaining('APPROVERS_MISSING') });
    const trusted = elsewhere.write('approvers.json', JSON.stringify(approvers));
    const verified = await elsewhere.run(['verify', bundle, '--approvers', trusted, '--as-of', 'decision']);
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect(verified.stdout.match(/HOLDS$/gm)).toHaveLength(2);
    const bytes = bytesOf();
    bytes[2000] = (bytes[2000] ?? 0) ^ 1;
    writeFileSync(bundle, bytes);
    expect(await runIn(elsewhere.path, ['verify', bundle, '--approvers', trusted])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/BROKEN +BUNDLE_DAMAGED/),
    });
  } finally {
    elsewhere.remove();
  }
});

test.skipIf(!hasSshKeygen)(
  `the key in ~/.ssh that the configuration knows is found; one behind a passphrase that nobody gives signs nothing${skipped}`,
  async () => {
    configure({ ...keysForAll(), CTO: { keys: [sshKey('cto')] }, 'Product Owner': { keys: [sshKey('locked', 'secret')] } });
    const id = await sealed('plan');
    execFileSync('mkdir', ['.ssh'], { cwd: commands.path });
    for (const file of ['cto', 'cto.pub']) commands.write(join('.ssh', file), readFileSync(join(commands.path, file), 'utf8'));
    execFileSync('chmod', ['600', '.ssh/cto'], { cwd: commands.path });
    expect(await run('signoff', id, '--role', 'CTO')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('signoff', id, '--role', 'Security Lead')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^KEY_UNUSABLE.*None of the keys/),
    });
    const locked = await commands.run(['signoff', id, '--role', 'Product Owner', '--key', 'locked'], {
      SSH_ASKPASS: '/bin/false',
      SSH_ASKPASS_REQUIRE: 'force',
    });
    expect(locked).toMatchObject({ code: 2, stderr: expect.stringMatching(/^KEY_UNUSABLE {2}ssh-keygen did not sign/) });
    expect(readFileSync(join(commands.path, '.naap-gate', 'runs', id, 'ledger.ndjson'), 'utf8').split('\n')).toHaveLength(3);
  },
);

test('evidence is kept with its digest, a machine rule without a check waits, and what cannot be evidence is refused with words', async () => {
  configure(keysForAll());
  const id = await sealed('phase3', '--only', 'phase3.documentation.*');
  const add = (...args: string[]): Promise<Ended> => run('evidence', 'add', ...args, '--run', id);
  commands.write('errors.md', '# Errors\n\nE1: wrong.\n');
  expect(await add('phase3.documentation.error-codes', 'errors.md')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ACCEPTED {2}phase3.documentation.error-codes {2}errors.md \(SHA-256 [0-9a-f]{64}\), added by erin\./),
  });
  expect(await add('phase3.documentation.rate-limits', 'https://naap.dev/limits')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^PENDING .*without a digest/),
  });
  commands.write('empty.md', '');
  commands.write('leak.md', 'curl -H "x-token: open-sesame"');
  const refused: Ended[] = [];
  for (const args of [
    ['phase3.documentation.error-code', 'errors.md'],
    ['phase3.documentation.error-codes', 'nowhere.md'],
    ['phase3.documentation.error-codes', 'empty.md'],
    ['phase3.documentation.error-codes', 'errors.md', '--sha256', 'a'.repeat(64)],
    ['phase3.documentation.error-codes', 'https://naap.dev/errors', '--sha256', 'abc'],
    ['phase3.documentation.error-codes', 'https://erin:secret@naap.dev/errors'],
    ['phase3.documentation.error-codes', 'leak.md'],
  ])
    refused.push(await add(...args));
  expect(refused.map(({ code, stderr }) => `${code} ${stderr.split('\n')[0]?.replaceAll(commands.path, '')}`)).toEqual([
    expect.stringMatching(/^2 UNKNOWN_CRITERION {2}No row "phase3.documentation.error-code" of run/),
    '2 EVIDENCE_UNUSABLE  There is no file /nowhere.md.',
    '2 EVIDENCE_UNUSABLE  /empty.md is empty: it proves nothing.',
    expect.stringMatching(/^2 EVIDENCE_UNUSABLE {2}\/errors.md has the SHA-256/),
    '2 EVIDENCE_UNUSABLE  "abc" is no SHA-256.',
    expect.stringMatching(/^2 EVIDENCE_UNUSABLE .*a name or password in it/),
    '2 EVIDENCE_UNUSABLE  /leak.md holds the value of the secret BYPASS.',
  ]);
});

test('what a machine thinks of a document is said at once; what it cannot read is not recorded unless it must be', async () => {
  configure({});
  const id = await sealed('phase0', '--only', 'phase0.testing.unit-coverage');
  const add = (...args: string[]): Promise<Ended> => run('evidence', 'add', 'phase0.testing.unit-coverage', ...args, '--run', id);
  const ledgerLines = (): number => readFileSync(join(commands.path, '.naap-gate', 'runs', id, 'ledger.ndjson'), 'utf8').split('\n').length - 1;
  const artifacts = (): number => readdirSync(join(commands.path, '.naap-gate', 'runs', id, 'artifacts')).length;
  const before = artifacts();
  commands.write('torn.info', 'SF:a.ts\nDA:1,1\n');
  commands.write('half.info', 'SF:a.ts\nDA:1,1\nDA:2,0\nend_of_record\n');
  commands.write('good.info', 'SF:a.ts\nDA:1,1\nend_of_record\n');
  expect(await add('torn.info')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^EVIDENCE_UNUSABLE {2}Nothing was recorded for .*torn\.info: it cannot be read: it ends in the middle[\s\S]*lcov\.info[\s\S]*--force/,
    ),
  });
  expect([ledgerLines(), artifacts()]).toEqual([1, before]);
  expect(await add('torn.info', '--force')).toMatchObject({ code: 1, stdout: expect.stringMatching(/^FAIL .*it cannot be read/) });
  expect(await add('half.info')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^FAIL .*50 % of 2 lines[\s\S]*row fails until a better one is added/),
  });
  const good = await add('good.info', '--json');
  expect(good).toMatchObject({ code: 0 });
  expect(JSON.parse(good.stdout)).toMatchObject({ criterion: 'phase0.testing.unit-coverage', rule: 1, kind: 'coverage', state: 'ok', by: 'erin' });
  expect([ledgerLines(), artifacts()]).toEqual([4, before + 3]);
});

test('a partial run is neither signed nor decided "go", a torn ledger is set aside, and a changed one is left alone', async () => {
  configure({ 'Backend Lead': { keys: [pemKey('lead.pem')] } });
  const id = await sealed('phase3', '--only', 'phase3.review.*');
  const ledger = join(commands.path, '.naap-gate', 'runs', id, 'ledger.ndjson');
  expect(await run('signoff', id, '--role', 'Backend Lead', '--key', 'lead.pem')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^SIGN_OFF_REFUSED .*were left out/),
  });
  expect(await run('decide', id, '--go')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^DECISION_REFUSED/) });
  appendFileSync(ledger, '{"seq":1,');
  expect(await run('note', id, 'The meeting is moved.')).toMatchObject({ code: 0, stderr: expect.stringMatching(/was cut off and never counted/) });
  expect(readFileSync(`${ledger}.torn-2`, 'utf8')).toBe('{"seq":1,');
  const before = readFileSync(ledger, 'utf8').replace('moved', 'mowed');
  writeFileSync(ledger, `${before}${JSON.stringify({ seq: 2 })}\n`);
  expect(await run('note', id, 'Again.')).toMatchObject({ code: 1 });
  expect(readFileSync(ledger, 'utf8')).toContain('mowed');
});

test.each<readonly [string, readonly string[], RegExp]>([
  ['a decision that says nothing', ['decide', 'x'], /^USAGE {2}One of --go, --no-go and --conditional/],
  ['a condition without an owner', ['decide', 'x', '--conditional', '--condition', 'a', '--due', '2026-12-01'], /^USAGE {2}Each --condition needs/],
  [
    'a condition without a day',
    ['decide', 'x', '--conditional', '--condition', 'a', '--owner', 'b', '--due', 'soon'],
    /^USAGE {2}The condition "a" is wrong at due/,
  ],
  ['a rejection without a reason', ['signoff', 'x', '--role', 'CTO', '--reject'], /^USAGE {2}A rejection needs its reason/],
  ['a run that is not there', ['verify', 'x'], /^UNKNOWN_RUN/],
  ['an approvers file that is not there', ['verify', 'x', '--approvers', 'nowhere.json'], /^CONFIG_NOT_FOUND/],
  [
    'a key in the configuration that is none',
    ['signoff', 'x', '--role', 'CTO', '--config', 'bad.json'],
    /^CONFIG_INVALID[\s\S]*approvers\.CTO\.keys\[0\]: "nonsense" is no SSH public key/,
  ],
])('%s is a clear error with exit code 2', async (_, args, message) => {
  commands.write('bad.json', JSON.stringify({ environments: {}, approvers: { CTO: { keys: [{ ssh: 'nonsense' }] } } }));
  const ended = await run(...args);
  expect(ended.stderr).toMatch(message);
  expect(ended.code).toBe(2);
});
