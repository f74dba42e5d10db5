import { expect, test } from 'vitest';
import { fits, newestFirst, outlineOf, type RunFilter, type RunOutline } from './run-outline.ts';
import { NO_LINES } from './scan-chain.ts';

const outline: RunOutline = {
  run: 'r1',
  gate: 'phase3',
  environment: 'staging',
  profile: 'full',
  subject: { commit: 'a1b2c3d4', deploymentId: null, schemaVersion: null },
  startedAt: '2026-11-23T07:00:00.000Z',
  endedAt: '2026-11-23T07:05:00.000Z',
  lastAt: '2026-11-23T07:05:00.000Z',
  verdict: 'pass',
  exitCode: 0,
  scope: 'complete',
  headline: '1 of 1 measured passed',
  signOffs: [],
  decision: null,
  problem: null,
};
const unfinished: RunOutline = { ...outline, verdict: null, endedAt: null, exitCode: null, scope: null, headline: null };
const unreadable: RunOutline = { ...unfinished, problem: 'the journal does not hold: line 2 is not a line of a journal' };
const unknown: RunOutline = { ...unreadable, gate: null, environment: null, profile: null, subject: null, startedAt: null };

test.each<[filter: RunFilter, run: boolean, unfinished: boolean, unreadable: boolean, unknown: boolean]>([
  [{}, true, true, true, true],
  [{ gate: 'phase3' }, true, true, true, true],
  [{ gate: 'phase4' }, false, false, false, true],
  [{ environment: 'production' }, false, false, false, true],
  [{ commit: 'A1B2' }, true, true, true, true],
  [{ commit: 'ffff' }, false, false, false, true],
  [{ verdict: 'pass' }, true, false, true, true],
  [{ verdict: 'fail' }, false, false, true, true],
  [{ verdict: 'unfinished' }, false, true, true, true],
  [{ since: '2026-11-23T00:00:00.000Z' }, true, true, true, true],
  [{ since: '2026-11-24T00:00:00.000Z' }, false, false, false, true],
])('%j takes out only what is known not to fit', (filter, ...expected) => {
  expect([outline, unfinished, unreadable, unknown].map((one) => fits(one, filter))).toEqual(expected);
});

test('a run whose application told no commit is of no commit that one asks for', () => {
  expect(fits({ ...outline, subject: { commit: null, deploymentId: null, schemaVersion: null } }, { commit: 'a1b2' })).toBe(false);
});

test('newest first; a run that does not tell when it began stands where it is seen', () => {
  const later = { ...outline, run: 'r2', startedAt: '2026-11-24T07:00:00.000Z' };
  expect([outline, unknown, later].toSorted(newestFirst).map(({ startedAt }) => startedAt)).toEqual([null, later.startedAt, outline.startedAt]);
});

test('a run of which nothing was stored has no verdict and says so', () => {
  expect(outlineOf({ id: 'r1', journal: NO_LINES, ledger: NO_LINES }).outline).toMatchObject({
    verdict: null,
    problem: 'its journal is empty: it ended before it began, or nothing was stored yet',
  });
});

const started = (journalVersion: number) => ({
  seq: 0,
  at: '2026-11-23T07:00:00.000Z',
  type: 'run.started',
  text: JSON.stringify({ journalVersion, gate: 'phase3', environment: 'staging', profile: 'full' }),
});
const finished = (seq: number) => ({
  seq,
  at: '2026-11-23T07:05:00.000Z',
  type: 'run.finished',
  text: JSON.stringify({ verdict: 'pass', headline: 'all', exitCode: 0, scope: 'complete' }),
});
const scanned = (lines: ReturnType<typeof started>[], more: object = {}) => ({
  id: 'r1',
  journal: { ...NO_LINES, lines, count: lines.length, lastAt: lines.at(-1)?.at, types: new Set(lines.map(({ type }) => type)), ...more },
  ledger: NO_LINES,
});

test.each([
  ['a verdict that is the last line of a whole journal counts', scanned([started(1), finished(1)]), 'pass', null],
  ['one with lines behind it does not', scanned([started(1), finished(1)], { count: 3 }), null, 'the journal goes on after run.finished'],
  ['one with a torn line behind it does not', scanned([started(1), finished(1)], { tornBytes: 7 }), null, 'the journal goes on after run.finished'],
  ['one of a newer version does not', scanned([started(2), finished(1)]), null, 'it was written by a newer version of naap-gate (journal version 2)'],
  ['one without a beginning does not', scanned([finished(0)]), null, 'the journal does not begin with run.started'],
  [
    'one behind damage does not',
    scanned([started(1)], { damage: 'line 2 is not a line of a journal' }),
    null,
    'the journal does not hold: line 2 is not a line of a journal',
  ],
])('%s', (_, lines, verdict, problem) => {
  expect(outlineOf(lines).outline).toMatchObject({ verdict, problem });
});
