// The command line as a process: stdout, stderr, exit codes, files. The long runs are the acceptance of the whole path.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunReport } from '../gates/model.ts';
import { phase3 } from '../gates/phases/phase3.ts';
import { type CommandFolder, commandFolder, condition, type Ended, firstDocument, type JournalLine, type Started } from './testing/command.ts';

const RUN_MS = 120_000;

let commands: CommandFolder;
let folder: string;
beforeEach(() => {
  commands = commandFolder();
  folder = commands.path;
});
afterEach(() => commands.remove());

const start = (args: readonly string[]): Started => commands.start(args);
const run = (args: readonly string[], env?: Record<string, string>): Promise<Ended> => commands.run(args, env);
const configure = (environment: Record<string, unknown>): void => commands.configure({ staging: environment });
const onlyRun = (): string => commands.runs()[0] ?? '';
const journal = (id: string): JournalLine[] => commands.journal(id);

test.each<readonly [string, readonly string[], RegExp]>([
  ['an unknown gate', ['phase33', '--env', 'demo'], /^UNKNOWN_GATE {2}No gate or command "phase33"[\s\S]*Did you mean "phase3"\?/],
  ['an unknown environment', ['phase3', '--env', 'dem'], /^UNKNOWN_ENVIRONMENT {2}No environment "dem"[\s\S]*Did you mean "demo"\?/],
  ['an unknown option', ['phase3', '--env', 'demo', '--fast'], /^USAGE {2}unknown option '--fast'/],
  ['an unknown fault', ['phase3', '--env', 'demo', '--fault', 'api.p99-slw'], /^UNKNOWN_FAULT[\s\S]*Did you mean "api.p99-slow"\?/m],
  ['no rows at all', ['phase3', '--env', 'demo', '--scale', '0'], /^USAGE {2}option '--scale <n>' argument '0' is invalid/],
  ['an unknown stage of the cutover', ['cutover', 't-9', '--env', 'demo'], /^USAGE[\s\S]*t-0, t\+1h/],
  ['a stage without the word "cutover"', ['cutover-t-0', '--env', 'demo'], /^UNKNOWN_GATE[\s\S]*Did you mean "cutover t-0"\?/],
  ['a config that is not there', ['phase3', '--env', 'x', '--config', 'nowhere.json'], /^CONFIG_NOT_FOUND/],
])('%s is a clear error with a remedy, exit code 2, no stack trace', async (_name, args, message) => {
  const ended = await run(args);
  expect(ended.stderr).toMatch(message);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).not.toMatch(/^\s+at /m);
});

test('a configuration with five mistakes tells all five with their places', async () => {
  configure({
    target: { web: 'staging.naap.dev' },
    allow: ['read', 'wirte'],
    alow: [],
    load: { maxRps: -1, maxConnections: 10, approvedBy: 'Ann', window: 'always' },
    notApplicable: { 'phase3.functionality.cors': { reason: 'r', owner: 'o', until: 'soon' } },
  });
  const ended = await run(['phase3', '--env', 'staging']);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/^CONFIG_INVALID {2}.*has 5 mistakes/);
  for (const place of ['target.web', 'allow[1]', 'Did you mean "allow"?', 'load.maxRps', 'notApplicable.phase3.functionality.cors.until'])
    expect(ended.stderr).toContain(place);
});

test('missing secrets are all named, none of their values is needed', async () => {
  configure({
    target: { web: 'https://staging.naap.dev' },
    allow: ['read'],
    databases: { target: { url: { env: 'STAGING_DB' } } },
    auth: { kind: 'password', accounts: { admin: { email: 'a@b.dev', password: { env: 'ADMIN_PW' } } } },
  });
  const ended = await run(['phase3', '--env', 'staging']);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/^SECRET_MISSING[\s\S]*STAGING_DB \(environments\.staging\.databases\.target\.url\)/);
  expect(ended.stderr).toContain('ADMIN_PW (environments.staging.auth.accounts.admin.password)');
});

test('a wrong URL ends undecided with code, place and remedy, and the journal is kept', async () => {
  configure({ target: { web: 'http://127.0.0.1:9' }, allow: ['read'] });
  const ended = await run(['phase3', '--env', 'staging', '--json']);
  expect(ended.code).toBe(3);
  expect(ended.stderr).toMatch(/TARGET_UNREACHABLE {2}GET http:\/\/127\.0\.0\.1:9\/api\/health/);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  const report = JSON.parse(ended.stdout) as RunReport;
  expect(report).toMatchObject({ verdict: 'error', sealed: true, problems: [{ code: 'TARGET_UNREACHABLE' }] });
  expect(report.criteria.filter(({ state }) => state === 'pass')).toEqual([]);
  expect(existsSync(join(folder, '.naap-gate', 'runs', report.run, 'run.ndjson'))).toBe(true);
});

test('something else at the address is not the application', async () => {
  const wall = createServer((_request, response) => response.writeHead(302, { location: '/sso' }).end());
  await new Promise<void>((resolve) => wall.listen(0, '127.0.0.1', resolve));
  configure({ target: { web: `http://127.0.0.1:${(wall.address() as AddressInfo).port}` }, allow: ['read'] });
  const ended = await run(['phase3', '--env', 'staging']);
  wall.close();
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain('TARGET_NOT_THE_APP');
});

