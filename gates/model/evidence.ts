// What a machine says of a document: declared here, implemented in suites/documents, wired by cli/, asked by gates/paper/evidence.ts.
import type { EvidenceRule } from './criterion.ts';

export interface EvidenceOutcome {
  readonly ok: boolean;
  /** What was found: "81.4 % of 5 120 lines, at least 80 %". */
  readonly text: string;
}
/** `document` is read by people, `signed-run` verified as a bundle. */
export type MachineRule = Exclude<EvidenceRule, { kind: 'document' | 'signed-run' }>;

/**
 * A machine's look at a document, by kind of rule. `ok: false`: it was read, and does not show what it should.
 * Throws where it cannot be read at all, which is never ok.
 */
export type DocumentChecks = {
  readonly [Kind in MachineRule['kind']]: (bytes: Uint8Array, rule: Extract<EvidenceRule, { kind: Kind }>) => EvidenceOutcome;
};
