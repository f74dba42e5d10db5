import { expect, test } from 'vitest';
import { COMPARED_TABLES_MEDIA_TYPE, type ComparedTables } from '../../gates/model.ts';
import { html } from '../html.ts';
import { pass } from '../saved-runs/index.ts';

const SHA = 'd'.repeat(64);
const report = { ...pass.report, artifacts: [{ sha256: SHA, name: 'row-contents/tables.json', mediaType: COMPARED_TABLES_MEDIA_TYPE, bytes: 1 }] };
const table = (name: string, more: Partial<ComparedTables['tables'][number]> = {}): ComparedTables['tables'][number] => ({
  table: name,
  from: 'naap_base',
  legacyRows: 1200,
  targetRows: 1200,
  missing: 0,
  extra: 0,
  changed: 0,
  byColumn: {},
  bytes: 4096,
  seconds: 0.2,
  how: 'by id',
  ...more,
});
/** Text of the section, cells parted by bars; empty where there is no such section. */
function shown(compared: unknown): string {
  const bytes = new TextEncoder().encode(typeof compared === 'string' ? compared : JSON.stringify(compared));
  const page = String(html.render({ ...pass, report }, (digest) => (digest === SHA ? bytes : undefined)));
  const section = /<section id="compared-tables"[\s\S]*?<\/section>/u.exec(page)?.[0] ?? '';
  return section
    .replaceAll(/<\/(?:th|td|p|li|h2|h3)>/gu, ' | ')
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

test('a row a table, those that differ first, by column the most first', () => {
  const differing = table('core.User', { targetRows: 1199, missing: 1, changed: 7, byColumn: { name: 2, email: 5 } });
  const text = shown({
    cut: '2026-11-20T00:00:00Z',
    tables: [table('core.Team'), differing],
    unseen: [],
    leftOut: [{ object: 'naap_base.public.Old', reason: 'archived' }],
  });
  expect(text).toContain('2 tables with 2 400 legacy rows compared; 1 differ');
  expect(text).toMatch(
    /core\.User naap_base \| 1 200 \| 1 199 \| 1 row missing, 7 values \(email 5, name 2\) \| .*core\.Team naap_base \| 1 200 \| 1 200 \| none \|/u,
  );
  expect(text).toContain('naap_base.public.Old archived');
});

test('a table that was not seen is told, whatever the others are', () => {
  const text = shown({ cut: 'x', tables: [table('core.Team')], unseen: [{ table: 'core.Secret', why: 'permission denied' }], leftOut: [] });
  expect(text).toContain('Not seen to the end: core.Secret (permission denied).');
});

test.each([
  ['no JSON', '{'],
  ['something else', { tables: 1 }],
])('an artifact that is %s shows nothing, and the report is whole', (_, content) => {
  expect(shown(content)).toBe('');
});
