// The production cutover: the 29 rows of plan §7.1 as six gates, one a stage; `naap-gate cutover t-0` is the gate `cutover-t-0`.
import type { Criterion, Gate } from '../model/criterion.ts';
import { document, k6Summary, restoreLog, rollbackDrill, securityAudit } from './documents.ts';
import {
  FAILURE_SAMPLES,
  LATENCY_SAMPLES,
  apiP50,
  apiP99,
  asBefore,
  cases,
  cls,
  coldStart,
  contents,
  criticalPaths,
  deliveries,
  downloads,
  endpoints,
  errorRate,
  freshSignals,
  inp,
  lcp,
  limit,
  none,
  observedP99,
  uploads,
} from './measures.ts';
import { section } from './rows.ts';

const SOURCE = 'plan §7.1';

/** `title` as the plan heads the stage: "T-7 Days: Preparation". */
function stage(id: string, title: string, slug: string, rows: (row: ReturnType<typeof section>) => Criterion[]): Gate {
  const gate = `cutover-${id}`;
  return {
    id: gate,
    title: `Production Cutover, ${title}`,
    objective: 'Complete migration, optimize performance, and decommission legacy infrastructure.',
    source: SOURCE,
    // The plan asks for no signature at a stage; phase 7, which the cutover belongs to, is led by the CTO (Appendix B).
    approvers: ['CTO'],
    team: { lead: 'CTO', reviewers: ['All Leads'], onCall: ['All'] },
    criteria: rows(section(gate, SOURCE, title, { slug })),
  };
}

/** Twice the only rate that the plan names, §3.6: "1000 req/s". */
const TWICE_RPS = 2000;
const twiceTheLoad = (metric: string, ...args: readonly [Parameters<typeof limit>[2], Parameters<typeof limit>[3], number, number]) => ({
  ...limit('api-load', metric, ...args),
  options: { rateRps: TWICE_RPS },
});
/** One reading a minute for a day. */
const DAY_OF_MINUTES = 1440;

const preparation = stage('t-7d', 'T-7 Days: Preparation', 'preparation', (row) => [
  row.evidence({ row: 'security-audit', text: 'Final security audit completed' }, securityAudit),
  row.measured(
    {
      row: 'load-test',
      text: 'Load testing completed (2x expected traffic)',
      note: 'The plan never says what traffic it expects. Read as twice the 1000 req/s of §3.6; config can name the real figure.',
    },
    twiceTheLoad('api.answered-rate', 'value', '>=', TWICE_RPS, 1),
    twiceTheLoad('api.failed-requests', 'rate', '<', 0.001, FAILURE_SAMPLES),
    twiceTheLoad('api.latency', 'p99', '<', 500, LATENCY_SAMPLES),
  ),
  row.attested({ row: 'runbook', text: 'Runbook reviewed by on-call team' }, 'on-call team'),
  row.evidence({ row: 'rollback', text: 'Rollback procedure tested' }, rollbackDrill),
  row.evidence({ row: 'communication-plan', text: 'Communication plan prepared' }, document('Who is told what, when and on which channel (plan, Appendix C).')),
]);

const finalChecks = stage('t-1d', 'T-1 Day: Final Checks', 'final-checks', (row) => [
  row.measured({ row: 'e2e-tests', text: 'All E2E tests passing on staging' }, criticalPaths()),
  row.measured(
    { row: 'performance', text: 'Performance metrics within targets', note: 'The targets of phases 2 and 3, FID as INP.' },
    lcp,
    inp,
    cls,
    coldStart,
    apiP50,
    apiP99,
  ),
  row.measured(
    { row: 'dashboards', text: 'Monitoring dashboards ready', note: 'A dashboard is ready when every signal behind it delivers fresh data.' },
    freshSignals(),
  ),
  row.attested({ row: 'on-call', text: 'On-call rotation confirmed' }, 'Operations Lead'),
  row.evidence({ row: 'customers', text: 'Customer communication sent' }, document('The message as sent, with date and audience.')),
]);

