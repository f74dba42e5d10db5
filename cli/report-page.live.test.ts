// report.html in a real browser: WCAG 2.1 AA by axe, no sideways scrolling on the narrowest phone, one printed page to read aloud.
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunView } from '../gates/model.ts';
import { html } from '../reporters/html.ts';
import { hostileRun } from '../reporters/saved-runs/hostile.ts';
import { savedRuns } from '../reporters/saved-runs/index.ts';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { recordedChromium } from '../scripts/chromium.mjs';

const runs: readonly (readonly [name: string, view: RunView])[] = [...Object.entries(savedRuns), ['hostile', hostileRun()]];
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
/** Width in pixels: the whole table, and the cards of a phone. Colours do not depend on it. */
const LOOKS = [
  ['light', 1280],
  ['dark', 360],
] as const;
const EVERY_LOOK = [...LOOKS, ['dark', 1280], ['light', 360]] as const;
/** Between them they show every part of the page. */
const WHOLE: readonly string[] = ['signed', 'compared', 'fail'];

let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-page-'));
  const executablePath = recordedChromium(cacheFolder())?.path;
  // --no-sandbox: containers and root have no user namespaces, and the pages are our own.
  browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function withPage<Result>(view: RunView, { width }: { readonly width: number }, work: (page: Page) => Promise<Result>): Promise<Result> {
  const path = join(folder, 'report.html');
  writeFileSync(
    path,
    html.render(view, () => undefined),
  );
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    return await work(page);
  } finally {
    await context.close();
  }
}

/** In legacy mode it looks into no frame of another origin, which no page of ours has, and takes half the time. */
const axe = (page: Page): AxeBuilder => new AxeBuilder({ page }).withTags(WCAG).setLegacyMode();

/** What axe cannot decide is for people to look at; said once, at the end. Contrasts that it cannot see (SVG, cells out of sight) html.test.ts computes. */
const undecided = new Map<string, string>();
afterAll(() => console.log(`For people to look at: ${[...undecided].map(([what, where]) => `${what} (${where})`).join(', ') || 'nothing'}`));

test.each(runs)('axe finds nothing in "%s", light and dark, wide and narrow', async (name, view) => {
  await withPage(view, { width: 1280 }, async (page) => {
    for (const [colorScheme, width] of WHOLE.includes(name) ? EVERY_LOOK : LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const { violations, incomplete } = await axe(page).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html: node }) => node).join(' ')}`)).toEqual([]);
      for (const { id, nodes } of incomplete)
        for (const { html: node } of nodes) undecided.set(`${id} of ${/^<\w+/u.exec(node)?.[0]}>`, `${name}, ${colorScheme}, ${width} px`);
    }
  });
});

test('axe as it is asked here finds a picture without words and a text that can hardly be read', async () => {
  const found = await withPage(savedRuns.empty, { width: 1280 }, async (page) => {
    await page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<svg role=\"img\"></svg><p class=\"faint\">faint</p>')");
    await page.evaluate("document.querySelector('.faint').style.color = '#ddd'");
    return axe(page).analyze();
  });
  expect(found.violations.map(({ id }) => id)).toEqual(['color-contrast', 'svg-img-alt']);
});

test('no page scrolls sideways on the narrowest phone', async () => {
  const widths: string[] = [];
  for (const [name, view] of runs) {
    const wide = await withPage(view, { width: 320 }, (page) => page.evaluate('document.documentElement.scrollWidth'));
    if (wide !== 320) widths.push(`${name}: ${String(wide)}`);
  }
  expect(widths).toEqual([]);
});

/** CSS pixels of what an A4 sheet has within margins of 14 mm: 96 a 25.4 mm. */
const SHEET = { width: 688, height: 1016 };

test('what is read aloud fits one sheet of A4, whatever the run', async () => {
  const tall: string[] = [];
  for (const [name, view] of runs) {
    if (name === 'hostile') continue;
    const height = await withPage(view, { width: SHEET.width }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      return Number(await page.evaluate("document.getElementById('read-aloud').getBoundingClientRect().height"));
    });
    if (!(height > 0 && height <= SHEET.height)) tall.push(`${name}: ${height} px`);
  }
  expect(tall).toEqual([]);
});

test('the page asks for nothing and runs nothing, even with text that tries to', async () => {
  const seen: string[] = [];
  await withPage(hostileRun(), { width: 1280 }, async (page) => {
    page.on('request', (request) => seen.push(request.url()));
    page.on('dialog', (dialog) => seen.push(dialog.message()));
    page.on('console', (message) => seen.push(message.text()));
    await page.reload();
  });
  expect(seen.filter((url) => !url.endsWith('/report.html'))).toEqual([]);
});
