import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HttpClient } from '../../gates/model.ts';
import { createHttpClient } from '../instruments/http.ts';
import { naapSurface } from '../naap-surface.ts';
import type { JourneyAccount, JourneyWorld } from './world.ts';
import { addressOf, emailOf, irremovable, mayRemoveUsers, ofOthers, ofRun, removeWritten } from './written.ts';

const TAG = 'naap-gate-phase2-now';
const accountOf = (name: string, role: string): JourneyAccount => ({
  name,
  role,
  session: { email: `${name}@naap.test`, userId: name, token: `${name}-token` },
});

/** A little of the application: rows by collection, and what each account is called. */
interface State {
  posts: { id: string; title: string; by: string }[];
  wallets: { id: string; address: string; label: string | null; by: string }[];
  users: { id: string; email: string }[];
  names: Record<string, string>;
  readonly asked: string[];
  /** What a path answers instead. */
  instead: Readonly<Record<string, readonly [status: number, body: string]>>;
}
let state: State;
let server: Server;
let http: HttpClient & { close(): Promise<void> };
let world: JourneyWorld;

function answer(who: string, method: string, path: string, body: string): [status: number, data: unknown] {
  const id = path.split('/').at(-1) ?? '';
  if (path === '/api/v1/auth/me') return [200, { user: { displayName: state.names[who] } }];
  if (path === '/api/v1/auth/profile') return [200, { user: { displayName: (state.names[who] = (JSON.parse(body) as { displayName: string }).displayName) } }];
  if (path.startsWith('/api/v1/users') && who !== 'admin') return [403, {}];
  const rows = path.includes('/posts') ? state.posts : path.includes('/wallet') ? state.wallets.filter(({ by }) => by === who) : state.users;
  if (method === 'GET') return [200, { rows }];
  const row = rows.find((one) => one.id === id);
  if (row === undefined) return [404, {}];
  if ('title' in row && row.by !== who) return [403, {}];
  for (const all of [state.posts, state.wallets, state.users]) if (all.includes(row as never)) all.splice(all.indexOf(row as never), 1);
  return [200, {}];
}

