// What NaaP shows a client, as the default surface profile: configs call naapSurface(), checks and the twin read its answer.
// Longer than most files because it is one table. Paths follow the running application; where that is silent, plan §3.1.
//
// Conventions of the table, for whoever serves it or speaks it:
// - `{tag}` in a body is the run's tag with a serial (`naap-gate-<run>-<serial>`: lower case, digits, hyphens); `{address}` an
//   Ethereum address made from it; `{email}` and `{password}` the credentials of an account. Nothing else is substituted.
// - A param `@community.create-post` is the id (the `undo.idField`) of an object that `community.create-post` made;
//   `@self` is the asking account's own user id. Who may not ask is refused before the object is looked up.
// - `undo` with PATCH or PUT restores: the last segment of `idField` is the key whose former value is written back.
// - A list of roles means: those roles 200, every other role 403, nobody logged in 401. Errors have the envelope
//   `{success: false, error: {code, message}, meta}`; 204 has no body.
// - A `csrf` endpoint answers 403 without the double-submit token: the header `x-csrf-token` with the token that
//   `auth.csrf` gave, and the cookies that it set.
// - `authQuota`: "10 requests a minute and IP on the auth routes" is read as the routes that take credentials, register and
//   login; the others carry a session, which a stranger cannot flood. Where an environment limits more, set the flag there.
//   Where its window is no minute, `auth.quotaWindowSeconds` says how long it is.
import type { Endpoint, Surface } from '../gates/model.ts';
import { NAAP_ERRORS } from './naap-errors.ts';
import { NAAP_PAGES, NAAP_WEB } from './naap-web.ts';
import { overrideSurface } from './surface-overrides.ts';
import type { SurfaceOverrides } from './surface-overrides.ts';

type Access = Endpoint['access'];
type Fields = NonNullable<Endpoint['expect']['fields']>;

const API = '/api/v1';
const ADMIN: Access = ['admin'];

function read(id: string, path: string, access: Access, fields: Fields, more: Partial<Endpoint> = {}): Endpoint {
  return { id, method: 'GET', path, access, effect: 'read', expect: { status: [200], fields }, ...more };
}

interface Creation {
  readonly body: Record<string, unknown>;
  readonly invalidBody: Record<string, unknown>;
  /** Where the new object's id stands in `data`. */
  readonly idField: string;
  readonly fields: Fields;
  readonly undo: string;
  readonly readBack: string;
}
function create(id: string, path: string, access: Access, made: Creation, more: Partial<Endpoint> = {}): Endpoint {
  const { body, invalidBody, idField, fields } = made;
  return {
    id,
    method: 'POST',
    path,
    access,
    effect: 'write',
    body,
    invalidBody,
    expect: { status: [200, 201], fields },
    undo: { method: 'DELETE', path: made.undo, idField },
    readBack: { path: made.readBack, idField },
    ...more,
  };
}

function update(id: string, path: string, access: Access, more: Partial<Endpoint> & Pick<Endpoint, 'expect'>): Endpoint {
  return { id, method: 'PATCH', path, access, effect: 'write', ...more };
}

function remove(id: string, path: string, access: Access, params: Record<string, string>, more: Partial<Endpoint> = {}): Endpoint {
  return { id, method: 'DELETE', path, params, access, effect: 'write', expect: { status: [200, 204] }, ...more };
}

function oauth(provider: string, authorizeUrl: string): Endpoint[] {
  const path = `${API}/auth/oauth/${provider}`;
  return [
    {
      id: `auth.oauth-${provider}`,
      method: 'GET',
      path,
      access: 'public',
      effect: 'read',
      expect: { status: [302, 307], envelope: false, location: authorizeUrl },
    },
    // Without code and state nobody is logged in: back to the login page, with the reason.
    {
      id: `auth.oauth-${provider}-callback`,
      method: 'GET',
      path: `${path}/callback`,
      access: 'public',
      effect: 'read',
      expect: { status: [302, 307], envelope: false, location: '/login?error=' },
    },
  ];
}

const USER: Fields = { 'user.id': 'string', 'user.email': 'string' };

