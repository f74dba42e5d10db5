// `naap-gate doctor` as a person starts it: the machine alone, the demo, a broken environment, a broken configuration.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommandFolder, commandFolder, type Ended } from '../testing/command.ts';
import { smallApplication, SMALL_SURFACE, type SmallServer } from '../testing/small-application.ts';

let commands: CommandFolder;
let server: SmallServer;
beforeEach(async () => {
  commands = commandFolder();
  server = await smallApplication({ commit: '3f9c2ab41d5e6f70', deploymentId: 'dpl_1' }, ({ url, method }, response) => {
    if (url !== '/api/login' || method !== 'POST') return false;
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"success":false,"error":{"code":"INVALID_CREDENTIALS","message":"No."}}');
    return true;
  });
});
afterEach(async () => {
  await server.close();
  commands.remove();
});

const BOUND_MS = 120_000;

interface Told {
  readonly exitCode: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly name: string; readonly word: string; readonly found: string; readonly remedy?: string }[];
}
const told = ({ stdout }: Ended): Told => JSON.parse(stdout) as Told;

test('the machine alone needs no environment and says that it looked at none', { timeout: BOUND_MS }, async () => {
  const ended = await commands.run(['doctor', '--json', '--quiet']);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(told(ended).findings.find(({ name }) => name === 'Environment')).toMatchObject({ word: 'note' });
});

test('the demo has everything that phase 3 needs', { timeout: BOUND_MS }, async () => {
  const ended = await commands.run(['doctor', '--env', 'demo', '--gate', 'phase3', '--json', '--quiet']);
  const { counts, findings } = told(ended);
  expect({ code: ended.code, missing: counts['missing'], unwell: findings.filter(({ word }) => word === 'missing') }).toEqual({
    code: 0,
    missing: 0,
    unwell: [],
  });
  expect(findings.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Identity', 'Clock of the target', 'admin', 'target: reading', 'Measured rows', 'Load']),
  );
});

test('everything that is missing is told at once, by name, with its remedy and without a secret', { timeout: BOUND_MS }, async () => {
  const login = { login: '/api/login' };
  commands.configure({
    staging: {
      target: { web: server.web },
      legacy: { web: 'http://127.0.0.1:9' },
      allow: ['read'],
      surface: { ...SMALL_SURFACE, auth: { ...SMALL_SURFACE.auth, ...login } },
      databases: { target: { url: { env: 'STAGING_DB' } } },
      auth: {
        kind: 'password',
        accounts: { member: { email: 'a@b.dev', password: { env: 'MEMBER_PW' } }, other: { email: 'c@d.dev', password: { env: 'OTHER_PW' } } },
      },
    },
  });
  const secrets = { MEMBER_PW: 'correct-horse-battery', STAGING_DB: 'postgres://gate:open-sesame-1@127.0.0.1:9/naap' };
  const ended = await commands.run(['doctor', '--env', 'staging', '--gate', 'phase3', '--json', '--quiet'], secrets);
  const { findings } = told(ended);
  const of = (name: string) => findings.find((one) => one.name === name);
  expect(ended.code).toBe(3);
  expect(of('MEMBER_PW')).toMatchObject({ word: 'ok' });
  expect(of('OTHER_PW')).toMatchObject({ word: 'missing', found: 'not set' });
  expect(of('Identity')).toMatchObject({ word: 'ok' });
  expect(of('legacy.web, legacy.api')).toMatchObject({ word: 'warn', found: expect.stringContaining('ECONNREFUSED') });
  expect(of('member')).toMatchObject({ word: 'missing', found: expect.stringMatching(/^LOGIN_FAILED/) });
  expect(of('other')).toMatchObject({ word: 'not-looked-at', found: 'OTHER_PW is not set' });
  expect(of('target')).toMatchObject({ word: 'missing', found: expect.stringContaining('127.0.0.1:9/naap') });
  expect(of('NO_LOAD_CONSENT')).toMatchObject({ word: 'missing' });
  expect(ended.stdout + ended.stderr).not.toMatch(/correct-horse|open-sesame|no-such-secret/);
  for (const { word, remedy } of findings) if (word === 'missing' || word === 'warn') expect(remedy).toMatch(/\w/);
});

test('a configuration with mistakes is a finding, and the machine is looked at all the same', { timeout: BOUND_MS }, async () => {
  commands.write('naap-gate.config.json', '{"environments":{"a":{"targt":1}}}');
  const ended = await commands.run(['doctor', '--env', 'a', '--quiet']);
  expect(ended.code).toBe(3);
  expect(ended.stdout).toMatch(/OK +Node/);
  expect(ended.stdout).toMatch(/MISSING +File +CONFIG_INVALID[\s\S]*Did you mean "target"/);
  expect(ended.stdout).toMatch(/NOT LOOKED AT +Application, accounts, databases\s+the configuration could not be read/);
});
