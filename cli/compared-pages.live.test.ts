// The checks visual-regression and bundle-size on a small site before and after, as a process: what looks or weighs otherwise is found, and nothing else is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMPARED_PICTURES_MEDIA_TYPE, ComparedPictures, type RunReport, type Theme } from '../gates/model.ts';
import { naapSurface } from '../suites/naap-surface.ts';
import { type CommandFolder, commandFolder, reportOf } from './testing/command.ts';
import { LIGHT_BYTES, type TwoSites, openTwoSites } from './testing/two-sites.ts';

let sites: TwoSites;
let folder: CommandFolder;

beforeAll(async () => {
  sites = await openTwoSites();
  folder = commandFolder();
  const environment = (paths: readonly string[], theme: Theme | null = null) => ({
    target: { web: sites.target },
    allow: ['read'],
    identity: { path: '/api/health', expect: { status: 200 } },
    surface: naapSurface({
      pages: {
        ...Object.fromEntries(naapSurface({}).pages.map(({ id }) => [id, null])),
        ...Object.fromEntries(paths.map((path) => [path.slice(1), { path, access: 'public', dynamic: ['[data-dynamic]'] }])),
      },
      web: { theme, plugins: null },
    }),
  });
  const legacy = { web: sites.legacy };
  folder.configure({
    pictures: { ...environment(['/same', '/moved', '/restless', '/blank', '/gone', '/new']), legacy },
    bytes: { ...environment(['/same', '/heavier', '/not-compressed', '/more-data', '/fetched-unread', '/gone', '/new']), legacy },
    alone: environment(['/same']),
    themed: {
      ...environment(['/themed', '/light-alone', '/guarded'], {
        toggle: { role: 'button', name: 'Theme' },
        selector: 'html',
        attribute: 'data-theme',
        light: 'light',
        dark: 'dark',
      }),
      legacy,
    },
  });
});
afterAll(async () => {
  folder.remove();
  await sites.close();
});

async function gate(environment: string, ...only: readonly string[]): Promise<ReturnType<typeof reportOf>> {
  return reportOf(await folder.run(['phase2', '--env', environment, '--profile', 'pr', '--only', ...only, '--json', '--quiet']));
}

test('what looks otherwise than on the legacy side is found and shown, and nothing else is', async () => {
  const { report, row } = await gate('pictures', 'visual-regression');
  const cases = row('testing.visual-regression').results[0]?.cases?.map(
    ({ id, state, detail }) => `${id} ${state}: ${detail.replaceAll(/\d+ pixels differ.*/g, 'Pixels differ.')}`,
  );
  expect(cases).toEqual(
    ['1280/light', '360/dark']
      .flatMap((view) => [
        `blank/${view} failed: Expected the page as the legacy side shows it. It shows nothing but one colour.`,
        `gone/${view} failed: Expected the page as the legacy side shows it. It was answered 404.`,
        `moved/${view} failed: It does not look as before. Pixels differ.`,
        `new/${view} not-run: The legacy side has no picture to compare with: It was answered 404.`,
        `restless/${view} not-run: It never stood still: no two pictures in a row were equal within 6 s.`,
      ])
      .toSorted(),
  );
  expectPicturesIn(report, ['moved/1280/light', 'moved/360/dark']);
});

test('a theme is chosen where the system is not followed, and what cannot be shown in it, or leads elsewhere once it has loaded, is no picture', async () => {
  const { row } = await gate('themed', 'visual-regression', 'bundle-size');
  const cases = row('testing.visual-regression').results[0]?.cases?.map(({ id, state, detail }) => `${id} ${state}: ${detail}`);
  expect(cases).toEqual([
    'guarded/1280/light failed: Expected the page as the legacy side shows it. It led to /login.',
    'guarded/360/dark failed: Expected the page as the legacy side shows it. It led to /login.',
    'light-alone/360/dark not-run: It could not be made dark: button "Theme" is not there, or does nothing.',
    expect.stringMatching(/^themed\/360\/dark failed: It does not look as before/u),
  ]);
  const guarded = row('performance.bundle-size').results.find(({ labels }) => labels.route === 'page /guarded');
  expect(guarded?.verdict).toBe('inconclusive');
});

/** The list names pictures that are there, and the report shows them. */
function expectPicturesIn({ run, artifacts }: RunReport, ids: readonly string[]): void {
  const path = join(folder.path, '.naap-gate', 'runs', run);
  const list = artifacts.find(({ mediaType }) => mediaType === COMPARED_PICTURES_MEDIA_TYPE);
  const { pictures } = ComparedPictures.parse(JSON.parse(readFileSync(join(path, 'artifacts', list?.sha256 ?? ''), 'utf8')));
  expect(pictures.map(({ id }) => id).toSorted()).toEqual(ids);
  expect(readFileSync(join(path, 'report.html'), 'utf8').match(/<img [^>]*src="data:image\/png;base64,iVBORw0KGgo[^>]*alt="[^"]+"/gu)).toHaveLength(
    3 * ids.length,
  );
}

test('what weighs more than on the legacy side is found, and what was not loaded is named', async () => {
  const { row } = await gate('bytes', 'bundle-size');
  const { results } = row('performance.bundle-size');
  expect(results.map(({ labels, verdict }) => `${labels.route} ${verdict}`).toSorted()).toEqual([
    'page /fetched-unread fail',
    'page /gone inconclusive',
    'page /heavier fail',
    'page /more-data pass',
    'page /new inconclusive',
    'page /not-compressed fail',
    'page /same pass',
  ]);
  const of = (route: string) => results.find(({ labels }) => labels.route === route);
  expect(of('page /heavier')?.comparison).toMatchObject({ effect: LIGHT_BYTES * 0.2, interval: { level: 1 } });
  expect(of('page /not-compressed')?.value).toBeGreaterThan(LIGHT_BYTES);
});

test('without a legacy side pictures are kept and nothing is compared, in either row', async () => {
  const { report, row } = await gate('alone', 'visual-regression', 'bundle-size');
  const pictures = row('testing.visual-regression');
  expect([pictures.state, pictures.reason.code, pictures.reason.text]).toEqual([
    'inconclusive',
    'NO_BASELINE',
    '2 of 2 cases were captured, and there is nothing to compare them with.',
  ]);
  expect(report.artifacts.filter(({ mediaType }) => mediaType === 'image/png').map(({ name }) => name)).toContain('visual-regression/same/360/dark.png');
  const bytes = row('performance.bundle-size');
  expect([bytes.state, bytes.reason.code]).toEqual(['inconclusive', 'NO_BASELINE']);
});
