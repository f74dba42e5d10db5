import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Check, CheckEvent } from './model.ts';
import { sha256 } from './digest.ts';
import { openLedger } from './ledger.ts';
import { eventsOf, planOf } from './recorded.ts';
import { createRunFolder, journalPath, ledgerPath, readJournal, runFolder } from './run-folder.ts';
import { createScrubber } from './scrub.ts';
import { measurement } from './test-data.ts';
import { SUBJECT, check, gate, go, round, states } from './test-run.ts';
import { viewOf } from './view.ts';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'runs-'));
});
afterEach(() => rmSync(runs, { recursive: true }));

const sample = (value: number, healthy = true): CheckEvent => ({
  kind: 'measurement',
  measurement: measurement(
    'latency',
    { shape: 'samples', samples: [value] },
    { instrument: { name: 'probe', version: '1', healthy, ...(healthy ? {} : { why: 'starved' }) } },
  ),
});

const good = (id: string, more: Partial<Check> = {}): Check =>
  check(
    id,
    async function* () {
      yield sample(10);
      yield round;
    },
    more,
  );

test('a run measures, judges and seals; its journal is the whole truth about it', async () => {
  const folder = createRunFolder(runs, 'r1');
  expect(
    await go(folder, {
      checks: [
        good('a'),
        check('b', async function* () {
          yield sample(900);
          yield round;
        }),
      ],
    }),
  ).toBe(true);
  expect(states(folder)).toEqual(['a pass WITHIN_LIMIT', 'b fail LIMIT_EXCEEDED']);
  expect(viewOf(folder).report).toMatchObject({
    sealed: true,
    verdict: 'fail',
    exitCode: 1,
    scope: 'complete',
    subject: SUBJECT,
    headline: '1 of 2 measured passed, 1 failed',
  });
});

test('on a site that nobody can name, what only reads is measured and neither passes nor fails; nothing is written, nobody logs in', async () => {
  const folder = createRunFolder(runs, 'r1');
  const slow = check('slow', async function* () {
    yield sample(900);
    yield round;
  });
  const opened: string[] = [];
  await go(folder, {
    checks: [good('quick'), slow, good('writes', { effects: ['write'] }), good('logs-in', { locks: ['auth-quota'] })],
    problems: [{ code: 'TARGET_NOT_THE_APP', text: 'a wall', scope: 'verdicts' }],
    opened,
  });
  expect(opened.toSorted()).toEqual(['quick', 'slow']);
  expect(states(folder).toSorted()).toEqual([
    'logs-in error CHECK_ERROR',
    'quick inconclusive NOT_IDENTIFIED',
    'slow inconclusive NOT_IDENTIFIED',
    'writes error CHECK_ERROR',
  ]);
  const { criteria, exitCode } = viewOf(folder).report;
  expect(exitCode).toBe(3);
  expect(criteria.find(({ id }) => id.includes('slow'))).toMatchObject({
    reason: { text: expect.stringMatching(/^TARGET_NOT_THE_APP: a wall Measured all the same: .*900/u) },
    results: [{ value: 900 }],
  });
});

test('a check that throws is an error result and the run goes on', async () => {
  const folder = createRunFolder(runs, 'r1');
  await go(folder, {
    checks: [
      check('a', async function* () {
        yield sample(1);
        throw new Error('boom');
      }),
      good('b'),
    ],
  });
  expect(states(folder)).toEqual(['a error CHECK_ERROR', 'b pass WITHIN_LIMIT']);
});

test('a check that does not end in time is an error result, also when it ignores its signal', async () => {
  const folder = createRunFolder(runs, 'r1');
  const deaf = check(
    'a',
    async function* () {
      await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      yield round;
    },
    { timeoutMs: () => 50 },
  );
  const polite = check(
    'b',
    async function* ({ signal }) {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      yield round;
    },
    { timeoutMs: () => 50 },
  );
  await go(folder, { checks: [deaf, polite] });
  expect(states(folder)).toEqual(['a error CHECK_TIMEOUT', 'b error CHECK_TIMEOUT']);
}, 20_000);

test('a check that yields nothing is inconclusive, never pass', async () => {
  const folder = createRunFolder(runs, 'r1');
  await go(folder, { checks: [check('a', async function* () {})] });
  expect(states(folder)).toEqual(['a inconclusive NO_DATA']);
});

