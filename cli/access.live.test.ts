// Who asks, as the command line sees it: a protection header, sessions that were made elsewhere, and runs that may know no secret.
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTwin, type Twin } from '../fixtures/twin/start.ts';
import type { State } from '../gates/model.ts';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { createHttpClient } from '../suites/instruments/http.ts';
import { type CommandFolder, commandFolder, type Ended, leakedBy, reportOf } from './testing/command.ts';
import { PROTECTION_HEADER, protect } from './testing/protection-proxy.ts';
import { storageState } from './testing/storage-state.ts';
import { serve, SMALL_SURFACE, smallApplication, type SmallServer } from './testing/small-application.ts';

const RUN_MS = 180_000;
const BYPASS = 'bypass-word-that-nobody-may-see';
type Name = 'admin' | 'member' | 'other';
const NAMES: readonly Name[] = ['admin', 'member', 'other'];

let twin: Twin;
let front: SmallServer;
beforeAll(async () => {
  twin = await startTwin({ cacheDir: cacheFolder({ env: process.env }), faults: [] });
  front = await protect(twin.target.web, { ca: twin.ca, secret: BYPASS });
});
afterAll(async () => {
  await front.close();
  await twin.stop();
});

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

/** Logs in as a person would; the token is also the value of the session's cookie. */
async function logIn(name: Name): Promise<string> {
  const http = createHttpClient({
    sides: { target: twin.target },
    accessHeaders: {},
    ca: twin.ca,
    signal: AbortSignal.timeout(10_000),
    onRequest: () => undefined,
  });
  const { email, password } = twin.accounts[name];
  const { json, status } = await http.send({ path: '/api/v1/auth/login', method: 'POST', body: { email, password } });
  await http.close();
  if (status !== 200) throw new Error(`The twin let ${name} not in: ${status}.`);
  return (json as { data: { token: string } }).data.token;
}

/** What an application without passwords says of itself. */
const OAUTH_ONLY = { auth: { login: null }, endpoints: { 'auth.register': null, 'users.update': null, 'users.delete': null } };
const UNTIL = { owner: 'Ann', until: '2099-01-01' };
const NOT_HERE = {
  'phase3.functionality.rate-limiting': { ...UNTIL, reason: 'OAuth only: no login of its own to limit.' },
  'phase3.performance.cold-start': { ...UNTIL, reason: 'This host keeps one process running.' },
  'phase3.standing.critical-paths': { ...UNTIL, reason: 'This preview serves the API alone.' },
};
const protectedPreview = (more: Record<string, unknown>): Record<string, unknown> => ({
  preview: { target: { web: front.web }, access: { headers: { [PROTECTION_HEADER]: { env: 'BYPASS' } } }, allow: ['read', 'write'], ...more },
});
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  commands.run(args, { BYPASS, EXPIRED: twin.expiredSession, ...env });

