// What is attested about a run, as in-toto Statements v1: the run itself (test result and full report), a sign-off, a decision. Pure; called by report, signoff, decide and verify.
import { z } from 'zod';
import { RunReport, Subject } from '../model/report.ts';
import { Verdict } from '../model/verdicts.ts';
import { Condition, Outcome } from './ledger-event.ts';

/** in-toto attestation framework v1.1, "Statement layer". */
const STATEMENT = 'https://in-toto.io/Statement/v1';
/** in-toto attestation framework, spec/predicates/test-result.md, version 0.1.0. */
export const TEST_RESULT = 'https://in-toto.io/attestation/test-result/v0.1';
/** Ours; docs/sign-off.md describes them. */
export const RUN = 'https://naap-gate.dev/attestation/run/v1';
export const SIGN_OFF = 'https://naap-gate.dev/attestation/sign-off/v1';
export const DECISION = 'https://naap-gate.dev/attestation/decision/v1';

const sha256 = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const Descriptor = z.strictObject({ name: z.string(), digest: z.union([sha256, z.strictObject({ gitCommit: z.string() })]) });
type Descriptor = z.infer<typeof Descriptor>;

/** What every signature of a person names: which run, on what subject, by which policy, with which outcome. */
export const SignedRun = z.strictObject({
  id: z.string(),
  gate: z.string(),
  environment: z.string(),
  subject: Subject.strict(),
  verdict: Verdict,
  headline: z.string(),
  scope: z.enum(['complete', 'partial']),
  /** SHA-256 of the journal's last line, of the plan, of policy and configuration. */
  digests: z.strictObject({ seal: z.string(), plan: z.string(), policy: z.string(), config: z.string() }),
});
export type SignedRun = z.infer<typeof SignedRun>;

const statement = <Type extends string, Predicate extends z.ZodType>(predicateType: Type, predicate: Predicate) =>
  z.strictObject({ _type: z.literal(STATEMENT), subject: z.array(Descriptor).min(1), predicateType: z.literal(predicateType), predicate });

export const SignOffStatement = statement(
  SIGN_OFF,
  z.strictObject({
    run: SignedRun,
    role: z.string(),
    decision: z.enum(['approve', 'reject']),
    reason: z.string().optional(),
    criteria: z.array(z.string()).min(1),
    /** What was declared away and what was waived: whoever signs the run signs these lists. */
    notApplicable: RunReport.shape.notApplicable,
    waivers: RunReport.shape.waivers,
    signedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
  }),
);
export type SignOffStatement = z.infer<typeof SignOffStatement>;

export const DecisionStatement = statement(
  DECISION,
  z.strictObject({ run: SignedRun, role: z.string(), outcome: Outcome, conditions: z.array(Condition), by: z.string(), signedAt: z.iso.datetime() }),
);
export type DecisionStatement = z.infer<typeof DecisionStatement>;

/** The report's bytes and the last line of the ledger at that moment; through it everything that was added before. */
export function signedSubject(report: string, ledgerHead: string): Descriptor[] {
  return [
    { name: 'report.json', digest: { sha256: report } },
    { name: 'ledger.ndjson, last line', digest: { sha256: ledgerHead } },
  ];
}

export function signOffStatement(subject: Descriptor[], predicate: SignOffStatement['predicate']): SignOffStatement {
  return { _type: STATEMENT, subject, predicateType: SIGN_OFF, predicate };
}
export function decisionStatement(subject: Descriptor[], predicate: DecisionStatement['predicate']): DecisionStatement {
  return { _type: STATEMENT, subject, predicateType: DECISION, predicate };
}

export interface RunDigests {
  /** SHA-256 of report.json, of the journal's last line and of the plan. */
  readonly report: string;
  readonly seal: string;
  readonly plan: string;
}

/** The run for standard tools, and beside it our full predicate on the same subjects. To be signed or not by whoever asks. */
export function runStatements(report: RunReport, digests: RunDigests): { readonly testResult: object; readonly run: object } {
  const subject = runSubject(report, digests);
  return {
    testResult: { _type: STATEMENT, subject, predicateType: TEST_RESULT, predicate: testResult(report, digests) },
    run: { _type: STATEMENT, subject, predicateType: RUN, predicate: report },
  };
}

/** "The expected subject are the source artifacts tested": the commit where the application tells a whole one; always the report and the journal. */
function runSubject({ subject }: RunReport, digests: RunDigests): Descriptor[] {
  const isWhole = subject.commit !== null && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(subject.commit);
  return [
    ...(isWhole && subject.commit !== null ? [{ name: 'source', digest: { gitCommit: subject.commit } }] : []),
    { name: 'report.json', digest: { sha256: digests.report } },
    { name: 'run.ndjson, last line', digest: { sha256: digests.seal } },
  ];
}

/**
 * Only what passed is passed. A test that could not be decided is no warning: it is listed as failed.
 * Rows that wait, were left out or do not apply are no tests of this run; where rows wait or were left out the result is a warning at best.
 */
function testResult(report: RunReport, digests: RunDigests): object {
  const named = (...states: readonly Verdict[]): string[] =>
    report.criteria.filter(({ state }) => (states as readonly string[]).includes(state)).map(({ id }) => id);
  return {
    result: resultOf(report),
    configuration: [
      { name: 'plan.json', digest: { sha256: digests.plan }, mediaType: 'application/json' },
      { name: 'policy', digest: { sha256: report.digests.policy } },
      { name: 'configuration', digest: { sha256: report.digests.config } },
      ...(report.digests.baselines === null ? [] : [{ name: 'baselines', digest: { sha256: report.digests.baselines } }]),
    ],
    passedTests: named('pass'),
    warnedTests: named('warn', 'waived'),
    failedTests: named('fail', 'error', 'inconclusive'),
  };
}

function resultOf({ verdict, scope, sealed, pending }: RunReport): 'PASSED' | 'WARNED' | 'FAILED' {
  if (!sealed) return 'FAILED';
  switch (verdict) {
    case 'pass':
      return scope === 'complete' && pending.length === 0 ? 'PASSED' : 'WARNED';
    case 'waived':
    case 'warn':
      return 'WARNED';
    case 'inconclusive':
    case 'error':
    case 'fail':
      return 'FAILED';
    default:
      return verdict satisfies never;
  }
}
