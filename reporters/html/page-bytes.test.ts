import { expect, test } from 'vitest';
import { PAGE_BYTES_MEDIA_TYPE, type PageBytes } from '../../gates/model.ts';
import { html } from '../html.ts';
import { pass } from '../saved-runs/index.ts';

const SHA = 'd'.repeat(64);
const report = { ...pass.report, artifacts: [{ sha256: SHA, name: 'bundle-size/pages.json', mediaType: PAGE_BYTES_MEDIA_TYPE, bytes: 1 }] };
const bytes = (transferred: number) => ({ requests: 1, transferred, parsed: 2 * transferred });
const load = (route: string, side: 'target' | 'legacy', script: number): PageBytes['loads'][number] => ({
  route,
  side,
  byType: { document: bytes(500), script: bytes(script), data: bytes(100) },
  unused: { script: { total: 800, unused: 200 }, style: { total: 200, unused: 50 } },
  heaviest: [{ path: '/shell.js', type: 'script', transferred: script }],
});
/** Text of the section, cells parted by bars. */
function shown(content: unknown): string {
  const page = String(html.render({ ...pass, report }, (sha256) => (sha256 === SHA ? new TextEncoder().encode(JSON.stringify(content)) : undefined)));
  const section = /<section id="page-bytes"[\s\S]*?<\/section>/u.exec(page)?.[0] ?? '';
  return section
    .replaceAll(/<\/(?:th|td|p)>/gu, ' | ')
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

test('a row a page with both sides, the one that grew most first; data is apart', () => {
  const text = shown({
    loads: [load('page /', 'target', 1000), load('page /', 'legacy', 1000), load('page /forum', 'target', 3000), load('page /forum', 'legacy', 1500)],
    notLoaded: [],
  });
  expect(text).toContain('What the browser transferred for 2 pages');
  expect(text).toMatch(
    /page \/forum \| 3\.42 KiB \| 1\.95 KiB \| script 2\.93 KiB, document 500 B heaviest: \/shell\.js 2\.93 KiB \| 6\.84 KiB \| 25 % \| 100 B \| page \/ \|/u,
  );
});

test('a page that was not loaded is told with its reason', () => {
  expect(shown({ loads: [], notLoaded: [{ route: 'page /gone', side: 'target', why: 'It was answered 404.' }] })).toContain(
    'Not loaded: page /gone on the target side (It was answered 404.)',
  );
});

test.each([
  ['no page', { loads: [], notLoaded: [] }],
  ['something else', []],
])('an artifact of %s shows nothing, and the report is whole', (_name, content) => {
  expect(shown(content)).toBe('');
});