test('OAuth only, behind a protection header, without a database: what applies is measured, what does not is declared', { timeout: RUN_MS }, async () => {
  const tokens = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await logIn(name)] as const)));
  for (const name of NAMES) commands.write(`${name}.json`, JSON.stringify(storageState(tokens[name] ?? '')));
  const path = (name: Name, more = {}): Record<string, unknown> => ({ path: `${name}.json`, ...more });
  commands.configure(
    protectedPreview({
      auth: {
        kind: 'storageState',
        accounts: { admin: path('admin'), member: path('member'), other: path('other', { role: 'member', disposable: true }) },
        expiredSession: { env: 'EXPIRED' },
      },
      surface: OAUTH_ONLY,
      notApplicable: NOT_HERE,
    }),
  );
  const ended = await run(['phase3', '--env', 'preview', '--profile', 'pr', '--json']);
  const { report, row } = reportOf(ended);
  const rows = (state: State): string[] => report.criteria.filter((criterion) => criterion.state === state).map(({ id }) => id.replace('phase3.', ''));
  expect({ pass: rows('pass'), deferred: rows('deferred'), 'not-applicable': rows('not-applicable') }).toEqual({
    pass: [
      'functionality.api-endpoints',
      'functionality.authentication',
      'functionality.authorization',
      'functionality.cors',
      'testing.integration-tests',
      'testing.security-tests',
      'documentation.openapi',
    ],
    deferred: ['performance.p50-latency', 'performance.p99-latency', 'performance.connection-pool', 'testing.load-tests'],
    'not-applicable': ['functionality.rate-limiting', 'performance.cold-start', 'standing.critical-paths'],
  });
  expect(rows('pending')).toHaveLength(report.criteria.length - 7 - 4 - 3);
  expect(report.notApplicable.map(({ criterion, reason }) => [criterion, reason])).toEqual(Object.entries(NOT_HERE).map(([id, { reason }]) => [id, reason]));
  expect(row('performance.p99-latency').reason.code).toBe('NO_LOAD_CONSENT');
  expect({ code: ended.code, scope: report.scope }).toEqual({ code: 0, scope: 'partial' });
  expect(row('functionality.authentication').results[0]?.instrument?.facts).toMatchObject({ passwordLogin: 'declared absent in the surface' });
  expect(leakedBy(ended, commands, [BYPASS, 'the-providers-own-secret-session', ...Object.values(tokens)])).toEqual([]);
});

test('a session that others use is not logged out: those cases are not run, and say how to have them', { timeout: RUN_MS }, async () => {
  for (const name of ['admin', 'member'] as const) commands.write(`${name}.json`, JSON.stringify(storageState(await logIn(name))));
  commands.configure(
    protectedPreview({
      auth: { kind: 'storageState', accounts: { admin: { path: 'admin.json' }, member: { path: 'member.json' } }, expiredSession: { env: 'EXPIRED' } },
      surface: OAUTH_ONLY,
    }),
  );
  for (const _ of ['first', 'again']) {
    const { row } = reportOf(await run(['phase3', '--env', 'preview', '--json', '--only', '*.authentication']));
    const { state, results } = row('functionality.authentication');
    expect(state).toBe('inconclusive');
    expect(results[0]?.cases?.map(({ id, state: of }) => `${id}: ${of}`)).toEqual(['logout/answer: not-run', 'logout/cookie-refused: not-run']);
    expect(results[0]?.cases?.[0]?.detail).toContain('disposable: true');
  }
});

test('without its protection header the application is not there', async () => {
  commands.configure({ preview: { target: { web: front.web }, allow: ['read'] } });
  const ended = await run(['phase3', '--env', 'preview', '--json']);
  expect(ended.code).toBe(3);
  expect(ended.stderr).toMatch(/TARGET_NOT_THE_APP {2}GET \/api\/health on .* answered 302 \(to https:\/\/vercel\.test\/sso-api\), expected 200/);
  expect(reportOf(ended).report.counts.pass).toBe(0);
});

test('tokens are sessions too, and a set-up command can make them; nothing of what it prints is stored', { timeout: RUN_MS }, async () => {
  const tokens = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await logIn(name)] as const)));
  const accounts = { admin: {}, member: {}, other: { role: 'member', disposable: true } };
  const script = `process.stderr.write(process.env.SESSIONS); process.stdout.write(process.env.SESSIONS);`;
  commands.write('log-in.mjs', script);
  commands.configure(
    protectedPreview({
      auth: { kind: 'setup', command: [process.execPath, 'log-in.mjs'], accounts, expiredSession: { env: 'EXPIRED' } },
      surface: OAUTH_ONLY,
    }),
  );
  const SESSIONS = JSON.stringify({
    admin: { token: tokens['admin'] },
    member: { storageState: storageState(tokens['member'] ?? '') },
    other: { token: tokens['other'] },
  });
  const ended = await run(['phase3', '--env', 'preview', '--json', '--only', 'api-auth'], { SESSIONS });
  const { row } = reportOf(ended);
  expect(['authentication', 'authorization'].map((name) => row(`functionality.${name}`).state)).toEqual(['pass', 'pass']);
  expect(ended.code).toBe(0);
  expect(leakedBy(ended, commands, Object.values(tokens))).toEqual([]);
});

