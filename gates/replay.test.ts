import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from './digest.ts';
import type { Check, Criterion } from './model.ts';
import type { GateConfig } from './policy/gate-config.ts';
import { underOtherPolicy } from './policy/other-policy.ts';
import { replay, wouldBe } from './replay.ts';
import { createRunFolder, journalPath, type RunFolder } from './run-folder.ts';
import { measurement } from './test-data.ts';
import { check, gate, go, round } from './test-run.ts';

let folder: RunFolder;
beforeEach(() => {
  folder = createRunFolder(mkdtempSync(join(tmpdir(), 'runs-')), 'r1');
});
afterEach(() => rmSync(join(folder.path, '..'), { recursive: true }));

const measuring = (id: string, value: number): Check =>
  check(id, async function* () {
    yield { kind: 'measurement', measurement: measurement('latency', { shape: 'samples', samples: [value] }) };
    yield round;
  });
const CHECKS = [measuring('quick', 100), measuring('slow', 600)];
/** `slow` with a limit that the configuration of that day changed from 500 to 550. */
async function run(): Promise<void> {
  const plain = gate('quick', 'slow');
  const changed = { from: 500, reason: 'r', owner: 'o', until: '2026-12-31' };
  const criteria = plain.criteria.map((criterion): Criterion => {
    if (criterion.text !== 'slow' || !('measured' in criterion.kind)) return criterion;
    const [binding] = criterion.kind.measured;
    if (binding?.expect.kind !== 'limit') throw new Error('no limit');
    return { ...criterion, kind: { measured: [{ ...binding, expect: { ...binding.expect, value: 550, changed } }] } };
  });
  await go(folder, { checks: CHECKS, gate: { ...plain, criteria } });
}
const change = (value: number, until = '2026-12-31'): GateConfig => ({ limits: { 'phase3.test.slow': { value, reason: 'asked', owner: 'me', until } } });
const states = (policy: GateConfig): string[] => {
  const { before, after, rows } = wouldBe(folder, (plan) => underOtherPolicy(plan, { gate: policy }, CHECKS));
  return [
    `${before.verdict} → ${after.verdict}`,
    ...rows.map((row) => `${row.id.split('.')[2]} ${row.before?.state ?? 'none'} → ${row.after?.state ?? 'none'} ${row.after?.reason.code}`),
  ];
};
const files = (): string[] =>
  readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name} ${sha256(readFileSync(join(entry.parentPath, entry.name)))}`);

test('a sealed run is judged as it was recorded', async () => {
  await run();
  expect(replay(folder)).toMatchObject({ recorded: { verdict: 'fail', exitCode: 1 }, rows: [], facts: [], tornBytes: 0 });
});

test('a verdict that was recorded otherwise is found, though the chain around it was made anew', async () => {
  await run();
  let prev = '0'.repeat(64);
  const lines = readFileSync(journalPath(folder), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const entry = JSON.parse(line) as { type: string; prev: string; criterion?: { id: string; state: string }; verdict?: string };
      if (entry.type === 'criterion.judged' && entry.criterion?.state === 'fail') entry.criterion.state = 'pass';
      if (entry.type === 'run.finished') entry.verdict = 'pass';
      const text = JSON.stringify({ ...entry, prev });
      prev = sha256(text);
      return `${text}\n`;
    });
  writeFileSync(journalPath(folder), lines.join(''));
  const { rows, facts } = replay(folder);
  expect(rows.map((row) => [row.id, row.before?.state, row.after?.state])).toEqual([['phase3.test.slow', 'pass', 'fail']]);
  expect(facts).toEqual(['verdict']);
});

test('an unsealed run has nothing recorded, so nothing is the same', async () => {
  await run();
  const lines = readFileSync(journalPath(folder), 'utf8').split('\n');
  writeFileSync(journalPath(folder), `${lines.slice(0, -3).join('\n')}\n{"seq":`);
  expect(replay(folder)).toMatchObject({ recorded: undefined, rows: [], tornBytes: 7 });
});

test.each<readonly [string, GateConfig, readonly string[]]>([
  ['a limit above the figure', change(650), ['fail → pass', 'slow fail → pass WITHIN_LIMIT']],
  ['a limit that is the figure, which must be below it', change(600), ['fail → fail']],
  ['a limit whose last day was before the run leaves the first one', change(650, '2026-11-22'), ['fail → fail']],
])('%s', async (_name, policy, expected) => {
  await run();
  expect(states(policy)).toEqual(expected);
});

test('a changed limit is told from the plan, not from the change before it', async () => {
  await run();
  const { after } = wouldBe(folder, (plan) => underOtherPolicy(plan, { gate: change(650) }, CHECKS));
  expect(after.criteria.find(({ id }) => id === 'phase3.test.slow')?.results[0]?.expect).toMatchObject({ value: 650, changed: { from: 500, owner: 'me' } });
});

const own = (id: string, metric: string, more: object = {}): GateConfig => ({
  add: [
    {
      id: 'phase3.own.row',
      text: 'own',
      measured: [{ check: id, expect: { kind: 'limit', metric, statistic: 'max', op: '<', value: 1e9, minSamples: 1 }, ...more }],
    },
  ],
});
test.each<readonly [string, GateConfig, string]>([
  ['what was measured is judged', own('slow', 'latency'), 'row none → pass WITHIN_LIMIT'],
  ['a check that did not run', own('absent', 'latency'), 'row none → inconclusive NO_DATA'],
  ['a metric that was not measured', own('slow', 'errors'), 'row none → inconclusive NO_DATA'],
  ['a row for people waits', { add: [{ id: 'phase3.own.row', text: 'own', attested: 'CTO' }] }, 'row none → pending AWAITS_SIGNATURE'],
])('a criterion that only the other policy has: %s', async (_name, policy, expected) => {
  await run();
  expect(states(policy)[1]).toBe(expected);
});

test('other options than those that were measured prove nothing', async () => {
  await run();
  const { rows } = wouldBe(folder, (plan) => {
    const [first, ...rest] = plan.executions;
    const executions = first === undefined ? rest : [{ ...first, options: { rate: 1 } }, ...rest];
    return underOtherPolicy({ ...plan, executions }, { gate: own(first?.check ?? '', 'latency') }, CHECKS);
  });
  expect(rows.map(({ after }) => after?.state)).toEqual(['inconclusive']);
});

test('waivers of the other policy take the place of those of the run, under the same rules', async () => {
  await run();
  const waiver = { criterion: 'phase3.test.slow', environment: 'test', owner: 'o', reason: 'r', until: '2026-12-01' };
  const verdictWith = (more: object): string =>
    wouldBe(folder, (plan) => underOtherPolicy(plan, { gate: {}, waivers: [{ ...waiver, ...more }] }, CHECKS)).after.verdict;
  expect([verdictWith({}), verdictWith({ max: 599 }), verdictWith({ until: '2026-11-22' })]).toEqual(['waived', 'fail', 'fail']);
});

test('a replay writes nothing', async () => {
  await run();
  const before = files();
  replay(folder);
  states(change(650));
  expect(files()).toEqual(before);
});
