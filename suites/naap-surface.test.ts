import { expect, test } from 'vitest';
import { GateError, Surface } from '../gates/model.ts';
import { naapSurface } from './naap-surface.ts';

function findEndpoint(surface: Surface, id: string): Surface['endpoints'][number] | undefined {
  return surface.endpoints.find((endpoint) => endpoint.id === id);
}

test('the default surface is valid and its endpoints have ids, and method with path, of their own', () => {
  const { endpoints } = Surface.parse(naapSurface());
  expect(endpoints.length).toBeGreaterThanOrEqual(45);
  expect(new Set(endpoints.map(({ id }) => id)).size).toBe(endpoints.length);
  expect(new Set(endpoints.map(({ method, path }) => `${method} ${path}`)).size).toBe(endpoints.length);
});

test('every area of plan §3.1 is on the surface', () => {
  const areas = new Set(naapSurface().endpoints.map(({ path }) => path.replace('/api/v1/', '').split('/')[0]));
  for (const area of [
    'auth',
    'users',
    'base',
    'registry',
    'wallet',
    'dashboard',
    'community',
    'marketplace',
    'gateway',
    'orchestrator',
    'capacity',
    'analytics',
    'daydream',
    'developer',
    'storage',
    'realtime',
  ]) {
    expect(areas).toContain(area);
  }
});

test('only reading GET endpoints outside the auth quota are under load', () => {
  const loaded = naapSurface().endpoints.filter(({ loadWeight }) => loadWeight !== undefined);
  expect(loaded.map(({ id }) => id)).toMatchInlineSnapshot(`
    [
      "base.plugins-personalized",
      "registry.packages",
      "dashboard.kpi",
      "dashboard.fees",
      "wallet.connections",
      "community.posts",
    ]
  `);
  for (const { method, effect, authQuota } of loaded) expect({ method, effect, authQuota }).toEqual({ method: 'GET', effect: 'read', authQuota: undefined });
});

test('whatever a default endpoint writes can be found by its tag, and removed', () => {
  for (const endpoint of naapSurface().endpoints.filter(({ effect, method }) => effect === 'write' && method === 'POST')) {
    expect(JSON.stringify(endpoint.body), endpoint.id).toContain('{tag}');
    if (endpoint.id !== 'community.create-comment') expect(endpoint.undo, endpoint.id).toBeDefined();
  }
});

test('an override changes one field deep in one endpoint and leaves the rest as it was', () => {
  const surface = naapSurface({
    endpoints: { 'auth.login': { path: '/api/auth/login', expect: { fields: { token: null } } } },
    auth: { login: '/api/auth/login' },
  });
  expect(findEndpoint(surface, 'auth.login')).toEqual({
    ...findEndpoint(naapSurface(), 'auth.login'),
    path: '/api/auth/login',
    expect: { status: [200], fields: { 'user.id': 'string', 'user.email': 'string', expiresAt: 'timestamp' } },
  });
  expect(surface.auth.cookie).toBe('naap_auth_token');
});

test('a body is replaced whole, so nothing of the default body lingers', () => {
  const surface = naapSurface({ endpoints: { 'wallet.create-connection': { body: { account: '{address}' } } } });
  expect(findEndpoint(surface, 'wallet.create-connection')?.body).toEqual({ account: '{address}' });
});

test('null removes an endpoint, a page and an optional field', () => {
  const surface = naapSurface({ endpoints: { 'analytics.usage': null }, pages: { forum: null }, health: { poolSize: null } });
  expect(findEndpoint(surface, 'analytics.usage')).toBeUndefined();
  expect(surface.pages.map(({ id }) => id)).not.toContain('forum');
  expect(surface.health.poolSize).toBeUndefined();
});

test('a new id adds an endpoint', () => {
  const surface = naapSurface({
    endpoints: { 'gpu.list': { method: 'GET', path: '/api/v1/gpu', access: 'public', effect: 'read', expect: { status: [200] } } },
  });
  expect(findEndpoint(surface, 'gpu.list')).toEqual({
    id: 'gpu.list',
    method: 'GET',
    path: '/api/v1/gpu',
    access: 'public',
    effect: 'read',
    expect: { status: [200] },
  });
});

function catchError(run: () => unknown): GateError {
  try {
    run();
  } catch (error) {
    if (error instanceof GateError) return error;
  }
  throw new Error('no GateError');
}

