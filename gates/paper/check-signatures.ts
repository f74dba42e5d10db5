// Holds every signature of a ledger against the trusted keys, and what was signed against the run. Called by verify, and before a new signature is recorded.
import { isDeepStrictEqual } from 'node:util';
import { type Envelope, openEnvelope } from '../signing/dsse.ts';
import { isSamePerson, isValidAt, type Trusted, type TrustedKey, type TrustedRole } from './approvers.ts';
import { signedRun, whyNotApprovable } from './approvable.ts';
import type { Examined } from './examine.ts';
import { broken, type Finding } from './finding.ts';
import type { Decided, SignedOff } from './ledger-event.ts';
import type { LedgerEntry } from './read-ledger.ts';
import { decisionStatement, DecisionStatement, SignOffStatement, signedSubject, signOffStatement } from './statement.ts';

/** A sign-off that holds: the right key over the right run at the right time. Whether it still counts is for standings. */
export interface CheckedSignOff {
  /** Its line in the ledger, counted from 0. */
  readonly index: number;
  readonly at: string;
  readonly event: SignedOff;
  readonly key: TrustedKey;
  /** Earlier than what was signed where the role's `expiresDays` say so. */
  readonly expiresAt: string | null;
}
export interface CheckedSignatures {
  readonly signOffs: readonly CheckedSignOff[];
  /** By line of the ledger. */
  readonly problems: ReadonlyMap<number, readonly Finding[]>;
}

const DAY_MS = 86_400_000;

export function checkSignatures(run: Examined, trusted: Trusted, now: Date): CheckedSignatures {
  const signOffs: CheckedSignOff[] = [];
  const problems = new Map<number, readonly Finding[]>();
  for (const [index, entry] of run.ledger.entries()) {
    const { event } = entry;
    if (event.type === 'decision') problems.set(index, checkDecision(run, index, entry, event, trusted, now));
    if (event.type !== 'signoff') continue;
    const checked = checkSignOff(run, index, entry, event, trusted, now, signOffs);
    if (isChecked(checked)) signOffs.push(checked);
    else problems.set(index, checked);
  }
  return { signOffs, problems };
}

function isChecked(result: CheckedSignOff | readonly Finding[]): result is CheckedSignOff {
  return !Array.isArray(result);
}

/** `earlier`: sign-offs that hold, oldest first. */
function checkSignOff(
  run: Examined,
  index: number,
  entry: LedgerEntry,
  event: SignedOff,
  trusted: Trusted,
  now: Date,
  earlier: readonly CheckedSignOff[],
): CheckedSignOff | readonly Finding[] {
  const who = `Line ${index + 1} of the ledger, the sign-off of the ${event.role}`;
  const role = trusted.get(event.role);
  const key = role?.keys.find(({ id }) => id === event.keyId);
  if (role === undefined || key === undefined) return [unknownApprover(who, event.keyId, event.role, role)];
  const statement = openSigned(who, event.envelope, key, event.keyId);
  if ('level' in statement) return [statement];
  const expected = expectedSignOff(run, entry, event);
  const doubled = earlier.find((other) => other.event.role !== event.role && isSamePerson(other.key, key));
  const refusal = event.decision === 'approve' ? whyNotApprovable(run) : undefined;
  const findings = [
    ...whyNotExpected(who, statement.content, SignOffStatement.safeParse(statement.content).success, expected),
    ...wrongCriteria(run, event).map((text) => broken('SIGNED_SOMETHING_ELSE', `${who}: ${text}`)),
    ...wrongTime(who, run, entry, key, now),
    ...(doubled === undefined ? [] : [broken('DOUBLED_APPROVER', `${who}: the same person has signed as ${doubled.event.role}, and a key counts once.`)]),
    ...(refusal === undefined ? [] : [broken('NOT_APPROVABLE', `${who} approves what may not be approved: ${refusal}`)]),
  ];
  return findings.length > 0 ? findings : { index, at: entry.at, event, key, expiresAt: effectiveExpiry(entry.at, event.expiresAt, role) };
}

function unknownApprover(who: string, keyId: string, roleName: string, role: TrustedRole | undefined): Finding {
  const why = role === undefined ? `no approvers are configured for "${roleName}"` : `the key ${keyId} is not among those of the role`;
  return broken('UNKNOWN_APPROVER', `${who}: ${why}.`);
}

/** The payload, after the signature has been found to hold. The key is the one that the configuration names; the envelope's `keyid` must only agree. */
function openSigned(who: string, envelope: Envelope, key: TrustedKey, keyId: string): Finding | { readonly content: unknown } {
  const { payload, message, signature } = openEnvelope(envelope);
  const why = envelope.signatures[0].keyid === keyId ? key.why(message, signature) : 'its envelope names another key';
  if (why !== undefined) return broken('SIGNATURE_INVALID', `${who}: ${why}.`);
  try {
    return { content: JSON.parse(Buffer.from(payload).toString()) };
  } catch {
    return broken('SIGNED_SOMETHING_ELSE', `${who}: what was signed is no JSON.`);
  }
}

