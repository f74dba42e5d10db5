// A small sealed run with rows for people, and people with keys: what the tests of the paper side sign, add to and tamper with.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { sha256 } from '../digest.ts';
import { openLedger, withLedger } from '../ledger.ts';
import type { Criterion, Gate } from '../model.ts';
import { type Approvers, trustedApprovers } from '../paper/approvers.ts';
import { makeDecision } from '../paper/decision.ts';
import type { EvidenceChecks } from '../paper/evidence.ts';
import type { Condition, EvidenceSource, Outcome } from '../paper/ledger-event.ts';
import { runInFolder, type SealedRun } from '../paper/sealed-run.ts';
import { makeSignOff } from '../paper/sign-off.ts';
import { type Answer, type Verification, verify } from '../paper/verify.ts';
import { createRunFolder, readJournal, type RunFolder, storeArtifact } from '../run-folder.ts';
import { createScrubber } from '../scrub.ts';
import { ed25519Signer, type Signer } from '../signing/signer.ts';
import { check, gate, go, round } from '../test-run.ts';
import { measurement } from '../test-data.ts';
import { render } from './render.ts';

export interface Person {
  readonly pem: string;
  readonly signer: Signer;
  /** For the approvers of a configuration. */
  readonly key: { readonly ed25519: string; readonly names: [string] };
}
export function person(name: string): Person {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return { pem, signer: ed25519Signer(pem, `${name}.pem`), key: { ed25519: spki, names: [name] } };
}

export const alice = person('alice');
export const bob = person('bob');
export const carol = person('carol');

export const APPROVERS: Approvers = { 'Security Lead': { keys: [alice.key, bob.key] }, CTO: { keys: [carol.key] } };

const row = (id: string, kind: Criterion['kind']): Criterion => ({
  id: `phase3.paper.${id}`,
  section: 'Paper',
  text: id,
  source: 'plan §3.6',
  required: true,
  profiles: ['pr', 'full'],
  kind,
});
export const PAPER_ROWS: readonly Criterion[] = [
  row('security', { attested: 'Security Lead' }),
  row('cto', { attested: 'CTO' }),
  row('errors', { evidence: [{ kind: 'document', describe: 'The list of error codes.' }] }),
  row('tests', {
    evidence: [
      { kind: 'document', describe: 'The test plan.' },
      { kind: 'junit', describe: 'The JUnit report.', suite: 'unit' },
    ],
  }),
];

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

export interface Sealed {
  readonly folder: RunFolder;
  readonly gate: Gate;
}
/** `latencyMs`: 500 and more fails the one measured row; null: there is none. `by`: who ran the gate. */
export async function sealedRun({
  latencyMs = 100,
  rows = PAPER_ROWS,
  by = 'runner',
}: { latencyMs?: number | null; rows?: readonly Criterion[]; by?: string } = {}): Promise<Sealed> {
  const directory = mkdtempSync(join(tmpdir(), 'naap-gate-paper-'));
  made.push(directory);
  const folder = createRunFolder(directory, 'r1');
  const probe = check('probe', async function* () {
    yield { kind: 'measurement', measurement: measurement('latency', { shape: 'samples', samples: [latencyMs ?? 0] }) };
    yield round;
  });
  const measured = gate('probe');
  const whole: Gate = { ...measured, criteria: latencyMs === null ? [...rows] : [...measured.criteria, ...rows] };
  await go(folder, { checks: [probe], gate: whole });
  const report = render(folder);
  writeFileSync(join(folder.path, 'report.json'), report);
  openLedger(folder, { seal: readJournal(folder).chain.head, report: sha256(report), by }, { now: () => new Date(), scrubber: createScrubber() });
  return { folder, gate: whole };
}

export const owner = { processId: process.pid, isAlive: (): boolean => false, now: (): Date => new Date(), warn: (): void => undefined };
/** Says that a JUnit report is fine when it says "ok", and chokes on one that says "binary". */
export const evidenceChecks: EvidenceChecks = {
  junit: (bytes) => {
    const text = Buffer.from(bytes).toString();
    if (text === 'binary') throw new SyntaxError('no XML');
    return text === 'ok' ? { ok: true, text: '3 tests, none failed.' } : { ok: false, text: '1 of 3 tests failed.' };
  },
};

interface SignOptions {
  readonly approvers?: Approvers;
  readonly criteria?: readonly string[];
  readonly reject?: string;
  readonly at?: Date;
}
export async function sign(
  { folder }: Sealed,
  role: string,
  who: Pick<Person, 'signer'>,
  { approvers = APPROVERS, criteria = [], reject, at }: SignOptions = {},
): Promise<void> {
  await withLedger(folder, at === undefined ? owner : { ...owner, now: () => at }, async (ledger) => {
    const trusted = trustedApprovers(approvers);
    ledger.append(
      await makeSignOff({ run: ledger.run, trusted, evidence: evidenceChecks, role, criteria, rejection: reject, signer: who.signer, at: ledger.at }),
    );
  });
}
export async function addEvidence({ folder }: Sealed, criterion: string, content: string, rule = 0): Promise<void> {
  const { sha256: digest, bytes } = storeArtifact(folder, createScrubber(), 'application/octet-stream', Buffer.from(content));
  await addSource(folder, criterion, { kind: 'file', name: `${rule}.txt`, sha256: digest, bytes, mediaType: 'text/plain' }, rule);
}
export async function addSource(folder: RunFolder, criterion: string, source: EvidenceSource, rule = 0): Promise<void> {
  await withLedger(folder, owner, async (ledger) =>
    ledger.append({ type: 'evidence.added', criterion: `phase3.paper.${criterion}`, rule, source, by: 'dave' }),
  );
}
export async function decide(
  sealed: Sealed,
  outcome: Outcome,
  { conditions = [], who, role = 'CTO' }: { conditions?: Condition[]; who?: Person; role?: string } = {},
): Promise<void> {
  const { findings } = verifySealed(sealed).now;
  await withLedger(sealed.folder, owner, async (ledger) => {
    const signing = who === undefined ? {} : { signing: { role, signer: who.signer, trusted: trustedApprovers(APPROVERS) } };
    ledger.append(await makeDecision({ run: ledger.run, outcome, conditions, by: 'carol', at: ledger.at, findings, ...signing }));
  });
}

export interface VerifyOptions {
  readonly approvers?: Approvers | undefined;
  readonly now?: Date;
  readonly run?: SealedRun;
  readonly policy?: string;
}
export function verifySealed({ folder }: Sealed, options: VerifyOptions = {}): Verification {
  const { approvers = APPROVERS, now = new Date(), run = runInFolder(folder), policy = 'p' } = options;
  return verify({
    run,
    approvers: 'approvers' in options ? options.approvers : approvers,
    now,
    evidence: evidenceChecks,
    tool: 't',
    render: () => render(folder),
    policyOf: () => policy,
  });
}
/** Codes of what speaks against it. */
export function against({ findings }: Answer): string[] {
  return findings.filter(({ level }) => level !== 'note').map(({ code }) => code);
}
