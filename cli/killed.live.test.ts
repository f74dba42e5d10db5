// kill -9 in the middle of a write, after the run is sealed: nothing is half, and the same command again makes it whole.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommandFolder, commandFolder, type Ended } from './testing/command.ts';
import { SMALL_SURFACE, smallApplication, type SmallServer } from './testing/small-application.ts';

const PRELOAD = new URL('testing/die-in-write.ts', import.meta.url).href;
const RUN = ['plan', '--env', 'staging', '--quiet'];

let commands: CommandFolder;
let server: SmallServer;
beforeEach(async () => {
  commands = commandFolder();
  server = await smallApplication({ commit: '3f9c2ab41d5e6f708192a3b4c5d6e7f8091a2b3c', deploymentId: 'dpl_1' });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  commands.write('cto.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const key = { ed25519: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  const staging = { target: { web: server.web }, allow: ['read'], surface: SMALL_SURFACE };
  commands.write('naap-gate.config.json', JSON.stringify({ environments: { staging }, approvers: { CTO: { keys: [key] } } }));
  commands.write('errors.md', '# Errors\n\nE1: wrong.\n');
});
afterEach(async () => {
  await server.close();
  commands.remove();
});

type Share = 'nothing' | 'half' | 'whole';
const killed = (args: readonly string[], line: string, share: Share): Promise<Ended> =>
  commands.run(args, { NODE_OPTIONS: `--import ${PRELOAD}`, DIE_IN: `"type":"${line}"`, DIE_AFTER: share });
const inRun = (id: string, file: string): string => join(commands.path, '.naap-gate', 'runs', id, file);
const textOf = (id: string, file: string): string => (existsSync(inRun(id, file)) ? readFileSync(inRun(id, file), 'utf8') : '');
const typesIn = (id: string): string[] =>
  textOf(id, 'ledger.ndjson')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type);

interface Verified {
  readonly files: readonly { readonly code: string }[];
  readonly now: { readonly findings: readonly { readonly level: string; readonly code: string }[] };
}
async function brokenIn(id: string): Promise<readonly string[]> {
  const { stdout } = await commands.run(['verify', id, '--json']);
  const { now } = JSON.parse(stdout) as Verified;
  return now.findings.filter(({ level }) => level === 'broken').map(({ code }) => code);
}

test.each<readonly [string, Share]>([
  ['run.finished', 'whole'],
  ['ledger.opened', 'half'],
])('a sealed run that was killed at %s (%s written) is finished by --resume, and measured no more', async (line, share) => {
  expect((await killed(RUN, line, share)).signal).toBe('SIGKILL');
  const [id = ''] = commands.runs();
  const journal = textOf(id, 'run.ndjson');
  expect(await commands.run(['signoff', id, '--role', 'CTO', '--key', 'cto.pem'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^PAPERS_DAMAGED[\s\S]*--resume/m),
  });
  const requests = server.requests.length;
  const resumed = await commands.run([...RUN, '--resume', id]);
  expect(resumed.stdout).toContain('Reports: ');
  expect(server.requests).toHaveLength(requests);
  expect(textOf(id, 'run.ndjson')).toBe(journal);
  expect(await brokenIn(id)).toEqual([]);
  expect(await commands.run([...RUN, '--resume', id])).toMatchObject({ code: 2, stderr: expect.stringMatching(/^RESUME_REFUSED .*finished and sealed/) });
  expect(await commands.run(['replay', id])).toMatchObject({ code: 0, stdout: expect.stringContaining('Same: ') });
});

const ADD = ['evidence', 'add', 'phase3.documentation.error-codes', 'errors.md', '--run'];
const REJECT = ['signoff', '--role', 'CTO', '--key', 'cto.pem', '--reject', '--reason', 'Not yet.'];
test.each<readonly [string, readonly string[], readonly string[], readonly Share[]]>([
  ['evidence.added', ['phase3', '--only', 'phase3.documentation.*'], ADD, ['nothing', 'half', 'whole']],
  ['signoff', ['plan'], REJECT, ['half']],
])('%s that is killed in its write is there whole or not at all, and can be added again', async (line, gate, command, shares) => {
  await commands.run([...gate, '--env', 'staging', '--quiet']);
  const [id = ''] = commands.runs();
  const args = [...command, id];
  const expected = ['ledger.opened'];
  for (const share of shares) {
    const before = textOf(id, 'ledger.ndjson');
    expect(await killed(args, line, share)).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    expect(textOf(id, 'ledger.ndjson').startsWith(before)).toBe(true);
    const again = await commands.run(args);
    expect(again).toMatchObject({ code: 0, stderr: share === 'half' ? expect.stringMatching(/was cut off and never counted/) : '' });
    expected.push(...(share === 'whole' ? [line, line] : [line]));
    expect(typesIn(id)).toEqual(expected);
  }
  expect(await brokenIn(id)).toEqual([]);
});
