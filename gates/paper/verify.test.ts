import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { GateError } from '../model.ts';
import { ledgerPath } from '../run-folder.ts';
import {
  addEvidence,
  addSource,
  against,
  alice,
  APPROVERS,
  bob,
  carol,
  decide,
  person,
  type Sealed,
  sealedRun,
  sign,
  verifySealed,
} from '../testing/sealed-run.ts';
import type { Approvers } from './approvers.ts';

const open: Sealed[] = [];
afterEach(() => {
  for (const { folder } of open.splice(0)) rmSync(join(folder.path, '..'), { recursive: true, force: true });
});
async function sealed(options: Parameters<typeof sealedRun>[0] = {}): Promise<Sealed> {
  const run = await sealedRun(options);
  open.push(run);
  return run;
}
async function signed(): Promise<Sealed> {
  const run = await sealed();
  await sign(run, 'Security Lead', alice);
  await sign(run, 'CTO', carol);
  return run;
}
const errorOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof GateError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'no error';
};
const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);

test('a run that everybody signed holds', async () => {
  const { now, files } = verifySealed(await signed());
  expect({ files, against: against(now), holds: now.holds }).toEqual({ files: [], against: [], holds: true });
  expect(now.standings.map(({ state, text }) => `${state}: ${text.replaceAll(/\d{4}-\d\d-\d\d/g, 'DAY')}`)).toEqual([
    'met: Signed by alice on DAY.',
    'met: Signed by carol on DAY.',
  ]);
});

test('a run that nobody has signed does not hold, and says on whom it waits', async () => {
  const { now } = verifySealed(await sealed());
  expect(now.holds).toBe(false);
  expect(now.findings.filter(({ level }) => level === 'unmet').map(({ text }) => text)).toEqual([
    '0 of 1 signature of the Security Lead. (phase3.paper.security)',
    '0 of 1 signature of the CTO. (phase3.paper.cto)',
  ]);
});

test('a failed run cannot be approved, can be rejected, and does not hold', async () => {
  const run = await sealed({ latencyMs: 900 });
  expect(await errorOf(sign(run, 'CTO', carol))).toMatch(/^SIGN_OFF_REFUSED Run r1 cannot be approved: its verdict is fail/);
  await sign(run, 'CTO', carol, { reject: 'too slow' });
  expect(against(verifySealed(run).now)).toEqual(expect.arrayContaining(['NOT_APPROVABLE', 'REJECTED']));
});

test('a gate that has only rows for people can be approved', async () => {
  const run = await sealed({ latencyMs: null });
  expect(await errorOf(sign(run, 'CTO', carol))).toBe('no error');
  await sign(run, 'Security Lead', alice);
  expect(verifySealed(run).now.holds).toBe(true);
});

test('a rejection makes the rows of the role fail until the same person approves', async () => {
  const run = await sealed();
  await sign(run, 'CTO', carol);
  await sign(run, 'Security Lead', alice, { reject: 'CSP is missing' });
  await sign(run, 'Security Lead', bob);
  const rejected = verifySealed(run).now;
  expect(against(rejected)).toEqual(['REJECTED']);
  expect(rejected.standings[0]?.text).toMatch(/^Rejected by alice on .*: CSP is missing$/);
  await sign(run, 'Security Lead', alice);
  expect(verifySealed(run).now.holds).toBe(true);
});

test('evidence that comes later makes earlier sign-offs stale; later sign-offs and decisions do not', async () => {
  const run = await signed();
  await decide(run, 'go');
  expect(verifySealed(run).now.holds).toBe(true);
  await addEvidence(run, 'errors', 'E1, E2');
  const { now, asOfDecision } = verifySealed(run);
  expect(against(now)).toEqual(['SIGN_OFF_STALE', 'SIGN_OFF_STALE']);
  expect(asOfDecision?.holds).toBe(true);
  await sign(run, 'Security Lead', alice);
  await sign(run, 'CTO', carol);
  expect(verifySealed(run).now.holds).toBe(true);
});

test('a sign-off that has expired holds as of the decision and not now', async () => {
  const run = await sealed();
  const approvers = { ...APPROVERS, CTO: { keys: [carol.key], expiresDays: 30 } };
  await sign(run, 'Security Lead', alice);
  await sign(run, 'CTO', carol, { approvers });
  await decide(run, 'go', { who: carol });
  const { now, asOfDecision } = verifySealed(run, { approvers, now: inDays(31) });
  expect([asOfDecision?.holds, now.holds, against(now)]).toEqual([true, false, ['SIGN_OFF_EXPIRED']]);
  expect(verifySealed(run, { approvers, now: inDays(29) }).now.holds).toBe(true);
});