const cutover = stage('t-0', 'T-0: Cutover', 'cutover', (row) => [
  row.measured(
    {
      row: 'maintenance-on',
      text: 'Enable maintenance mode on legacy',
      note: 'Maintenance means that the legacy side refuses writes and says so; a notice alone loses what is written after the last sync.',
    },
    cases('maintenance-mode', 'maintenance.legacy'),
  ),
  row.measured(
    {
      row: 'final-sync',
      text: 'Final data sync (if applicable)',
      note: 'The final comparison of contents, which needs the writes to have stopped. Where nothing is left to sync it shows just that.',
    },
    contents,
  ),
  row.measured({ row: 'dns', text: 'DNS cutover to Vercel' }, cases('dns-records', 'dns.records')),
  row.measured({ row: 'endpoints', text: 'Verify all endpoints responding' }, endpoints),
  row.measured({ row: 'smoke-tests', text: 'Run smoke tests', note: 'Read as the ten critical paths.' }, criticalPaths()),
  row.measured(
    {
      row: 'maintenance-off',
      text: 'Disable maintenance mode',
      note: 'Read as: the target serves everybody. The legacy side stays closed to writes, else both would take them.',
    },
    cases('maintenance-mode', 'maintenance.target'),
  ),
]);

const validation = stage('t+1h', 'T+1 Hour: Validation', 'validation', (row) => [
  row.measured(
    {
      row: 'error-rate',
      text: 'Error rate < 0.1%',
      note: 'Below 3000 requests in the hour the rate cannot be told from 0.1 %: then inconclusive, not passed.',
    },
    errorRate,
  ),
  row.measured({ row: 'p99-latency', text: 'P99 latency < 500ms', note: 'What users get, from monitoring: production is not loaded.' }, observedP99),
  row.measured({ row: 'critical-paths', text: 'All critical paths working' }, criticalPaths()),
  row.measured({ row: 'realtime', text: 'Real-time features working' }, deliveries()),
  row.measured({ row: 'uploads', text: 'File uploads working' }, uploads, downloads),
]);

const stabilization = stage('t+24h', 'T+24 Hours: Stabilization', 'stabilization', (row) => [
  row.measured(
    {
      row: 'issues',
      text: 'No critical issues reported',
      note: 'What the error tracker and the pager know. What people reported elsewhere belongs in the decision.',
    },
    none('critical-issues', 'issues.critical'),
  ),
  row.measured(
    {
      row: 'performance',
      text: 'Performance stable',
      note: '"Stable" has no number. Read as: P99 within 10 % of the baseline, and the error rate still below 0.1 %.',
    },
    asBefore('observed-latency', 'app.latency', 'p99', LATENCY_SAMPLES),
    errorRate,
  ),
  row.evidence(
    {
      row: 'scale-test',
      text: 'Scale testing (if needed)',
      note: 'Production is never loaded by this gate. Where it is not needed, declare the row not applicable.',
    },
    k6Summary('The summary of a k6 run at scale, with no dropped iterations.'),
  ),
  row.measured({ row: 'legacy-standby', text: 'Legacy infrastructure standby' }, cases('legacy-state', 'legacy.standby')),
]);

const decommission = stage('t+7d', 'T+7 Days: Decommission', 'decommission', (row) => [
  row.measured(
    {
      row: 'legacy-traffic',
      text: 'Legacy traffic confirmed zero',
      note: "The plan names no window. Read as the last 24 hours, minute by minute; this gate's own probes are not counted.",
    },
    limit('legacy-traffic', 'legacy.requests', 'value', '==', 0, DAY_OF_MINUTES),
  ),
  row.evidence(
    { row: 'backups', text: 'Database backups verified', note: 'A backup that was never restored is not verified.' },
    restoreLog('the production backup'),
  ),
  row.measured(
    { row: 'legacy-shutdown', text: 'Legacy infrastructure shutdown', note: 'From outside: no legacy host or database answers.' },
    cases('legacy-state', 'legacy.shutdown'),
  ),
  row.evidence({ row: 'cost-savings', text: 'Cost savings confirmed' }, document('The invoices before and after, month beside month.')),
]);

export const cutoverStages: readonly Gate[] = [preparation, finalChecks, cutover, validation, stabilization, decommission];