const AUTH: Endpoint[] = [
  create(
    'auth.register',
    `${API}/auth/register`,
    'public',
    {
      body: { email: '{tag}@example.com', password: 'Aa1!-{tag}', displayName: '{tag}' },
      invalidBody: { email: 'not-an-address', password: 'x' },
      idField: 'user.id',
      fields: USER,
      undo: `${API}/users/{id}`,
      readBack: `${API}/users/{id}`,
    },
    { authQuota: true },
  ),
  {
    id: 'auth.login',
    method: 'POST',
    path: `${API}/auth/login`,
    access: 'public',
    effect: 'read',
    authQuota: true,
    body: { email: '{email}', password: '{password}' },
    invalidBody: { email: 'not-an-address' },
    expect: { status: [200], fields: { ...USER, token: 'string', expiresAt: 'timestamp' } },
  },
  { id: 'auth.logout', method: 'POST', path: `${API}/auth/logout`, access: 'authenticated', effect: 'read', expect: { status: [200] } },
  read('auth.me', `${API}/auth/me`, 'authenticated', { ...USER, 'user.displayName': 'string', 'user.role': 'string' }),
  read('auth.session', `${API}/auth/session`, 'authenticated', { 'user.id': 'string', expiresAt: 'timestamp' }),
  read('auth.csrf', `${API}/auth/csrf`, 'public', { token: 'string' }),
  update('auth.profile', `${API}/auth/profile`, 'authenticated', {
    body: { displayName: '{tag}' },
    invalidBody: { displayName: 42 },
    expect: { status: [200], fields: { 'user.displayName': 'string' } },
    undo: { method: 'PATCH', path: `${API}/auth/profile`, idField: 'user.displayName' },
    readBack: { path: `${API}/auth/me`, idField: 'user.displayName' },
  }),
  ...oauth('github', 'https://github.com/login/oauth/authorize'),
  ...oauth('google', 'https://accounts.google.com/o/oauth2/'),
];

const USERS: Endpoint[] = [
  read('users.list', `${API}/users`, ADMIN, { users: 'array', total: 'number' }),
  read('users.me', `${API}/users/me`, 'authenticated', USER),
  read('users.get', `${API}/users/{id}`, ADMIN, USER, { params: { id: '@self' } }),
  update('users.update', `${API}/users/{id}`, ADMIN, {
    params: { id: '@auth.register' },
    body: { displayName: '{tag}' },
    invalidBody: { displayName: 42 },
    expect: { status: [200], fields: { 'user.id': 'string', 'user.displayName': 'string' } },
  }),
  remove('users.delete', `${API}/users/{id}`, ADMIN, { id: '@auth.register' }),
];

const PLUGINS: Endpoint[] = [
  read('base.plugins', `${API}/base/plugins`, 'authenticated', { plugins: 'array' }),
  read('base.plugins-personalized', `${API}/base/plugins/personalized`, 'authenticated', { plugins: 'array' }, { loadWeight: 3 }),
  read('base.plugin', `${API}/base/plugins/{name}`, 'authenticated', { 'plugin.name': 'string', 'plugin.version': 'string' }, { params: { name: 'wallet' } }),
  read(
    'base.plugin-manifest',
    `${API}/base/plugins/{name}/manifest`,
    'authenticated',
    { name: 'string', version: 'string', bundleUrl: 'string' },
    { params: { name: 'wallet' } },
  ),
  read('registry.packages', `${API}/registry/packages`, 'public', { packages: 'array', total: 'number' }, { loadWeight: 2 }),
  read(
    'registry.package',
    `${API}/registry/packages/{name}`,
    'public',
    { 'package.name': 'string', 'package.version': 'string' },
    { params: { name: 'wallet' } },
  ),
  create('registry.publish', `${API}/registry/packages`, ADMIN, {
    body: { name: '{tag}', version: '1.0.0', description: 'Written by {tag}.' },
    invalidBody: { version: '1.0.0' },
    idField: 'package.name',
    fields: { 'package.name': 'string', 'package.version': 'string' },
    undo: `${API}/registry/packages/{name}`,
    readBack: `${API}/registry/packages/{name}`,
  }),
  remove('registry.unpublish', `${API}/registry/packages/{name}`, ADMIN, { name: '@registry.publish' }),
];

