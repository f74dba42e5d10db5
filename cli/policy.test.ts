// What configuration and waivers do to a gate, as people meet it on the command line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Waiver } from '../gates/model.ts';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';
import { type CommandFolder, commandFolder, type Ended, reportOf } from './testing/command.ts';
import { SMALL_SURFACE, smallApplication, type SmallServer } from './testing/small-application.ts';

const ROW = 'phase3.functionality.api-endpoints';
const P99 = 'phase3.performance.p99-latency';
const DAY_MS = 24 * 60 * 60 * 1000;
const day = (fromToday: number): string => new Date(Date.now() + fromToday * DAY_MS).toISOString().slice(0, 10);
const PRELOAD = new URL('testing/die-in-write.ts', import.meta.url).href;

let commands: CommandFolder;
let server: SmallServer;
beforeEach(async () => {
  commands = commandFolder();
  // The one endpoint of its surface is broken.
  server = await smallApplication({ commit: '3f9c2ab41d5e', deploymentId: 'dpl_1' }, ({ url }, response) => {
    if (url !== '/api/ping') return false;
    response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
    return true;
  });
});
afterEach(async () => {
  await server.close();
  commands.remove();
});

function configure(gates: object = {}): void {
  const staging = { target: { web: server.web }, allow: ['read'], surface: SMALL_SURFACE };
  commands.write('naap-gate.config.json', JSON.stringify({ environments: { staging }, gates }));
}
const waivers = (...granted: readonly Partial<Waiver>[]): void =>
  void commands.write(
    'naap-gate.waivers.json',
    JSON.stringify(granted.map((one) => ({ criterion: ROW, environment: 'staging', owner: 'Ann', reason: 'Known', until: day(10), ...one }))),
  );
const granted = (): readonly Waiver[] => JSON.parse(readFileSync(join(commands.path, 'naap-gate.waivers.json'), 'utf8')) as Waiver[];
/** In this process, which is many times quicker; two tests start the command for real. */
async function run(...args: readonly string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
  const host = {
    argv: ['node', 'naap-gate', ...args],
    env: { HOME: commands.path, USER: 'erin' },
    pid: process.pid,
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd: () => commands.path,
    onInterrupt: () => () => undefined,
  };
  const code = await runProgram(host).catch((error: unknown) => printError(error, host.stderr));
  return { code, signal: null, ...written };
}
const GRANT = ['--owner', 'Ann', '--reason', 'Known'] as const;
const waive = (criterion: string, ...more: readonly string[]): Promise<Ended> => run('waive', criterion, ...GRANT, ...more);
const PHASE3 = ['phase3', '--env', 'staging', '--only', ROW, '--quiet'] as const;
const phase3 = (...more: readonly string[]): Promise<Ended> => run(...PHASE3, ...more);

test('a waiver is written where there was no file, replaced where it stands, and listed', async () => {
  configure();
  expect(await waive(P99, '--env', 'demo', '--until', day(20), '--max', '650')).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^WAIVED /),
  });
  expect(await waive(ROW, '--env', 'staging', '--until', day(200))).toMatchObject({ code: 0, stderr: expect.stringMatching(/^That is 200 days from now/) });
  expect(await waive(P99, '--env', 'demo', '--until', day(30), '--replace', '--json')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('"replaced": true'),
  });
  expect(granted().map(({ criterion, until, max }) => [criterion, until, max])).toEqual([
    [P99, day(30), undefined],
    [ROW, day(200), undefined],
  ]);
  const listed = JSON.parse((await run('list', 'waivers', '--json')).stdout) as readonly { id: string; state: string }[];
  expect(listed.map(({ id, state }) => `${id} ${state}`)).toEqual([`${P99} active`, `${ROW} active`]);
});

