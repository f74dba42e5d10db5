// The check accessibility on a site of known mistakes, as a process: each mistake is found by its own rule or case, and nothing else is.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CriterionResult } from '../gates/model.ts';
import { type Gallery, openGallery } from '../suites/accessibility/testing/gallery.ts';
import { naapSurface } from '../suites/naap-surface.ts';
import { type CommandFolder, commandFolder, reportOf } from './testing/command.ts';

let gallery: Gallery;
let folder: CommandFolder;

const STATE = {
  id: 'dialog-open',
  steps: [{ click: { role: 'button', name: 'Open' } }],
  shows: { role: 'dialog', name: 'Question' },
};
/** The others would take their time and tell nothing more. */
const WITH_DIALOG = new Set(['healthy', 'colours', 'dialog']);
const { pages: OURS } = naapSurface({});
const pagesOf = (...ids: readonly string[]): Parameters<typeof naapSurface>[0] => ({
  pages: {
    ...Object.fromEntries(OURS.map(({ id }) => [id, null])),
    ...Object.fromEntries(
      ids.map((id) => [
        id,
        {
          path: `/${id}`,
          access: 'public',
          shows: [
            { role: 'heading', name: 'Gallery' },
            { role: 'button', name: 'Send' },
          ],
          ...(WITH_DIALOG.has(id) ? { states: [STATE] } : {}),
        },
      ]),
    ),
  },
  web: { theme: null },
});

beforeAll(async () => {
  gallery = await openGallery();
  folder = commandFolder();
  const environment = (...ids: readonly string[]) => ({
    target: { web: gallery.origin },
    allow: ['read'],
    identity: { path: '/api/health', expect: { status: 200 } },
    surface: naapSurface(pagesOf(...ids)),
  });
  folder.configure({
    gallery: environment('healthy', 'names', 'colours', 'focus', 'trap', 'layout', 'dialog'),
    half: environment('healthy', 'nowhere'),
  });
});
afterAll(async () => {
  folder.remove();
  await gallery.close();
});

async function check(environment: string): Promise<{ readonly code: number | null; result(metric: string): CriterionResult | undefined }> {
  const ended = await folder.run(['check', 'accessibility', '--env', environment, '--profile', 'pr', '--json', '--quiet']);
  const results = reportOf(ended).report.criteria.flatMap((criterion) => criterion.results);
  return { code: ended.code, result: (metric) => results.find((one) => one.metric === metric && one.check === 'accessibility') };
}

test('each mistake is found by its own rule or case, where it is, and nothing else is found', { timeout: 300_000 }, async () => {
  const { code, result } = await check('gallery');
  expect(
    result('accessibility.violations')
      ?.items?.map(({ key }) => key)
      .toSorted(),
  ).toEqual(
    [
      'html-has-lang names/light html',
      'aria-hidden-focus names/light #skip',
      'aria-roles names/light .other',
      'image-alt names/light img',
      'label names/light #name',
      'meta-viewport names/light meta[name="viewport"]',
      'color-contrast colours/light .soft',
      'color-contrast colours/dialog-open/light .asked',
      'color-contrast colours/dark .other',
    ].toSorted(),
  );
  expect(result('accessibility.keyboard')?.cases?.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'dialog-focus/dialog/dialog-open failed',
    'dialog-return/dialog/dialog-open failed',
    'focus-order/focus failed',
    'focus-visible/focus failed',
    'keyboard-trap/trap failed',
    'narrow-content/layout failed',
    'reduced-motion/layout failed',
    'reflow/layout failed',
    'text-size/layout failed',
  ]);
  expect(code).toBe(1);
});

test('a page that cannot be opened is no pass of the others: it is named, and nothing found proves nothing', { timeout: 300_000 }, async () => {
  const { code, result } = await check('half');
  expect(result('accessibility.violations')).toMatchObject({
    verdict: 'inconclusive',
    reason: { code: 'INSTRUMENT_SICK', text: expect.stringContaining('nowhere/light (It was answered 404.)') },
  });
  expect(result('accessibility.keyboard')).toMatchObject({ verdict: 'inconclusive', reason: { code: 'CASES_NOT_RUN' } });
  expect(code).toBe(3);
});