const DASHBOARD: Endpoint[] = [
  read('dashboard.kpi', `${API}/dashboard/kpi`, 'authenticated', { successRate: 'number', orchestrators: 'number' }, { loadWeight: 4 }),
  read('dashboard.fees', `${API}/dashboard/fees`, 'authenticated', { totalEth: 'string', days: 'array' }, { loadWeight: 2 }),
  read('dashboard.protocol', `${API}/dashboard/protocol`, 'authenticated', { currentRound: 'number' }),
  read('dashboard.pipelines', `${API}/dashboard/pipelines`, 'authenticated', { pipelines: 'array' }),
  read('dashboard.gpu-capacity', `${API}/dashboard/gpu-capacity`, 'authenticated', { totalGpus: 'number' }),
];

const WALLET: Endpoint[] = [
  read('wallet.connections', `${API}/wallet/connections`, 'authenticated', { connections: 'array' }, { loadWeight: 2 }),
  create('wallet.create-connection', `${API}/wallet/connections`, 'authenticated', {
    body: { address: '{address}', chainId: 42161, label: '{tag}' },
    invalidBody: { address: 'not-an-address', chainId: 42161 },
    idField: 'connection.id',
    fields: { 'connection.id': 'string', 'connection.address': 'string', 'connection.chainId': 'number' },
    undo: `${API}/wallet/connections/{id}`,
    readBack: `${API}/wallet/connections`,
  }),
  read('wallet.connection', `${API}/wallet/connections/{id}`, 'authenticated', { 'connection.id': 'string' }, { params: { id: '@wallet.create-connection' } }),
  remove('wallet.delete-connection', `${API}/wallet/connections/{id}`, 'authenticated', { id: '@wallet.create-connection' }),
  read('wallet.transactions', `${API}/wallet/transactions`, 'authenticated', { transactions: 'array' }),
];

const COMMUNITY: Endpoint[] = [
  read('community.posts', `${API}/community/posts`, 'public', { posts: 'array', total: 'number' }, { loadWeight: 3 }),
  create('community.create-post', `${API}/community/posts`, 'authenticated', {
    body: { title: '{tag}', body: 'Written by {tag}.' },
    invalidBody: { title: '' },
    idField: 'post.id',
    fields: { 'post.id': 'string', 'post.title': 'string', 'post.createdAt': 'timestamp' },
    undo: `${API}/community/posts/{id}`,
    readBack: `${API}/community/posts`,
  }),
  read(
    'community.post',
    `${API}/community/posts/{id}`,
    'public',
    { 'post.id': 'string', 'post.title': 'string' },
    { params: { id: '@community.create-post' } },
  ),
  update('community.update-post', `${API}/community/posts/{id}`, 'authenticated', {
    params: { id: '@community.create-post' },
    body: { title: '{tag}' },
    invalidBody: { title: '' },
    expect: { status: [200], fields: { 'post.id': 'string' } },
  }),
  // Goes with its post, so it has no undo of its own.
  {
    id: 'community.create-comment',
    method: 'POST',
    path: `${API}/community/posts/{id}/comments`,
    params: { id: '@community.create-post' },
    access: 'authenticated',
    effect: 'write',
    body: { body: '{tag}' },
    invalidBody: { body: '' },
    expect: { status: [200, 201], fields: { 'comment.id': 'string' } },
  },
  read('community.comments', `${API}/community/posts/{id}/comments`, 'public', { comments: 'array' }, { params: { id: '@community.create-post' } }),
  remove('community.delete-post', `${API}/community/posts/{id}`, 'authenticated', { id: '@community.create-post' }),
  read('community.tags', `${API}/community/tags`, 'public', { tags: 'array' }),
];

