import { expect, test } from 'vitest';
import type { RunPapers } from '../model/reporter.ts';
import {
  addEvidence,
  addSource,
  alice,
  APPROVERS,
  bob,
  carol,
  decide,
  sealedRun,
  type Sealed,
  sign,
  verifySealed,
  type VerifyOptions,
} from '../testing/sealed-run.ts';
import { examine, isExamined } from './examine.ts';
import { runPapers } from './papers-view.ts';
import { runInFolder } from './sealed-run.ts';

function papersOf(sealed: Sealed, options: VerifyOptions = {}, asOf: 'decision' | 'now' = 'now'): RunPapers | undefined {
  const run = examine(runInFolder(sealed.folder));
  if (!isExamined(run)) throw new Error('The run of the test does not hold together.');
  const approvers = 'approvers' in options ? options.approvers : APPROVERS;
  return runPapers({ run, approvers, verification: verifySealed(sealed, options), asOf });
}
const states = (papers: RunPapers | undefined): string[] => (papers?.criteria ?? []).map(({ id, state }) => `${id.split('.').at(-1)} ${state}`);

test('before anybody has added anything every row waits, and says for whom', async () => {
  const papers = papersOf(await sealedRun());
  expect(papers?.headline).toBe('1 of 1 measured passed; 0 of 4 rows for people settled, 4 still wait');
  expect(papers?.waiting.map(({ criterion, role }) => `${criterion}: ${role ?? 'a document'}`)).toEqual([
    'phase3.paper.security: Security Lead',
    'phase3.paper.cto: CTO',
    'phase3.paper.errors: a document',
    'phase3.paper.tests: a document',
  ]);
  expect(papers?.approvers).toEqual([
    { role: 'Security Lead', people: ['alice', 'bob'], min: 1 },
    { role: 'CTO', people: ['carol'], min: 1 },
  ]);
});

test('signatures and documents settle their rows; a signature is not counted as a measurement', async () => {
  const sealed = await sealedRun();
  await addEvidence(sealed, 'errors', 'E1');
  await addEvidence(sealed, 'tests', 'the plan');
  await addEvidence(sealed, 'tests', 'ok', 1);
  await sign(sealed, 'Security Lead', alice);
  await sign(sealed, 'CTO', carol);
  const papers = papersOf(sealed);
  expect(states(papers).slice(1)).toEqual(['security pass', 'cto pass', 'errors pass', 'tests pass']);
  expect(papers).toMatchObject({ verdict: 'pass', headline: '1 of 1 measured passed; 4 of 4 rows for people settled', waiting: [] });
  expect(papers?.signatures.map(({ role, by, decision, effect }) => `${role} ${by} ${decision} ${effect}`)).toEqual([
    'Security Lead alice approve counts',
    'CTO carol approve counts',
  ]);
  expect(papers?.evidence.map(({ criterion, state, source, by }) => `${criterion} ${state} ${source?.name} ${source?.bytes} ${by}`)).toEqual([
    'phase3.paper.errors ok 0.txt 2 dave',
    'phase3.paper.tests ok 0.txt 8 dave',
    'phase3.paper.tests ok 1.txt 2 dave',
  ]);
});

test('a rejection and failing evidence fail the gate, and the headline says so', async () => {
  const sealed = await sealedRun();
  await addEvidence(sealed, 'tests', 'not so', 1);
  await sign(sealed, 'Security Lead', bob, { reject: 'No threat model.' });
  const papers = papersOf(sealed);
  expect(states(papers).slice(1)).toEqual(['security fail', 'cto pending', 'errors pending', 'tests fail']);
  expect(papers).toMatchObject({
    verdict: 'fail',
    holds: false,
    headline: '1 of 1 measured passed; 0 of 4 rows for people settled, 2 failed or rejected, 2 still wait',
    signatures: [{ decision: 'reject', reason: 'No threat model.', by: 'bob', effect: 'counts' }],
  });
});

test('what was signed before later evidence no longer counts, and says why; signed again, the earlier one is replaced', async () => {
  const sealed = await sealedRun();
  await sign(sealed, 'CTO', carol);
  await addEvidence(sealed, 'errors', 'E1');
  expect(papersOf(sealed)?.signatures.map(({ effect }) => effect)).toEqual([expect.stringMatching(/^carol signed before evidence for phase3\.paper\.errors/)]);
  await sign(sealed, 'CTO', carol);
  expect(papersOf(sealed)?.signatures.map(({ effect }) => effect)).toEqual([expect.stringMatching(/^replaced by what the same person signed/), 'counts']);
});

test('without approvers no signature is trusted; with other keys it does not hold', async () => {
  const sealed = await sealedRun();
  await sign(sealed, 'CTO', carol);
  const without = papersOf(sealed, { approvers: undefined });
  expect(without).toMatchObject({ holds: false, signatures: [{ effect: 'cannot be trusted: no approvers are configured here' }] });
  const others = papersOf(sealed, { approvers: { ...APPROVERS, CTO: { keys: [bob.key] } } });
  expect(others?.signatures[0]?.effect).toMatch(/^does not hold: .*not among those of the role/);
  expect(states(others)).toContain('cto pending');
});

test('as of the decision, what came later is not there yet', async () => {
  const sealed = await sealedRun();
  expect(papersOf(sealed, {}, 'decision')).toBeUndefined();
  await decide(sealed, 'conditional', { conditions: [{ text: 'Sign.', owner: 'carol', due: '2099-01-01' }], who: carol });
  await addSource(sealed.folder, 'errors', { kind: 'url', url: 'https://naap.dev/errors' });
  expect(papersOf(sealed, {}, 'decision')).toMatchObject({ decision: { outcome: 'conditional', by: 'carol', signedAs: 'CTO' } });
  const added = (papers: RunPapers | undefined): string[] => (papers?.evidence ?? []).flatMap(({ source }) => source?.name ?? []);
  expect([added(papersOf(sealed, {}, 'decision')), added(papersOf(sealed))]).toEqual([[], ['https://naap.dev/errors']]);
});

test('an expired signature tells its day and no longer settles its row', async () => {
  const sealed = await sealedRun();
  const approvers = { ...APPROVERS, CTO: { keys: [carol.key], expiresDays: 30 } };
  await sign(sealed, 'CTO', carol, { approvers });
  const later = new Date(Date.now() + 40 * 86_400_000);
  const papers = papersOf(sealed, { approvers, now: later });
  expect(papers?.signatures[0]?.effect).toMatch(/^What carol signed expired on /);
  expect(papers?.waiting.map(({ criterion }) => criterion)).toContain('phase3.paper.cto');
});