test.each<readonly [string, readonly string[], RegExp]>([
  [
    'names and days that are wrong, all at once',
    ['phase3.performance.p99-latncy', '--env', 'stagng', '--until', day(-1)],
    /Did you mean "phase3.performance.p99-latency"\?[\s\S]*Did you mean "staging"\?[\s\S]*has passed; today is/,
  ],
  ['what is no day', [P99, '--env', 'demo', '--until', 'soon'], /until: a day such as 2026-12-31 was expected/],
  ['the second of one row', [ROW, '--env', 'staging', '--until', day(5)], /on staging already, until .* by Ann \("Known"\)[\s\S]*--replace/],
  ['the replacement of none', [P99, '--env', 'staging', '--until', day(5), '--replace'], /no waiver of it on staging/],
  ['a row for a document', ['phase3.documentation.error-codes', '--env', 'staging', '--until', day(5)], /waits for a document/],
  ['a row for a signature', ['phase3.review.security', '--env', 'staging', '--until', day(5)], /waits for a signature/],
  ['a cap without a number', [ROW, '--env', 'demo', '--until', day(5), '--max', '3'], /no limit that is a number/],
  ['a cap that the limit is beyond', [P99, '--env', 'demo', '--until', day(5), '--max', '400'], /within the limit \(< 500\)/],
])('waive refuses %s, and writes nothing', async (_name, args, message) => {
  configure();
  waivers({});
  const before = granted();
  const [criterion = '', ...more] = args;
  const ended = await waive(criterion, ...more);
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^WAIVER_REFUSED /) });
  expect(ended.stderr).toMatch(message);
  expect(granted()).toEqual(before);
});

test('a malformed file stops waive and every gate before anything is sent, with all mistakes and their places', async () => {
  configure();
  commands.write('naap-gate.waivers.json', '[{');
  expect(await waive(ROW, '--env', 'staging', '--until', day(5))).toMatchObject({ code: 2, stderr: expect.stringMatching(/^CONFIG_INVALID .*is no JSON/) });
  waivers({ criterion: 'phase3.x' }, { environment: 'stagng' }, {}, {});
  const ended = await phase3();
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr.match(/- \[\d\]\.\w+: /g)).toEqual(['- [0].criterion: ', '- [1].environment: ', '- [3].criterion: ']);
  waivers({ ownr: 'Ann' } as Partial<Waiver>, { until: '2026-02-30' });
  const shape = await phase3();
  expect(shape.stderr).toMatch(/\[0\]: "ownr" is not known here. Did you mean "owner"\?[\s\S]*\[1\]\.until: a day such as/);
  expect(server.requests).toEqual([]);
});

test.each<readonly [string, Partial<Waiver>, number, string, string[]]>([
  ['in force turns a failing row into a waived one', {}, 0, 'waived', ['applied']],
  ['that ended does not', { until: day(-1) }, 1, 'fail', ['expired']],
  ['for another environment does not, and is not told', { environment: 'demo' }, 1, 'fail', []],
])('a waiver %s', async (_name, waiver, code, state, outcomes) => {
  configure();
  waivers(waiver);
  const ended = await phase3('--json');
  const { report, row } = reportOf(ended);
  expect([ended.code, row('functionality.api-endpoints').state, report.waivers.map((one) => one.state)]).toEqual([code, state, outcomes]);
});

test('in report mode the verdict stays and the exit code is 0, said in so many words; when its day has passed the gate blocks again and says so', async () => {
  const report = { mode: 'report', until: day(3), reason: 'New.', owner: 'Ann' };
  configure({ phase3: { enforce: report } });
  const spared = await phase3();
  expect(spared).toMatchObject({ code: 0, stdout: expect.stringMatching(/^FAIL /m) });
  expect(spared.stdout).toContain(`Report mode until ${day(3)}: would exit 1.`);
  configure({ phase3: { enforce: { ...report, until: day(-1) } } });
  expect(await phase3()).toMatchObject({ code: 1, stdout: expect.stringMatching(/REPORT_MODE_EXPIRED: .* enforces again/) });
});

