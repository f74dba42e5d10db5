// What verification finds, in words that stay. Made by the parts of verify, shown by cli/.
import { GateError } from '../model/errors.ts';

/** Codes are stable; texts are for people. */
export type FindingCode =
  | 'BUNDLE_DAMAGED'
  | 'JOURNAL_DAMAGED'
  | 'NOT_SEALED'
  | 'ARTIFACT_DAMAGED'
  | 'REPORT_CHANGED'
  | 'REPORT_OF_OTHER_VERSION'
  | 'POLICY_CHANGED'
  | 'LEDGER_DAMAGED'
  | 'APPROVERS_MISSING'
  | 'OTHER_APPROVERS'
  | 'UNKNOWN_APPROVER'
  | 'DOUBLED_APPROVER'
  | 'SIGNATURE_INVALID'
  | 'SIGNED_SOMETHING_ELSE'
  | 'SIGNED_AT_WRONG_TIME'
  | 'NOT_APPROVABLE'
  | 'KEY_EXPIRED'
  | 'SIGN_OFF_EXPIRED'
  | 'SIGN_OFF_STALE'
  | 'THRESHOLD_NOT_MET'
  | 'RUNNER_ALONE'
  | 'REJECTED'
  | 'EVIDENCE_FAILED'
  | 'EVIDENCE_AWAITED'
  | 'NO_DECISION'
  | 'DECIDED_NO_GO'
  | 'CONDITION_DUE'
  | 'DECISION_UNSIGNED'
  | 'NOT_COVERED';

/** `broken`: something was changed or forged. `unmet`: true papers that do not suffice, or no longer. `note`: to be known; decides nothing. */
export interface Finding {
  readonly level: 'broken' | 'unmet' | 'note';
  readonly code: FindingCode;
  readonly text: string;
}

export const broken = (code: FindingCode, text: string): Finding => ({ level: 'broken', code, text });
export const unmet = (code: FindingCode, text: string): Finding => ({ level: 'unmet', code, text });
export const note = (code: FindingCode, text: string): Finding => ({ level: 'note', code, text });

/** The files of a run do not hold; everything that the layer found. Thrown and caught within examine and bundle. */
export class Damage extends Error {
  readonly findings: readonly Finding[];
  constructor(...findings: readonly Finding[]) {
    super(findings.map(({ text }) => text).join('\n'));
    this.findings = findings;
  }
}

export function orDamage<Value>(code: FindingCode, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof GateError) throw new Damage(broken(code, error.message));
    throw error;
  }
}
