// The 21 rows of plan §3.6 as saved runs show them, for the tests of reporters; the gate itself stands in gates/.
import type { CriterionReport } from '../../gates/model.ts';

type Row = Pick<CriterionReport, 'id' | 'section' | 'text' | 'kind'>;

const measured = (section: string, row: string, text: string): Row => ({ id: `phase3.${section.toLowerCase()}.${row}`, section, text, kind: 'measured' });
const document = (row: string, text: string): Row => ({ id: `phase3.documentation.${row}`, section: 'Documentation', text, kind: 'evidence' });
const signed = (section: string, row: string, text: string): Row => ({ id: `phase3.${section.toLowerCase()}.${row}`, section, text, kind: 'attested' });

export const PHASE3_ROWS: readonly Row[] = [
  measured('Functionality', 'api-endpoints', 'All API endpoints migrated'),
  measured('Functionality', 'authentication', 'Authentication working'),
  measured('Functionality', 'authorization', 'Authorization (RBAC) working'),
  measured('Functionality', 'rate-limiting', 'Rate limiting configured'),
  measured('Functionality', 'cors', 'CORS configured'),
  measured('Performance', 'cold-start', 'Cold start < 500ms'),
  measured('Performance', 'p50-latency', 'P50 latency < 100ms'),
  measured('Performance', 'p99-latency', 'P99 latency < 500ms'),
  measured('Performance', 'connection-pool', 'No connection pool exhaustion'),
  measured('Testing', 'integration-tests', 'API integration tests passing'),
  measured('Testing', 'load-tests', 'Load tests passing (1000 req/s)'),
  measured('Testing', 'security-tests', 'Security tests passing'),
  document('openapi', 'API documentation (OpenAPI)'),
  document('error-codes', 'Error codes documented'),
  document('rate-limits', 'Rate limits documented'),
  signed('Review', 'api-design', 'API design review completed'),
  signed('Review', 'security', 'Security review completed'),
  signed('Review', 'performance', 'Performance review completed'),
  signed('Sign-off', 'backend-lead', 'Backend Lead'),
  signed('Sign-off', 'security-lead', 'Security Lead'),
  signed('Sign-off', 'engineering-lead', 'Engineering Lead'),
];

/** The role that signs, or the document, of each waiting row. */
export const WAITS_FOR: Readonly<Record<string, string>> = {
  'phase3.documentation.openapi': 'The OpenAPI file of the API as deployed.',
  'phase3.documentation.error-codes': 'Every error code, with its meaning.',
  'phase3.documentation.rate-limits': 'The rate limit of each route.',
  'phase3.review.api-design': 'Backend Lead',
  'phase3.review.security': 'Security Lead',
  'phase3.review.performance': 'Engineering Lead',
  'phase3.sign-off.backend-lead': 'Backend Lead',
  'phase3.sign-off.security-lead': 'Security Lead',
  'phase3.sign-off.engineering-lead': 'Engineering Lead',
};