test('a sick round is repeated once, and both are recorded', async () => {
  const folder = createRunFolder(runs, 'r1');
  const recovering = check('a', async function* () {
    yield sample(900, false);
    yield round;
    yield sample(10);
    yield round;
    yield sample(999);
    yield round;
  });
  const chronic = check('b', async function* () {
    for (;;) {
      yield sample(10, false);
      yield round;
    }
  });
  await go(folder, { checks: [recovering, chronic] });
  expect(states(folder)).toEqual(['a pass WITHIN_LIMIT', 'b inconclusive INSTRUMENT_SICK']);
  expect(viewOf(folder).report.executions.map(({ rounds }) => rounds)).toEqual([2, 2]);
});

test('what a check wrote is removed last-in first-out even when it threw, and a cleanup that fails is told', async () => {
  const folder = createRunFolder(runs, 'r1');
  const undone: string[] = [];
  const messy = check('a', async function* (context) {
    context.cleanup('post 1', async () => void undone.push('post 1'));
    context.cleanup('post 2', async () => {
      undone.push('post 2');
      throw new Error('500');
    });
    yield sample(1);
    yield round;
  });
  await go(folder, { checks: [messy] });
  expect(undone).toEqual(['post 2', 'post 1']);
  expect(viewOf(folder).report.criteria[0]?.reason).toEqual({ code: 'CHECK_ERROR', text: 'Could not clean up post 2: 500 (500)' });
});

test('a subject that changed under the run makes what passed inconclusive', async () => {
  const folder = createRunFolder(runs, 'r1');
  await go(folder, { checks: [good('a')], subjects: [SUBJECT, { ...SUBJECT, deploymentId: 'dpl_2' }] });
  expect(viewOf(folder).report.criteria[0]?.reason).toMatchObject({
    code: 'SUBJECT_CHANGED',
    text: expect.stringContaining('deploymentId was dpl_1, is dpl_2'),
  });
  expect(viewOf(folder).report.exitCode).toBe(3);
});

test('a subject that no longer tells what it is makes what passed inconclusive', async () => {
  const folder = createRunFolder(runs, 'r1');
  await go(folder, { checks: [good('a')], subjects: [SUBJECT, { ...SUBJECT, commit: null }] });
  expect(viewOf(folder).report.criteria[0]).toMatchObject({ state: 'inconclusive', reason: { code: 'SUBJECT_CHANGED' } });
});

test.each(['all', 'verdicts'] as const)('an application that is no longer known after the run makes what passed inconclusive (%s)', async (scope) => {
  const folder = createRunFolder(runs, 'r1');
  await go(folder, { checks: [good('a')], problemsLater: [{ code: 'TARGET_NOT_THE_APP', text: 'a login wall', scope }] });
  expect(viewOf(folder).report.criteria[0]).toMatchObject({
    state: 'inconclusive',
    reason: { code: 'SUBJECT_CHANGED', text: expect.stringContaining('a login wall') },
  });
});

test('an application that cannot be reached leaves errors with the reason, and a sealed journal', async () => {
  const folder = createRunFolder(runs, 'r1');
  const opened: string[] = [];
  await go(folder, { checks: [good('a')], problems: [{ code: 'TARGET_UNREACHABLE', text: 'nobody there', scope: 'all' }], opened });
  expect(opened).toEqual([]);
  expect(viewOf(folder).report).toMatchObject({
    sealed: true,
    exitCode: 3,
    criteria: [{ state: 'error', reason: { text: 'TARGET_UNREACHABLE: nobody there' } }],
  });
});

test('a database that is down takes only the checks along that need it', async () => {
  const folder = createRunFolder(runs, 'r1');
  await go(folder, {
    checks: [good('a', { needs: ['database:target'] }), good('b')],
    problems: [{ code: 'DATABASE_UNREACHABLE', text: 'refused', scope: 'database:target' }],
  });
  expect(states(folder)).toEqual(['a error CHECK_ERROR', 'b pass WITHIN_LIMIT']);
});

test('secrets are removed before anything is hashed or stored', async () => {
  const folder = createRunFolder(runs, 'r1');
  const leaky = check('a', async function* ({ artifacts }) {
    await artifacts.put('answer.json', 'application/json', '{"token":"hush-hush"}');
    yield {
      kind: 'measurement',
      measurement: measurement('latency', { shape: 'samples', samples: [1] }, { instrument: { name: 'hush-hush', version: '1', healthy: true } }),
    };
    throw new Error('failed with hush-hush');
  });
  await go(folder, { checks: [leaky] });
  expect(readFileSync(journalPath(folder), 'utf8')).not.toContain('hush-hush');
  const [artifact] = viewOf(folder).report.artifacts.filter(({ name }) => name === 'answer.json');
  expect(readFileSync(join(folder.path, 'artifacts', artifact?.sha256 ?? ''), 'utf8')).toBe('{"token":"[secret TOKEN]"}');
});

