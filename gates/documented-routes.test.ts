import { expect, test } from 'vitest';
import type { Criterion, Endpoint, EvidenceRule, Surface } from './model.ts';
import { withDocumentedRoutes } from './documented-routes.ts';

const endpoint = (id: string, path: string): Pick<Endpoint, 'id' | 'method' | 'path'> => ({ id, method: 'GET', path });
const surface = { endpoints: [endpoint('storage.list', '/api/list'), endpoint('auth.me', '/api/me')] } as unknown as Surface;
const row = (rule: EvidenceRule): Criterion => ({
  id: 'g.s.r',
  section: 's',
  text: 't',
  source: 'x',
  required: true,
  profiles: ['pr'],
  kind: { evidence: [rule] },
});

test('an OpenAPI document is asked for all routes of the surface, or for those whose id begins as the rule says', () => {
  expect(withDocumentedRoutes(row({ kind: 'openapi', describe: 'd' }), surface).kind).toMatchObject({
    evidence: [{ routes: ['GET /api/list', 'GET /api/me'] }],
  });
  const storage = withDocumentedRoutes(row({ kind: 'openapi', describe: 'd', endpoints: 'storage.' }), surface);
  expect(storage.kind).toMatchObject({ evidence: [{ routes: ['GET /api/list'] }] });
  expect(withDocumentedRoutes(storage, { endpoints: [] } as unknown as Surface).kind).toMatchObject({ evidence: [{ routes: [] }] });
});

test('other rules stay as they are', () => {
  const other = row({ kind: 'document', describe: 'd' });
  expect(withDocumentedRoutes(other, surface)).toBe(other);
});
