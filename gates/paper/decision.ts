// Records what the meeting decided, and lets nobody say "go" where the papers say otherwise. Called by `decide`.
import { GateError } from '../model/errors.ts';
import { type Signer, signStatement } from '../signing/signer.ts';
import type { Trusted } from './approvers.ts';
import { expectedDecision } from './check-signatures.ts';
import type { Examined } from './examine.ts';
import type { Finding } from './finding.ts';
import type { Condition, Decided, Outcome } from './ledger-event.ts';
import { approvedKey, trustedRole } from './sign-off.ts';

export interface DecisionRequest {
  readonly run: Examined;
  readonly outcome: Outcome;
  readonly conditions: readonly Condition[];
  readonly by: string;
  readonly at: Date;
  /** What verification finds now. */
  readonly findings: readonly Finding[];
  /** Who signs the decision, and as what; absent: it carries a name only. */
  readonly signing?: { readonly role: string; readonly signer: Signer; readonly trusted: Trusted };
}

/** An earlier decision does not stand in the way of a new one. */
const OF_EARLIER_DECISION: readonly Finding['code'][] = ['NO_DECISION', 'DECIDED_NO_GO', 'CONDITION_DUE', 'DECISION_UNSIGNED'];

/** Throws DECISION_REFUSED, KEY_NOT_APPROVED, UNKNOWN_ROLE, APPROVERS_MISSING, KEY_UNUSABLE. */
export async function makeDecision({ run, outcome, conditions, by, at, findings, signing }: DecisionRequest): Promise<Decided> {
  const against = findings.filter(({ level, code }) => !OF_EARLIER_DECISION.includes(code) && (level === 'broken' || (level === 'unmet' && outcome === 'go')));
  if (against.length > 0 && outcome !== 'no-go') {
    throw new GateError(
      'DECISION_REFUSED',
      `The decision "${outcome}" contradicts the papers of ${run.report.run}:\n${against.map(({ text }) => `  - ${text}`).join('\n')}`,
      {
        remedy:
          outcome === 'go' ? 'Have it signed, decide --conditional with what is still to be done, or --no-go.' : 'A damaged run can only be decided --no-go.',
      },
    );
  }
  const decided = { outcome, conditions: [...conditions], by };
  if (signing === undefined) return { type: 'decision', ...decided };
  const { role, signer, trusted } = signing;
  approvedKey(trustedRole(trusted, role), role, signer, at);
  const envelope = await signStatement(expectedDecision(run, { at: at.toISOString(), prev: run.ledgerHead }, decided, role), signer);
  return { type: 'decision', ...decided, signed: { role, keyId: signer.publicKey.id, envelope } };
}
