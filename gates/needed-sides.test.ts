import { expect, test } from 'vitest';
import type { Check } from './model.ts';
import { type SidesRequest, neededSides } from './needed-sides.ts';
import { check, gate } from './test-run.ts';

const measures = async function* (): ReturnType<Check['measure']> {};
const CHECKS: readonly Check[] = [
  check('one', measures),
  check('compares', measures, { needs: ['databases:legacy'] }),
  check('looks', measures, { wants: ['databases:legacy'] }),
  check('asks-both', measures, { sides: () => ['target', 'legacy'] }),
];
const sides = (more: Partial<SidesRequest> = {}): readonly string[] =>
  neededSides({ gate: gate('one', 'compares'), checks: CHECKS, profile: 'pr', only: [], untrusted: false, ...more });

test('a check that needs the legacy databases, wants them, or sends to the legacy side brings it up', () => {
  for (const id of ['compares', 'looks', 'asks-both']) expect(sides({ gate: gate('one', id) })).toEqual(['target', 'legacy']);
});

test('without such a check the target is enough, also where the gate has one that is not selected', () => {
  expect(sides({ gate: gate('one') })).toEqual(['target']);
  expect(sides({ only: ['one'] })).toEqual(['target']);
  expect(sides({ only: ['phase3.test.comp*'] })).toEqual(['target', 'legacy']);
});

test('a row of another profile brings nothing up', () => {
  const whole = gate('one', 'compares');
  const criteria = whole.criteria.map((criterion, index) => (index === 1 ? { ...criterion, profiles: ['full' as const] } : criterion));
  expect(sides({ gate: { ...whole, criteria } })).toEqual(['target']);
  expect(sides({ gate: { ...whole, criteria }, profile: 'full' })).toEqual(['target', 'legacy']);
});

test('a check that is not built yet brings nothing up', () => {
  expect(sides({ gate: gate('to-come') })).toEqual(['target']);
});

test('a comparison asked for brings it up, an untrusted run does not', () => {
  expect(sides({ gate: gate('one'), against: 'legacy' })).toEqual(['target', 'legacy']);
  expect(sides({ untrusted: true })).toEqual(['target']);
});