test('an approver cannot sign for longer than the configuration allows', async () => {
  const run = await sealed();
  await sign(run, 'Security Lead', alice);
  await sign(run, 'CTO', carol);
  const strict = { ...APPROVERS, CTO: { keys: [carol.key], expiresDays: 7 } };
  expect(against(verifySealed(run, { approvers: strict, now: inDays(8) }).now)).toEqual(['SIGN_OFF_EXPIRED']);
});

test('a key that has ended holds as of the decision and not now; before its first day it cannot sign', async () => {
  const run = await signed();
  await decide(run, 'go');
  const until = inDays(1).toISOString().slice(0, 10);
  const approvers: Approvers = { ...APPROVERS, CTO: { keys: [{ ...carol.key, until }] } };
  const { now, asOfDecision } = verifySealed(run, { approvers, now: inDays(3) });
  expect([asOfDecision?.holds, against(now)]).toEqual([true, ['KEY_EXPIRED']]);
  const later: Approvers = { ...APPROVERS, CTO: { keys: [{ ...carol.key, from: until }] } };
  expect(await errorOf(sign(run, 'CTO', carol, { approvers: later }))).toMatch(/^KEY_NOT_APPROVED .* not today/);
  expect(against(verifySealed(run, { approvers: later }).now)).toContain('SIGNED_AT_WRONG_TIME');
});

test('what is signed with a date to come does not hold yet', async () => {
  const run = await sealed();
  await sign(run, 'Security Lead', alice);
  await sign(run, 'CTO', carol, { at: inDays(2) });
  expect(against(verifySealed(run).now)).toEqual(expect.arrayContaining(['SIGNED_AT_WRONG_TIME']));
});

test('a key that nobody configured is refused when it signs, and found when it has signed', async () => {
  const mallory = person('mallory');
  const run = await sealed();
  await sign(run, 'CTO', carol);
  expect(await errorOf(sign(run, 'Security Lead', mallory))).toMatch(/^KEY_NOT_APPROVED/);
  await sign(run, 'Security Lead', mallory, { approvers: { ...APPROVERS, 'Security Lead': { keys: [mallory.key] } } });
  expect(against(verifySealed(run).now)).toEqual(['UNKNOWN_APPROVER', 'THRESHOLD_NOT_MET']);
});

test('without approvers nothing that was signed counts', async () => {
  expect(against(verifySealed(await signed(), { approvers: undefined }).now)).toEqual(['APPROVERS_MISSING']);
});

test('the same person counts once for a threshold, whatever the number of signatures and keys', async () => {
  const second = person('x');
  const two: Approvers = { ...APPROVERS, 'Security Lead': { keys: [alice.key, { ...second.key, names: ['alice', 'x'] }, bob.key], min: 2 } };
  const run = await sealed();
  await sign(run, 'CTO', carol, { approvers: two });
  await sign(run, 'Security Lead', alice, { approvers: two });
  await sign(run, 'Security Lead', alice, { approvers: two });
  await sign(run, 'Security Lead', second, { approvers: two });
  expect(against(verifySealed(run, { approvers: two }).now)).toEqual(['THRESHOLD_NOT_MET']);
  await sign(run, 'Security Lead', bob, { approvers: two });
  expect(verifySealed(run, { approvers: two }).now.holds).toBe(true);
});

test('a key counts for one role of a run', async () => {
  const both: Approvers = { ...APPROVERS, CTO: { keys: [alice.key, carol.key] } };
  const run = await sealed();
  await sign(run, 'Security Lead', alice, { approvers: both });
  expect(await errorOf(sign(run, 'CTO', alice, { approvers: both }))).toMatch(/^SIGN_OFF_REFUSED .* as Security Lead, and counts once/);
});

test('whoever ran the gate is not its only approver where the configuration says so', async () => {
  const approvers: Approvers = { ...APPROVERS, 'Security Lead': { keys: [alice.key, bob.key], notRunner: true } };
  const run = await sealed({ by: 'alice' });
  await sign(run, 'CTO', carol, { approvers });
  await sign(run, 'Security Lead', alice, { approvers });
  expect(against(verifySealed(run, { approvers }).now)).toEqual(['RUNNER_ALONE']);
  await sign(run, 'Security Lead', bob, { approvers });
  expect(verifySealed(run, { approvers }).now.holds).toBe(true);
});

