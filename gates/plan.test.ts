import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Check, Criterion, Environment, Gate } from './model.ts';
import { makePlan, matches, type PlanRequest, policyDigest } from './plan.ts';
import { testEnvironment } from './test-environment.ts';

function check(id: string, more: Partial<Check> = {}): Check {
  return {
    id,
    title: id,
    revision: 1,
    effects: ['read'],
    needs: [],
    locks: [],
    after: [],
    options: z.object({ rate: z.number() }),
    presets: { pr: { rate: 1 }, full: { rate: 1000 } },
    metrics: { latency: { title: 'latency', unit: 'ms', shape: 'samples', better: 'lower' } },
    defaultExpect: [],
    estimate: () => ({ seconds: 2, requests: 10 }),
    timeoutMs: () => 1000,
    measure: async function* () {},
    ...more,
  } as Check;
}
const expectation = { kind: 'limit', metric: 'latency', statistic: 'p99', op: '<', value: 500, minSamples: 1 } as const;
function row(id: string, kind: Criterion['kind'], more: Partial<Criterion> = {}): Criterion {
  return { id: `phase3.test.${id}`, section: 'Test', text: id, source: 'plan', required: true, profiles: ['pr', 'full'], kind, ...more };
}
const measured = (...ids: string[]): Criterion['kind'] => ({ measured: ids.map((id) => ({ check: id, expect: expectation })) });
function plan(criteria: Criterion[], checks: Check[], more: Partial<PlanRequest> = {}): ReturnType<typeof makePlan> {
  const gate: Gate = { id: 'phase3', title: '', objective: '', source: '', approvers: [], criteria };
  return makePlan({ gate, environment: testEnvironment(), checks, checksToCome: ['later'], profile: 'full', only: [], today: '2026-11-23', ...more });
}
const reasons = (made: ReturnType<typeof makePlan>): (string | undefined)[] => [
  ...made.criteria.map(({ settled }) => settled?.reason.code),
  ...made.executions.map(({ skip }) => skip?.reason.code),
];

test('bindings with the same check and options share one execution, others do not', () => {
  const other = { measured: [{ check: 'a', options: { rate: 5 }, expect: expectation }] };
  const made = plan([row('one', measured('a')), row('two', measured('a')), row('three', other)], [check('a')]);
  expect(made.executions.map(({ options }) => options)).toEqual(expect.arrayContaining([{ rate: 1000 }, { rate: 5 }]));
  expect(made.executions).toHaveLength(2);
});

test('documents wait for evidence, reviews for a signature, and a check to come has no execution', () => {
  const made = plan(
    [row('doc', { evidence: [{ kind: 'document', describe: 'x' }] }), row('sign', { attested: 'Security Lead' }), row('later', measured('later'))],
    [],
  );
  expect(reasons(made)).toEqual(['AWAITS_EVIDENCE', 'AWAITS_SIGNATURE', undefined]);
  expect(made.criteria[2]?.bindings[0]?.execution).toBeNull();
});

test('a check that is neither built nor announced is a defect', () => {
  expect(() => plan([row('one', measured('ghost'))], [])).toThrowError(/"ghost"/);
});

test.each<readonly [string, Partial<Environment>, Partial<Check>, string]>([
  ['an effect that is not allowed', { allow: ['read'] }, { effects: ['write'] }, 'EFFECT_NOT_ALLOWED'],
  ['load without consent', { load: undefined }, { effects: ['load'] }, 'NO_LOAD_CONSENT'],
  ['load above the cap', {}, { effects: ['load'], peakRps: () => 5000 }, 'LOAD_CAP'],
])('%s defers the check, with the line of config that would allow it', (_name, environment, more, code) => {
  const made = plan([row('one', measured('a'))], [check('a', more)], { environment: testEnvironment(environment) });
  expect(made.executions[0]?.skip).toMatchObject({ state: 'deferred', reason: { code, text: expect.stringContaining('environments.test.') } });
});

test('the profile "pr" loads loopback only', () => {
  const away = testEnvironment({ target: { web: 'https://staging.naap.dev', api: 'https://staging.naap.dev/api' } });
  const load = check('a', { effects: ['load'] });
  expect(reasons(plan([row('one', measured('a'))], [load], { environment: away, profile: 'pr' }))).toContain('NO_LOAD_CONSENT');
  expect(reasons(plan([row('one', measured('a'))], [load], { environment: away, profile: 'full' }))).toEqual([undefined, undefined]);
});

test('what a check needs and the environment has not makes it inconclusive, not deferred', () => {
  const made = plan([row('one', measured('a'))], [check('a', { needs: ['accounts'] })], { environment: testEnvironment({ accounts: {} }) });
  expect(made.executions[0]?.skip).toMatchObject({ state: 'inconclusive', reason: { code: 'PRECONDITION_MISSING' } });
});

