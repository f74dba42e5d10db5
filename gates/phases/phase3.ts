// Phase 3, API Layer Migration: the 21 rows of plan §3.6, in the plan's words and order, with the plan's numbers.
import type { Binding, Gate } from '../model/criterion.ts';
import { section } from './rows.ts';

const SOURCE = 'plan §3.6';
const functionality = section('phase3', SOURCE, 'Functionality');
const performance = section('phase3', SOURCE, 'Performance');
const testing = section('phase3', SOURCE, 'Testing');
const documentation = section('phase3', SOURCE, 'Documentation');
const review = section('phase3', SOURCE, 'Review');
const signOff = section('phase3', SOURCE, 'Sign-off');

/** Below this many requests a P99 rests on fewer than ten of them. */
const LATENCY_SAMPLES = 1000;
/** A burst of fewer requests than this does not press on a pool. */
const BURST_SAMPLES = 500;

const cases = (check: string, metric: string): Binding => ({ check, expect: { kind: 'cases', metric, required: 'all' } });
const latency = (statistic: 'p50' | 'p99', value: number): Binding => ({
  check: 'api-load',
  expect: { kind: 'limit', metric: 'api.latency', statistic, op: '<', value, minSamples: LATENCY_SAMPLES },
});
const pool = (metric: string, statistic: 'rate' | 'value', value: number, minSamples: number): Binding => ({
  check: 'connection-pool',
  expect: { kind: 'limit', metric, statistic, op: '<', value, minSamples },
});

export const phase3: Gate = {
  id: 'phase3',
  title: 'Phase 3: API Layer Migration',
  objective: 'Migrate Express.js backends to Vercel API Routes with serverless compatibility.',
  source: SOURCE,
  approvers: ['Backend Lead', 'Security Lead', 'Engineering Lead'],
  criteria: [
    functionality.measured({ row: 'api-endpoints', text: 'All API endpoints migrated' }, cases('api-endpoints', 'api.endpoints')),
    functionality.measured({ row: 'authentication', text: 'Authentication working' }, cases('api-auth', 'auth.sessions')),
    functionality.measured({ row: 'authorization', text: 'Authorization (RBAC) working' }, cases('api-auth', 'auth.authorization')),
    functionality.measured({ row: 'rate-limiting', text: 'Rate limiting configured' }, cases('rate-limit', 'rate-limit.behaviour')),
    functionality.measured({ row: 'cors', text: 'CORS configured' }, cases('cors', 'cors.origins')),

    performance.measured(
      { row: 'cold-start', text: 'Cold start < 500ms' },
      { check: 'cold-start', expect: { kind: 'limit', metric: 'api.cold-start', statistic: 'max', op: '<', value: 500, minSamples: 10 } },
    ),
    performance.measured({ row: 'p50-latency', text: 'P50 latency < 100ms' }, latency('p50', 100)),
    performance.measured({ row: 'p99-latency', text: 'P99 latency < 500ms' }, latency('p99', 500)),
    performance.measured(
      {
        row: 'connection-pool',
        text: 'No connection pool exhaustion',
        note: 'The plan gives no number. Read as: under 1000 req/s with a burst at twice that, fewer than 0.1 % of the requests are refused for want of a connection, the burst adds less than 100 ms of waiting, and the latency is back within a second.',
      },
      pool('pool.refused-requests', 'rate', 0.001, LATENCY_SAMPLES),
      pool('pool.queueing-delay', 'value', 100, BURST_SAMPLES),
      pool('pool.recovery-time', 'value', 1000, BURST_SAMPLES),
    ),

    testing.measured(
      { row: 'integration-tests', text: 'API integration tests passing' },
      cases('api-endpoints', 'api.validation'),
      cases('api-endpoints', 'api.round-trips'),
    ),
    testing.measured(
      {
        row: 'load-tests',
        text: 'Load tests passing (1000 req/s)',
        note: 'The plan gives the rate alone. "Passing" is read as: 1000 requests a second really sent and answered, and fewer than 0.1 % of them failed (plan, Success Metrics: Error Rate < 0.1%).',
      },
      { check: 'api-load', expect: { kind: 'limit', metric: 'api.answered-rate', statistic: 'value', op: '>=', value: 1000, minSamples: 1 } },
      { check: 'api-load', expect: { kind: 'limit', metric: 'api.failed-requests', statistic: 'rate', op: '<', value: 0.001, minSamples: LATENCY_SAMPLES } },
    ),
    testing.measured({ row: 'security-tests', text: 'Security tests passing' }, cases('api-security', 'api.security')),

    documentation.evidence({ row: 'openapi', text: 'API documentation (OpenAPI)' }, { kind: 'document', describe: 'The OpenAPI document of the API.' }),
    documentation.evidence({ row: 'error-codes', text: 'Error codes documented' }, { kind: 'document', describe: 'The list of error codes with their meaning.' }),
    documentation.evidence({ row: 'rate-limits', text: 'Rate limits documented' }, { kind: 'document', describe: 'The limits by route and identity, and how a client learns of them.' }),

    review.attested({ row: 'api-design', text: 'API design review completed' }, 'Backend Lead'),
    review.attested({ row: 'security', text: 'Security review completed' }, 'Security Lead'),
    review.attested({ row: 'performance', text: 'Performance review completed' }, 'Engineering Lead'),

    signOff.attested({ row: 'backend-lead', text: 'Backend Lead' }, 'Backend Lead'),
    signOff.attested({ row: 'security-lead', text: 'Security Lead' }, 'Security Lead'),
    signOff.attested({ row: 'engineering-lead', text: 'Engineering Lead' }, 'Engineering Lead'),
  ],
};
