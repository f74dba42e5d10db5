// What people added to a run after its seal, as reporters read it: settled rows, signatures with their effect, documents, decision. Pure; called by cli/reports.
import { gateVerdict, headlineOf } from '../lattice.ts';
import type { CriterionReport } from '../model/report.ts';
import type { PaperDecision, PaperEvidence, PaperSignature, PaperWait, RunPapers } from '../model/reporter.ts';
import { type Approvers, isSamePerson, peopleOf, trustedApprovers } from './approvers.ts';
import { type CheckedSignatures, type CheckedSignOff, checkSignatures } from './check-signatures.ts';
import { wordsOf } from './evidence.ts';
import type { Examined } from './examine.ts';
import type { SignedOff } from './ledger-event.ts';
import { settlePending } from './settle-pending.ts';
import { nameOf } from './standings.ts';
import type { Answer, Verification } from './verify.ts';

export interface PapersRequest {
  readonly run: Examined;
  /** Of the same run, by the same approvers. */
  readonly verification: Verification;
  readonly approvers: Approvers | undefined;
  readonly asOf: 'decision' | 'now';
}

/** Undefined as of a decision that nobody has made. */
export function runPapers({ run, verification, approvers, asOf }: PapersRequest): RunPapers | undefined {
  const answer = asOf === 'now' ? verification.now : verification.asOfDecision;
  if (answer === undefined) return undefined;
  const lines = asOf === 'now' ? run.ledger.length : run.ledger.findLastIndex(({ event }) => event.type === 'decision') + 1;
  const ledger = run.ledger.slice(0, lines);
  const checked = checkSignatures(run, trustedApprovers(approvers ?? {}), new Date(answer.at));
  const criteria = settlePending(run.report.criteria, answer.standings, answer.evidence);
  const decision = decisionOf(ledger, checked);
  return {
    at: answer.at,
    holds: answer.holds,
    findings: answer.findings.map(({ level, code, text }) => ({ level, code, text })),
    criteria,
    verdict: gateVerdict(criteria),
    headline: papersHeadline(run.report.criteria, criteria),
    signatures: ledger.flatMap(({ event, at }, index) =>
      event.type === 'signoff' ? [signatureOf(event, at, index, checked, answer, approvers !== undefined, lines)] : [],
    ),
    evidence: evidenceOf(ledger, answer),
    waiting: waitingOf(criteria, answer),
    approvers: approversOf(approvers ?? {}),
    ...(decision === undefined ? {} : { decision }),
    notes: ledger.flatMap(({ event, at }) => (event.type === 'note' ? [{ text: event.text, by: event.by, at }] : [])),
  };
}

/** What was measured and what people settled are counted apart: a signature is no measurement. */
export function papersHeadline(sealed: readonly CriterionReport[], settled: readonly CriterionReport[]): string {
  const forPeople = new Set(sealed.filter(({ state }) => state === 'pending').map(({ id }) => id));
  const rows = settled.filter(({ id }) => forPeople.has(id));
  const others = settled.filter(({ id }) => !forPeople.has(id));
  const count = (state: CriterionReport['state']): number => rows.filter((row) => row.state === state).length;
  const parts: readonly (readonly [number, string])[] = [
    [count('fail'), 'failed or rejected'],
    [count('pending'), count('pending') === 1 ? 'still waits' : 'still wait'],
  ];
  const rest = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  const papers = rows.length === 0 ? [] : [[`${count('pass')} of ${rows.length} rows for people settled`, ...rest].join(', ')];
  return [...(others.length === 0 ? [] : [headlineOf(others)]), ...papers].join('; ');
}

type Ledger = Examined['ledger'];