test('without a sign by which a cold start is known nothing is measured, and the line of config that would mend it is told', () => {
  const made = plan([row('one', measured('a'))], [check('a', { needs: ['cold-start'] })]);
  expect(made.executions[0]?.skip).toMatchObject({
    state: 'inconclusive',
    reason: { code: 'PRECONDITION_MISSING', text: expect.stringContaining('environments.test.surface: { coldStart: { marker:') },
  });
});

test('a declaration of not-applicable holds through its last day and then is inconclusive', () => {
  const declared = { 'phase3.test.one': { reason: 'OAuth only', owner: 'ann', until: '2026-11-23' } };
  const on = (today: string): ReturnType<typeof makePlan> =>
    plan([row('one', measured('a'))], [check('a')], { environment: testEnvironment({ notApplicable: declared }), today });
  expect(on('2026-11-23').criteria[0]?.settled).toMatchObject({ state: 'not-applicable' });
  expect(on('2026-11-23').notApplicable).toHaveLength(1);
  expect(on('2026-11-24').criteria[0]?.settled).toMatchObject({ state: 'inconclusive', reason: { code: 'NOT_APPLICABLE_EXPIRED' } });
});

test('a case that is declared not applicable leaves its row, is listed once, and ends with its day', () => {
  const journeys = (...required: string[]): Criterion['kind'] => ({ measured: [{ check: 'a', expect: { kind: 'cases', metric: 'latency', required } }] });
  const declared = { 'a.wallet-connect': { reason: 'no wallets', owner: 'ann', until: '2026-11-23' } };
  const on = (today: string): ReturnType<typeof makePlan> =>
    plan([row('both', journeys('wallet-connect', 'user-login')), row('wallet', journeys('wallet-connect'))], [check('a')], {
      environment: testEnvironment({ notApplicable: declared }),
      today,
    });
  const inForce = on('2026-11-23');
  expect(inForce.criteria.map(({ settled }) => settled?.state)).toEqual([undefined, 'not-applicable']);
  expect(inForce.criteria[0]?.bindings[0]?.binding.expect).toMatchObject({ required: ['user-login'] });
  expect(inForce.notApplicable).toEqual([{ criterion: 'a.wallet-connect', ...declared['a.wallet-connect'] }]);
  expect(on('2026-11-24').criteria.map(({ settled }) => settled?.reason.code)).toEqual(['NOT_APPLICABLE_EXPIRED', 'NOT_APPLICABLE_EXPIRED']);
});

test('--only selects by criterion, by check and by glob; the rest is deferred; nothing selected is refused', () => {
  const rows = [row('one', measured('a')), row('two', measured('b')), row('sign', { attested: 'CTO' })];
  const checks = [check('a'), check('b')];
  expect(reasons(plan(rows, checks, { only: ['a'] }))).toEqual([undefined, 'NOT_SELECTED', 'NOT_SELECTED', undefined]);
  expect(reasons(plan(rows, checks, { only: ['phase3.*.two'] })).slice(0, 3)).toEqual(['NOT_SELECTED', undefined, 'NOT_SELECTED']);
  expect(() => plan(rows, checks, { only: ['nothing-*'] })).toThrowError(/matches none/);
});

const bothSides = (more: Partial<Check> = {}): Check =>
  check('a', {
    sides: (options) => ((options as { rate: number }).rate === 7 ? ['target', 'legacy'] : ['target']),
    versus: { pr: { rate: 7 }, full: { rate: 7 } },
    ...more,
  });
const legacy = { web: 'http://127.0.0.1:8', api: 'http://127.0.0.1:8/api' };

const asBefore = { measured: [{ check: 'a', scope: 'each' as const, expect: { ...expectation, kind: 'baseline' as const, tolerance: { ratio: 0.1 } } }] };
test.each<readonly [string, Partial<Check>, Parameters<typeof testEnvironment>[0], string]>([
  ['with a live legacy side it is that', {}, { legacy }, 'versus'],
  ['without one it is a stored run', {}, {}, 'baseline'],
  ['a check of databases needs the legacy databases for it', { versusNeeds: ['databases:legacy'] }, { legacy }, 'baseline'],
  ['which are there', { versusNeeds: ['databases:legacy'] }, { databases: { legacy: { naap_base: { url: 'postgresql://x' } } } }, 'versus'],
  ['a check that measures the target alone has a stored run alone', { versus: undefined }, { legacy }, 'baseline'],
])('what "as before" means: %s', (_name, more, environment, kind) => {
  const made = plan([row('one', asBefore)], [bothSides(more)], { environment: testEnvironment(environment) });
  expect(made.criteria[0]?.bindings[0]?.binding).toMatchObject({ scope: 'each', expect: { kind, metric: 'latency' } });
  expect(made.executions[0]?.rounds.min).toBe(kind === 'versus' ? 6 : 1);
});