test('a stage of the cutover is a gate', async () => {
  configure({ target: { web: 'http://127.0.0.1:9' }, allow: ['read', 'write'] });
  const ended = await run(['cutover', 't+1h', '--env', 'staging', '--dry-run', '--json']);
  expect(JSON.parse(ended.stdout)).toMatchObject({ gate: 'cutover-t+1h', criteria: { length: 5 } });
  expect(ended.code).toBe(0);
});

test('the dry run prints every row and sends nothing', async () => {
  configure({ target: { web: 'http://127.0.0.1:9' }, allow: ['read'] });
  const ended = await run(['phase3', '--env', 'staging', '--dry-run', '--json']);
  expect(ended.code).toBe(0);
  expect((JSON.parse(ended.stdout) as { criteria: unknown[] }).criteria).toHaveLength(phase3.criteria.length);
  expect(existsSync(join(folder, '.naap-gate'))).toBe(false);
});

test('on the demo --json prints one document that fits the schema, and nothing else on stdout', { timeout: RUN_MS }, async () => {
  const ended = await run(['phase3', '--env', 'demo', '--profile', 'pr', '--json', '--only', 'api-endpoints', 'api-auth']);
  const report = JSON.parse(ended.stdout) as RunReport;
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(new URL('../schema/report.schema.json', import.meta.url), 'utf8')));
  validate(report);
  expect(validate.errors).toBeNull();
  expect(report).toMatchObject({ scope: 'partial', verdict: 'pass', exitCode: 0 });
  expect(ended.code).toBe(0);
  expect(readdirSync(join(folder, '.naap-gate', 'runs', report.run)).toSorted()).toEqual([
    'artifacts',
    'junit.xml',
    'ledger.ndjson',
    'report.html',
    'report.json',
    'report.md',
    'run.ndjson',
  ]);
});

test('a database that is down is named, and takes no check along that does not need it', { timeout: RUN_MS }, async () => {
  const twin = start(['twin', 'up', '--json']);
  const facts = JSON.parse(await firstDocument(twin)) as { target: { web: string }; ca: string };
  try {
    configure({ target: facts.target, access: { ca: facts.ca }, allow: ['read'], databases: { target: { url: { env: 'DB' } } } });
    const ended = await run(['phase3', '--env', 'staging', '--only', 'api-endpoints', '--json'], { DB: 'postgres://gate:s3cret-word@127.0.0.1:9/naap' });
    expect(ended.stderr).toMatch(/DATABASE_UNREACHABLE/);
    expect(ended.code).toBe(3);
    expect(ended.stdout + ended.stderr).not.toContain('s3cret-word');
    const report = JSON.parse(ended.stdout) as RunReport;
    expect(report.criteria.find(({ id }) => id === 'phase3.functionality.api-endpoints')?.results[0]?.n).toBeGreaterThan(50);
  } finally {
    process.kill(twin.pid, 'SIGTERM');
    expect((await twin.ended).code).toBe(130);
  }
});

test.each([
  ['api-endpoints begins', ['api-endpoints', 'api-auth']],
  ['api-auth measured', ['api-endpoints', 'api-auth', 'cold-start']],
  ['api-load: ', ['api-endpoints', 'api-load']],
])(
  'killed with SIGKILL at "%s", a run is resumed: nothing complete is measured twice, and nobody is left behind',
  { timeout: 2 * RUN_MS },
  async (moment, checks) => {
    const args = ['phase3', '--env', 'demo', '--profile', 'pr', '--only', ...checks];
    const killed = start(args);
    await condition(() => killed.stderr().includes(moment), 60_000);
    process.kill(killed.pid, 'SIGKILL');
    expect((await killed.ended).signal).toBe('SIGKILL');
    const run1 = onlyRun();
    const before = journal(run1);
    const ended = await run([...args, '--resume', '--json']);
    const report = JSON.parse(ended.stdout) as RunReport;
    expect(report).toMatchObject({ run: run1, sealed: true });
    const finishedBefore = before.filter(({ type }) => type === 'check.finished').map(({ execution }) => execution);
    const startedAfter = journal(run1)
      .slice(before.length)
      .filter(({ type }) => type === 'check.started')
      .map(({ execution }) => execution);
    expect(startedAfter.filter((execution) => finishedBefore.includes(execution))).toEqual([]);
    expect(report.criteria.find(({ id }) => id === 'phase3.functionality.api-endpoints')?.state).toBe('pass');
    const latency = report.criteria.find(({ id }) => id === 'phase3.performance.p99-latency');
    // A machine that is busy with something else makes the engine say so; that is a right answer too.
    if (checks.includes('api-load')) expect(['WITHIN_LIMIT', 'INSTRUMENT_SICK']).toContain(latency?.reason.code);
    expect((await run([...args, '--resume', run1])).stderr).toMatch(/^RESUME_REFUSED.*sealed/m);
  },
);

test('Ctrl-C cleans up, keeps the journal unsealed and exits 130', { timeout: RUN_MS }, async () => {
  const interrupted = start(['phase3', '--env', 'demo', '--profile', 'pr', '--only', 'api-load']);
  await condition(() => interrupted.stderr().includes('api-load: '), 60_000);
  process.kill(interrupted.pid, 'SIGINT');
  const ended = await interrupted.ended;
  expect(ended.code).toBe(130);
  expect(ended.stderr).toContain('--resume');
  expect(journal(onlyRun()).some(({ type }) => type === 'run.finished')).toBe(false);
  expect(existsSync(join(folder, '.naap-gate', 'runs', onlyRun(), 'run.lock'))).toBe(false);
});
