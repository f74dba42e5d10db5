// What counts of the documents that were added for one rule, and what a document that cannot be read is.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Criterion } from '../model.ts';
import { addEvidence, addSource, evidenceChecks, PAPER_ROWS, sealedRun, type Sealed } from '../testing/sealed-run.ts';
import { awaitedBy, type EvidenceStanding, evidenceStandings, judgeEvidence, wordsOf } from './evidence.ts';
import { examine, isExamined } from './examine.ts';
import { runInFolder } from './sealed-run.ts';

const JUNIT = 1;
const PAGE = { kind: 'url', url: 'https://naap.dev/junit.xml', sha256: 'a'.repeat(64) } as const;

/** Removed when the test has ended. */
async function sealedForTest(): Promise<Sealed> {
  const sealed = await sealedRun();
  onTestFinished(() => rmSync(join(sealed.folder.path, '..'), { recursive: true, force: true }));
  return sealed;
}
function standingsOf({ folder }: Sealed): EvidenceStanding[] {
  const run = examine(runInFolder(folder));
  if (!isExamined(run)) throw new Error('the run does not hold together');
  return evidenceStandings(run, evidenceChecks, { lines: run.ledger.length, at: new Date() });
}
function stateOf(sealed: Sealed, criterion: string, rule: number): string | undefined {
  return standingsOf(sealed).find((standing) => standing.criterion === `phase3.paper.${criterion}`)?.parts[rule]?.state;
}

test('an address added later does not take back what a machine found in a file', async () => {
  const sealed = await sealedForTest();
  await addEvidence(sealed, 'tests', 'bad', JUNIT);
  expect(stateOf(sealed, 'tests', JUNIT)).toBe('failed');
  await addSource(sealed.folder, 'tests', PAGE, JUNIT);
  expect(stateOf(sealed, 'tests', JUNIT)).toBe('failed');
  await addEvidence(sealed, 'tests', 'ok', JUNIT);
  expect(stateOf(sealed, 'tests', JUNIT)).toBe('ok');
});

test('an address alone leaves a row that a machine checks waiting', async () => {
  const sealed = await sealedForTest();
  await addSource(sealed.folder, 'tests', PAGE, JUNIT);
  expect(stateOf(sealed, 'tests', JUNIT)).toBe('awaited');
});

test('of the documents that people read the newest counts, address or file', async () => {
  const sealed = await sealedForTest();
  await addEvidence(sealed, 'errors', '# Errors');
  expect(stateOf(sealed, 'errors', 0)).toBe('ok');
  await addSource(sealed.folder, 'errors', { kind: 'url', url: 'https://naap.dev/errors' });
  expect(stateOf(sealed, 'errors', 0)).toBe('awaited');
});

test('a document that cannot be read has failed, and is told from one that shows the wrong thing', () => {
  const [, , , tests] = PAPER_ROWS;
  const awaited = awaitedBy(tests as Criterion)[JUNIT];
  if (awaited === undefined) throw new Error('the row waits for nothing');
  const added = {
    type: 'evidence.added',
    criterion: 'c',
    rule: JUNIT,
    by: 'dave',
    source: { kind: 'file', name: 'j.xml', sha256: 'a'.repeat(64), bytes: 3, mediaType: 'text/xml' },
  } as const;
  const judge = (content: string) => judgeEvidence(awaited, added, evidenceChecks, () => Buffer.from(content));
  expect(judge('binary')).toEqual({ state: 'failed', text: 'j.xml: it cannot be read: no XML', isUnreadable: true });
  expect(judge('bad')).toEqual({ state: 'failed', text: 'j.xml: 1 of 3 tests failed.' });
  expect(judge('ok')).toEqual({ state: 'ok', text: 'j.xml: 3 tests, none failed.' });
});

test('what a machine quotes from a document is one line without marks that a terminal obeys', () => {
  const awaited = { kind: 'rule', rule: { kind: 'restore-log', describe: 'd' } } as const;
  const source = { kind: 'file', name: 'l.log', sha256: 'a'.repeat(64), bytes: 3, mediaType: 'text/plain' } as const;
  const checks = { 'restore-log': () => ({ ok: false, text: `an error:\r\n\u001b[31mred\u202e${'x'.repeat(5000)}` }) };
  const { text } = judgeEvidence(awaited, { type: 'evidence.added', criterion: 'c', rule: 0, by: 'dave', source }, checks, () => Buffer.from('x'));
  expect(text).toMatch(/^l\.log: an error: \[31mred x+…$/);
  expect(text.length).toBeLessThan(2100);
});

test('a row may wait for the signed runs of several gates', () => {
  const rules = ['cutover-db-pre', 'cutover-db-post'].map((gate) => ({ kind: 'signed-run' as const, gate, describe: `The bundle of ${gate}.` }));
  const awaited = awaitedBy({ ...(PAPER_ROWS[2] as Criterion), kind: { evidence: rules } });
  expect(awaited.map((one) => [one.kind, wordsOf(one)])).toEqual([
    ['signed-run', 'The bundle of cutover-db-pre.'],
    ['signed-run', 'The bundle of cutover-db-post.'],
  ]);
});