test('--against legacy keeps the limit of a latency row and adds that it is as before, in an execution of both sides', () => {
  const rows = [
    row('one', measured('a')),
    row('two', measured('b')),
    row('each', { measured: [{ check: 'a', scope: 'each', expect: expectation }] }),
    row('sign', { attested: 'CTO' }),
  ];
  const made = plan(rows, [bothSides(), check('b')], { against: 'legacy', environment: testEnvironment({ legacy }) });
  expect(made.criteria.map(({ bindings }) => bindings.map(({ binding }) => binding.expect.kind))).toEqual([['limit', 'versus'], ['limit'], ['limit'], []]);
  expect(made.criteria[0]?.bindings[0]?.binding.expect).toEqual(expectation);
  expect(made.criteria[0]?.bindings[1]?.binding.expect).toEqual({
    kind: 'versus',
    side: 'legacy',
    metric: 'latency',
    statistic: 'p99',
    // The limit is 500 ms.
    tolerance: { ratio: 0.1, atLeast: 5 },
    minSamples: 1,
  });
  const compared = made.executions.filter(({ rounds }) => rounds.max > 1);
  expect(compared).toMatchObject([{ options: { rate: 7 }, needs: ['legacy'], rounds: { min: 6 }, seconds: 12, requests: 60 }]);
  expect(made.executions).toHaveLength(3);
});

test('an execution of many rounds has the time for them, and one of a single round no more than its check asks for', () => {
  const made = plan([row('one', measured('a'))], [bothSides()], { against: 'legacy', environment: testEnvironment({ legacy }) });
  expect(made.executions.map(({ rounds: { max, budgetMs }, timeoutMs }) => timeoutMs - (max === 1 ? 0 : budgetMs))).toEqual([1000, 1000]);
});

test('bindings that share an execution are counted with the most rounds that any of them asks for', () => {
  const many = { measured: [{ check: 'a', expect: expectation, rounds: { min: 3, max: 4, budgetMs: 50_000 } }] };
  const made = plan([row('one', measured('a')), row('two', many)], [check('a')]);
  expect(made.executions).toMatchObject([{ rounds: { min: 3, max: 4 }, seconds: 6, requests: 30, timeoutMs: 51_000 }]);
});

test('without a live legacy side the comparison is inconclusive with the line of config that is missing, and the limit is measured all the same', () => {
  const made = plan([row('one', measured('a'))], [bothSides()], { against: 'legacy' });
  const skips = made.criteria[0]?.bindings.map(({ execution }) => made.executions.find(({ id }) => id === execution)?.skip);
  expect(skips).toEqual([
    undefined,
    { state: 'inconclusive', reason: { code: 'PRECONDITION_MISSING', text: '"a" needs a live legacy side (environments.test.legacy: { web, api }).' } },
  ]);
});

test('the profile "pr" loads a legacy side on loopback only', () => {
  const load = bothSides({ effects: ['load'] });
  const on = (web: string): unknown =>
    plan([row('one', measured('a'))], [load], {
      against: 'legacy',
      profile: 'pr',
      environment: testEnvironment({ legacy: { web, api: `${web}/api` } }),
    }).executions.map(({ rounds, skip }) => [rounds.max > 1, skip?.reason.code]);
  expect(on('http://127.0.0.1:8')).toEqual(
    expect.arrayContaining([
      [true, undefined],
      [false, undefined],
    ]),
  );
  expect(on('https://legacy.naap.dev')).toEqual(
    expect.arrayContaining([
      [true, 'NO_LOAD_CONSENT'],
      [false, undefined],
    ]),
  );
});

test('--against that compares nothing is refused, not ignored', () => {
  expect(() => plan([row('one', measured('b'))], [bothSides(), check('b')], { against: 'legacy' })).toThrowError(/compares nothing/);
  expect(() => plan([row('one', measured('a')), row('two', measured('b'))], [bothSides(), check('b')], { against: 'legacy', only: ['b'] })).toThrowError(
    /compares nothing/,
  );
});

test('executions come in an order that `after` allows, the same each time; a circle is refused', () => {
  const rows = [row('one', measured('z', 'm', 'a'))];
  const checks = [check('a', { after: ['m'] }), check('m', { after: ['z'] }), check('z')];
  expect(plan(rows, checks).executions.map((execution) => execution.check)).toEqual(['z', 'm', 'a']);
  expect(() => plan(rows, [check('a', { after: ['z'] }), check('m'), check('z', { after: ['a'] })])).toThrowError(/wait for each other/);
});

