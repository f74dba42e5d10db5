import { expect, test } from 'vitest';
import { JOURNEY_IDS } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { coverageOf } from './coverage.ts';

type Source = Parameters<typeof coverageOf>[0];

/** Accounts by name: with a password, with a session of their own, or with one that others use. */
function source(accounts: Readonly<Record<string, 'password' | 'disposable' | 'shared'>>, more: Partial<Source> = {}): Source {
  const names = Object.keys(accounts);
  return {
    surface: naapSurface(),
    accounts: {
      names,
      hasPassword: (name: string) => accounts[name] === 'password',
      isDisposable: (name: string) => accounts[name] === 'disposable',
    },
    ...more,
  };
}
const OAUTH_ONLY = naapSurface({ auth: { login: null } });
const notRun = (covered: ReturnType<typeof coverageOf>): readonly string[] =>
  Object.entries(covered).flatMap(([id, kind]) => (typeof kind === 'object' && 'notRun' in kind ? [id] : []));

test('with accounts that log in, all ten are run', () => {
  expect(coverageOf(source({ member: 'password' }))).toEqual(Object.fromEntries(JOURNEY_IDS.map((id) => [id, 'ours'])));
});

test('without accounts the registration alone is run, and the others say what they need', () => {
  const covered = coverageOf(source({}));
  expect(notRun(covered)).toEqual(JOURNEY_IDS.filter((id) => id !== 'user-registration'));
  expect(covered['dashboard-view']).toEqual({ notRun: 'It needs somebody who can log in: give the environment accounts (auth.accounts).' });
});

test('a session that others use is not logged out; one of its own is', () => {
  expect(notRun(coverageOf(source({ member: 'shared' })))).toEqual(['user-login', 'user-logout']);
  expect(notRun(coverageOf(source({ member: 'shared', other: 'disposable' })))).toEqual(['user-login']);
});

test('a journey that is neither there, nor replaced, nor declared is a mistake, named with its remedy', () => {
  const without = naapSurface({ web: { journeys: { 'wallet-connect': null } } });
  expect(() => coverageOf(source({ member: 'password' }, { surface: without }))).toThrowError('Of the ten critical paths wallet-connect is neither there');
  const declared = coverageOf(source({ member: 'password' }, { surface: without, notApplicable: ['critical-paths.wallet-connect'] }));
  expect(Object.keys(declared)).toEqual(JOURNEY_IDS.filter((id) => id !== 'wallet-connect'));
});

test('where nobody logs in with a password, registration and login must be declared or replaced', () => {
  const accounts = { other: 'disposable' } as const;
  expect(() => coverageOf(source(accounts, { surface: OAUTH_ONLY }))).toThrowError(
    /user-registration, user-login are neither .* `surface\.auth\.login` is absent/,
  );
  const own = naapSurface({ auth: { login: null }, web: { journeys: { 'user-login': { spec: '/e2e/oauth.spec.ts' } } } });
  const covered = coverageOf(source(accounts, { surface: own, notApplicable: ['critical-paths.user-registration'] }));
  expect([covered['user-login'], covered['user-logout'], 'user-registration' in covered]).toEqual([{ spec: '/e2e/oauth.spec.ts' }, 'ours', false]);
});

test('what is declared not applicable is not run although it is there', () => {
  expect(coverageOf(source({ member: 'password' }, { notApplicable: ['critical-paths.user-login'] }))).not.toHaveProperty('user-login');
});
