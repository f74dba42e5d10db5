// `init` as a process against what it may meet: a bare site, a wall, OAuth only, another application, files with secrets, hostile words.
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { GateError } from '../../gates/model.ts';
import { type CommandFolder, commandFolder, type Ended } from '../testing/command.ts';
import { serve, type SmallServer } from '../testing/small-application.ts';
import { discover } from './source.ts';

/** A look is slow on purpose, four requests a second, and what it wrote is read by two more processes. */
vi.setConfig({ testTimeout: 40_000 });
const CONFIG = 'naap-gate.config.ts';
const WORKFLOW = '.github/workflows/naap-gate.yml';

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

type Listener = (path: string, response: ServerResponse) => void;
async function site(listener: Listener): Promise<SmallServer> {
  const server = await serve((request, response) => listener(request.url ?? '/', response));
  servers.push(server);
  return server;
}
const html = (response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const refusal = { success: false, error: { code: 'UNAUTHORIZED', message: 'Who are you?' } };
const written = (name: string): string => readFileSync(join(commands.path, name), 'utf8');

/** What was written is read by the other commands, and gives a plan. */
async function usable(): Promise<void> {
  const [listed, planned] = await Promise.all([commands.run(['list', 'environments', '--json']), commands.run(['phase3', '--env', 'staging', '--dry-run'])]);
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect((JSON.parse(listed.stdout) as { id: string }[]).map(({ id }) => id)).toEqual(['demo', 'staging', 'preview']);
  expect(planned).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Nothing was sent.') });
}
const init = (...args: readonly string[]): Promise<Ended> => commands.run(['init', ...args]);

test('without looking at anything it writes files that are valid, and says what is missing', async () => {
  const ended = await init();
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('target.web: its address') });
  await usable();
});

test('the workflow is valid YAML, takes nothing from the pull request, and gives a fork no secrets', async () => {
  await init('--gate', 'phase2');
  const workflow = parse(written(WORKFLOW)) as {
    on: unknown;
    permissions: unknown;
    jobs: { gate: { env: Record<string, string>; steps: { uses?: string; with?: Record<string, unknown>; run?: string }[] } };
  };
  expect(workflow).toMatchObject({ on: { pull_request: null }, permissions: { contents: 'read', deployments: 'read', 'pull-requests': 'write' } });
  const { env, steps } = workflow.jobs.gate;
  expect(steps[0]).toMatchObject({ with: { ref: '${{ github.event.pull_request.base.sha }}', 'persist-credentials': false } });
  expect(env['UNTRUSTED']).toContain('head.repo.full_name != github.repository');
  const run = steps.map((step) => step.run ?? '').join('\n');
  expect(run).toContain('phase2 --env preview --profile pr --url "web=$PREVIEW_URL"');
  expect(run).toContain('--untrusted');
  // What an event holds may be anybody's words: in a script it would run.
  expect(run).not.toContain('${{');
});

test('a bare static site: few requests, what cannot be learned is listed, and its title identifies it', async () => {
  const server = await site((path, response) => (path === '/' ? html(response, 200, '<title>Bare</title>') : html(response, 404, 'no')));
  const ended = await init('--discover', server.web);
  expect(ended.code).toBe(0);
  expect(server.requests.length).toBeLessThanOrEqual(20);
  expect(ended.stdout).toMatch(/identity, surface\.health: where its health is/);
  expect(ended.stdout).toMatch(/auth: how people log in: no login page/);
  expect(written(CONFIG)).toContain("identity: { path: '/', expect: { status: 200, body: 'Bare' } }");
  await usable();
});

test('a wall: one request, nothing guessed, and the header that opens it proposed by name', async () => {
  const server = await site((_path, response) => html(response, 401, 'no', { 'set-cookie': '_vercel_sso_nonce=nonce-that-nobody-may-see; HttpOnly' }));
  const ended = await init('--discover', server.web);
  expect(server.requests).toHaveLength(1);
  expect(ended.stdout).toContain("Vercel's deployment protection stands before it");
  expect(written(CONFIG)).toContain("// access: { headers: { 'x-vercel-protection-bypass': { env: 'VERCEL_PROTECTION_BYPASS' } } },");
  expect(written(CONFIG)).not.toMatch(/^ {2}(identity|surface):/m);
  expect(ended.stdout + written(CONFIG)).not.toContain('nonce-that-nobody-may-see');
  await usable();
});

test('with the secret that opens the wall it looks behind it, and writes the name alone', async () => {
  const server = await serve((request, response) =>
    request.headers['x-door'] === 'word-that-opens' ? html(response, 200, '<title>Inside</title>') : html(response, 401, 'no', { 'www-authenticate': 'Basic' }),
  );
  servers.push(server);
  const ended = await commands.run(['init', '--discover', server.web, '--access', 'x-door=DOOR'], { DOOR: 'word-that-opens' });
  expect(written(CONFIG)).toContain("access: { headers: { 'x-door': { env: 'DOOR' } } }");
  expect(written(CONFIG)).toContain("body: 'Inside'");
  expect(written(WORKFLOW)).toContain('DOOR: ${{ secrets.DOOR }}');
  expect(ended.stdout + ended.stderr + written(CONFIG)).not.toContain('word-that-opens');
});

