// Secrets, roles, approvers and what ends, each both ways; the bound of the whole look.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { GateError, type Plan, type Waiver } from '../../gates/model.ts';
import { phase3 } from '../../gates/phases/phase3.ts';
import { makePlan } from '../../gates/plan.ts';
import { testEnvironment } from '../../gates/test-environment.ts';
import { checks } from '../../suites/index.ts';
import { lookAtCatalogue } from './databases.ts';
import { conclusion, doctorText } from './doctor-text.ts';
import { examine } from './examine.ts';
import { type Finding, ok } from './finding.ts';
import { lookAtApprovers, lookAtDeclarations, lookAtWaivers, rolesAskedBy } from './papers.ts';
import type { OpenedEnvironment, Patient } from './precondition.ts';
import { lookAtLoad, lookAtRows } from './rows.ts';
import { lookAtSecrets } from './secrets.ts';
import { isAtLeast } from './tools.ts';

const NOW = new Date('2026-11-23T10:00:00Z');

test('a secret is told by its name alone: set, not set, or too short to be kept out of reports', () => {
  const looks = lookAtSecrets(
    ['A', 'B', 'C'].map((secret) => ({ secret, place: `environments.x.${secret}` })),
    { A: 'open-sesame', C: 'abc' },
  );
  expect(looks).toMatchObject([
    { name: 'A', word: 'ok' },
    { name: 'B', word: 'missing', needed: 'for environments.x.B' },
    { name: 'C', word: 'missing', found: expect.stringContaining('shorter') },
  ]);
  expect(JSON.stringify(looks)).not.toMatch(/open-sesame|"abc"/);
});

const key = (until?: string) => ({
  ed25519: generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  ...(until === undefined ? {} : { until }),
});

test('each role that the gate asks for has people whose keys sign today', () => {
  expect(rolesAskedBy(phase3)).toEqual(['Backend Lead', 'Security Lead', 'Engineering Lead']);
  const approvers = {
    'Backend Lead': { keys: [key()] },
    'Security Lead': { keys: [key('2026-11-22')] },
    'Engineering Lead': { keys: [key('2026-11-30')] },
  };
  expect(lookAtApprovers([...rolesAskedBy(phase3), 'CTO'], approvers, NOW)).toMatchObject([
    { name: 'Backend Lead', word: 'ok' },
    { name: 'Security Lead', word: 'warn', found: '0 people, 0 of 1 keys sign today' },
    { name: 'Engineering Lead', word: 'warn', found: expect.stringContaining('ends on 2026-11-30') },
    { name: 'CTO', word: 'warn', found: 'nobody is configured as CTO' },
  ]);
  expect(lookAtApprovers(['CTO', 'Security Lead'], undefined, NOW)).toMatchObject([{ found: 'nobody is configured as CTO, Security Lead' }]);
});

const waiver = (until: string, more: Partial<Waiver> = {}): Waiver => ({
  criterion: 'phase3.functionality.cors',
  environment: 'staging',
  owner: 'Ann',
  reason: 'x',
  until,
  ...more,
});

test.each([
  [[], 'ok', 'no waivers'],
  [[waiver('2026-12-31')], 'ok', '1, all in force'],
  [[waiver('2026-11-23')], 'warn', /ends soon: phase3.functionality.cors \(until 2026-11-23, Ann\)/],
  [[waiver('2026-12-07')], 'warn', /ends soon/],
  [[waiver('2026-11-22')], 'warn', /ended/],
  [[waiver('2026-11-22', { environment: 'other' })], 'ok', 'no waivers'],
  [[waiver('2026-11-22', { criterion: 'phase1.testing.load-test' })], 'ok', 'no waivers'],
] as const)('waivers %j are %s', (waivers, word, found) => {
  expect(lookAtWaivers(waivers, 'staging', phase3, NOW)).toMatchObject({ word, found: expect.stringMatching(found) });
});

test('a declaration that has ended is told, and one of another gate is not', () => {
  const declared = { reason: 'x', owner: 'Ann', until: '2026-11-01' };
  expect(lookAtDeclarations({ 'phase3.functionality.cors': declared }, phase3, NOW)).toMatchObject({ word: 'warn' });
  expect(lookAtDeclarations({ 'phase1.testing.load-test': declared }, phase3, NOW)).toMatchObject({ word: 'ok' });
});

const environment = testEnvironment();
const planOn = (more: Partial<typeof environment>, profile: Plan['profile'] = 'full'): Plan =>
  makePlan({ gate: phase3, environment: { ...environment, ...more }, checks, checksToCome: [], profile, only: [], today: '2026-11-23' });
const openedWith = (more: Partial<typeof environment>): OpenedEnvironment => ({
  environment: { ...environment, ...more },
  setUp: undefined,
  named: [],
  absent: [],
});
const CONSENT = { maxRps: 2000, maxConnections: 20_000, approvedBy: 'Ann', window: 'tonight' };

