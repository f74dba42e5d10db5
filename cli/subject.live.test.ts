// What is judged, as the command line sees it: identity, addresses, commit, a deployment that changes, earlier attempts, a site that is no application.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommandFolder, commandFolder, condition, reportOf } from './testing/command.ts';
import { serve, SMALL_SURFACE, smallApplication, type SmallServer, type Version } from './testing/small-application.ts';

let commands: CommandFolder;
let servers: SmallServer[];
beforeEach(() => {
  commands = commandFolder();
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.close();
  commands.remove();
});
async function opened(server: Promise<SmallServer>): Promise<SmallServer> {
  servers.push(await server);
  return server;
}

const COMMIT = '3f9c2ab41d5e6f708192a3b4c5d6e7f8091a2b3c';
const version = (): Version => ({ commit: COMMIT, deploymentId: 'dpl_1' });
const ROW = 'functionality.api-endpoints';
const ONE_ROW = ['phase3', '--env', 'preview', '--json', '--only', `phase3.${ROW}`];
const preview = (web: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  preview: { target: { web }, allow: ['read'], surface: SMALL_SURFACE, ...more },
});

test('a deployment that changes in the middle of a run makes its rows inconclusive, with words', async () => {
  const told = version();
  const { web } = await opened(
    smallApplication(told, ({ url }) => {
      if (url === '/api/ping') told.deploymentId = 'dpl_2';
      return false;
    }),
  );
  commands.configure(preview(web));
  const ended = await commands.run(ONE_ROW);
  const { row } = reportOf(ended);
  expect(row(ROW)).toMatchObject({
    state: 'inconclusive',
    reason: { code: 'SUBJECT_CHANGED', text: expect.stringContaining('deploymentId was dpl_1, is dpl_2') },
  });
  expect(ended.code).toBe(3);
});

test('the same server that stays as it is passes', async () => {
  commands.configure(preview((await opened(smallApplication(version()))).web));
  const ended = await commands.run(ONE_ROW);
  expect(reportOf(ended).row(ROW)).toMatchObject({ state: 'pass' });
  expect(ended.code).toBe(0);
});

test.each([COMMIT, COMMIT.slice(0, 7), COMMIT.toUpperCase()])('with --expect-commit %s the application that was built from it is measured', async (commit) => {
  commands.configure(preview((await opened(smallApplication(version()))).web));
  expect((await commands.run([...ONE_ROW, '--expect-commit', commit])).code).toBe(0);
});

test.each([
  ['another commit', '/version/commit', /^WRONG_COMMIT {2}The application was built from commit 3f9c2ab\w+, expected deadbeef/],
  ['a commit that is not told', '/version/nowhere', /^WRONG_COMMIT {2}The application does not tell its commit, so it cannot be known to be deadbeef/],
])('%s measures nothing and is undecided', async (_name, pointer, words) => {
  const server = await opened(smallApplication(version()));
  commands.configure(preview(server.web, { surface: { ...SMALL_SURFACE, health: { ...SMALL_SURFACE.health, commit: pointer } } }));
  const ended = await commands.run([...ONE_ROW, '--expect-commit', 'deadbeef']);
  expect(ended.stderr.replace(/^ *[\d.]+ s {2}/, '')).toMatch(words);
  expect(ended.code).toBe(3);
  expect(reportOf(ended).row(ROW)).toMatchObject({ state: 'error', reason: { text: expect.stringContaining('WRONG_COMMIT') } });
  expect(server.requests.map(({ path }) => path)).toEqual(['/api/health']);
});

test('a commit that is none is a mistake of the command line', async () => {
  const ended = await commands.run(['phase3', '--env', 'demo', '--expect-commit', 'main']);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE[\s\S]*7 to 64 hexadecimal digits/) });
});