test('OAuth only: the surface says so, and sessions are asked for', async () => {
  const server = await site((path, response) => {
    if (path === '/login') return html(response, 200, '<a href="/api/v1/auth/oauth/github">Continue with GitHub</a>');
    if (path === '/api/health') return json(response, 200, { status: 'ok', build: { gitSha: 'abcdef1234567' } });
    return path.startsWith('/api/') ? json(response, 401, refusal) : void response.writeHead(307, { location: '/login' }).end();
  });
  const ended = await init('--discover', server.web);
  expect(ended.stdout).toContain('buttons of GitHub on /login, and no password field');
  expect(written(CONFIG)).toContain('auth: { login: null }');
  expect(written(CONFIG)).toContain("health: { commit: '/build/gitSha' }");
  expect(written(CONFIG)).toContain("// auth: { kind: 'storageState'");
  await usable();
});

test('words of an application do not become code, nor do they reach the terminal as orders', async () => {
  const title = "x', y: process.exit(7), z: '\n*/ process.exit(7) //\u2028process.exit(7)";
  const document = {
    openapi: '3.0.0',
    info: { title: '\u001b[2J\nprocess.exit(7)' },
    paths: { "/api/'];process.exit(7);//": { get: { responses: { 200: {} } } } },
  };
  const server = await site((path, response) =>
    path === '/' ? html(response, 200, `<title>${title}</title>`) : path === '/openapi.json' ? json(response, 200, document) : html(response, 404, ''),
  );
  const ended = await init('--discover', server.web);
  expect(ended.code).toBe(0);
  expect(ended.stdout).not.toContain('\u001b');
  await usable();
});

test('nobody there: nothing is written', async () => {
  const ended = await init('--discover', 'http://127.0.0.1:9');
  expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('TARGET_UNREACHABLE') });
  expect(existsSync(join(commands.path, CONFIG))).toBe(false);
});

test('what is there is not overwritten, the difference is shown, and --force says otherwise', async () => {
  commands.write(CONFIG, '// mine\n');
  const refused = await init();
  expect(refused).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^FILE_EXISTS[\s\S]*- \/\/ mine[\s\S]*\+ import \{ defineConfig, type EnvironmentInput \} from 'naap-gate';/),
  });
  expect(written(CONFIG)).toBe('// mine\n');
  expect(existsSync(join(commands.path, WORKFLOW))).toBe(false);
  expect(await init('--format', 'json')).toMatchObject({ code: 2, stderr: expect.stringContaining('a second configuration beside it') });
  expect(await init('--force')).toMatchObject({ code: 0, stdout: expect.stringContaining(`overwritten  ${CONFIG}`) });
  expect(await init()).toMatchObject({ code: 0, stdout: expect.stringContaining(`unchanged    ${CONFIG}`) });
});

test('a dry run prints both files and writes none', async () => {
  const ended = await init('--dry-run');
  expect(ended).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/----- naap-gate\.config\.ts\n[\s\S]*----- \.github\/workflows\/naap-gate\.yml\nc?[\s\S]*pull_request/),
  });
  expect(existsSync(join(commands.path, CONFIG))).toBe(false);
});

const SECRETS = ['bearer-secret-7f', 'cookie-secret-8a', 'query-secret-9b', 'BodySecret1c', 'pathT0kenSecret2dXYZabcdefgh', 'ann@naap.dev', 'header-secret-3e'];
function har(): unknown {
  const entry = (method: string, url: string, status: number, body?: unknown): unknown => ({
    request: {
      method,
      url,
      headers: [
        { name: 'Authorization', value: `Bearer ${SECRETS[0]}` },
        { name: 'Cookie', value: `app_session=${SECRETS[1]}; _ga=1` },
        { name: 'X-Other', value: SECRETS[6] },
      ],
      cookies: [{ name: 'app_session', value: SECRETS[1] }],
    },
    response: { status, headers: [], content: { mimeType: body === undefined ? 'text/html' : 'application/json', text: JSON.stringify(body ?? '') } },
  });
  const at = 'https://staging.naap.dev';
  return {
    log: {
      entries: [
        entry('GET', `${at}/dashboard`, 200),
        entry('GET', `${at}/api/v1/wallet/connections?key=${SECRETS[2]}`, 200, { success: true, data: { connections: [], [SECRETS[3] ?? '']: 1 } }),
        entry('GET', `${at}/api/v1/forum/threads/8842`, 200, { success: true, data: {} }),
        entry('GET', `${at}/api/v1/forum/summary`, 200, { success: true, data: { openThreads: 3, author: SECRETS[3], [SECRETS[4] ?? '']: 1 } }),
        entry('GET', `${at}/api/v1/users/${SECRETS[5]}/avatar`, 200, {}),
        entry('POST', `${at}/api/v1/auth/reset/${SECRETS[4]}`, 200, {}),
        entry('GET', 'https://tracker.example/api/pixel', 200, {}),
        { broken: true },
      ],
    },
  };
}

