import { expect, test } from 'vitest';
import { lastingAccount } from './lasting-account.ts';

const accounts = (names: readonly string[], disposable: readonly string[]) => ({ names, isDisposable: (name: string) => disposable.includes(name) });

test('an account whose session another check may have ended is the last choice', () => {
  expect(lastingAccount(accounts(['spare', 'ann', 'ben'], ['spare']))).toBe('ann');
  expect(lastingAccount(accounts(['spare', 'ann', 'ben'], ['spare']), ['spare', 'ben'])).toBe('ben');
  expect(lastingAccount(accounts(['spare'], ['spare']))).toBe('spare');
  expect(lastingAccount(accounts([], []))).toBeUndefined();
});
