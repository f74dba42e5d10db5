// Phase 0, Foundation & Preparation: the 15 rows of plan §0.2 and the 23 deliverables of §0.1, in the plan's words and order.
import type { Gate } from '../model/criterion.ts';
import { coverage, document, junit, phaseRunbooks, rollbackDrill, rollbackRunbook, runbook } from './documents.ts';
import { alertRules, cases, criticalPaths, freshSignals, limit } from './measures.ts';
import { deliverables, section } from './rows.ts';
import { standing } from './standing.ts';

const GATE = 'phase0';
const SOURCE = 'plan §0.2';
const infrastructure = section(GATE, SOURCE, 'Infrastructure');
const testing = section(GATE, SOURCE, 'Testing');
const documentation = section(GATE, SOURCE, 'Documentation');
const review = section(GATE, SOURCE, 'Review');
const signOff = section(GATE, SOURCE, 'Sign-off');

const environment = deliverables(GATE, 'plan §0.1.1', 'Environment Setup');
const pipeline = deliverables(GATE, 'plan §0.1.2', 'CI/CD Pipeline');
const tests = deliverables(GATE, 'plan §0.1.3', 'Testing Infrastructure');
const monitoring = deliverables(GATE, 'plan §0.1.4', 'Monitoring & Observability');
const papers = deliverables(GATE, 'plan §0.1.5', 'Documentation');

/** plan §0.1.2, `migration-checks.yml`. */
const JOBS = ['lint', 'type-check', 'test-unit', 'test-integration', 'test-e2e'];
const services = (...ids: readonly string[]) => cases('external-services', 'services.reachable', ...ids);
const previews = cases('preview-deployment', 'deployment.previews');
const baseline = cases('performance-baseline', 'baseline.captured');

const BASELINE_NOTE =
  'The plan captures the baseline before the migration; it must be of the legacy side, and of the figures that later rows compare with: latency, page vitals, bundle sizes, query times.';