test('a HAR gives routes, statuses and how requests say who they are, and none of its secrets', async () => {
  commands.write('traffic.har', JSON.stringify(har()));
  const ended = await init('--discover', 'traffic.har');
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('requests say who they are by Authorization: Bearer and the cookie app_session');
  const config = written(CONFIG);
  expect(config).toContain("target: { web: 'https://staging.naap.dev' }");
  expect(config).toMatch(/'forum\.summary': \{\s*method: 'GET',\s*path: '\/api\/v1\/forum\/summary',\s*access: 'authenticated'/);
  expect(config).toContain('GET /api/v1/forum/threads/{id}');
  expect(config).toContain('POST /api/v1/auth/reset/{id}');
  expect(config).not.toContain('tracker.example');
  const told = [ended.stdout, ended.stderr, config, written(WORKFLOW), (await init('--discover', 'traffic.har', '--json', '--dry-run')).stdout].join('\n');
  for (const secret of SECRETS) expect(told).not.toContain(secret);
  await usable();
});

const OTHER_API = `openapi: 3.1.0
info: { title: Other }
servers: [{ url: https://api.other.example/base }]
components:
  securitySchemes: { session: { type: apiKey, in: cookie, name: other_session } }
  schemas: { Item: { type: object, required: [id], properties: { id: { type: string } } } }
paths:
  /items:
    get: { security: [{ session: [] }], responses: { 200: { content: { application/json: { schema: { $ref: '#/components/schemas/Item' } } } } } }
    post: { responses: { 201: {} } }
  /items/{itemId}:
    get: { parameters: [{ in: path, name: itemId, required: true, schema: { type: string, example: first } }], responses: { 200: {} } }
  /search:
    get: { parameters: [{ in: query, name: q, required: true }], responses: { 200: {} } }
`;

test('the OpenAPI document of another application gives a surface of its own; what writes or needs values is named', async () => {
  commands.write('other.yaml', OTHER_API);
  const ended = await init('--discover', 'other.yaml', '--format', 'json');
  expect(ended.code).toBe(0);
  const config = JSON.parse(written('naap-gate.config.json')) as {
    environments: { staging: { target: unknown; surface: { auth: { cookie: string }; endpoints: unknown[] } } };
  };
  const { target, surface } = config.environments.staging;
  expect(target).toEqual({ web: 'https://api.other.example' });
  expect(surface.auth.cookie).toBe('other_session');
  expect(surface.endpoints).toEqual([
    {
      id: 'base.items',
      method: 'GET',
      path: '/base/items',
      access: 'authenticated',
      effect: 'read',
      expect: { status: [200], fields: { id: 'string' }, envelope: false },
    },
    {
      id: 'base.items-by-item-id',
      method: 'GET',
      path: '/base/items/{itemId}',
      params: { itemId: 'first' },
      access: 'public',
      effect: 'read',
      expect: { status: [200], envelope: false },
    },
  ]);
  expect(ended.stdout).toContain('POST /base/items');
  expect(ended.stdout).toContain('GET /base/search');
  await usable();
});

const looking = { headers: {}, signal: new AbortController().signal };

test.each<readonly [string, string, string | undefined, RegExp]>([
  ['a file that is not there', 'nowhere.har', undefined, /could not be read \(ENOENT\)/],
  ['an address of another kind', 'ftp://x.dev', undefined, /an http or https URL/],
  ['a password in the address', 'https://ann:pass-word@x.dev', undefined, /an address without name and password/],
  ['a file that is cut off', 'file', '{"log": {"entries": [{"pass-word":', /file is neither JSON nor YAML/],
  ['a file of another kind', 'file', '{"a": "pass-word"}', /file holds no HAR/],
])('%s cannot be discovered from, and is not quoted', async (_name, what, content, message) => {
  if (content !== undefined) commands.write('file', content);
  const error = await discover(what, commands.path, looking).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(GateError);
  expect((error as GateError).message).toMatch(message);
  expect(`${(error as GateError).message} ${(error as GateError).remedy}`).not.toContain('pass-word');
});

test('an address without its scheme is told with it', async () => {
  await expect(discover('staging.naap.dev', commands.path, looking)).rejects.toMatchObject({
    remedy: expect.stringContaining('--discover https://staging.naap.dev'),
  });
});

test('mistakes of the command line are clear errors, and nothing is written', async () => {
  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['--access', 'x-door=pass-word'], /^USAGE {2}--access x-door: a header and the name of a variable/],
    [['--access', 'x-door=NOT_SET_HERE'], /^SECRET_MISSING {2}Not set: NOT_SET_HERE/],
    [['--env', 'demo'], /^USAGE[\s\S]*not "demo"/],
    [['--gate', 'phase9'], /^USAGE[\s\S]*phase9/],
  ];
  for (const [ended, message] of await Promise.all(mistakes.map(async ([args, told]) => [await init(...args), told] as const))) {
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toMatch(/pass-word|^\s+at /m);
  }
  expect(existsSync(join(commands.path, CONFIG))).toBe(false);
});