test('--url judges a preview deployment: it is the target of the report, and another configuration', async () => {
  const [configured, moved] = [await opened(smallApplication(version())), await opened(smallApplication(version()))];
  commands.configure(preview(configured.web));
  const before = reportOf(await commands.run(ONE_ROW)).report;
  const asked = configured.requests.length;
  const ended = await commands.run([...ONE_ROW, '--url', `web=${moved.web}`]);
  const { report } = reportOf(ended);
  expect({ code: ended.code, target: report.target, asked: configured.requests.length }).toEqual({ code: 0, target: moved.web, asked });
  expect(moved.requests.map(({ path }) => path)).toContain('/api/ping');
  expect(report.digests.config).not.toBe(before.digests.config);
});

test.each([
  [
    ['wep=https://a.dev', 'api=ftp://a.dev', 'https://b.dev'],
    ['Did you mean "web"?', 'api: an http or https URL', '"(no name)" is not one of'],
  ],
  [['web=https://user:word@a.dev'], ['web: an address without name and password in it']],
  [['web=https://www.naap.dev/'], ['is the environment "production"', '--env production']],
  [['web=https://preview.naap.dev'], ['another origin than its pages', '--url api=URL']],
  [['legacy.api=https://old.naap.dev'], ['no legacy.web address']],
])('--url %s is refused with a remedy, and nothing is sent', async (urls, words) => {
  commands.configure({
    preview: { target: { web: 'https://staging.naap.dev', api: 'https://api.staging.naap.dev' }, allow: ['read'] },
    production: { target: { web: 'https://www.naap.dev' }, allow: ['read'] },
  });
  const ended = await commands.run(['phase3', '--env', 'preview', '--url', ...urls]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/^USAGE/);
  for (const word of words) expect(ended.stderr).toContain(word);
});

test('the next report lists the red and the unfinished runs of the same subject, and of no other', async () => {
  const told = version();
  const { promise: stuck, resolve: isStuck } = Promise.withResolvers<void>();
  let mood: 'well' | 'broken' | 'stuck' = 'broken';
  const { web } = await opened(
    smallApplication(told, ({ url }, response) => {
      if (url !== '/api/ping' || mood === 'well') return false;
      if (mood === 'broken') response.writeHead(500).end();
      else isStuck();
      return true;
    }),
  );
  commands.configure(preview(web));
  expect((await commands.run(ONE_ROW)).code).toBe(1);
  const [red = ''] = commands.runs();
  mood = 'stuck';
  const killed = commands.start(ONE_ROW);
  await stuck;
  process.kill(killed.pid, 'SIGKILL');
  await killed.ended;
  mood = 'well';
  const unfinished = commands.runs().find((run) => run !== red);
  expect(reportOf(await commands.run(ONE_ROW)).report.attempts).toMatchObject([
    { run: red, verdict: 'fail', exitCode: 1, sealed: true, reason: expect.stringContaining(`phase3.${ROW}: `) },
    { run: unfinished, verdict: null, exitCode: null, sealed: false, reason: 'not finished' },
  ]);
  told.commit = 'another0another0';
  expect(reportOf(await commands.run(ONE_ROW)).report.attempts).toEqual([]);
});