beforeEach(async () => {
  state = { posts: [], wallets: [], users: [], names: { member: 'Member', admin: 'Admin' }, asked: [], instead: {} };
  server = createServer(async (request, response) => {
    const who = request.headers.authorization?.replace(/^Bearer (\w+)-token$/, '$1') ?? '';
    const { pathname } = new URL(request.url ?? '/', 'http://here');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    state.asked.push(`${who} ${request.method} ${pathname}`);
    const instead = state.instead[pathname];
    if (instead !== undefined) return response.writeHead(instead[0], { 'content-type': 'text/html' }).end(instead[1]);
    const [status, data] = answer(who, request.method ?? 'GET', pathname, body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ success: status < 300, data }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sides = { target: { web, api: `${web}/api` } };
  http = createHttpClient({ sides, accessHeaders: {}, ca: undefined, signal: new AbortController().signal, onRequest: () => undefined });
  world = {
    tag: TAG,
    surface: naapSurface(),
    sides,
    access: { headers: {}, trustedKeys: [] },
    accounts: [accountOf('member', 'member'), accountOf('admin', 'admin')],
    journeys: {},
    quota: { requests: 10, windowSeconds: 60, ledger: '/nowhere' },
  };
});
afterEach(async () => {
  await http.close();
  await new Promise((closed) => server.close(closed));
});

const sweep = (): Promise<readonly string[]> => removeWritten({ world, http }, ofOthers(world));

test('posts, wallets and users of a killed run go, those of this run and of people stay', async () => {
  state.posts = [
    { id: '1', title: 'naap-gate-old-cp0', by: 'member' },
    { id: '2', title: `${TAG}-cp0`, by: 'member' },
    { id: '3', title: 'About naap-gate-old', by: 'member' },
  ];
  state.wallets = [
    { id: '4', address: addressOf('naap-gate-old', 'naap-gate-old-wc0'), label: null, by: 'member' },
    { id: '5', address: addressOf(TAG, `${TAG}-wc0`), label: null, by: 'member' },
    { id: '6', address: `0x${'1'.repeat(40)}`, label: 'naap-gate-old-12', by: 'admin' },
    { id: '7', address: `0x${'2'.repeat(40)}`, label: 'Savings', by: 'member' },
  ];
  state.users = [
    { id: '8', email: 'naap-gate-old-ur0@example.com' },
    { id: '9', email: 'somebody@example.com' },
  ];
  expect(await sweep()).toEqual([]);
  expect([...state.posts, ...state.wallets, ...state.users].map(({ id }) => id)).toEqual(['2', '3', '5', '7', '9']);
});

test('a post of another account is removed by that account', async () => {
  state.posts = [{ id: '1', title: 'naap-gate-old-cp0', by: 'admin' }];
  expect(await sweep()).toEqual([]);
  expect(state.posts).toEqual([]);
});

test('what nobody of this run may remove is said by name', async () => {
  state.posts = [{ id: '1', title: 'naap-gate-old-cp0', by: 'a stranger' }];
  expect(await sweep()).toEqual(['naap-gate-old-cp0: DELETE /api/v1/community/posts/1 as admin answers 403']);
});

test('a name that a killed run left becomes a neutral one, and that of a person stays', async () => {
  state.names = { member: 'naap-gate-old-su0', admin: 'Ada' };
  expect(await sweep()).toEqual([]);
  expect(state.names).toEqual({ member: 'Account member', admin: 'Ada' });
});

test('nobody but who may remove users is asked for them', async () => {
  await sweep();
  expect(state.asked.filter((one) => one.includes('/users'))).toEqual(['admin GET /api/v1/users']);
  expect([mayRemoveUsers(world.surface, 'admin'), mayRemoveUsers(world.surface, 'member')]).toEqual([true, false]);
});

test('a journey that is replaced by a test of the user’s own is not swept', async () => {
  world = { ...world, surface: naapSurface({ web: { journeys: { 'community-post': { spec: 'post.spec.ts' } } } }) };
  state.posts = [{ id: '1', title: 'naap-gate-old-cp0', by: 'member' }];
  expect(await sweep()).toEqual([]);
  expect(state.posts).toHaveLength(1);
});

test('an address is one of Ethereum, and says by itself which run it is of', () => {
  const address = addressOf(TAG, `${TAG}-wc0`);
  expect(address).toMatch(/^0x[0-9a-f]{40}$/);
  expect([ofRun({ tag: TAG })(address), ofRun({ tag: 'naap-gate-other' })(address), ofOthers({ tag: 'naap-gate-other' })(address)]).toEqual([
    true,
    false,
    true,
  ]);
});

test('an address of mail is never longer than mail allows, and always known again', () => {
  expect(emailOf(`${TAG}-ur00`)).toBe(`${TAG}-ur00@example.com`);
  const [local = ''] = emailOf(`naap-gate-${'x'.repeat(80)}`).split('@');
  expect([local.length <= 64, ofOthers({ tag: TAG })(local)]).toEqual([true, true]);
});

test.each([
  ['is refused', 403, '{"success":false}', 'answers 403'],
  ['is broken', 500, '<h1>Oops</h1>', 'answers 500, and no JSON'],
  ['is a page', 200, '<h1>Welcome</h1>', 'answers 200, and no JSON'],
] as const)('where a list %s nobody can tell what is left, and that is said', async (_what, status, body, words) => {
  state.instead = { '/api/v1/users': [status, body] };
  expect(await sweep()).toEqual([`whether anything is left at GET /api/v1/users is not known: as admin it ${words}`]);
});

test('a name that is not shown may still be that of a killed run', async () => {
  state.names = { member: 'naap-gate-old-su0', admin: 'Ada' };
  state.instead = { '/api/v1/auth/me': [503, ''] };
  expect(await sweep()).toEqual(
    ['member', 'admin'].map((name) => `whether ${name} has its own name is not known: GET /api/v1/auth/me answers 503, and no JSON`),
  );
});

test('a registered user whom nobody may remove is named', () => {
  expect(irremovable(world, 'x@example.com')).toEqual([]);
  expect(irremovable({ ...world, accounts: [accountOf('member', 'member')] }, 'x@example.com')).toEqual([
    'whether the user x@example.com is left is not known: no account of this run may remove users',
  ]);
});
