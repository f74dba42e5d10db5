// Phase 3, API Layer Migration: the 21 rows of plan §3.6, in the plan's words and order, with the plan's numbers.
import type { Gate } from '../model/criterion.ts';
import { document } from './documents.ts';
import { LATENCY_SAMPLES, apiP50, apiP99, cases, coldStart, cors, endpoints, limit, rateLimit, sessions } from './measures.ts';
import { section } from './rows.ts';
import { standing } from './standing.ts';

const GATE = 'phase3';
const SOURCE = 'plan §3.6';
const functionality = section(GATE, SOURCE, 'Functionality');
const performance = section(GATE, SOURCE, 'Performance');
const testing = section(GATE, SOURCE, 'Testing');
const documentation = section(GATE, SOURCE, 'Documentation');
const review = section(GATE, SOURCE, 'Review');
const signOff = section(GATE, SOURCE, 'Sign-off');

/** A burst of fewer requests than this does not press on a pool. */
const BURST_SAMPLES = 500;

export const phase3: Gate = {
  id: GATE,
  title: 'Phase 3: API Layer Migration',
  objective: 'Migrate Express.js backends to Vercel API Routes with serverless compatibility.',
  source: SOURCE,
  approvers: ['Backend Lead', 'Security Lead', 'Engineering Lead'],
  team: { lead: 'Backend Lead', reviewers: ['Platform', 'Security'], onCall: ['Backend'] },
  criteria: [
    functionality.measured({ row: 'api-endpoints', text: 'All API endpoints migrated' }, endpoints),
    functionality.measured({ row: 'authentication', text: 'Authentication working' }, sessions),
    functionality.measured({ row: 'authorization', text: 'Authorization (RBAC) working' }, cases('api-auth', 'auth.authorization')),
    functionality.measured({ row: 'rate-limiting', text: 'Rate limiting configured' }, rateLimit),
    functionality.measured({ row: 'cors', text: 'CORS configured' }, cors),

    performance.measured(
      {
        row: 'cold-start',
        text: 'Cold start < 500ms',
        note: 'Read as: of each function that the environment names, the slowest of at least ten proven starts is below 500 ms, from asking on an open connection to the first 2xx.',
      },
      coldStart,
    ),
    performance.measured({ row: 'p50-latency', text: 'P50 latency < 100ms' }, apiP50),
    performance.measured({ row: 'p99-latency', text: 'P99 latency < 500ms' }, apiP99),
    performance.measured(
      {
        row: 'connection-pool',
        text: 'No connection pool exhaustion',
        note: 'The plan gives no number. Read as: in a burst from 500 to the 1000 req/s of the load test, fewer than 0.1 % of the requests are refused for want of a connection, the burst adds less than 100 ms of waiting, and the latency is back within a second.',
      },
      limit('connection-pool', 'pool.refused-requests', 'rate', '<', 0.001, LATENCY_SAMPLES),
      limit('connection-pool', 'pool.queueing-delay', 'value', '<', 100, BURST_SAMPLES),
      limit('connection-pool', 'pool.recovery-time', 'value', '<', 1000, BURST_SAMPLES),
    ),

    testing.measured(
      { row: 'integration-tests', text: 'API integration tests passing' },
      cases('api-endpoints', 'api.validation'),
      cases('api-endpoints', 'api.round-trips'),
      cases('api-errors', 'errors.envelope'),
      cases('api-errors', 'errors.codes'),
    ),
    testing.measured(
      {
        row: 'load-tests',
        text: 'Load tests passing (1000 req/s)',
        note: 'The plan gives the rate alone. "Passing" is read as: 1000 requests a second really sent and answered, and fewer than 0.1 % of them failed (plan, Success Metrics: Error Rate < 0.1%).',
      },
      limit('api-load', 'api.answered-rate', 'value', '>=', 1000),
      limit('api-load', 'api.failed-requests', 'rate', '<', 0.001, LATENCY_SAMPLES),
    ),
    testing.measured({ row: 'security-tests', text: 'Security tests passing' }, cases('api-security', 'api.security')),

    documentation.measured({ row: 'openapi', text: 'API documentation (OpenAPI)' }, cases('openapi', 'openapi.conformance')),
    documentation.evidence({ row: 'error-codes', text: 'Error codes documented' }, document('The list of error codes with their meaning.')),
    documentation.evidence(
      { row: 'rate-limits', text: 'Rate limits documented' },
      document('The limits by route and identity, and how a client learns of them.'),
    ),

    review.attested({ row: 'api-design', text: 'API design review completed' }, 'Backend Lead'),
    review.attested({ row: 'security', text: 'Security review completed' }, 'Security Lead'),
    review.attested({ row: 'performance', text: 'Performance review completed' }, 'Engineering Lead'),

    ...signOff.signatures('Backend Lead', 'Security Lead', 'Engineering Lead'),

    ...standing(GATE, 2),
  ],
};