test('rows that cannot be measured here are told by their reason: missing for a meeting, a warning on a pull request', () => {
  const without = { load: undefined, accounts: {} };
  const full = lookAtRows(planOn(without));
  expect(full.find(({ name }) => name === 'NO_LOAD_CONSENT')).toMatchObject({ word: 'missing' });
  expect(full.find(({ name }) => name === 'PRECONDITION_MISSING')).toMatchObject({ word: 'missing', remedy: expect.stringContaining('auth.accounts') });
  expect(lookAtRows(planOn(without, 'pr')).find(({ name }) => name === 'NO_LOAD_CONSENT')).toMatchObject({ word: 'warn' });
});

test('a plan whose rows can all be measured says what they cost', () => {
  const coldStart = { marker: { header: 'x-cold' }, idleMs: 0, routes: ['auth.me'] };
  const able = {
    load: CONSENT,
    browser: { path: '/usr/bin/chromium' },
    allow: ['read', 'write', 'load'] as const,
    surface: { ...environment.surface, coldStart },
  };
  const looks = lookAtRows(planOn({ ...able, allow: [...able.allow] }));
  expect(looks).toMatchObject([{ name: 'Measured rows', word: 'ok', found: expect.stringMatching(/about .* at most .* requests/) }]);
});

test('consent is held against the peak of what would be sent', () => {
  const allow: (typeof environment)['allow'] = ['read', 'load'];
  expect(lookAtLoad(planOn({ load: CONSENT, allow }), openedWith({ load: CONSENT, allow }))).toMatchObject([{ word: 'ok' }]);
  const small = { ...CONSENT, maxRps: 500 };
  expect(lookAtLoad(planOn({ load: small, allow }), openedWith({ load: small, allow }))).toMatchObject([
    { word: 'note', remedy: expect.stringContaining('maxRps: 1000') },
  ]);
  const few = { ...CONSENT, maxConnections: 100 };
  expect(lookAtLoad(planOn({ load: few, allow }), openedWith({ load: few, allow }))).toMatchObject([{ word: 'warn' }]);
});

const catalogue = {
  version: '15.4',
  major: 15,
  role: 'gate',
  isSuperuser: false,
  isReplica: false,
  tables: 110,
  schemas: 10,
  unreadable: 0,
  closed: '',
  writable: 0,
};

test.each([
  [catalogue, ['ok', 'ok', 'ok']],
  [{ ...catalogue, unreadable: 3, closed: 'core' }, ['ok', 'missing', 'ok']],
  [{ ...catalogue, tables: 0 }, ['ok', 'warn', 'ok']],
  [{ ...catalogue, writable: 4 }, ['ok', 'ok', 'note']],
  [{ ...catalogue, isSuperuser: true }, ['ok', 'ok', 'note']],
])('a role with %j reads as %j', (given, words) => {
  expect(lookAtCatalogue(given).map(({ word }) => word)).toEqual(words);
});

test.each([
  ['1.25.0', '1.25.0', true],
  ['1.26', '1.25.0', true],
  ['1.24.9', '1.25.0', false],
  ['2.0', '1.25.0', true],
])('Go %s is at least %s: %s', (version, least, is) => {
  expect(isAtLeast(version, least)).toBe(is);
});

const patient = (signal: AbortSignal): Patient => ({ signal }) as Patient;

test('what throws or does not end in time was not looked at, and says why; the others are told all the same', async () => {
  const bound = new AbortController();
  const looking = examine(
    [
      {
        group: 'Tools',
        name: 'throws',
        look: () => {
          throw new GateError('DISK', 'No space.');
        },
      },
      { group: 'Tools', name: 'hangs', look: () => new Promise(() => undefined) },
      { group: 'This machine', name: 'well', look: () => [ok('there', 'to be there')] },
    ],
    patient(bound.signal),
    (done) => done === 2 && bound.abort(new Error('not finished within 60 s')),
  );
  expect((await looking).map(({ name, word, found }) => [name, word, found])).toEqual([
    ['well', 'ok', 'there'],
    ['throws', 'not-looked-at', 'No space.'],
    ['hangs', 'not-looked-at', 'not finished within 60 s'],
  ]);
});

const finding = (word: Finding['word']): Finding => ({ group: 'Tools', name: 'x', word, found: 'f', needed: 'n' });

test('the conclusion claims no more than what was looked at', () => {
  expect(conclusion([finding('ok')])).toBe('Nothing that is needed is missing among what was looked at (1 ok).');
  expect(conclusion([finding('ok'), finding('not-looked-at')])).toMatch(/What was not looked at may be\.$/);
  expect(conclusion([finding('missing')])).toMatch(/^1 thing that is needed is missing/);
});

test('no line is wider than the terminal', () => {
  const long = { ...finding('missing'), found: 'word '.repeat(60), remedy: 'word '.repeat(60) };
  const lines = doctorText([long], 'title', { width: 80, colour: false }).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
});
