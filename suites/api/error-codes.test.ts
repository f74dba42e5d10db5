import { expect, test } from 'vitest';
import type { HttpResponse } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { findCodeFlaw } from './error-codes.ts';

const surface = naapSurface({
  errors: [
    { code: 'NOT_FOUND', status: 404 },
    { code: 'BAD', status: 400 },
  ],
});
const refusal = (status: number, code?: string): HttpResponse => ({ status, json: { success: false, error: { code } }, text: '', headers: {}, durationMs: 1 });

test.each([
  [refusal(404, 'NOT_FOUND'), undefined],
  [refusal(404, 'E_1'), '404 E_1: the code is not documented (known for 404: NOT_FOUND)'],
  [refusal(400, 'NOT_FOUND'), 'NOT_FOUND comes with 400, documented with 404'],
  [refusal(418, 'TEAPOT'), '418 TEAPOT: the code is not documented (known for 418: none)'],
  [refusal(404), '404 without a code'],
])('%j', (response, flaw) => {
  expect(findCodeFlaw(surface, response)).toBe(flaw);
});

test('where nothing is documented, every code is undocumented', () => {
  expect(findCodeFlaw(naapSurface({ errors: null }), refusal(404, 'NOT_FOUND'))).toContain('not documented');
});