const NETWORK: Endpoint[] = [
  read('marketplace.listings', `${API}/marketplace/listings`, 'public', { listings: 'array' }),
  read('marketplace.categories', `${API}/marketplace/categories`, 'public', { categories: 'array' }),
  read('gateway.gateways', `${API}/gateway/gateways`, 'authenticated', { gateways: 'array' }),
  create('gateway.create-gateway', `${API}/gateway/gateways`, ADMIN, {
    body: { name: '{tag}', url: 'https://gateway.example.com', region: 'eu-west' },
    invalidBody: { name: '{tag}', url: 'not-a-url' },
    idField: 'gateway.id',
    fields: { 'gateway.id': 'string', 'gateway.name': 'string' },
    undo: `${API}/gateway/gateways/{id}`,
    readBack: `${API}/gateway/gateways`,
  }),
  remove('gateway.delete-gateway', `${API}/gateway/gateways/{id}`, ADMIN, { id: '@gateway.create-gateway' }),
  read('orchestrator.orchestrators', `${API}/orchestrator/orchestrators`, 'authenticated', { orchestrators: 'array' }),
  read('orchestrator.stats', `${API}/orchestrator/stats`, 'authenticated', { active: 'number' }),
  read('capacity.requests', `${API}/capacity/requests`, 'authenticated', { requests: 'array' }),
  create('capacity.create-request', `${API}/capacity/requests`, 'authenticated', {
    body: { gpuModel: 'A100', count: 2, reason: '{tag}' },
    invalidBody: { gpuModel: 'A100', count: 0 },
    idField: 'request.id',
    fields: { 'request.id': 'string', 'request.count': 'number' },
    undo: `${API}/capacity/requests/{id}`,
    readBack: `${API}/capacity/requests`,
  }),
  remove('capacity.delete-request', `${API}/capacity/requests/{id}`, 'authenticated', { id: '@capacity.create-request' }),
  read('analytics.usage', `${API}/analytics/usage`, 'authenticated', { series: 'array' }),
  read('analytics.audit', `${API}/analytics/audit`, ADMIN, { events: 'array' }),
  read('daydream.models', `${API}/daydream/models`, 'authenticated', { models: 'array' }),
  read('daydream.sessions', `${API}/daydream/sessions`, 'authenticated', { sessions: 'array' }),
  create('daydream.create-session', `${API}/daydream/sessions`, 'authenticated', {
    body: { model: 'streamdiffusion', prompt: '{tag}' },
    invalidBody: { model: 'streamdiffusion' },
    idField: 'session.id',
    fields: { 'session.id': 'string', 'session.createdAt': 'timestamp' },
    undo: `${API}/daydream/sessions/{id}`,
    readBack: `${API}/daydream/sessions`,
  }),
  remove('daydream.delete-session', `${API}/daydream/sessions/{id}`, 'authenticated', { id: '@daydream.create-session' }),
];

const PLATFORM: Endpoint[] = [
  read('developer.keys', `${API}/developer/keys`, 'authenticated', { keys: 'array' }),
  create(
    'developer.create-key',
    `${API}/developer/keys`,
    'authenticated',
    {
      body: { name: '{tag}' },
      invalidBody: { name: '' },
      idField: 'key.id',
      fields: { 'key.id': 'string', 'key.name': 'string', secret: 'string' },
      undo: `${API}/developer/keys/{id}`,
      readBack: `${API}/developer/keys`,
    },
    { csrf: true },
  ),
  remove('developer.delete-key', `${API}/developer/keys/{id}`, 'authenticated', { id: '@developer.create-key' }, { csrf: true }),
  read('storage.list', `${API}/storage/list`, 'authenticated', { files: 'array' }),
  create('storage.upload', `${API}/storage/upload`, 'authenticated', {
    // base64 of "naap-gate\n"
    body: { name: '{tag}.txt', contentType: 'text/plain', content: 'bmFhcC1nYXRlCg==' },
    invalidBody: { contentType: 'text/plain' },
    idField: 'file.id',
    fields: { 'file.id': 'string', 'file.name': 'string', 'file.size': 'number' },
    undo: `${API}/storage/delete?id={id}`,
    readBack: `${API}/storage/list`,
  }),
  read('storage.file', `${API}/storage/files/{id}`, 'authenticated', { 'file.id': 'string', 'file.name': 'string' }, { params: { id: '@storage.upload' } }),
  remove('storage.delete', `${API}/storage/delete?id={id}`, 'authenticated', { id: '@storage.upload' }),
  {
    id: 'realtime.token',
    method: 'POST',
    path: `${API}/realtime/token`,
    access: 'authenticated',
    effect: 'read',
    expect: { status: [200], fields: { keyName: 'string', nonce: 'string', mac: 'string', capability: 'string', timestamp: 'number' } },
  },
  read(
    'health',
    '/api/health',
    'public',
    {},
    {
      expect: {
        status: [200],
        envelope: false,
        fields: { status: 'string', timestamp: 'timestamp', 'database.connected': 'boolean', 'database.latencyMs': 'number' },
      },
    },
  ),
  read(
    'health.services',
    '/api/health/services',
    'public',
    {},
    { expect: { status: [200, 207], envelope: false, fields: { status: 'string', services: 'any' } } },
  ),
];

