// What a document must be, for the rows that a document proves. Called by the files of the gates.
import type { EvidenceRule } from '../model/criterion.ts';

type Junit = Extract<EvidenceRule, { kind: 'junit' }>['suite'];

const SUITES: Readonly<Record<Junit, string>> = { unit: 'unit tests', integration: 'integration tests', e2e: 'end-to-end tests' };

/** What a person under pressure looks for in a procedure, and what a procedure that was never tried lacks. */
const STEPS = ['Preconditions', 'Steps', 'Verification', 'Rollback', 'Contacts'];
const ROLLBACK = ['When to roll back', 'Steps', 'Verification', 'What is lost', 'Contacts'];

export const document = (describe: string): EvidenceRule => ({ kind: 'document', describe });
export const runbook = (describe: string): EvidenceRule => ({ kind: 'runbook', describe, headings: STEPS });
export const rollbackRunbook = (describe: string): EvidenceRule => ({ kind: 'runbook', describe, headings: ROLLBACK });
export const restoreLog = (describe: string): EvidenceRule => ({ kind: 'restore-log', describe });
export const k6Summary = (describe: string): EvidenceRule => ({ kind: 'k6-summary', describe });

export const junit = (suite: Junit): EvidenceRule => ({ kind: 'junit', suite, describe: `The JUnit report of the application's own ${SUITES[suite]}.` });

/** plan §0.2: "Unit test coverage ≥ 80%". */
export const coverage = (describe: string): EvidenceRule => ({ kind: 'coverage', describe, minimum: 0.8 });
/** plan, Success Metrics: "> 80%". */
export const coverageAbove = (describe: string): EvidenceRule => ({ kind: 'coverage', describe, minimum: 0.8, exclusive: true });

/** plan, Rollback Procedures: database, frontend, full. */
export const rollbackDrill = document(
  'The record of a rollback drill for each way back (database, frontend, full): when, by whom, how long it took, and what was verified after it.',
);
export const securityAudit = document('The report of the security audit: scope, date, auditor, findings, and what became of each.');
