// What the configuration may do to a gate, and what it may not.
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Check, Criterion, Gate } from '../model.ts';
import { configuredGates } from './configured-gates.ts';
import { GateConfig, type GatesConfig } from './gate-config.ts';
import { gateMistakes } from './mistakes.ts';
import { waiverMistakes } from './waiver-mistakes.ts';

const TODAY = '2026-11-23';
const limit = (metric: string, value: number): Extract<Criterion['kind'], { measured: unknown }>['measured'][number] => ({
  check: 'load',
  expect: { kind: 'limit', metric, statistic: 'p99', op: '<', value, minSamples: 1 },
});
const row = (id: string, kind: Criterion['kind'], required = true): Criterion => ({
  id: `phase3.${id}`,
  section: 'Test',
  text: id,
  source: 'plan',
  required,
  profiles: ['full'],
  kind,
});
const phase3: Gate = {
  id: 'phase3',
  title: 'Phase 3',
  objective: '',
  source: 'plan',
  approvers: [],
  criteria: [
    row('perf.p99', { measured: [limit('latency', 500)] }),
    row('perf.pool', { measured: [limit('wait', 100), limit('recovery', 1000)] }),
    row('doc.api', { evidence: [{ kind: 'document', describe: 'x' }] }),
    row('doc.deliverable', { attested: 'CTO' }, false),
  ],
};
const load = {
  id: 'load',
  presets: { pr: { rate: 1 }, full: { rate: 2 } },
  options: z.object({ rate: z.number() }),
  metrics: {
    latency: { title: '', unit: 'ms', shape: 'samples', better: 'lower' },
    routes: { title: '', unit: 'count', shape: 'cases', better: 'higher' },
  },
} as unknown as Check;

const change = { value: 650, reason: 'Shared database.', owner: 'Ann', until: '2026-12-31' };
const configured = (config: GateConfig, today = TODAY) => configuredGates([phase3], { phase3: config }, today)[0];
const limitsOf = (config: GateConfig, today?: string): unknown[] =>
  (configured(config, today)?.gate.criteria ?? []).flatMap(({ kind }) =>
    'measured' in kind ? kind.measured.map(({ expect: { kind: _kind, ...expectation } }) => ('value' in expectation ? expectation.value : 'none')) : [],
  );

test('without configuration the gates are the plan’s, to the last field', () => {
  expect(configuredGates([phase3], undefined, TODAY)).toEqual([{ gate: phase3, enforcement: { mode: 'enforce' }, problems: [] }]);
});

test('a changed limit keeps the plan’s number beside it, through its last day', () => {
  const config: GateConfig = { limits: { 'phase3.perf.p99': change } };
  const [changed] = configured(config, '2026-12-31')?.gate.criteria ?? [];
  expect(changed?.kind).toEqual({
    measured: [
      { check: 'load', expect: { ...limit('latency', 650).expect, changed: { from: 500, reason: 'Shared database.', owner: 'Ann', until: '2026-12-31' } } },
    ],
  });
});

test('a day later the plan’s limit counts again, and that is a problem to tell, not a verdict', () => {
  const config: GateConfig = { limits: { 'phase3.perf.p99': change } };
  expect(limitsOf(config, '2027-01-01')).toEqual([500, 100, 1000]);
  expect(configured(config, '2027-01-01')?.problems).toMatchObject([{ code: 'LIMIT_CHANGE_EXPIRED', scope: 'nothing' }]);
  expect(configured(config)?.problems).toEqual([]);
});

test('of several limits the one that is named changes', () => {
  expect(limitsOf({ limits: { 'phase3.perf.pool': { ...change, metric: 'recovery' } } })).toEqual([500, 100, 650]);
  expect(
    limitsOf({
      limits: {
        'phase3.perf.pool': [
          { ...change, metric: 'recovery' },
          { ...change, value: 150, metric: 'wait' },
        ],
      },
    }),
  ).toEqual([500, 150, 650]);
});

