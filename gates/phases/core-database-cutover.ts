// The cutover of the core database: the 12 rows of plan §1.2.3 as three gates, and the conditions under which it is rolled back.
import type { Criterion, Gate, Operator, Statistic } from '../model/criterion.ts';
import { document } from './documents.ts';
import {
  FAILURE_SAMPLES,
  catalogue,
  cases,
  contents,
  criticalPaths,
  endpoints,
  foreignKeys,
  limit,
  orphanedRows,
  rowCounts,
  schemaMigrated,
  sessions,
} from './measures.ts';
import { section } from './rows.ts';

const SOURCE = 'plan §1.2.3';

/** `title` as the plan heads the stage: "Pre-cutover (T-1 hour)". */
function stage(id: string, title: string, rows: (row: ReturnType<typeof section>) => Criterion[]): Gate {
  const gate = `cutover-${id}`;
  return {
    id: gate,
    title: `Core Database Cutover, ${title}`,
    objective: 'Consolidate 8 PostgreSQL databases into 1 Neon database with schema separation.',
    source: SOURCE,
    // The plan asks for no signature at a stage; phase 1, which this cutover belongs to, is led by the Database Lead (Appendix B).
    approvers: ['Database Lead'],
    team: { lead: 'Database Lead', reviewers: ['Platform', 'Security'], onCall: ['Database'] },
    criteria: rows(section(gate, SOURCE, title)),
  };
}

/** Logins below which a share of 95 % is not told from chance. */
const LOGIN_SAMPLES = 100;

const pre = stage('db-pre', 'Pre-cutover (T-1 hour)', (row) => [
  row.evidence({ row: 'announcement', text: 'Announce maintenance window' }, document('The announcement as sent, with date, window and audience.')),
  row.measured({ row: 'registrations-closed', text: 'Disable new user registrations' }, cases('registration-state', 'registration.closed')),
  row.measured(
    {
      row: 'final-sync',
      text: 'Complete final data sync',
      note: "The plan's script skips rows that are there already (skipDuplicates), so a user changed since the first copy keeps the old values; measured is the content.",
    },
    schemaMigrated('core'),
  ),
  row.measured(
    { row: 'integrity', text: 'Verify data integrity', note: "The plan's script compares the number of users alone." },
    ...rowCounts,
    contents,
    foreignKeys,
    orphanedRows,
    catalogue,
  ),
]);

const during = stage('db-cutover', 'Cutover (T-0)', (row) => [
  row.measured(
    {
      row: 'mode',
      text: 'Set DB_MODE=neon in environment',
      note: 'A variable that is set proves little: measured is that a write through the API arrives in the target database and nowhere else.',
    },
    cases('database-mode', 'database.writes'),
  ),
  row.measured({ row: 'deployment', text: 'Deploy updated configuration' }, cases('deployment-state', 'deployment.serving')),
  row.measured(
    { row: 'health', text: 'Verify application health', note: 'The health route has been green while logins failed; so sessions and endpoints are tried.' },
    endpoints,
    sessions,
  ),
  row.measured(
    {
      row: 'smoke-tests',
      text: 'Run smoke tests',
      note: 'Read as the ten critical paths; registration is closed at this moment (db-pre), so declare that journey not applicable or give a replacement.',
    },
    criticalPaths(),
  ),
]);

const post = stage('db-post', 'Post-cutover (T+1 hour)', (row) => [
  row.measured(
    {
      row: 'error-rate',
      text: 'Monitor error rates',
      note: 'The row has no number. Read as: no more errors than the 0.5 % that the Success Metrics give as the baseline. Beyond 5 % the plan rolls back.',
    },
    limit('error-rate', 'app.error-rate', 'rate', '<', 0.005, FAILURE_SAMPLES),
  ),
  row.measured(
    { row: 'logins', text: 'Verify user logins working', note: "Our own logins, and at least 95 % of the users': below that the plan rolls back." },
    sessions,
    limit('login-success', 'auth.login-success', 'rate', '>=', 0.95, LOGIN_SAMPLES),
  ),
  row.measured(
    { row: 'sessions', text: 'Check session persistence', note: 'A session that was opened before the cutover (db-pre) still holds after it.' },
    cases('session-persistence', 'auth.carried-sessions'),
  ),
  row.measured({ row: 'registrations-open', text: 'Enable registrations' }, cases('registration-state', 'registration.open')),
]);

export const coreDatabaseStages: readonly Gate[] = [pre, during, post];

/** A condition under which the plan rolls back; true is bad. The watch gives it windows and a direction of action. */
export interface TriggerCondition {
  readonly id: string;
  /** The plan's own words. */
  readonly text: string;
  readonly source: string;
  readonly check: string;
  readonly metric: string;
  readonly statistic: Statistic;
  readonly op: Operator;
  /** In the metric's unit. */
  readonly value: number;
  readonly minSamples: number;
  readonly note: string;
}

const NO_WINDOW = 'The plan names no window: a single bad minute must not roll back, and a slow decline must.';

export const coreRollbackTriggers: readonly TriggerCondition[] = [
  {
    id: 'error-rate',
    text: 'Error rate > 5%',
    source: SOURCE,
    check: 'error-rate',
    metric: 'app.error-rate',
    statistic: 'rate',
    op: '>',
    value: 0.05,
    minSamples: 100,
    note: NO_WINDOW,
  },
  {
    id: 'login-success',
    text: 'Login success rate < 95%',
    source: SOURCE,
    check: 'login-success',
    metric: 'auth.login-success',
    statistic: 'rate',
    op: '<',
    value: 0.95,
    minSamples: LOGIN_SAMPLES,
    note: `${NO_WINDOW} Wrong passwords are no failures of the system and are not counted.`,
  },
  {
    id: 'p99-latency',
    text: 'P99 latency > 2s',
    source: SOURCE,
    check: 'observed-latency',
    metric: 'app.latency',
    statistic: 'p99',
    op: '>',
    value: 2000,
    minSamples: 1000,
    note: NO_WINDOW,
  },
];
