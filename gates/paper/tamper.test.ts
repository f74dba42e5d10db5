// Every byte, every line, every order: what a forger or an accident could change in a bundle, and whether verify says so.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonicalJson, sha256 } from '../digest.ts';
import { GENESIS } from '../chain.ts';
import { addEvidence, against, alice, APPROVERS, bob, carol, decide, PAPER_ROWS, type Sealed, sealedRun, sign, verifySealed } from '../testing/sealed-run.ts';
import type { Approvers } from './approvers.ts';
import { isOpen, makeBundle, openBundle } from './bundle.ts';
import { examine, isExamined } from './examine.ts';
import { readTar, writeTar } from './tar.ts';
import { RUN_FILES, type RunFile, runInFolder, type SealedRun } from './sealed-run.ts';

/** Thousands of verifications; a second or two on a free core. */
const MINUTE_MS = 60_000;

let sealed: Sealed;
let bundle: Buffer;
/** The files of the run, as a forger has them: free to change, with every digest made anew around them. */
let files: Readonly<Record<RunFile, Buffer>>;
beforeAll(async () => {
  sealed = await sealedRun({ rows: PAPER_ROWS.slice(0, 3) });
  await addEvidence(sealed, 'errors', 'E1');
  await sign(sealed, 'Security Lead', alice);
  await sign(sealed, 'CTO', carol);
  await decide(sealed, 'go', { who: carol });
  const run = examine(runInFolder(sealed.folder));
  if (!isExamined(run)) throw new Error('the run to tamper with does not hold');
  bundle = Buffer.from(makeBundle(run, APPROVERS));
  files = Object.fromEntries(RUN_FILES.map((name) => [name, Buffer.from(run.source.file(name) ?? '')])) as Record<RunFile, Buffer>;
});
afterAll(() => rmSync(join(sealed.folder.path, '..'), { recursive: true, force: true }));

const flipped = (bytes: Buffer, at: number, bit: number): Buffer => Buffer.from(bytes).fill((bytes[at] ?? 0) ^ bit, at, at + 1);
/** The run with one file replaced, the artifacts as they are. */
function withFile(name: RunFile, bytes: Buffer): SealedRun {
  const real = runInFolder(sealed.folder);
  return { ...real, file: (asked) => (asked === name ? bytes : files[asked]) };
}
function isFound(run: SealedRun, approvers: Approvers = APPROVERS): boolean {
  const { now, asOfDecision } = verifySealed(sealed, { run, approvers });
  return !now.holds && asOfDecision?.holds !== true;
}
const lines = (name: RunFile): string[] => files[name].toString().trimEnd().split('\n');
const joined = (parts: readonly string[]): Buffer => Buffer.from(`${parts.join('\n')}\n`);

/** The chain made anew over changed lines, as a forger would. */
function rechained(parts: readonly string[]): Buffer {
  let prev = GENESIS;
  return joined(
    parts.map((line, seq) => {
      const made = JSON.stringify({ ...(JSON.parse(line) as object), seq, prev });
      prev = sha256(made);
      return made;
    }),
  );
}

test('the bundle that is tampered with holds before, and is made of the same bytes again', () => {
  const opened = openBundle(bundle, 'bundle');
  if (!isOpen(opened)) throw new Error('not open');
  const { now, asOfDecision } = verifySealed(sealed, { run: opened.source });
  expect([now.holds, asOfDecision?.holds, against(now)]).toEqual([true, true, []]);
  const again = examine(opened.source);
  expect(isExamined(again) && Buffer.from(makeBundle(again, opened.approvers)).equals(bundle)).toBe(true);
});

test('every flipped byte of the bundle is found', { timeout: MINUTE_MS }, () => {
  const unseen = [...bundle.keys()].filter((at) => isOpen(openBundle(flipped(bundle, at, 1), 'bundle')));
  expect(unseen).toEqual([]);
});

test.each(RUN_FILES)('every flipped byte of %s is found where the bundle around it was made anew', { timeout: MINUTE_MS }, (name) => {
  const bytes = files[name];
  const unseen = [...bytes.keys()].filter((at) => !isFound(withFile(name, flipped(bytes, at, 1))));
  expect(unseen).toEqual([]);
});

test('every letter of the last line that changes its case is found', { timeout: MINUTE_MS }, () => {
  const bytes = files['ledger.ndjson'];
  const start = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
  const letters = [...bytes.keys()].filter((at) => at >= start && /[a-z]/i.test(String.fromCharCode(bytes[at] ?? 0)));
  expect(letters.filter((at) => !isFound(withFile('ledger.ndjson', flipped(bytes, at, 0x20))))).toEqual([]);
});