test('a gate of one’s own is a command, with its criteria in lists, declarations and waivers', async () => {
  const criteria = [
    { id: 'go-live.api.ping', text: 'It pings', measured: [{ check: 'api-endpoints', expect: { kind: 'cases', metric: 'api.endpoints', required: 'all' } }] },
    { id: 'go-live.people.cto', text: 'The CTO agrees', attested: 'CTO' },
  ];
  configure({ 'go-live': { title: 'Go live', criteria } });
  expect((await run('list', 'gates')).stdout).toMatch(/^go-live +Go live$/m);
  expect((await run('--help')).stdout).toContain('Go live: 2 criteria, of the configuration');
  expect(await waive('go-live.api.ping', '--env', 'staging', '--until', day(5))).toMatchObject({ code: 0 });
  const ended = await run('go-live', '--env', 'staging', '--quiet', '--json');
  expect(reportOf(ended).report.criteria.map(({ id, state }) => `${id} ${state}`)).toEqual(['go-live.api.ping waived', 'go-live.people.cto pending']);
  expect(await run('go-lve', '--env', 'staging')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^UNKNOWN_GATE[\s\S]*Did you mean "go-live"/) });
});

test('a changed limit says both numbers in the plan, and one that ended says so', async () => {
  const change = { value: 650, reason: 'Shared.', owner: 'Ann', until: day(3) };
  configure({ phase3: { limits: { [P99]: change } } });
  const plan = (await run('phase3', '--env', 'staging', '--dry-run')).stdout.replaceAll(/[\s\u202F]+/gu, ' ');
  expect(plan).toContain(`P99 < 650 ms (plan 500 ms, here 650 ms until ${day(3)}, Ann: Shared)`);
  configure({ phase3: { limits: { [P99]: { ...change, until: day(-1) } } } });
  expect((await run('phase3', '--env', 'staging', '--dry-run')).stdout).toMatch(
    /LIMIT_CHANGE_EXPIRED: The changed limit of phase3.performance.p99-latency \(650\)/,
  );
});

test('a run is not resumed under other waivers', async () => {
  configure();
  const dying = { NODE_OPTIONS: `--import ${PRELOAD}`, DIE_IN: '"type":"check.started"', DIE_AFTER: 'whole' };
  const killed = await commands.run(PHASE3, dying);
  expect(killed.signal).toBe('SIGKILL');
  waivers({});
  expect(await phase3('--resume')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^RESUME_REFUSED .*the policy has changed since \(criteria, limits, waivers/),
  });
}, 60_000);

test('no gate of one’s own can hide a command', async () => {
  const { stdout } = await run('--help');
  const names = [...stdout.matchAll(/^ {2}([a-z][a-z0-9-]*) /gm)].map(([, name = '']) => name).filter((name) => !/^(phase\d|plan|success)$/.test(name));
  expect(names.length).toBeGreaterThan(10);
  configure(Object.fromEntries(names.map((name) => [name, { title: name, criteria: [{ id: `${name}.a`, text: 'x', attested: 'x' }] }])));
  const { stderr } = await run('list', 'environments');
  expect(names.filter((name) => !stderr.includes(`gates.${name}: "${name}" is a command`))).toEqual([]);
});

test('waive as a process: an unknown criterion, a malformed file, a past day and a double each end with 2, a word and nothing written', async () => {
  configure();
  const start = (criterion: string, until: string): Promise<Ended> => commands.run(['waive', criterion, '--env', 'staging', '--until', until, ...GRANT]);
  const first = await start(ROW, day(5));
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const refused = await Promise.all([start('phase3.functionality.corz', day(5)), start(P99, day(-1)), start(ROW, day(6))]);
  expect(refused.map(({ code, stdout, stderr }) => `${code} ${stdout}${stderr.split('  ')[0]}`)).toEqual(refused.map(() => '2 WAIVER_REFUSED'));
  commands.write('naap-gate.waivers.json', '[{"criterion": "phase3');
  expect(await start(P99, day(5))).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^CONFIG_INVALID .*naap-gate.waivers.json is no JSON/) });
  expect(readFileSync(join(commands.path, 'naap-gate.waivers.json'), 'utf8')).toBe('[{"criterion": "phase3');
}, 60_000);
