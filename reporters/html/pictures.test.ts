import { expect, test } from 'vitest';
import { COMPARED_PICTURES_MEDIA_TYPE, type ComparedPictures } from '../../gates/model.ts';
import { html } from '../html.ts';
import { pass } from '../saved-runs/index.ts';

const LIST = 'd'.repeat(64);
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const png = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, index) => SIGNATURE[index] ?? 0);
const report = { ...pass.report, artifacts: [{ sha256: LIST, name: 'visual-regression/pictures.json', mediaType: COMPARED_PICTURES_MEDIA_TYPE, bytes: 1 }] };

function entry(id: string, sha: string): ComparedPictures['pictures'][number] {
  const picture = { whole: sha.repeat(64), shown: sha.repeat(64) };
  const size = { width: 360, height: 1800 };
  return {
    id,
    detail: '1056 pixels differ (0.1 %), between 16, 401 and 332, 440.',
    expected: { size, ...picture },
    actual: { size: { ...size, height: 1810 }, ...picture },
    difference: picture,
    part: { x: 10, y: 380, width: 350, height: 240 },
  };
}
/** The section; empty where there is none. */
function shown(list: unknown, pictureOf: (sha256: string) => Uint8Array | undefined = () => png(100)): string {
  const page = String(html.render({ ...pass, report }, (sha256) => (sha256 === LIST ? new TextEncoder().encode(JSON.stringify(list)) : pictureOf(sha256))));
  return /<section id="pictures"[\s\S]*?<\/section>/u.exec(page)?.[0] ?? '';
}

test('before, now and the difference stand side by side, each with words for who does not see it', () => {
  const section = shown({ pictures: [entry('login/360/dark', 'a')] });
  expect(
    section
      .match(/<img src="data:image\/png;base64,iVBORw0KGgo[^"]*" width="350" height="240" alt="[^"]*">/gu)
      ?.map((image) => /alt="([^"]*)"/u.exec(image)?.[1]),
  ).toEqual([
    'Legacy side: login/360/dark, 350 × 240 px from 10, 380',
    'Target: login/360/dark, 350 × 240 px from 10, 380',
    'Difference: login/360/dark, 350 × 240 px from 10, 380',
  ]);
  expect(section).toContain('1 picture of pages differs from the legacy side');
  expect(section).toContain('Target, 360 × 1\u202F810 px');
});

test('the report stays one file that can be sent: of many pages the first twelve are shown, and the others counted', () => {
  const section = shown({ pictures: Array.from({ length: 15 }, (_, index) => entry(`page-${index}/360/dark`, 'a')) });
  expect(section.match(/<img /gu)).toHaveLength(36);
  expect(section).toContain('3 more are not shown here');
});

test('pictures that together are too large are counted rather than shown', () => {
  const section = shown({ pictures: [entry('a/360/dark', 'a'), entry('b/360/dark', 'b')] }, () => png(600_000));
  expect(section.match(/<img /gu)).toHaveLength(3);
  expect(section).toContain('1 more is not shown here');
});

test.each<readonly [string, () => Uint8Array | undefined]>([
  ['is not there', () => undefined],
  ['is no PNG', () => new TextEncoder().encode('<svg onload="alert(1)">')],
])('a picture that %s is not shown, and is counted', (_name, pictureOf) => {
  const section = shown({ pictures: [entry('a/360/dark', 'a')] }, pictureOf);
  expect(section).not.toContain('<img');
  expect(section).toContain('1 more is not shown here');
});

test.each([
  ['nothing that differs', { pictures: [] }],
  ['something else', { pictures: 1 }],
])('a list of %s has no section, and the report is whole', (_name, list) => {
  expect(shown(list)).toBe('');
});