test('an optional row of the plan can be required, and its note says so', () => {
  const rows = configured({ required: { 'phase3.doc.deliverable': true } })?.gate.criteria ?? [];
  expect(rows.map(({ required }) => required)).toEqual([true, true, true, true]);
  expect(rows[3]?.note).toBe('Optional in the plan; the configuration requires it.');
});

test('criteria of one’s own stand after the plan’s rows, required and in both profiles unless they say otherwise', () => {
  const own = { id: 'phase3.own.search', text: 'Search answers', measured: [limit('latency', 200)] };
  expect(configured({ add: [own] })?.gate.criteria.at(-1)).toEqual({
    id: 'phase3.own.search',
    section: 'Own criteria',
    text: 'Search answers',
    source: 'configuration',
    required: true,
    profiles: ['pr', 'full'],
    kind: { measured: own.measured },
  });
});

test('a gate of one’s own comes after the plan’s', () => {
  const config: GatesConfig = { 'go-live': { title: 'Go live', criteria: [{ id: 'go-live.people.cto', text: 'CTO', attested: 'CTO' }], approvers: ['CTO'] } };
  expect(configuredGates([phase3], config, TODAY).map(({ gate }) => [gate.id, gate.title, gate.criteria.length])).toEqual([
    ['phase3', 'Phase 3', 4],
    ['go-live', 'Go live', 1],
  ]);
});

test('report mode ends with its day, and says so', () => {
  const enforce = { mode: 'report', until: TODAY, reason: 'New.', owner: 'Ann' } as const;
  expect(configured({ enforce })).toMatchObject({ enforcement: enforce, problems: [] });
  expect(configured({ enforce }, '2026-11-24')).toMatchObject({ enforcement: { mode: 'enforce' }, problems: [{ code: 'REPORT_MODE_EXPIRED' }] });
});