/** What the signer must have signed, from the run as it is here and the line as it stands. */
export function expectedSignOff(
  run: Examined,
  entry: Pick<LedgerEntry, 'at' | 'prev'>,
  event: Omit<SignedOff, 'envelope' | 'type' | 'keyId'>,
): SignOffStatement {
  const { role, decision, reason, criteria, expiresAt } = event;
  return signOffStatement(signedSubject(run.digests.report, entry.prev), {
    run: signedRun(run),
    role,
    decision,
    ...(reason === undefined ? {} : { reason }),
    criteria,
    notApplicable: run.report.notApplicable,
    waivers: run.report.waivers,
    signedAt: entry.at,
    expiresAt,
  });
}
export function expectedDecision(
  run: Examined,
  entry: Pick<LedgerEntry, 'at' | 'prev'>,
  event: Pick<Decided, 'outcome' | 'conditions' | 'by'>,
  role: string,
): DecisionStatement {
  const { outcome, conditions, by } = event;
  return decisionStatement(signedSubject(run.digests.report, entry.prev), { run: signedRun(run), role, outcome, conditions, by, signedAt: entry.at });
}

function whyNotExpected(who: string, content: unknown, hasShape: boolean, expected: SignOffStatement | DecisionStatement): Finding[] {
  if (!hasShape) return [broken('SIGNED_SOMETHING_ELSE', `${who}: what was signed is no statement that this version knows.`)];
  if (isDeepStrictEqual(content, expected)) return [];
  const signed = (content as SignOffStatement).predicate;
  if (signed.run.digests.policy !== expected.predicate.run.digests.policy)
    return [
      broken(
        'POLICY_CHANGED',
        `${who}: the policy that was signed (${signed.run.digests.policy}) is not the run's (${expected.predicate.run.digests.policy}).`,
      ),
    ];
  const subject = isDeepStrictEqual((content as SignOffStatement).subject, expected.subject);
  const fields = Object.keys({ ...signed, ...expected.predicate }).filter(
    (field) => !isDeepStrictEqual(fieldOf(signed, field), fieldOf(expected.predicate, field)),
  );
  const differs = [...(subject ? [] : ['report or ledger']), ...fields];
  return [broken('SIGNED_SOMETHING_ELSE', `${who}: what was signed differs from what stands here, in ${differs.join(', ')}.`)];
}
function fieldOf(value: object, field: string): unknown {
  return (value as Record<string, unknown>)[field];
}

/** Rows that the run does not have, or that another role signs. */
function wrongCriteria({ plan }: Examined, { role, criteria }: SignedOff): string[] {
  const own = plan.criteria.filter(({ criterion: { kind } }) => 'attested' in kind && kind.attested === role).map(({ criterion }) => criterion.id);
  const foreign = criteria.filter((id) => !own.includes(id));
  return foreign.length === 0 ? [] : [`${foreign.join(', ')} ${foreign.length === 1 ? 'is' : 'are'} not for this role to sign.`];
}

function wrongTime(who: string, run: Examined, { at }: LedgerEntry, key: TrustedKey, now: Date): Finding[] {
  const wrong = (text: string): Finding[] => [broken('SIGNED_AT_WRONG_TIME', `${who}: ${text}`)];
  if (at < (run.report.endedAt ?? '')) return wrong(`signed at ${at}, before the run ended.`);
  if (new Date(at) > now) return wrong(`signed at ${at}, which is yet to come.`);
  if (!isValidAt(key, new Date(at))) return wrong(`signed at ${at}, when the key was not valid (${key.from ?? '…'} to ${key.until ?? '…'}).`);
  return [];
}

function effectiveExpiry(signedAt: string, signed: string | null, { expiresDays }: TrustedRole): string | null {
  if (expiresDays === undefined) return signed;
  const latest = expiryOf(new Date(signedAt), expiresDays);
  return signed === null || signed > latest ? latest : signed;
}
export function expiryOf(signedAt: Date, days: number): string {
  return new Date(signedAt.getTime() + days * DAY_MS).toISOString();
}

function checkDecision(run: Examined, index: number, entry: LedgerEntry, event: Decided, trusted: Trusted, now: Date): Finding[] {
  if (event.signed === undefined) return [];
  const { role: roleName, keyId, envelope } = event.signed;
  const who = `Line ${index + 1} of the ledger, the decision signed by the ${roleName}`;
  const role = trusted.get(roleName);
  const key = role?.keys.find(({ id }) => id === keyId);
  if (key === undefined) return [unknownApprover(who, keyId, roleName, role)];
  const statement = openSigned(who, envelope, key, keyId);
  if ('level' in statement) return [statement];
  const expected = expectedDecision(run, entry, event, roleName);
  return [...whyNotExpected(who, statement.content, DecisionStatement.safeParse(statement.content).success, expected), ...wrongTime(who, run, entry, key, now)];
}
