// What a reporter is: a pure function from a run to text or bytes. It never prints, sends or decides (DESIGN §3).
import type { Measurement } from './measurement.ts';
import type { CriterionReport, CriterionResult, RunReport } from './report.ts';
import type { Verdict } from './verdicts.ts';

/** A run as reporters read it: the report, and the measurements behind each result (for pictures of distributions). */
export interface RunView {
  readonly report: RunReport;
  /** By check id and metric: `measurements.get('api-load/api.latency')`; payloads loaded. */
  readonly measurements: ReadonlyMap<string, readonly Measurement[]>;
  /** Those of the very execution that a result of a criterion was judged from, both sides, sick rounds too; absent: `measurements` is all there is. */
  readonly behind?: (criterion: string, result: CriterionResult) => readonly Measurement[];
  /** SHA-256 of the journal's last line and of the plan: what is attested about the run names them. Absent in a view that comes from no journal. */
  readonly chain?: { readonly head: string; readonly plan: string };
  /** Absent at the seal: nothing can have been added yet. */
  readonly papers?: RunPapers;
}
/** What people added after the seal, as of one moment. The sealed report itself keeps the rows as they were. */
export interface RunPapers {
  /** The moment that this is true of, ISO 8601. */
  readonly at: string;
  /** Chains, digests, signatures, roles and rows, all of them. */
  readonly holds: boolean;
  readonly findings: readonly { readonly level: 'broken' | 'unmet' | 'note'; readonly code: string; readonly text: string }[];
  /** The rows with what people said of them, and what follows for the gate. */
  readonly criteria: readonly CriterionReport[];
  readonly verdict: Verdict;
  readonly headline: string;
  readonly signatures: readonly PaperSignature[];
  readonly evidence: readonly PaperEvidence[];
  /** The rows that still wait, in the gate's order. */
  readonly waiting: readonly PaperWait[];
  /** Who may sign, as configured. `min`: how many of them must. */
  readonly approvers: readonly { readonly role: string; readonly people: readonly string[]; readonly min: number }[];
  readonly decision?: PaperDecision;
  readonly notes: readonly { readonly text: string; readonly by: string; readonly at: string }[];
}
/** `effect`: `counts`, or why it does not (any more). */
export interface PaperSignature {
  readonly role: string;
  readonly criteria: readonly string[];
  readonly decision: 'approve' | 'reject';
  readonly reason?: string;
  /** The key's first name, or the key. */
  readonly by: string;
  readonly keyId: string;
  readonly at: string;
  readonly expiresAt: string | null;
  readonly effect: string;
}
/** One thing that a row waits for, and what was added for it. `sha256` and `bytes` are absent for an address without a digest. */
export interface PaperEvidence {
  readonly criterion: string;
  readonly describe: string;
  readonly state: 'ok' | 'failed' | 'awaited';
  readonly text: string;
  readonly source?: { readonly name: string; readonly sha256?: string; readonly bytes?: number };
  readonly by?: string;
  readonly at?: string;
}
/** A row that waits: for a role, or (without one) for a document. `text`: what is there so far. */
export interface PaperWait {
  readonly criterion: string;
  readonly role?: string;
  readonly text: string;
}
export interface PaperDecision {
  readonly outcome: 'go' | 'no-go' | 'conditional';
  readonly conditions: readonly { readonly text: string; readonly owner: string; readonly due: string }[];
  readonly by: string;
  readonly at: string;
  /** Role that signed it; absent where it carries a name only. */
  readonly signedAs?: string;
}
/** Bytes of an artifact by SHA-256; undefined where it is not there. */
export type ReadArtifact = (sha256: string) => Uint8Array | undefined;

export interface Reporter {
  readonly format: string;
  /** File name in the run's folder: `report.md`. */
  readonly file: string;
  render(view: RunView, read: ReadArtifact): string | Uint8Array;
}
