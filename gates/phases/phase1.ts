// Phase 1, Database Consolidation: the 19 rows of plan §1.3 and the 21 deliverables of §1.1 and §1.2, in the plan's words and order.
import type { Gate } from '../model/criterion.ts';
import { document, restoreLog, runbook, signedRun } from './documents.ts';
import {
  FAILURE_SAMPLES,
  LATENCY_SAMPLES,
  asBefore,
  catalogue,
  contents,
  criticalPaths,
  each,
  foreignKeys,
  limit,
  noDrift,
  noNew,
  none,
  orphanedRows,
  rowCounts,
  schemaDualWritten,
  schemaMigrated,
} from './measures.ts';
import { deliverables, section } from './rows.ts';
import { standing } from './standing.ts';

const GATE = 'phase1';
const SOURCE = 'plan §1.3';
const integrity = section(GATE, SOURCE, 'Data Integrity');
const performance = section(GATE, SOURCE, 'Performance');
const testing = section(GATE, SOURCE, 'Testing');
const documentation = section(GATE, SOURCE, 'Documentation');
const review = section(GATE, SOURCE, 'Review');
const signOff = section(GATE, SOURCE, 'Sign-off');

const inventory = deliverables(GATE, 'plan §1.1.1', 'Data Inventory');
const design = deliverables(GATE, 'plan §1.1.2', 'Schema Design');
const week1 = deliverables(GATE, 'plan §1.2.1', 'Week 1: Non-critical Databases');
const week2 = deliverables(GATE, 'plan §1.2.2', 'Week 2: Critical Databases');
const week3 = deliverables(GATE, 'plan §1.2.3', 'Week 3: Core Database & Cutover');

/** Executions of a statement whose median is to be told to a tenth. */
const STATEMENT_SAMPLES = 30;
/** A tenth of a statement that takes a tenth of a millisecond is the clock's own noise, and nobody waits for it. */
const STATEMENT_FLOOR_MS = 0.05;
const DAY_SECONDS = 86_400;
/** The row asks for a day, the others for what minutes can show: two watches. `--resume` adds up the time of the day's. */
const DAY = { options: { observeSeconds: DAY_SECONDS } };