test('for an untrusted pull request no secret is needed, none is used, and nothing is asked that needs one', async () => {
  const { web, requests } = await opened(smallApplication({ commit: '3f9c2ab', deploymentId: 'dpl_1' }));
  commands.write('log-in.mjs', `import { writeFileSync } from 'node:fs'; writeFileSync('it-ran', '');`);
  const environment = (access: Record<string, unknown>): Record<string, unknown> => ({
    target: { web },
    access: { headers: access },
    auth: { kind: 'setup', command: [process.execPath, 'log-in.mjs'], accounts: { member: {} } },
    databases: { target: { url: { env: 'NEVER_SET_DB' } } },
    allow: ['read', 'write', 'load'],
    load: { maxRps: 4000, maxConnections: 20_000, approvedBy: 'Ann', window: 'always' },
    surface: SMALL_SURFACE,
  });
  commands.configure({ open: environment({ 'x-audience': 'everybody' }), preview: environment({ [PROTECTION_HEADER]: { env: 'NEVER_SET' } }) });
  const ended = await commands.run(['phase3', '--env', 'open', '--untrusted', '--json', '--only', 'api-endpoints', 'api-auth']);
  const { report, row } = reportOf(ended);
  expect(row('functionality.api-endpoints')).toMatchObject({
    state: 'deferred',
    reason: { code: 'UNTRUSTED', text: expect.stringContaining('uses accounts') },
  });
  expect(report.counts.pass + report.counts.fail).toBe(0);
  expect(requests.every(({ headers }) => headers['x-audience'] === 'everybody')).toBe(true);
  const asked = requests.length;
  const behind = await commands.run(['phase3', '--env', 'preview', '--untrusted', '--json']);
  expect(behind).toMatchObject({ code: 3, stderr: expect.stringContaining('access headers that are secret') });
  expect(reportOf(behind).row('functionality.cors')).toMatchObject({ state: expect.stringMatching(/deferred|error/) });
  expect(requests).toHaveLength(asked);
  expect(() => readFileSync(`${commands.path}/it-ran`)).toThrowError(/ENOENT/);
});

test('the access headers go with every request of every instrument to the target, the load too, and to nobody else', { timeout: RUN_MS }, async () => {
  const stranger = await opened(serve((_, response) => response.end('{}')));
  const target = await opened(
    smallApplication({ commit: '3f9c2ab', deploymentId: 'dpl_1' }, ({ url }, response) => {
      if (url !== '/api/away') return false;
      response.writeHead(302, { location: `${stranger.web}/api/away` }).end();
      return true;
    }),
  );
  const away = { id: 'away', method: 'GET', path: '/api/away', access: 'public', effect: 'read', expect: { status: [302], envelope: false }, loadWeight: 1 };
  const [ping] = SMALL_SURFACE.endpoints;
  commands.configure({
    preview: {
      target: { web: target.web },
      legacy: { web: stranger.web },
      access: { headers: { [PROTECTION_HEADER]: { env: 'BYPASS' } } },
      auth: { kind: 'token', accounts: { member: { token: { env: 'TOKEN' } } } },
      allow: ['read', 'load'],
      load: { maxRps: 4000, maxConnections: 20_000, approvedBy: 'Ann', window: 'always' },
      surface: { ...SMALL_SURFACE, endpoints: [{ ...ping, loadWeight: 5 }, away] },
    },
  });
  const ended = await run(['phase3', '--env', 'preview', '--profile', 'pr', '--json', '--only', 'api-endpoints', 'connection-pool'], {
    TOKEN: 'token-of-the-member',
  });
  expect(reportOf(ended).row('functionality.api-endpoints')).toMatchObject({ state: 'pass' });
  expect(target.requests.length).toBeGreaterThan(1000);
  expect(target.requests.filter(({ headers }) => headers[PROTECTION_HEADER] !== BYPASS)).toEqual([]);
  expect(stranger.requests).toEqual([]);
});