function signatureOf(
  event: SignedOff,
  at: string,
  index: number,
  checked: CheckedSignatures,
  answer: Answer,
  hasApprovers: boolean,
  lines: number,
): PaperSignature {
  const own = checked.signOffs.find((signOff) => signOff.index === index);
  return {
    role: event.role,
    criteria: event.criteria,
    decision: event.decision,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    by: own === undefined ? event.keyId : nameOf(own),
    keyId: event.keyId,
    at,
    expiresAt: own === undefined ? event.expiresAt : own.expiresAt,
    effect: own === undefined ? whyNotTrusted(index, checked, hasApprovers) : effectWords(own, checked.signOffs, answer, lines),
  };
}

function whyNotTrusted(index: number, { problems }: CheckedSignatures, hasApprovers: boolean): string {
  if (!hasApprovers) return 'cannot be trusted: no approvers are configured here';
  return `does not hold: ${(problems.get(index) ?? []).map(({ text }) => text).join(' ')}`;
}

/** An approval that stands nowhere was replaced by a later one of the same person. */
function effectWords(own: CheckedSignOff, all: readonly CheckedSignOff[], { standings }: Answer, lines: number): string {
  const effects = standings.flatMap(({ approvals }) => approvals.filter(({ signOff }) => signOff.index === own.index).map(({ effect }) => effect));
  const gone = effects.find(({ counts }) => !counts);
  if (gone !== undefined && !gone.counts) return gone.text;
  const later = all.find(
    ({ index, event, key }) =>
      index > own.index &&
      index < lines &&
      event.role === own.event.role &&
      isSamePerson(key, own.key) &&
      own.event.criteria.every((id) => event.criteria.includes(id)),
  );
  return later === undefined ? 'counts' : `replaced by what the same person signed on ${later.at.slice(0, 10)}`;
}

function evidenceOf(ledger: Ledger, { evidence }: Answer): PaperEvidence[] {
  return evidence.flatMap(({ criterion, parts }) =>
    parts.map(({ awaited, added, state, text }, rule): PaperEvidence => {
      const describe = wordsOf(awaited);
      if (added === undefined) return { criterion, describe, state, text };
      const { source, by } = added;
      const entry = ledger.findLast(({ event }) => event.type === 'evidence.added' && event.criterion === criterion && event.rule === rule);
      const named =
        source.kind === 'file'
          ? { name: source.name, sha256: source.sha256, bytes: source.bytes }
          : { name: source.url, ...(source.sha256 === undefined ? {} : { sha256: source.sha256 }) };
      return { criterion, describe, state, text, source: named, by, ...(entry === undefined ? {} : { at: entry.at }) };
    }),
  );
}

function waitingOf(criteria: readonly CriterionReport[], { standings, evidence }: Answer): PaperWait[] {
  return criteria
    .filter(({ state }) => state === 'pending')
    .map(({ id, reason }) => {
      const standing = standings.find(({ criterion }) => criterion === id);
      if (standing !== undefined) return { criterion: id, role: standing.role, text: standing.text };
      const awaited = (evidence.find(({ criterion }) => criterion === id)?.parts ?? []).filter(({ state }) => state === 'awaited');
      return { criterion: id, text: awaited.length === 0 ? reason.text : awaited.map(({ text }) => text).join(' ') };
    });
}

/** Keys that share a name are one person; one without a name stands for itself. */
function approversOf(approvers: Approvers): RunPapers['approvers'] {
  return [...trustedApprovers(approvers)].map(([role, { keys, min }]) => ({
    role,
    people: peopleOf(keys).map((person) => person.flatMap(({ names }) => names)[0] ?? person[0]?.id ?? ''),
    min,
  }));
}

function decisionOf(ledger: Ledger, { problems }: CheckedSignatures): PaperDecision | undefined {
  const index = ledger.findLastIndex(({ event }) => event.type === 'decision');
  const entry = ledger[index];
  if (entry?.event.type !== 'decision') return undefined;
  const { outcome, conditions, by, signed } = entry.event;
  const isSigned = signed !== undefined && (problems.get(index) ?? []).length === 0;
  return { outcome, conditions, by, at: entry.at, ...(isSigned ? { signedAs: signed.role } : {}) };
}