test('a role signs its own rows only, and a run is asked for no other role', async () => {
  const run = await sealed();
  expect(await errorOf(sign(run, 'Backend Lead', alice))).toMatch(/^UNKNOWN_ROLE .*/);
  expect(await errorOf(sign(run, 'CTO', carol, { approvers: {} }))).toMatch(/^APPROVERS_MISSING/);
  expect(await errorOf(sign(run, 'CTO', carol, { criteria: ['phase3.paper.security'] }))).toMatch(/^UNKNOWN_CRITERION/);
});

test('a document settles its row; a machine rule decides by what it finds; the newest counts', async () => {
  const run = await sealed();
  const evidence = (): string[] => verifySealed(run).now.evidence.flatMap(({ parts }) => parts.map(({ state }) => state));
  expect(evidence()).toEqual(['awaited', 'awaited', 'awaited']);
  await addEvidence(run, 'errors', 'E1');
  await addEvidence(run, 'tests', 'broken', 1);
  expect(evidence()).toEqual(['ok', 'awaited', 'failed']);
  expect(against(verifySealed(run).now)).toContain('EVIDENCE_FAILED');
  expect(await errorOf(sign(run, 'CTO', carol))).toMatch(/evidence failed for phase3.paper.tests/);
  await addEvidence(run, 'tests', 'ok', 1);
  expect(evidence()).toEqual(['ok', 'awaited', 'ok']);
});

test('a document that a machine chokes on is not right, and says why', async () => {
  const run = await sealed();
  await addEvidence(run, 'tests', 'binary', 1);
  const { now } = verifySealed(run);
  expect(now.findings.find(({ code }) => code === 'EVIDENCE_FAILED')?.text).toBe('phase3.paper.tests: 1.txt: it cannot be read: no XML');
});

test('an address without a digest proves nothing, and a machine rule needs the file itself', async () => {
  const run = await sealed();
  const url = 'https://naap.dev/errors';
  const evidence = (): string[] => verifySealed(run).now.evidence.flatMap(({ parts }) => parts.map(({ state }) => state));
  await addSource(run.folder, 'errors', { kind: 'url', url });
  await addSource(run.folder, 'tests', { kind: 'url', url, sha256: 'a'.repeat(64) }, 1);
  expect(evidence()).toEqual(['awaited', 'awaited', 'awaited']);
  await addSource(run.folder, 'errors', { kind: 'url', url, sha256: 'a'.repeat(64) });
  expect(evidence()[0]).toBe('ok');
});

test('"go" is refused while the papers say otherwise; a no-go never holds; a condition that is past its day is found', async () => {
  const run = await sealed();
  expect(await errorOf(decide(run, 'go'))).toMatch(/^DECISION_REFUSED[\s\S]*0 of 1 signature of the Security Lead/);
  await sign(run, 'Security Lead', alice);
  await sign(run, 'CTO', carol);
  await decide(run, 'no-go');
  expect(against(verifySealed(run).now)).toEqual(['DECIDED_NO_GO']);
  await decide(run, 'conditional', { conditions: [{ text: 'Runbook', owner: 'dave', due: inDays(3).toISOString().slice(0, 10) }], who: carol });
  expect(verifySealed(run).now.holds).toBe(true);
  expect(against(verifySealed(run, { now: inDays(5) }).now)).toEqual(['CONDITION_DUE']);
});

test('a policy that is not the one of the run is found', async () => {
  expect(against(verifySealed(await signed(), { policy: 'other' }).now)).toEqual(['POLICY_CHANGED']);
});

test('a line of the ledger that was cut off is found, set aside by the next command, and nothing else is lost', async () => {
  const run = await signed();
  const path = ledgerPath(run.folder);
  appendFileSync(path, '{"seq":3,"at"');
  expect(against(verifySealed(run).now)).toEqual(['LEDGER_DAMAGED']);
  await addEvidence(run, 'errors', 'E1');
  expect(readFileSync(`${path}.torn-4`, 'utf8')).toBe('{"seq":3,"at"');
  expect(verifySealed(run).files).toEqual([]);
});

test('nothing is added to a run whose files were changed', async () => {
  const run = await signed();
  writeFileSync(join(run.folder.path, 'report.json'), '{}');
  expect(await errorOf(sign(run, 'CTO', carol))).toMatch(/^PAPERS_DAMAGED[\s\S]*report.json/);
});
