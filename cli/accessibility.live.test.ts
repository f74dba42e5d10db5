// The check accessibility on a site of known mistakes, as a process: each mistake is found by its own rule or case, and nothing else is. Then its
// instruments in a browser, each on small pages that it once took for what they are not.
import { type Browser, type Page, chromium } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { CriterionResult } from '../gates/model.ts';
import { arrive } from '../suites/accessibility/arrive.ts';
import { motionFlaw } from '../suites/accessibility/motion-cases.ts';
import { walkByTab } from '../suites/accessibility/tab-walk.ts';
import { type Gallery, openGallery } from '../suites/accessibility/testing/gallery.ts';
import { strike } from '../suites/accessibility/typing.ts';
import { naapSurface } from '../suites/naap-surface.ts';
import { findBrowser } from './find-browser.ts';
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

describe('in a browser', () => {
  const ORIGIN = 'http://page.test';
  const GUARD = `<h1>Forum</h1><script>setTimeout(() => { history.replaceState(null, '', '/login'); document.body.textContent = 'Log in'; }, 100)</script>`;
  let browser: Browser;
  beforeAll(async () => {
    const path = findBrowser({ variables: process.env }).browser?.path;
    browser = await chromium.launch({ ...(path === undefined ? {} : { executablePath: path }), args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  /** Every path answers with this. */
  async function pageOf(body: string): Promise<Page> {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    await page.route(`${ORIGIN}/**`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>Page</title>${body}` }));
    return page;
  }
  async function shown(body: string): Promise<Page> {
    const page = await pageOf(body);
    await page.goto(`${ORIGIN}/`);
    return page;
  }
  const upvotes = (count: number): string => '<button>Upvote</button>'.repeat(count);
  const frameOf = (count: number): string => `<iframe srcdoc="${upvotes(count)}"></iframe>`;

  test.each([
    ['buttons of one name', upvotes(5)],
    ['a frame of several stops', frameOf(5)],
    ['buttons in a shadow root', `<div><template shadowrootmode="open">${upvotes(5)}</template></div>`],
    ['a date', '<input type="datetime-local">'],
  ])('%s: the focus is not held fast, and there is no trap', async (_, before) => {
    const page = await shown(`${before}<button>Send</button>`);
    expect(await strike(page, [{ at: { role: 'button', name: 'Send' } }])).toBeUndefined();
    await page.reload();
    expect(await walkByTab(page)).toMatchObject({ trappedAt: undefined, isWhole: true });
  });

  test('a frame of more stops than are walked through is no trap, and the walk not whole; a button that keeps Tab is one', async () => {
    expect(await walkByTab(await shown(`${frameOf(70)}<button>Send</button>`))).toMatchObject({ trappedAt: undefined, isWhole: false });
    const kept = await walkByTab(await shown('<button onkeydown="event.preventDefault()">Kept</button>'));
    expect([kept.trappedAt?.name, kept.isWhole]).toEqual(['button "Kept"', true]);
  });

  test.each([
    ['beside one whose ring fades', '#a { transition: box-shadow 5s; } #a:focus { box-shadow: 0 0 0 3px blue; }', ['a#b "B"', 'a#c "C"']],
    [
      'beside a dot that pulses without end',
      '@keyframes pulse { to { opacity: 0; } } s { display: inline-block; width: 1em; height: 1em; background: red; animation: pulse 1s infinite alternate; }',
      ['a#a "A"', 'a#b "B"', 'a#c "C"'],
    ],
    ['with a ring, however the page scrolls there', 'html { scroll-behavior: smooth; } a { margin-top: 3000px; } a:focus i { background: blue; }', []],
    ['that begins to glow', '@keyframes glow { to { box-shadow: 0 0 0 9px blue; } } a:focus { animation: glow 1s infinite alternate; }', []],
  ])('focus-visible, a link %s', async (_, style, unseen) => {
    const link = (id: string): string => `<a id="${id}" href="#"><i>${id.toUpperCase()}</i></a>`;
    const page = await shown(`<style>a { display: block; outline: none; } ${style}</style><div>${link('a')}${link('b')}<s></s>${link('c')}<s></s></div>`);
    const { stops } = await walkByTab(page);
    expect(stops.filter(({ isVisible }) => !isVisible).map(({ name }) => name)).toEqual(unseen);
  });

  test.each([
    ['what stands in for data, and goes', 'drift 1s infinite', 2_000, undefined],
    ['what goes on without end', 'drift 1s infinite', undefined, expect.stringContaining('1 element does: div "Box" (drift).')],
    ['what ends after six seconds', 'drift 6s', undefined, expect.stringContaining('1 element does: div "Box" (drift).')],
    ['what ends after four', 'drift 4s', undefined, undefined],
    ['what begins late and is soon over', 'drift 1s 5s', undefined, undefined],
  ])('reduced-motion, %s', async (_, animation, goesAfterMs, flaw) => {
    const going = goesAfterMs === undefined ? '' : `<script>setTimeout(() => document.querySelector('div').remove(), ${goesAfterMs})</script>`;
    const page = await shown(`<style>@keyframes drift { to { translate: 40px; } } div { animation: ${animation}; }</style><div>Box</div>${going}`);
    expect(await motionFlaw(page)).toEqual(flaw);
  });

  test.each([
    ['a page that stays where it is is arrived at', () => ORIGIN, '/forum/', undefined],
    ['a page whose script leads to the login is not', () => ORIGIN, '/guarded', 'It led to /login.'],
    ['nor one that the server leads elsewhere', () => gallery.origin, '/moved', 'It led to /healthy.'],
  ])('%s', async (_, origin, path, obstacle) => {
    const page = await pageOf(path === '/guarded' ? GUARD : '<h1>Forum</h1>');
    expect(await arrive({ page, url: (wanted) => `${origin()}${wanted}` }, { id: 'forum', path, access: 'public' })).toBe(obstacle);
  });
});
