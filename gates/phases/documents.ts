// What a document must be, for the rows that a document proves. Called by the files of the gates.
import type { EvidenceRule } from '../model/criterion.ts';

type Junit = Extract<EvidenceRule, { kind: 'junit' }>['suite'];

const SUITES: Readonly<Record<Junit, string>> = { unit: 'unit tests', integration: 'integration tests', e2e: 'end-to-end tests' };

/** What a person under pressure looks for in a procedure, and what a procedure that was never tried lacks. */
const STEPS = ['Preconditions', 'Steps', 'Verification', 'Rollback', 'Contacts'];
const ROLLBACK = ['When to roll back', 'Steps', 'Verification', 'What is lost', 'Contacts'];

export const document = (describe: string): EvidenceRule => ({ kind: 'document', describe });
export const runbook = (describe: string): EvidenceRule => ({ kind: 'runbook', describe, headings: STEPS });
/** One document for phases 1 to 7, each below its own heading. */
export const phaseRunbooks = (describe: string): EvidenceRule => ({
  kind: 'runbook',
  describe,
  headings: [...[1, 2, 3, 4, 5, 6, 7].map((phase) => `Phase ${phase}`), 'Steps', 'Verification', 'Rollback'],
});
export const rollbackRunbook = (describe: string): EvidenceRule => ({ kind: 'runbook', describe, headings: ROLLBACK });
/** `of`: "the production backup". pg_restore does not say that it has finished, so its exit status must. */
export const restoreLog = (of: string): EvidenceRule => ({
  kind: 'restore-log',
  describe: `The log of a restore from ${of}, by pg_restore -v or psql, with its exit status after the last line.`,
});
export const bundleManifest = (describe: string): EvidenceRule => ({ kind: 'bundle-manifest', describe });
/** `endpoints`: ids of the surface that begin so. */
export const openapi = (describe: string, endpoints: string): EvidenceRule => ({ kind: 'openapi', describe, endpoints });
export const signedRun = (gate: string): EvidenceRule => ({
  kind: 'signed-run',
  describe: `The bundle of the signed run of ${gate} (naap-gate bundle RUN -o FILE).`,
  gate,
});
export const k6Summary = (describe: string): EvidenceRule => ({ kind: 'k6-summary', describe });

export const junit = (suite: Junit): EvidenceRule => ({ kind: 'junit', suite, describe: `The JUnit report of the application's own ${SUITES[suite]}.` });

/** plan §0.2: "Unit test coverage ≥ 80%". */
export const coverage = (describe: string): EvidenceRule => ({ kind: 'coverage', describe, minimum: 0.8 });
/** plan, Success Metrics: "> 80%". */
export const coverageAbove = (describe: string): EvidenceRule => ({ kind: 'coverage', describe, minimum: 0.8, exclusive: true });

/** plan, Rollback Procedures: database, frontend, full. */
export const rollbackDrill: EvidenceRule = {
  kind: 'runbook',
  describe:
    'The record of a rollback drill in Markdown, with a heading for each way back (database, frontend, full): when, by whom, how long it took, and what was verified after it.',
  headings: ['Database', 'Frontend', 'Full'],
};
export const securityAudit = document('The report of the security audit: scope, date, auditor, findings, and what became of each.');