test('an interrupt leaves the journal unsealed; resuming finishes it without measuring a complete check again', async () => {
  const folder = createRunFolder(runs, 'r1');
  const stop = new AbortController();
  const hanging = check(
    'b',
    async function* ({ signal }) {
      stop.abort();
      await new Promise((_, reject) => (signal.aborted ? reject(signal.reason) : signal.addEventListener('abort', () => reject(signal.reason))));
      yield round;
    },
    { after: ['a'] },
  );
  expect(await go(folder, { checks: [good('a'), hanging], signal: stop.signal })).toBe(false);
  expect(viewOf(folder).report).toMatchObject({ sealed: false, exitCode: 3 });
  const opened: string[] = [];
  expect(await go(folder, { checks: [good('a'), good('b', { after: ['a'] })], opened })).toBe(true);
  expect(opened).toEqual(['b']);
  expect(states(folder)).toEqual(['a pass WITHIN_LIMIT', 'b pass WITHIN_LIMIT']);
});

test('a run that is resumed on a later day, and asked for signatures only then, is judged as it began', async () => {
  const folder = createRunFolder(runs, 'r1');
  const stop = new AbortController();
  const stopping = good('a');
  const interrupted: Check = {
    ...stopping,
    async *measure() {
      stop.abort();
      yield sample(10);
    },
  };
  const [row, ...none] = gate('a').criteria.concat(gate('b').criteria);
  const attested = none.map((criterion) => ({ ...criterion, kind: { attested: 'CTO' } }));
  const asked = { ...gate('a'), criteria: row === undefined ? [] : [row, ...attested] };
  expect(await go(folder, { checks: [interrupted], gate: asked, signal: stop.signal })).toBe(false);
  expect(await go(folder, { checks: [stopping], gate: asked, today: '2026-11-24', requireSignoff: true })).toBe(true);
  const journal = readJournal(folder);
  expect(planOf(journal, folder).today).toBe('2026-11-23');
  expect(eventsOf(journal, 'artifact.stored').map(({ name }) => name)).toEqual(['plan.json']);
  expect(viewOf(folder).report).toMatchObject({ sealed: true, exitCode: 0, counts: { pending: 1 } });
  expect(eventsOf(journal, 'run.finished')[0]?.exitCode).toBe(0);
});

test('killed after any byte of the journal, a resumed run reaches the same verdicts and measures no complete round twice', async () => {
  const whole = createRunFolder(runs, 'whole');
  const twoRounds = (seen: string[]): Check =>
    check(
      'b',
      async function* () {
        for (;;) {
          seen.push('b');
          yield sample(10);
          yield round;
        }
      },
      { after: ['a'] },
    );
  const withRounds = (seen: string[]): Check[] => [
    check('a', async function* () {
      seen.push('a');
      yield sample(900);
      yield round;
    }),
    twoRounds(seen),
  ];
  await go(whole, { checks: withRounds([]) });
  const bytes = readFileSync(journalPath(whole)).length;
  const expected = states(whole);
  const firstLine = readFileSync(journalPath(whole)).indexOf(0x0a) + 1;
  for (let cut = firstLine; cut < bytes; cut += 97) {
    const folder = runFolder(runs, `cut-${cut}`);
    cpSync(whole.path, folder.path, { recursive: true });
    copyFileSync(journalPath(whole), journalPath(folder));
    truncateSync(journalPath(folder), cut);
    const before = readJournal(folder).events.map(({ event }) => event);
    const complete = before.flatMap((event) => (event.type === 'round.finished' ? [event.execution.split('@')[0]] : []));
    const sealed = before.some(({ type }) => type === 'run.finished');
    const seen: string[] = [];
    if (!sealed) await go(folder, { checks: withRounds(seen) });
    expect(states(folder)).toEqual(expected);
    expect(seen.filter((id) => complete.includes(id))).toEqual([]);
  }
});

test('the ledger is opened once, chained from the seal', async () => {
  const folder = createRunFolder(runs, 'r1');
  await go(folder, { checks: [good('a')] });
  const options = { now: () => new Date(), scrubber: createScrubber() };
  openLedger(folder, { seal: readJournal(folder).chain.head, report: sha256('report') }, options);
  openLedger(folder, { seal: 'other', report: 'other' }, options);
  expect(
    readFileSync(ledgerPath(folder), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).seal),
  ).toEqual([readJournal(folder).chain.head]);
});
