import { expect, test } from 'vitest';
import type { HttpResponse } from '../../gates/model.ts';
import { findForeignFlaw, findOwnFlaw, findPreflightFlaw, findVaryFlaw, listForeignOrigins } from './cross-origin.ts';

const EVIL = 'https://naap-gate.evil.example';
const OWN = 'https://naap.dev';

function answer(headers: Record<string, string>, status = 200): HttpResponse {
  return { status, headers, text: '', json: undefined, durationMs: 1 };
}
const allow = (origin: string, credentials?: string, more: Record<string, string> = {}): HttpResponse =>
  answer({ 'access-control-allow-origin': origin, ...(credentials === undefined ? {} : { 'access-control-allow-credentials': credentials }), ...more });

test('the four strangers are nobody, one that begins and one that ends like us, and null', () => {
  expect(listForeignOrigins('https://naap.dev:8443')).toEqual([
    { id: 'evil', origin: 'https://naap-gate.evil.example' },
    { id: 'host.evil', origin: 'https://naap.dev.evil.example' },
    { id: 'evilhost', origin: 'https://evilnaap.dev:8443' },
    { id: 'null', origin: 'null' },
  ]);
});

test.each([
  ['no CORS header at all', answer({}), EVIL, undefined],
  ['our own origin, whoever asks', allow(OWN, 'true'), EVIL, undefined],
  ['everybody without credentials', allow('*'), EVIL, undefined],
  ['a reflected origin without credentials', allow(EVIL), EVIL, undefined],
  ['credentials that are "True", which browsers take for no', allow(EVIL, 'True'), EVIL, undefined],
  ['a reflected origin with credentials', allow(EVIL, 'true'), EVIL, expect.stringContaining('reflected with credentials')],
  ['everybody with credentials', allow('*', 'true'), EVIL, expect.stringContaining('`*` is allowed with credentials')],
  ['null with credentials', allow('null', 'true'), 'null', expect.stringContaining('`null` is allowed')],
  ['null without credentials', allow('null'), 'null', expect.stringContaining('`null` is allowed')],
])('to a stranger: %s', (_, response, origin, flaw) => {
  expect(findForeignFlaw(response, origin)).toEqual(flaw);
});

test.each([
  [allow(OWN, 'true'), undefined],
  [allow(OWN), expect.stringContaining('may not send credentials')],
  [allow('*'), expect.stringContaining('not allowed: `Access-Control-Allow-Origin` is *')],
  [answer({}), expect.stringContaining('is absent')],
])('our own on another host must be let in by name and with credentials', (response, flaw) => {
  expect(findOwnFlaw(response, OWN)).toEqual(flaw);
});

const LEAVE = { 'access-control-allow-methods': 'GET, PATCH', 'access-control-allow-headers': 'Authorization, Content-Type' };
test.each([
  ['all that was asked for', answer(LEAVE, 204), { method: 'PATCH', headers: ['authorization'] }, undefined],
  ['a method that needs no leave', answer({ 'access-control-allow-headers': 'authorization' }), { method: 'GET', headers: ['authorization'] }, undefined],
  ['another method', answer(LEAVE), { method: 'DELETE', headers: [] }, 'the preflight does not allow DELETE'],
  ['another header', answer(LEAVE), { method: 'GET', headers: ['x-csrf-token'] }, 'the preflight does not allow the header x-csrf-token'],
  ['a redirect', answer(LEAVE, 307), { method: 'GET', headers: [] }, 'the preflight is answered 307, which browsers take as a refusal'],
])('a preflight that grants %s', (_, response, asked, flaw) => {
  expect(findPreflightFlaw(response, asked)).toBe(flaw);
});

test('answers that differ by origin must say so, all of them; answers that do not need not', () => {
  const vary = { vary: 'Accept-Encoding, Origin' };
  expect(findVaryFlaw([answer({}), answer({})])).toBeUndefined();
  expect(findVaryFlaw([allow('*'), allow('*')])).toBeUndefined();
  expect(findVaryFlaw([answer(vary), allow(OWN, 'true', vary)])).toBeUndefined();
  expect(findVaryFlaw([answer({}), allow(OWN, 'true', vary)])).toContain('does not say `Vary: Origin`');
});
