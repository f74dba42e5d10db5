// Phase 5, Storage & Infrastructure: the 16 rows of plan §5.5, in the plan's words and order.
import type { Gate } from '../model/criterion.ts';
import { document, openapi } from './documents.ts';
import { caching, cases, cors, downloads, rateLimit, uploads } from './measures.ts';
import { section } from './rows.ts';
import { standing } from './standing.ts';

const GATE = 'phase5';
const SOURCE = 'plan §5.5';
const functionality = section(GATE, SOURCE, 'Functionality');
const security = section(GATE, SOURCE, 'Security');
const testing = section(GATE, SOURCE, 'Testing');
const documentation = section(GATE, SOURCE, 'Documentation');
const signOff = section(GATE, SOURCE, 'Sign-off');

const refusals = cases('uploads', 'storage.refusals');

export const phase5: Gate = {
  id: GATE,
  title: 'Phase 5: Storage & Infrastructure',
  objective: 'Migrate file storage to Vercel Blob and finalize infrastructure.',
  source: SOURCE,
  approvers: ['Infrastructure Lead', 'Security Lead'],
  team: { lead: 'Platform Lead', reviewers: ['Security'], onCall: ['Platform'] },
  criteria: [
    functionality.measured({ row: 'uploads', text: 'File uploads working' }, uploads),
    functionality.measured({ row: 'downloads', text: 'File downloads working' }, downloads),
    functionality.measured(
      {
        row: 'plugin-artifacts',
        text: 'Plugin artifacts stored correctly',
        note: 'Correctly is read as: the same bytes come back, under the declared type, and an artifact of a version never changes.',
      },
      cases('plugin-artifacts', 'storage.artifacts'),
    ),
    functionality.measured({ row: 'cdn-caching', text: 'CDN caching working' }, caching),

    security.measured(
      {
        row: 'csp',
        text: 'CSP headers configured',
        note: "The plan's own policy (§5.3) allows 'unsafe-inline' and 'unsafe-eval' for scripts, with which Mozilla Observatory gives B+ at the best: it contradicts the A+ of the Success Metrics. Here the header must be there, parse, and name no wildcard; the grade belongs to the gate success.",
      },
      cases('security-headers', 'headers.csp'),
    ),
    security.measured({ row: 'cors', text: 'CORS configured' }, cors),
    security.measured(
      {
        row: 'rate-limiting',
        text: 'Rate limiting working',
        note: 'The plan leaves it to "specific API routes" (§5.3) without naming them; measured on the routes that the surface declares.',
      },
      rateLimit,
    ),
    security.measured(
      {
        row: 'file-types',
        text: 'File type validation working',
        note: "The plan's code looks at the name and the size alone (§5.2); a file that lies about its type must be refused as well.",
      },
      refusals,
    ),

    testing.measured({ row: 'upload-download-tests', text: 'Upload/download tests passing' }, uploads, downloads, refusals),
    testing.measured(
      {
        row: 'security-headers',
        text: 'Security headers verified',
        note: 'X-XSS-Protection, which the plan sets (§5.3), is obsolete and is not asked for; HSTS, which it forgets, is.',
      },
      cases('security-headers', 'headers.present'),
    ),
    testing.measured({ row: 'rate-limit-tests', text: 'Rate limiting tested' }, rateLimit),

    documentation.evidence(
      { row: 'storage-api', text: 'Storage API documented' },
      openapi('The OpenAPI document with upload, download, list and delete: limits, types, access, errors.', 'storage.'),
    ),
    documentation.evidence(
      { row: 'environment-variables', text: 'Environment variables documented' },
      document('Every variable with its purpose, its owner and where it is set; names only, no values.'),
    ),
    documentation.evidence(
      { row: 'security-configuration', text: 'Security configuration documented' },
      document('Headers, policy, origins and limits as configured, each with its reason.'),
    ),

    ...signOff.signatures('Infrastructure Lead', 'Security Lead'),

    ...standing(GATE, 4),
  ],
};
