// `evidence check` as a pipeline uses it: a document judged without a run, by its words and its exit code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';
import { type CommandFolder, commandFolder } from './testing/command.ts';

const recorded = (name: string): string => join(import.meta.dirname, '..', 'suites', 'documents', 'testing', 'recorded', name);
const COVERAGE = 'phase0.testing.unit-coverage';
const CLI = 'phase6.developer-experience.cli';
const STORAGE = 'phase5.documentation.storage-api';

let commands: CommandFolder;
beforeEach(() => (commands = commandFolder()));
afterEach(() => commands.remove());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
/** In this process; papers.test.ts and the command line's own tests start it for real. */
async function check(...args: string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
  const host = {
    argv: ['node', 'naap-gate', 'evidence', 'check', ...args],
    env: { TOKEN: 'open-sesame' },
    pid: process.pid,
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd: () => commands.path,
    onInterrupt: () => () => undefined,
  };
  const code = await runProgram(host).catch((error: unknown) => printError(error, host.stderr));
  return { code, ...written };
}

test.each<readonly [string, readonly string[], number, RegExp]>([
  ['accepted', [COVERAGE, recorded('node.lcov')], 0, /^ACCEPTED {2}phase0\.testing\.unit-coverage {2}node\.lcov: 83\.33 % of 6 lines/],
  ['found wanting', ['cutover-t+7d.decommission.backups', recorded('pg-restore-failed.log')], 1, /^FAIL .*It did not end well[\s\S]*exit status \$\?/],
  ['beyond reading', [COVERAGE, recorded('axe.json')], 1, /^UNREADABLE .*it has no "total"\nHand in coverage-summary\.json/],
  ['for people alone', ['phase3.documentation.error-codes', recorded('node.lcov')], 3, /^PENDING .*a person does/],
  ['for one of several rules', [CLI, recorded('node-junit.xml'), '--rule', 'junit'], 0, /^ACCEPTED .*3 test cases ran/],
  ['no bundle of a signed run', ['phase1.deliverables.cutover', recorded('axe.json'), '--rule', '3'], 1, /^FAIL .*The bundle cannot be read/],
])('a document that is %s is told so', async (_, args, code, stdout) => {
  expect(await check(...args)).toEqual({ code, stdout: expect.stringMatching(stdout), stderr: '' });
});

test.each<readonly [string, readonly string[], RegExp]>([
  ['a row that is not there', ['phase0.testing.unit-coverag', 'x'], /^UNKNOWN_CRITERION[\s\S]*Did you mean "phase0\.testing\.unit-coverage"\?/],
  ['a row that is measured', ['phase3.performance.p99-latency', 'x'], /^UNKNOWN_CRITERION.*It is measured, or a person signs for it/],
  ['a file that is not there', [COVERAGE, 'nowhere'], /^EVIDENCE_UNUSABLE {2}There is no file/],
  ['an address', [COVERAGE, 'https://naap.dev/lcov.info'], /^EVIDENCE_UNUSABLE.*the file itself/],
  ['several rules and none named', [CLI, 'x'], /^USAGE.*waits for 2 things[\s\S]*1 {2}document:[\s\S]*2 {2}junit:/],
  ['a rule that the row has not', [CLI, 'x', '--rule', 'coverage'], /^USAGE.*waits for nothing that is called "coverage"/],
  ['an environment that is not there', [STORAGE, 'x', '--env', 'stagin'], /^UNKNOWN_ENVIRONMENT.*Known: demo, staging\.\n.*Did you mean "staging"\?/],
])('%s is a clear error with exit code 2', async (_, args, stderr) => {
  commands.configure({ staging: { target: { web: 'https://naap.test' }, allow: ['read'] } });
  expect(await check(...args)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(stderr) });
});

test('a document with the value of a secret is refused before anybody reads it', async () => {
  commands.configure({ staging: { target: { web: 'https://naap.test' }, allow: ['read'], access: { headers: { 'x-token': { env: 'TOKEN' } } } } });
  commands.write('lcov.info', '# open-sesame\nSF:a.ts\nDA:1,1\nend_of_record\n');
  expect(await check(COVERAGE, 'lcov.info')).toMatchObject({ code: 2, stderr: expect.stringContaining('holds the value of the secret TOKEN') });
});

test('--json is one document with the rule, the digest and the answer', async () => {
  const { code, stdout, stderr } = await check('cutover-t+24h.stabilization.scale-test', recorded('k6-export-failed.json'), '--json');
  expect(JSON.parse(stdout)).toEqual({
    criterion: 'cutover-t+24h.stabilization.scale-test',
    rule: { number: 1, kind: 'k6-summary', describe: expect.any(String) },
    file: { name: 'k6-export-failed.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: readFileSync(recorded('k6-export-failed.json')).length },
    state: 'failed',
    text: expect.stringContaining('27 iterations were dropped'),
    remedy: expect.stringContaining('--summary-export'),
  });
  expect([code, stderr]).toEqual([1, '']);
});

test('an OpenAPI document is held against the routes of the environment that is named', async () => {
  const endpoint = { id: 'storage.read', method: 'GET', path: '/api/files', access: 'public', effect: 'read', expect: { status: [200] } };
  const surface = {
    roles: ['member'],
    auth: { me: '/api/me', cookie: 'c', sessionSeconds: 60, quotaPerMinute: 10 },
    health: { path: '/health' },
    endpoints: [endpoint],
    pages: [],
    ownership: [],
  };
  commands.configure({ staging: { target: { web: 'https://naap.test' }, allow: ['read'], surface } });
  const paths = { '/api/files': { get: { responses: { 200: { description: 'all of them' } } } } };
  commands.write('openapi.json', JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths }));
  expect(await check(STORAGE, 'openapi.json', '--env', 'staging')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('the one route of the surface (storage.*).'),
  });
  expect(await check(STORAGE, 'openapi.json')).toMatchObject({ code: 1, stdout: expect.stringContaining('It does not describe 4 routes of 4') });
});