export const phase1: Gate = {
  id: GATE,
  title: 'Phase 1: Database Consolidation',
  objective: 'Consolidate 8 PostgreSQL databases into 1 Neon database with schema separation.',
  source: SOURCE,
  approvers: ['Database Lead', 'Engineering Lead', 'Security Lead'],
  team: { lead: 'Database Lead', reviewers: ['Platform', 'Security'], onCall: ['Database'] },
  criteria: [
    integrity.measured(
      {
        row: 'row-counts',
        text: 'All tables migrated with matching row counts',
        note: 'The plan\'s script compares n_live_tup, an estimate that reads 0 after a statistics reset; here rows are counted exactly. It speaks of 8 databases, names ten (§2.3), and its weekly order leaves daydream_video out; all ten are compared. Sessions that have expired are left behind on purpose (§1.2.3, "active only").',
      },
      ...rowCounts,
    ),
    integrity.measured({ row: 'foreign-keys', text: 'Foreign key relationships verified' }, foreignKeys),
    integrity.measured(
      {
        row: 'orphaned-rows',
        text: 'No orphaned records',
        note: 'Also for references across schemas that no foreign key declares: in separate databases none could.',
      },
      orphanedRows,
    ),
    integrity.measured(
      {
        row: 'indexes',
        text: 'Indexes recreated and optimized',
        note: '"Optimized" has no number. Read as: no index is missing, invalid or other than before, and no statement of the workload has a worse plan.',
      },
      none('index-parity', 'catalogue.index-differences'),
      none('query-times', 'queries.plan-regressions'),
    ),

    performance.measured(
      {
        row: 'query-times',
        text: 'Query performance within 10% of baseline',
        note: 'Each statement of the workload by its median, both sides interleaved; the worst counts.',
      },
      each(asBefore('query-times', 'queries.time', 'p50', STATEMENT_SAMPLES, STATEMENT_FLOOR_MS)),
    ),
    performance.measured(
      {
        row: 'connection-pooling',
        text: 'Connection pooling configured (Prisma Accelerate)',
        note: "Which pooler it is cannot be seen from outside, and plan §3.5 uses Neon's own pool instead of Accelerate. Measured is what a pool is for: under load and a burst no request is refused for want of a connection.",
      },
      limit('connection-pool', 'pool.refused-requests', 'rate', '<', 0.001, LATENCY_SAMPLES),
    ),
    performance.measured(
      { row: 'n-plus-one', text: 'No N+1 queries introduced', note: 'By statements a request; those that the legacy side has already are not "introduced".' },
      noNew('statement-counts', 'queries.n-plus-one'),
    ),

    testing.measured({ row: 'e2e-tests', text: 'All E2E tests passing' }, criticalPaths()),
    testing.measured(
      {
        row: 'data-integrity',
        text: 'Data integrity tests passing',
        note: 'Every row byte for byte, and the whole catalogue: equal counts say nothing about contents.',
      },
      contents,
      catalogue,
    ),
    testing.measured(
      { row: 'load-test', text: 'Load test completed (same performance)', note: '"Same" is read as in the row above: within 10 %, for P50 and P99.' },
      asBefore('api-load', 'api.latency', 'p50', LATENCY_SAMPLES),
      asBefore('api-load', 'api.latency', 'p99', LATENCY_SAMPLES),
      limit('api-load', 'api.failed-requests', 'rate', '<', 0.001, FAILURE_SAMPLES),
    ),

    documentation.evidence(
      { row: 'schema', text: 'Schema documentation updated' },
      document('The documentation of the ten schemas: tables, relations across schemas, owners.'),
    ),
    documentation.evidence({ row: 'runbook', text: 'Runbook for database operations' }, runbook('The runbook for database operations.')),
    documentation.measured(
      { row: 'backup-restore', text: 'Backup/restore procedures tested', note: 'Tested here and now: a dump of the target is restored and compared with it.' },
      none('backup-restore', 'backup.restore-differences'),
    ),

    review.attested({ row: 'database', text: 'Database expert review completed' }, 'Database expert'),
    review.attested({ row: 'security', text: 'Security review (access controls)' }, 'Security Lead'),
    review.attested({ row: 'performance', text: 'Performance review' }, 'Platform Lead'),

    ...signOff.signatures('Database Lead', 'Engineering Lead', 'Security Lead'),

    inventory.measured(
      {
        row: 'data-inventory',
        text: 'Complete data inventory for all 8 databases',
        note: 'The plan counts 8 databases and names ten (§2.3). Complete means that no object of either side is without its counterpart or a reason.',
      },
      none('data-inventory', 'inventory.unmapped-objects'),
    ),
    inventory.evidence(
      { row: 'table-relationships', text: 'Table relationship mapping' },
      document('The map of relations between tables, those across databases too.'),
    ),
    inventory.evidence({ row: 'data-volume', text: 'Data volume analysis' }, document('Rows and bytes of each table, with their growth.')),
    inventory.evidence(
      { row: 'query-patterns', text: 'Query pattern analysis (slow query log)' },
      document('The statements that matter, by calls and time, from the slow query log or pg_stat_statements.'),
    ),

    design.evidence({ row: 'prisma-schema', text: 'Consolidated Prisma schema file' }, document('The Prisma schema with the ten schemas of plan §2.3.')),
    design.measured({ row: 'cross-schema-keys', text: 'Foreign key relationships mapped across schemas' }, foreignKeys),
    design.evidence({ row: 'index-strategy', text: 'Index strategy documented' }, document('Which indexes are kept, added and dropped, and why.')),
    design.evidence(
      {
        row: 'migration-scripts',
        text: 'Migration scripts prepared',
        note: 'The plan\'s script reads naap_analytics whatever database it is given, and rewrites "public." in the data as well as in the schema.',
      },
      document('The scripts that migrate each database, reviewed and tried.'),
    ),

    week1.measured({ row: 'analytics', text: 'analytics schema migrated and verified' }, schemaMigrated('analytics')),
    week1.measured({ row: 'capacity', text: 'capacity schema migrated and verified' }, schemaMigrated('capacity')),
    week1.measured({ row: 'orchestrator', text: 'orchestrator schema migrated and verified' }, schemaMigrated('orchestrator')),
    week1.measured({ row: 'gateway', text: 'gateway schema migrated and verified' }, schemaMigrated('gateway')),

    week2.measured(
      {
        row: 'dual-write',
        text: 'Dual-write adapter implemented',
        note: "The plan's adapter logs a failed write to Neon and goes on, so that the sides drift apart unseen; what is measured is the drift.",
      },
      noDrift,
    ),
    week2.measured({ row: 'community', text: 'community schema migrated (dual-write mode)' }, schemaDualWritten('community')),
    week2.measured(
      { row: 'marketplace', text: 'marketplace schema migrated (dual-write mode)', note: 'naap_marketplace becomes the schema "plugins" (plan §2.3).' },
      schemaDualWritten('plugins'),
    ),
    week2.measured({ row: 'dashboard', text: 'dashboard schema migrated (dual-write mode)' }, schemaDualWritten('dashboard')),
    week2.measured({ row: 'wallet', text: 'wallet schema migrated (dual-write mode)' }, schemaDualWritten('wallet')),

    week3.measured(
      {
        row: 'core',
        text: 'Core schema migrated',
        note: 'The plan compares the number of users and nothing else, and its copy skips rows that exist, so a user changed since the first copy keeps the old values.',
      },
      schemaMigrated('core'),
    ),
    week3.measured(
      { row: 'dual-write-day', text: 'Dual-write verified for 24 hours', profiles: ['full'] },
      { ...limit('dual-write-drift', 'dual-write.observed-time', 'value', '>=', DAY_SECONDS), ...DAY },
      { ...noDrift, ...DAY },
    ),
    week3.evidence({ row: 'cutover', text: 'Cutover completed' }, signedRun('cutover-db-pre'), signedRun('cutover-db-cutover'), signedRun('cutover-db-post')),
    week3.evidence({ row: 'legacy-backup', text: 'Legacy databases kept as backup (7 days)' }, restoreLog('the kept legacy databases within the seven days')),

    ...standing(GATE, 0),
  ],
};