export const phase0: Gate = {
  id: GATE,
  title: 'Phase 0: Foundation & Preparation',
  objective: 'Establish infrastructure, tooling, and safety nets before any migration work.',
  source: SOURCE,
  approvers: ['Engineering Lead', 'Security Lead', 'Product Owner'],
  team: { lead: 'Platform Lead', reviewers: ['All Leads'], onCall: [] },
  criteria: [
    infrastructure.measured(
      {
        row: 'external-services',
        text: 'All external services provisioned and accessible',
        note: 'Read as the five that plan §0.1.1 provisions; "accessible" is an answer to the environment\'s own credentials, because an empty address in production went unseen.',
      },
      services('vercel', 'neon', 'upstash', 'ably', 'vercel-blob'),
    ),
    infrastructure.measured({ row: 'ci-pipeline', text: 'CI/CD pipeline running successfully' }, cases('ci-runs', 'ci.jobs-succeeded', ...JOBS)),
    infrastructure.measured({ row: 'preview-deployments', text: 'Preview deployments working' }, previews),

    testing.measured(
      {
        row: 'critical-paths',
        text: 'E2E test suite covers all critical paths',
        note: "Covered is read as: each of the ten journeys of plan §0.1.3 is there and passes. The plan's own test has an empty body, which would pass.",
      },
      criticalPaths(),
    ),
    testing.evidence(
      {
        row: 'unit-coverage',
        text: 'Unit test coverage ≥ 80%',
        note: 'The plan says ≥ 80% here, 80%+ in §0.1.3 and > 80% in its Success Metrics; each row is held to its own words.',
      },
      coverage('The coverage summary of the unit tests: at least 80 % of the lines.'),
    ),
    testing.measured({ row: 'performance-baseline', text: 'Performance baseline documented', note: BASELINE_NOTE }, baseline),

    documentation.evidence({ row: 'runbook', text: 'Migration runbook complete' }, runbook('The runbook of the migration.')),
    documentation.evidence(
      {
        row: 'rollback',
        text: 'Rollback procedures tested',
        note: "The plan's scripts verify a rollback by one curl; the drill must show that logins and data work.",
      },
      rollbackDrill,
    ),
    documentation.attested({ row: 'team', text: 'Team sign-off obtained' }, 'Platform Lead'),

    review.attested({ row: 'security', text: 'Security review completed' }, 'Security Lead'),
    review.attested({ row: 'architecture', text: 'Architecture review completed' }, 'Engineering Lead'),
    review.evidence(
      { row: 'cost', text: 'Cost analysis completed' },
      document('The cost analysis: what each service will cost a month, at what traffic, beside the $50–150 of plan §7.3.'),
    ),

    ...signOff.signatures('Engineering Lead', 'Security Lead', 'Product Owner'),

    environment.measured({ row: 'vercel-organization', text: 'Vercel organization created' }, services('vercel')),
    environment.measured({ row: 'neon', text: 'Neon database provisioned (development)' }, services('neon')),
    environment.measured({ row: 'upstash', text: 'Upstash Redis provisioned (development)' }, services('upstash')),
    environment.measured({ row: 'ably', text: 'Ably account created (development)' }, services('ably')),
    environment.measured({ row: 'vercel-blob', text: 'Vercel Blob storage configured' }, services('vercel-blob')),
    environment.evidence(
      { row: 'variables', text: 'Environment variables documented' },
      document('Every variable with its purpose, its owner and where it is set; names only, no values.'),
    ),

    pipeline.measured({ row: 'workflows', text: 'GitHub Actions workflows configured' }, cases('ci-runs', 'ci.jobs-configured', ...JOBS)),
    pipeline.measured({ row: 'preview-deployments', text: 'Vercel preview deployments enabled' }, previews),
    pipeline.measured({ row: 'branch-protection', text: 'Branch protection rules set' }, cases('branch-protection', 'branch.protection-rules')),
    pipeline.measured(
      {
        row: 'required-reviewers',
        text: 'Required reviewers configured (2+ experts)',
        note: 'A machine sees how many approvals are required, not who is an expert.',
      },
      limit('branch-protection', 'branch.required-reviewers', 'value', '>=', 2),
    ),

    tests.evidence({ row: 'e2e-suite', text: 'Playwright E2E test suite (critical paths)' }, junit('e2e')),
    tests.evidence({ row: 'unit-suite', text: 'Jest unit test suite (existing + new)' }, junit('unit')),
    tests.evidence({ row: 'integration-suite', text: 'API integration test suite' }, junit('integration')),
    tests.measured({ row: 'performance-baseline', text: 'Performance baseline captured', note: BASELINE_NOTE }, baseline),
    tests.evidence({ row: 'coverage-report', text: 'Test coverage report (target: 80%+)' }, coverage('The coverage report: at least 80 % of the lines.')),

    monitoring.measured({ row: 'sentry', text: 'Sentry error tracking configured' }, freshSignals('sentry')),
    monitoring.measured({ row: 'vercel-analytics', text: 'Vercel Analytics enabled' }, freshSignals('vercel-analytics')),
    monitoring.evidence(
      { row: 'metrics-dashboard', text: 'Custom migration metrics dashboard' },
      document('The dashboard: its address, or its definition as exported.'),
    ),
    monitoring.measured(
      { row: 'alerting-rules', text: 'Alerting rules defined', note: 'At the least one for each condition of plan §1.2.3 that asks for a rollback.' },
      alertRules,
    ),

    papers.evidence(
      { row: 'decision-records', text: 'Architecture Decision Records (ADRs) for key decisions' },
      document('The decision records: context, decision, consequences, date.'),
    ),
    papers.evidence(
      { row: 'phase-runbooks', text: 'Runbook for each migration phase' },
      phaseRunbooks('The runbooks of phases 1 to 7 in one Markdown file, each below its own heading.'),
    ),
    papers.evidence({ row: 'rollback-procedures', text: 'Rollback procedures documented' }, rollbackRunbook('The ways back: database, frontend, full.')),
    papers.evidence({ row: 'training', text: 'Team training completed' }, document('Who was trained in what, when, and by whom.')),

    ...standing(GATE),
  ],
};
