import { expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';

const ok = new Set([200, 404]);

test.each([
  [{ status: '200' }, undefined, undefined],
  [{ status: '404', error_code: '1404' }, undefined, undefined],
  [{ status: '503', error_code: '1503' }, undefined, 'status 503'],
  [{ status: '503', error_code: '1503' }, 'POOL_EXHAUSTED', 'status 503 POOL_EXHAUSTED'],
  [{ status: '0', error_code: '1050' }, undefined, 'timeout'],
  [{ status: '0', error_code: '1211' }, undefined, 'timeout'],
  [{ status: '0', error_code: '1212' }, undefined, 'connection refused'],
  [{ status: '0', error_code: '1220' }, undefined, 'connection lost'],
  [{ status: '0', error_code: '1310' }, undefined, 'certificate of an unknown authority'],
  [{ status: '0', error_code: '1000' }, undefined, 'transport k6 error 1000'],
  [{}, undefined, 'transport k6 error 0'],
] as const)('%j with the code %s: %s', (tags, refusal, outcome) => {
  expect(outcomeOf(tags as Readonly<Record<string, string>>, ok, refusal)).toBe(outcome);
});

test('headers with a good status and a body that never ends are no answer', () => {
  expect(outcomeOf({ status: '200', error_code: '1050' }, ok, undefined)).toBe('timeout');
});