test('all mistakes of the names are told at once, each with its path', () => {
  const error = catchError(() =>
    naapSurface({
      endpoints: {
        'community.create-post': null,
        'users.list': { access: ['owner'] },
        'base.plugin': { params: null },
        'auth.csrf': { loadWeight: 1 },
        'storage.upload': { loadWeight: 1 },
        'auth.profile': { readBack: null },
      },
    }),
  );
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message).toMatchInlineSnapshot(`
    "The surface has 11 mistakes:
      surface.endpoints.auth.profile.readBack: needed to restore the former value.
      surface.endpoints.users.list.access: no role "owner". Known: admin, member.
      surface.endpoints.base.plugin.params: no value for {name} of /api/v1/base/plugins/{name}.
      surface.endpoints.community.post.params: no endpoint "community.create-post".
      surface.endpoints.community.update-post.params: no endpoint "community.create-post".
      surface.endpoints.community.create-comment.params: no endpoint "community.create-post".
      surface.endpoints.community.comments.params: no endpoint "community.create-post".
      surface.endpoints.community.delete-post.params: no endpoint "community.create-post".
      surface.endpoints.storage.upload.loadWeight: only a GET that reads, of a path known beforehand, may be under load.
      surface.ownership.community.post-update.create: no endpoint "community.create-post".
      surface.ownership.community.post-delete.create: no endpoint "community.create-post"."
  `);
});

test('an override of the wrong type is refused with its path', () => {
  const error = catchError(() => naapSurface({ endpoints: { extra: { path: 'no-slash', access: 'public', effect: 'read', expect: { status: [] } } } }));
  expect(error.message).toMatchInlineSnapshot(`
    "The surface has 3 mistakes:
      surface.endpoints.extra.method: Invalid option: expected one of "GET"|"HEAD"|"POST"|"PUT"|"PATCH"|"DELETE"|"OPTIONS"
      surface.endpoints.extra.path: Invalid string: must start with "/"
      surface.endpoints.extra.expect.status: Too small: expected array to have >=1 items"
  `);
});

test('a cold start is asked of known reads alone, and by a sign of one kind', () => {
  const marker = { header: 'x-cold-start' };
  expect(naapSurface().coldStart).toBeUndefined();
  expect(naapSurface({ coldStart: { marker, idleMs: 1000, routes: ['auth.me'] } }).coldStart).toEqual({ marker, idleMs: 1000, routes: ['auth.me'] });
  const error = catchError(() => naapSurface({ coldStart: { marker, idleMs: 1000, routes: ['auth.mee', 'storage.upload', 'storage.file'] } }));
  expect(error.message).toMatchInlineSnapshot(`
    "The surface has 3 mistakes:
      surface.coldStart.routes: no endpoint "auth.mee".
      surface.coldStart.routes: "storage.upload" is no GET that reads a path known beforehand.
      surface.coldStart.routes: "storage.file" is no GET that reads a path known beforehand."
  `);
  expect(() => naapSurface({ coldStart: { marker: {} as typeof marker, idleMs: 1000, routes: ['auth.me'] } })).toThrowError(/coldStart\.marker/);
});

test('a login or logout that is declared absent is absent from the endpoints too, unless they speak of it', () => {
  const surface = naapSurface({ auth: { login: null, logout: null } });
  expect(surface.auth).toMatchObject({ me: '/api/v1/auth/me' });
  expect([surface.auth.login, surface.auth.logout]).toEqual([undefined, undefined]);
  const ids = surface.endpoints.map(({ id }) => id);
  expect(ids.filter((id) => /log(in|out)$/.test(id))).toEqual([]);
  const kept = naapSurface({ auth: { logout: null }, endpoints: { 'auth.logout': { path: '/api/v1/auth/end' } } });
  expect(kept.endpoints.find(({ id }) => id === 'auth.logout')?.path).toBe('/api/v1/auth/end');
});

test.each([
  ['a list of pages', { pages: [{ id: 'home', path: '/start' }] }, /surface\.pages: rows by id/u],
  ['no table at all', { endpoints: 'all' }, /surface\.endpoints: rows by id/u],
  ['no journeys at all', { web: { journeys: null } }, /surface\.web\.journeys/u],
  ['a name that is none', { page: { home: { path: '/start' } } }, /surface\.page: no such part\. Known: .*pages/u],
])('%s, as JSON may have it, is refused and not taken for something else', (_name, over, words) => {
  expect(() => naapSurface(over as never)).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(words) }));
});
