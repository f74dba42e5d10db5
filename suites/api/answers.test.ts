import { expect, test } from 'vitest';
import type { Endpoint, FieldType, HttpResponse } from '../../gates/model.ts';
import { findAnswerFlaw, findRefusalFlaw, hasType } from './answers.ts';

const OWN = 'https://naap.test';

function answer(status: number, json?: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, json, text: JSON.stringify(json) ?? '', durationMs: 1 };
}
function endpoint(expected: Partial<Endpoint['expect']>): Endpoint {
  return { id: 'x.y', method: 'GET', path: '/api/v1/x', access: 'public', effect: 'read', expect: { status: [200], ...expected } };
}

test.each<[FieldType, unknown[], unknown[]]>([
  ['string', ['', 'x'], [1, null, undefined]],
  ['number', [0, 1.5], ['1', null]],
  ['boolean', [true, false], ['true', 0]],
  ['array', [[], [1]], [{}, null, 'x']],
  ['object', [{}], [[], null, 'x']],
  ['timestamp', ['2026-08-01T12:00:00.000Z', '2026-08-01T12:00:00'], ['2026', '2026-13-01T00:00:00Z', 'soon', 1, null]],
  ['any', [null, 0, ''], [undefined]],
])('%s takes %j and nothing like %j', (type, good, bad) => {
  for (const value of good) expect(hasType(value, type), `${JSON.stringify(value)}`).toBe(true);
  for (const value of bad) expect(hasType(value, type), `${JSON.stringify(value)}`).toBe(false);
});

test('an answer as specified has no flaw', () => {
  expect(findAnswerFlaw(endpoint({ fields: { 'user.id': 'string' } }), answer(200, { success: true, data: { user: { id: 'a' } } }), OWN)).toBeUndefined();
  expect(findAnswerFlaw(endpoint({ envelope: false, fields: { status: 'string' } }), answer(200, { status: 'ok' }), OWN)).toBeUndefined();
  expect(findAnswerFlaw(endpoint({ status: [200, 204] }), answer(204), OWN)).toBeUndefined();
});

test.each([
  [{}, answer(404, { success: false, error: { code: 'NOT_FOUND' } }), 'expected 200, got 404 NOT_FOUND (no such route?)'],
  [{}, answer(501), 'expected 200, got 501 (not implemented: a proxy that points nowhere answers so)'],
  [{}, answer(429), 'expected 200, got 429 (rate limited: if this route has a limit, say `authQuota` in the surface)'],
  [{}, answer(200, { data: {} }), '200, but the body has no `success: true`'],
  [{}, answer(200), '200, but the body has no `success: true`'],
  [
    { fields: { 'user.id': 'string', total: 'number' } as const },
    answer(200, { success: true, data: { user: { id: 7 }, total: null } }),
    '200, but `user.id` is number, expected string; `total` is null, expected number',
  ],
])('%j answered by %j is told in words', (expected, response, flaw) => {
  expect(findAnswerFlaw(endpoint(expected), response, OWN)).toBe(flaw);
});

test('a redirect is held against its prefix, as a path or with the own origin before it, and its query is not told', () => {
  const login = endpoint({ status: [302], envelope: false, location: '/login?error=' });
  expect(findAnswerFlaw(login, answer(302, undefined, { location: '/login?error=state' }), OWN)).toBeUndefined();
  expect(findAnswerFlaw(login, answer(302, undefined, { location: `${OWN}/login?error=state` }), OWN)).toBeUndefined();
  expect(findAnswerFlaw(login, answer(302, undefined, { location: 'https://evil.test/login?error=1' }), OWN)).toBe(
    'expected a redirect to /login?error=…, got https://evil.test/login',
  );
  expect(findAnswerFlaw(login, answer(302), OWN)).toBe('expected a redirect to /login?error=…, got no Location');
});

test('a refusal needs the status and the error envelope', () => {
  const body = { success: false, error: { code: 'UNAUTHORIZED', message: 'Log in first.' } };
  expect(findRefusalFlaw(answer(401, body), [401])).toBeUndefined();
  expect(findRefusalFlaw(answer(200, { success: true }), [401])).toBe('expected 401, got 200');
  expect(findRefusalFlaw(answer(401), [401])).toBe('401, but the body is no JSON');
  expect(findRefusalFlaw(answer(401, { error: 'Unauthorized' }), [401])).toBe('401, but the body has no `success: false`');
  expect(findRefusalFlaw(answer(401, { success: false, error: { code: 'X' } }), [401])).toBe('401, but `error.message` is absent, expected string');
});
