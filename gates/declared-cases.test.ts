import { expect, test } from 'vitest';
import type { Criterion } from './model.ts';
import { withoutDeclaredCases } from './declared-cases.ts';
import { cases, none } from './phases/measures.ts';

const row = (...measured: ReturnType<typeof cases>[]): Criterion => ({
  id: 'phase2.testing.e2e-tests',
  section: 'Testing',
  text: 'E2E tests passing',
  source: 'plan',
  required: true,
  profiles: ['pr', 'full'],
  kind: { measured },
});
const declaration = { reason: 'Nobody has a wallet here', owner: 'ann', until: '2026-12-31' };
const on = (today: string, criterion: Criterion): ReturnType<typeof withoutDeclaredCases> =>
  withoutDeclaredCases(criterion, { notApplicable: { 'critical-paths.wallet-connect': declaration } }, today);
const journeys = (...ids: string[]) => cases('critical-paths', 'critical-paths.journeys', ...ids);

test('a declared case is asked for no more, through the last day of its declaration, and is named', () => {
  const left = on('2026-12-31', row(journeys('wallet-connect', 'user-login'), none('critical-paths', 'critical-paths.mixed-content')));
  expect(left.criterion?.kind).toEqual({ measured: [journeys('user-login'), none('critical-paths', 'critical-paths.mixed-content')] });
  expect(left.declared).toEqual([{ criterion: 'critical-paths.wallet-connect', ...declaration }]);
});

test('a row that asked for nothing else has nothing left to pass by', () => {
  expect(on('2026-12-31', row(journeys('wallet-connect'))).criterion).toBeUndefined();
});

test('after its last day the case is asked for again, and the declaration is named as expired', () => {
  const asked = row(journeys('wallet-connect', 'user-login'));
  const left = on('2027-01-01', asked);
  expect(left.criterion).toEqual(asked);
  expect(left.expired.map(({ criterion }) => criterion)).toEqual(['critical-paths.wallet-connect']);
});

test('a case of another check by the same name, and a row that asks for whatever there is, stay as they are', () => {
  const asked = row(cases('other-check', 'other.cases', 'wallet-connect'), cases('critical-paths', 'critical-paths.journeys'));
  expect(on('2026-12-31', asked)).toEqual({ criterion: asked, declared: [], expired: [] });
});