/** Statuses that keep a stranger's object from the one who asks: forbidden, or as if it were not there. */
const HIDDEN = [403, 404];

const OWNERSHIP: Surface['ownership'] = [
  {
    id: 'wallet.connection-read',
    create: 'wallet.create-connection',
    method: 'GET',
    path: `${API}/wallet/connections/{id}`,
    idField: 'connection.id',
    refused: HIDDEN,
  },
  {
    id: 'wallet.connection-delete',
    create: 'wallet.create-connection',
    method: 'DELETE',
    path: `${API}/wallet/connections/{id}`,
    idField: 'connection.id',
    refused: HIDDEN,
  },
  // A post can be read by everyone, so hiding it would be no answer: only 403.
  { id: 'community.post-update', create: 'community.create-post', method: 'PATCH', path: `${API}/community/posts/{id}`, idField: 'post.id', refused: [403] },
  { id: 'community.post-delete', create: 'community.create-post', method: 'DELETE', path: `${API}/community/posts/{id}`, idField: 'post.id', refused: [403] },
  {
    id: 'capacity.request-delete',
    create: 'capacity.create-request',
    method: 'DELETE',
    path: `${API}/capacity/requests/{id}`,
    idField: 'request.id',
    refused: HIDDEN,
  },
  { id: 'developer.key-delete', create: 'developer.create-key', method: 'DELETE', path: `${API}/developer/keys/{id}`, idField: 'key.id', refused: HIDDEN },
  { id: 'storage.file-read', create: 'storage.upload', method: 'GET', path: `${API}/storage/files/{id}`, idField: 'file.id', refused: HIDDEN },
  { id: 'storage.file-delete', create: 'storage.upload', method: 'DELETE', path: `${API}/storage/delete?id={id}`, idField: 'file.id', refused: HIDDEN },
];

const DEFAULTS: Surface = {
  roles: ['admin', 'member'],
  auth: {
    login: `${API}/auth/login`,
    logout: `${API}/auth/logout`,
    me: `${API}/auth/me`,
    csrf: `${API}/auth/csrf`,
    cookie: 'naap_auth_token',
    sessionSeconds: 7 * 24 * 3600,
    quotaPerMinute: 10,
  },
  health: {
    path: '/api/health',
    commit: '/version/commit',
    deploymentId: '/version/deploymentId',
    schemaVersion: '/database/schemaVersion',
    poolWaiting: '/database/pool/waiting',
    poolInUse: '/database/pool/inUse',
    poolSize: '/database/pool/size',
  },
  endpoints: [...AUTH, ...USERS, ...PLUGINS, ...DASHBOARD, ...WALLET, ...COMMUNITY, ...NETWORK, ...PLATFORM],
  pages: NAAP_PAGES,
  web: NAAP_WEB,
  ownership: OWNERSHIP,
  errors: NAAP_ERRORS,
  openapi: { path: '/api/openapi.json' },
  // 1 MiB: what a body parser of Next.js takes unless told otherwise.
  maxBodyBytes: 1024 * 1024,
};

/**
 * The default surface with an environment's differences: endpoints, pages and ownership rows by id, fields deep, `null` removes.
 * Throws GateError CONFIG_INVALID, which lists every mistake with its path.
 */
export function naapSurface(overrides: SurfaceOverrides = {}): Surface {
  return overrideSurface(DEFAULTS, overrides);
}
