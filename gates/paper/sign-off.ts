// Makes a sign-off: may this key say this of this run? Everything is asked before the key signs. Called by `signoff`.
import { GateError } from '../model/errors.ts';
import { type Signer, signStatement } from '../signing/signer.ts';
import { whyNotApprovable, whyNotSignable } from './approvable.ts';
import { isSamePerson, isValidAt, type Trusted, type TrustedKey, type TrustedRole } from './approvers.ts';
import { checkSignatures, expectedSignOff, expiryOf } from './check-signatures.ts';
import { type EvidenceChecks, evidenceStandings } from './evidence.ts';
import type { Examined } from './examine.ts';
import type { SignedOff } from './ledger-event.ts';
import { previousGateOf } from './standings.ts';

export interface SignOffRequest {
  readonly run: Examined;
  readonly trusted: Trusted;
  readonly evidence: EvidenceChecks;
  readonly role: string;
  /** Empty: all rows of the role. */
  readonly criteria: readonly string[];
  /** Undefined approves. */
  readonly rejection: string | undefined;
  readonly signer: Signer;
  readonly at: Date;
}

/** Throws UNKNOWN_ROLE, UNKNOWN_CRITERION, APPROVERS_MISSING, KEY_NOT_APPROVED, SIGN_OFF_REFUSED, KEY_UNUSABLE. */
export async function makeSignOff(request: SignOffRequest): Promise<SignedOff> {
  const { run, role: name, rejection, signer, at } = request;
  const criteria = rowsToSign(request);
  const role = trustedRole(request.trusted, name);
  const refusal = rejection === undefined ? (whyNotApprovable(run) ?? failedEvidence(request)) : whyNotSignable(run);
  if (refusal !== undefined)
    throw refused(
      `Run ${run.report.run} cannot be ${rejection === undefined ? 'approved' : 'signed'}: ${refusal}`,
      rejection === undefined ? 'Mend it and run the gate again; --reject --reason WHY is always possible on a complete run.' : 'Run the gate whole.',
    );
  const key = approvedKey(role, name, signer, at);
  refuseSecondRole(request, key);
  const said = {
    role: name,
    criteria,
    decision: rejection === undefined ? ('approve' as const) : ('reject' as const),
    ...(rejection === undefined ? {} : { reason: rejection }),
    expiresAt: role.expiresDays === undefined ? null : expiryOf(at, role.expiresDays),
  };
  const envelope = await signStatement(expectedSignOff(run, { at: at.toISOString(), prev: run.ledgerHead }, said), signer);
  return { type: 'signoff', ...said, keyId: signer.publicKey.id, envelope };
}

function rowsToSign({ run, role, criteria }: SignOffRequest): string[] {
  const waiting = run.plan.criteria.flatMap(({ criterion: { id, kind }, settled }) =>
    'attested' in kind && settled?.state === 'pending' ? [{ id, role: kind.attested }] : [],
  );
  const own = waiting.filter((row) => row.role === role && previousGateOf(role) === undefined).map(({ id }) => id);
  if (own.length === 0) {
    const roles = [...new Set(waiting.map((row) => row.role).filter((one) => previousGateOf(one) === undefined))];
    throw new GateError('UNKNOWN_ROLE', `Run ${run.report.run} of ${run.report.gate} asks for no signature of the "${role}".`, {
      remedy: roles.length === 0 ? 'No row of this gate waits for a signature.' : `It asks for: ${roles.join(', ')}.`,
    });
  }
  const foreign = criteria.filter((id) => !own.includes(id));
  if (foreign.length > 0) {
    throw new GateError('UNKNOWN_CRITERION', `The ${role} does not sign for ${foreign.join(', ')} in this run.`, {
      remedy: `The rows of this role: ${own.join(', ')}.`,
    });
  }
  return criteria.length === 0 ? own : own.filter((id) => criteria.includes(id));
}

/** Throws APPROVERS_MISSING, UNKNOWN_ROLE. */
export function trustedRole(trusted: Trusted, name: string): TrustedRole {
  const role = trusted.get(name);
  if (role !== undefined) return role;
  const remedy = `Add it to the configuration: approvers: { '${name}': { keys: [{ ssh: 'ssh-ed25519 …' }], min: 1 } }.`;
  if (trusted.size === 0) throw new GateError('APPROVERS_MISSING', 'The configuration names no approvers.', { remedy });
  throw new GateError('UNKNOWN_ROLE', `The configuration names no approvers for the "${name}". Known: ${[...trusted.keys()].join(', ')}.`, { remedy });
}

/** Throws KEY_NOT_APPROVED. */
export function approvedKey(role: TrustedRole, name: string, { publicKey }: Signer, at: Date): TrustedKey {
  const key = role.keys.find(({ id }) => id === publicKey.id);
  const known = role.keys.map(({ id, names: [first] }) => (first === undefined ? id : `${id} (${first})`)).join(', ');
  const notApproved = (why: string, remedy: string): GateError => new GateError('KEY_NOT_APPROVED', why, { remedy });
  if (key === undefined)
    throw notApproved(
      `The key ${publicKey.id} may not sign as ${name}.`,
      `These may: ${known}. Give one of them with --key, or have yours added to the configuration.`,
    );
  if (key.form !== publicKey.form)
    throw notApproved(
      `The key ${publicKey.id} is configured as ${key.form} and would sign as ${publicKey.form}.`,
      `Give its ${key.form === 'ssh' ? 'SSH' : 'PEM'} file with --key.`,
    );
  if (!isValidAt(key, at))
    throw notApproved(`The key ${publicKey.id} is valid from ${key.from ?? '…'} to ${key.until ?? '…'}, not today.`, `Keys of the ${name}: ${known}.`);
  return key;
}

function failedEvidence({ run, evidence, at }: SignOffRequest): string | undefined {
  const failed = evidenceStandings(run, evidence, { lines: run.ledger.length, at }).filter(
    ({ required, parts }) => required && parts.some(({ state }) => state === 'failed'),
  );
  return failed.length === 0 ? undefined : `evidence failed for ${failed.map(({ criterion }) => criterion).join(', ')}.`;
}

function refuseSecondRole({ run, trusted, role, at }: SignOffRequest, key: TrustedKey): void {
  const other = checkSignatures(run, trusted, at).signOffs.find(({ event, key: earlier }) => event.role !== role && isSamePerson(earlier, key));
  if (other !== undefined)
    throw refused(`This key's owner has signed this run as ${other.event.role}, and counts once.`, `Somebody else has to sign as ${role}.`);
}

function refused(why: string, remedy: string): GateError {
  return new GateError('SIGN_OFF_REFUSED', why, { remedy });
}