const binding = limit('latency', 5);
test.each<readonly [string, GatesConfig, RegExp]>([
  ['a limit of no criterion', { phase3: { limits: { 'phase3.perf.p98': change } } }, /no criterion of this name. Did you mean "phase3.perf.p99"/],
  ['a limit of a row for people', { phase3: { limits: { 'phase3.doc.api': change } } }, /no limit that is a number: it waits for a document/],
  ['a limit that could be several', { phase3: { limits: { 'phase3.perf.pool': change } } }, /several limits; say which/],
  ['a limit of another metric', { phase3: { limits: { 'phase3.perf.pool': { ...change, metric: 'x' } } } }, /no such limit. It has/],
  ['one limit twice', { phase3: { limits: { 'phase3.perf.p99': [change, { ...change, value: 1 }] } } }, /two of these change the same limit/],
  ['the plan’s own limit', { phase3: { limits: { 'phase3.perf.p99': { ...change, value: 500 } } } }, /500 is the plan's own limit/],
  ['a row that is required already', { phase3: { required: { 'phase3.perf.p99': true } } }, /requires it already/],
  ['a title for a gate of the plan', { phase3: { title: 'x' } }, /keeps its own/],
  ['a gate that is nearly one of the plan', { phse3: { limits: {} } }, /Did you mean "phase3"/],
  ['a gate without criteria', { 'my-gate': { title: 'x' } }, /needs title and criteria/],
  ['a gate that hides a command', { list: { title: 'x', criteria: [{ id: 'list.a', text: 'x', attested: 'x' }] } }, /is a command/],
  ['a criterion of another gate', { phase3: { add: [{ id: 'phase2.own.a', text: 'x', attested: 'x' }] } }, /does not begin with "phase3."/],
  ['a row of the plan added again', { phase3: { add: [{ id: 'phase3.perf.p99', text: 'x', attested: 'x' }] } }, /is a row of the plan/],
  [
    'one id twice',
    {
      phase3: {
        add: [
          { id: 'phase3.a.b', text: 'x', attested: 'x' },
          { id: 'phase3.a.b', text: 'y', attested: 'x' },
        ],
      },
    },
    /more than once/,
  ],
  [
    'a check that is not there',
    { phase3: { add: [{ id: 'phase3.a.b', text: 'x', measured: [{ ...binding, check: 'lod' }] }] } },
    /no check "lod". Did you mean "load"/,
  ],
  ['a metric that it does not measure', { phase3: { add: [{ id: 'phase3.a.b', text: 'x', measured: [limit('x', 5)] }] } }, /measures no "x"/],
  ['a statistic of cases', { phase3: { add: [{ id: 'phase3.a.b', text: 'x', measured: [limit('routes', 5)] }] } }, /no p99 can be taken of routes/],
  [
    'an option that the check has not',
    { phase3: { add: [{ id: 'phase3.a.b', text: 'x', measured: [{ ...binding, options: { rat: 5 } }] }] } },
    /Did you mean "rate"/,
  ],
  ['an option of another type', { phase3: { add: [{ id: 'phase3.a.b', text: 'x', measured: [{ ...binding, options: { rate: 'x' } }] }] } }, /expected number/],
])('%s is a mistake', (_name, config, message) => {
  const mistakes = gateMistakes(config, { planGates: [phase3], checks: [load], isReserved: (id) => id === 'list' });
  expect(mistakes.map((mistake) => mistake.message).join('\n')).toMatch(message);
});

test('a row of the plan cannot be made optional or taken out', () => {
  const refused = GateConfig.safeParse({ required: { 'phase3.perf.p99': false } });
  expect(refused.error?.issues[0]?.message).toMatch(/declared in notApplicable, with owner and expiry/);
  for (const field of [{ remove: ['phase3.perf.p99'] }, { limits: { 'phase3.perf.p99': null } }, { criteria: [] }])
    expect(GateConfig.safeParse(field).success).toBe(false);
});

test('an own criterion is of exactly one kind, and cannot pretend that a limit was changed', () => {
  const own = { id: 'phase3.a.b', text: 'x' };
  const changed = { ...binding, expect: { ...binding.expect, changed: { from: 1, reason: 'x', owner: 'x', until: TODAY } } };
  const accepted = [{}, { attested: 'CTO', measured: [binding] }, { measured: [changed] }, { measured: [{ ...binding, chek: 1 }] }, { attested: 'CTO' }].map(
    (more) => GateConfig.safeParse({ add: [{ ...own, ...more }] }).success,
  );
  expect(accepted).toEqual([false, false, false, false, true]);
});

const waiver = { criterion: 'phase3.perf.p99', environment: 'staging', owner: 'Ann', reason: 'x', until: TODAY };
test.each([
  ['a criterion that nothing has', [{ ...waiver, criterion: 'phase3.perf.p98' }], [/0,criterion: there is no criterion .* Did you mean/]],
  ['an environment that nothing has', [{ ...waiver, environment: 'stagng' }], [/0,environment: .* Did you mean "staging"\? Known: demo, staging/]],
  ['the second for one row and environment', [waiver, { ...waiver, owner: 'Bob' }], [/1,criterion: .*by another entry already/]],
  ['a row for a document', [{ ...waiver, criterion: 'phase3.doc.api' }], [/waits for a document/]],
  ['a row for a signature', [{ ...waiver, criterion: 'phase3.doc.deliverable' }], [/waits for a signature/]],
  ['a cap that could be on several metrics', [{ ...waiver, criterion: 'phase3.perf.pool', max: 5 }], [/0,max: .*say which with metric: wait, recovery/]],
  ['a cap on a metric that is not limited', [{ ...waiver, max: 5, metric: 'x' }], [/0,metric: .*no limit on "x"/]],
  ['a metric without a cap', [{ ...waiver, metric: 'latency' }], [/there is no max/]],
  ['nothing that is wrong', [waiver, { ...waiver, environment: 'demo', max: 650 }], []],
])('waivers: %s', (_name, waivers, expected) => {
  const found = waiverMistakes(waivers, { gates: [phase3], environments: ['demo', 'staging'] }).map(({ path, message }) => `${path.join()}: ${message}`);
  expect(found).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
});