test('the policy digest changes with a limit, a revision and the selection, and with nothing else', () => {
  const rows = [row('one', measured('a')), row('two', measured('a'))];
  const base = policyDigest(plan(rows, [check('a')]), [check('a')]);
  expect(policyDigest(plan(rows, [check('a')]), [check('a')])).toBe(base);
  expect(policyDigest(plan(rows, [check('a')]), [check('a', { revision: 2 })])).not.toBe(base);
  expect(policyDigest(plan(rows, [check('a')], { only: ['*.one'] }), [check('a')])).not.toBe(base);
  expect(policyDigest(plan(rows, [bothSides()]), [check('a')])).toBe(base);
  expect(policyDigest(plan(rows, [bothSides()], { against: 'legacy' }), [check('a')])).not.toBe(base);
  expect(
    policyDigest(plan([row('one', { measured: [{ check: 'a', expect: { ...expectation, value: 650 } }] }), rows[1] as Criterion], [check('a')]), [check('a')]),
  ).not.toBe(base);
});

test('a plan keeps the waivers of its rows on its environment, the expired too', () => {
  const waiver = { criterion: 'phase3.test.one', environment: 'test', owner: 'Ann', reason: 'x', until: '2026-11-01' };
  const waivers = [waiver, { ...waiver, environment: 'staging' }, { ...waiver, criterion: 'phase4.test.one' }];
  expect(plan([row('one', measured('a'))], [check('a')], { waivers }).waivers).toEqual([waiver]);
});

test('the policy digest changes with a waiver, with its end, and with report mode; not with the day alone', () => {
  const digest = (more: Partial<PlanRequest> = {}): string => policyDigest(plan([row('one', measured('a'))], [check('a')], more), [check('a')]);
  const waiver = { criterion: 'phase3.test.one', environment: 'test', owner: 'Ann', reason: 'x', until: '2026-11-30' };
  const enforcement = { mode: 'report', until: '2026-12-31', reason: 'x', owner: 'Ann' } as const;
  const all = [
    digest(),
    digest({ waivers: [waiver] }),
    digest({ waivers: [{ ...waiver, max: 5 }] }),
    digest({ waivers: [waiver], today: '2026-12-01' }),
    digest({ enforcement }),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(digest({ today: '2026-12-01' })).toBe(digest());
  expect(digest({ waivers: [waiver], today: '2026-11-30' })).toBe(digest({ waivers: [waiver] }));
});

test.each([
  ['api-*', 'api-load', true],
  ['*', 'anything', true],
  ['api-load', 'api-load', true],
  ['api.load', 'api-load', false],
  ['*.p99', 'phase3.performance.p99-latency', false],
])('the glob %s on %s is %s', (glob, name, expected) => {
  expect(matches(glob, name)).toBe(expected);
});

test.each<readonly [string, NonNullable<Environment['untrusted']>['withheld'], Partial<Check>, RegExp]>([
  ['needs accounts that it may not have', ['accounts'], { needs: ['accounts'] }, /uses accounts, and an untrusted run knows no secrets/],
  ['would use accounts where there are some', ['accounts'], { wants: ['accounts'] }, /uses accounts/],
  ['asks through headers that are secret', ['access'], {}, /uses access headers that are secret/],
  ['writes', [], { effects: ['read', 'write'] }, /has the effect "write", and an untrusted run only reads/],
  ['loads another machine', [], { effects: ['load'] }, /loads loopback only/],
])('for an untrusted pull request a check that %s is deferred as UNTRUSTED, with words', (_name, withheld, more, words) => {
  const address = { web: 'https://preview.naap.dev', api: 'https://preview.naap.dev/api' };
  const environment = testEnvironment({ target: address, untrusted: { withheld } });
  const skip = plan([row('one', measured('a'))], [check('a', more)], { environment }).executions[0]?.skip;
  expect(skip).toMatchObject({ state: 'deferred', reason: { code: 'UNTRUSTED' } });
  expect(skip?.reason.text).toMatch(words);
});

test('for an untrusted pull request what only reads runs, and so does load on this machine', () => {
  const made = plan([row('one', measured('a')), row('two', measured('b'))], [check('a', { wants: ['accounts'] }), check('b', { effects: ['read', 'load'] })], {
    environment: testEnvironment({ untrusted: { withheld: [] } }),
  });
  expect(made.executions.map(({ skip }) => skip)).toEqual([undefined, undefined]);
});