const STATIC_SITES: readonly (readonly [string, Parameters<typeof serve>[0]])[] = [
  ['its index page for every path', (_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>NaaP</title>')],
  [
    '404 for all but its index page',
    ({ url }, response) => response.writeHead(url === '/' ? 200 : 404, { 'content-type': 'text/html' }).end('<!doctype html><title>NaaP</title>'),
  ],
];

test.each(STATIC_SITES)('a static site that answers %s is not the application: every row has a reason, none passes', async (_name, listener) => {
  const { web } = await opened(serve(listener));
  commands.configure({ site: { target: { web }, allow: ['read'] } });
  const ended = await commands.run(['phase3', '--env', 'site', '--json']);
  const { report } = reportOf(ended);
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain('TARGET_NOT_THE_APP');
  expect(report.criteria.filter(({ state, reason }) => state === 'pass' || reason.text === '')).toEqual([]);
  expect(report.counts.pass).toBe(0);
});

/** The check would wait for two whole windows of the auth quota, here in vain. */
const NO_LOGIN = { 'phase3.functionality.rate-limiting': { reason: 'A static site has no login.', owner: 'Ann', until: '2099-01-01' } };

test.each(STATIC_SITES)(
  'identified by its index page, a static site that answers %s fails or cannot be decided, row by row',
  { timeout: 180_000 },
  async (_name, listener) => {
    const { web } = await opened(serve(listener));
    commands.configure({
      site: { target: { web }, allow: ['read'], identity: { path: '/', expect: { status: 200, body: '<title>NaaP' } }, notApplicable: NO_LOGIN },
    });
    const ended = await commands.run(['phase3', '--env', 'site', '--json', '--profile', 'pr']);
    const { report, row } = reportOf(ended);
    expect(ended.code).toBe(1);
    expect(row(ROW)).toMatchObject({ state: 'fail', reason: { code: 'CASES_FAILED' } });
    expect(row('functionality.authentication')).toMatchObject({ state: 'inconclusive', reason: { code: 'PRECONDITION_MISSING' } });
    expect(row('performance.p99-latency')).toMatchObject({ state: 'deferred', reason: { code: 'NO_LOAD_CONSENT' } });
    expect(report.criteria.filter(({ reason }) => reason.text === '')).toEqual([]);
    expect(report.counts.pass).toBe(0);
  },
);

test.each([
  ['a login wall that answers 200 and HTML', undefined, 'but its body is no JSON (it looks like HTML)'],
  ['a text that is not there', { path: '/', expect: { status: 200, body: 'Network Platform' } }, 'but its body does not contain "Network Platform"'],
  ['another status', { path: '/', expect: { status: 204 } }, 'answered 200, expected 204'],
])('%s is not the application', async (_name, identity, words) => {
  const { web } = await opened(serve((_, response) => response.end('<html>Log in</html>')));
  commands.configure(preview(web, identity === undefined ? {} : { identity }));
  const ended = await commands.run(ONE_ROW);
  expect(ended.code).toBe(3);
  expect(ended.stderr).toMatch(/TARGET_NOT_THE_APP/);
  expect(ended.stderr).toContain(words);
});

test('values of the health answer can identify the application', async () => {
  const { web } = await opened(smallApplication(version()));
  const identity = (status: string): Record<string, unknown> => ({ identity: { path: '/api/health', expect: { status: 200, body: { '/status': status } } } });
  commands.configure(preview(web, identity('ok')));
  expect((await commands.run(ONE_ROW)).code).toBe(0);
  commands.configure(preview(web, identity('degraded')));
  const ended = await commands.run(ONE_ROW);
  expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('but /status is not "degraded"') });
});

test('a row declared not applicable under a name that no gate has is a mistake of the config', async () => {
  const declared = { reason: 'OAuth only', owner: 'Ann', until: '2099-01-01' };
  commands.configure(preview('http://127.0.0.1:9', { notApplicable: { 'phase3.functionality.rate-limit': declared, 'phase3.functionality.cors': declared } }));
  const ended = await commands.run(['phase3', '--env', 'preview', '--dry-run']);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/^CONFIG_INVALID {2}.*has 1 mistake/);
  expect(ended.stderr).toContain('Did you mean "phase3.functionality.rate-limiting"?');
});

test('interrupted, it says how to go on with the very same run', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const { web } = await opened(
    smallApplication(version(), ({ url }) => {
      if (url !== '/api/ping') return false;
      resolve();
      return true;
    }),
  );
  commands.configure(preview('http://127.0.0.1:9'));
  const started = commands.start([...ONE_ROW, '--url', `web=${web}`]);
  await asked;
  process.kill(started.pid, 'SIGINT');
  const ended = await started.ended;
  await condition(() => commands.runs().length === 1, 1000);
  expect(ended.stderr).toContain(`naap-gate ${ONE_ROW.join(' ')} --url web=${web} --resume ${commands.runs()[0]}`);
});