test('a last line that is spelt otherwise and says the same is found', () => {
  const [last = '', ...before] = lines('ledger.ndjson').toReversed();
  const respelt = [last.replace('{', '{ '), last.replace('"type"', '"\\u0074ype"'), last.replace('{', '{"at":"",')];
  expect(respelt.map((line) => isFound(withFile('ledger.ndjson', joined([...before.toReversed(), line]))))).toEqual([true, true, true]);
});

test.each(['run.ndjson', 'ledger.ndjson'] as const)('each line dropped from %s is found', (name) => {
  const all = lines(name);
  const unseen = all.map((_, drop) => drop).filter((drop) => !isFound(withFile(name, joined(all.filter((_line, index) => index !== drop)))));
  // The decision stands last. Without it the run reads as one that was signed and not decided: nothing follows that could miss it.
  expect(unseen).toEqual(name === 'ledger.ndjson' ? [all.length - 1] : []);
});

test.each(['run.ndjson', 'ledger.ndjson'] as const)('each line dropped from %s within a bundle is found, the last one too', (name) => {
  const all = lines(name);
  const unseen = all
    .map((_, drop) => drop)
    .filter((drop) => {
      const shortened = joined(all.filter((_line, index) => index !== drop));
      const packed = writeTar(readTar(bundle).map((file) => (file.name === name ? { name, bytes: shortened } : file)));
      return isOpen(openBundle(packed, 'bundle'));
    });
  expect(unseen).toEqual([]);
});

test.each(['run.ndjson', 'ledger.ndjson'] as const)('any two lines of %s that change places are found, also when the chain is made anew', (name) => {
  const all = lines(name);
  const swaps = all.slice(1).map((_, index) => all.map((line, at) => (at === index ? (all[index + 1] ?? '') : at === index + 1 ? (all[index] ?? '') : line)));
  expect(swaps.filter((swapped) => !isFound(withFile(name, joined(swapped))))).toEqual([]);
  expect(swaps.filter((swapped) => !isFound(withFile(name, rechained(swapped))))).toEqual([]);
});

test('a sign-off that is doubled counts once, and its copy is found', () => {
  const all = lines('ledger.ndjson');
  const copy = all.findIndex((line) => line.includes('"signoff"'));
  expect(isFound(withFile('ledger.ndjson', rechained([...all.slice(0, copy + 1), ...all.slice(copy)])))).toBe(true);
});

test('an approver who signs as two is found', () => {
  const both: Approvers = { 'Security Lead': { keys: [alice.key, bob.key] }, CTO: { keys: [{ ...carol.key, names: ['carol', 'alice'] }] } };
  expect(against(verifySealed(sealed, { approvers: both }).now)).toContain('DOUBLED_APPROVER');
});

test('a verdict that is forged in journal, seal and report alike is found by the signatures', () => {
  const journal = lines('run.ndjson').map((line) => line.replaceAll('a1b2', 'ffff'));
  const forged = rechained(journal);
  const seal = sha256(rechained(journal).toString().trimEnd().split('\n').at(-1) ?? '');
  const report = Buffer.from(files['report.json'].toString().replaceAll('a1b2', 'ffff'));
  const [opened = '', ...rest] = lines('ledger.ndjson');
  const ledger = rechained([canonicalJson({ ...(JSON.parse(opened) as object), seal, report: sha256(report) }), ...rest]);
  const run: SealedRun = { ...runInFolder(sealed.folder), file: (name) => ({ 'run.ndjson': forged, 'report.json': report, 'ledger.ndjson': ledger })[name] };
  expect(isFound(run)).toBe(true);
});

test('keys that are exchanged in the bundle change nothing: only the keys that the caller trusts count', () => {
  const forged: Approvers = { ...APPROVERS, CTO: { keys: [bob.key] } };
  const run = examine(runInFolder(sealed.folder));
  const opened = isExamined(run) ? openBundle(makeBundle(run, forged), 'bundle') : [];
  expect(isOpen(opened) && verifySealed(sealed, { run: opened.source }).now.holds).toBe(true);
  expect(isOpen(opened) && against(verifySealed(sealed, { run: opened.source, approvers: opened.approvers }).now)).toContain('UNKNOWN_APPROVER');
});
