// Takes down how a page looks in each theme: which one it says it shows, its colours, and when it said so first. Used by page-themes.check.ts.
import type { CheckContext, Page, Theme } from '../../gates/model.ts';
import { locate, wordsFor } from '../instruments/browser/locate.ts';
import type { OpenBrowser, OpenPage, Page as BrowserPage } from '../instruments/browser/open-browser.ts';
import { visit } from '../instruments/browser/visit.ts';
import { answerOf, rest } from './look.ts';

/** sRGB, 0…255. */
export type Colour = readonly [red: number, green: number, blue: number];

export interface ThemeLook {
  /** Value of the theme's attribute; null where it is not set. */
  readonly said: string | null;
  /** Of most of the text that is seen, and what lies behind it. */
  readonly ink: Colour;
  readonly paper: Colour;
}

/** Times since the page was asked for, ms. */
export interface FirstPaint {
  /** When the dark theme was first said; null: never. */
  readonly saidDarkAtMs: number | null;
  /** When the first content was painted; null: the browser does not tell. */
  readonly paintedAtMs: number | null;
}

export interface ThemeLooks {
  readonly systemLight: ThemeLook;
  readonly systemDark: ThemeLook;
  /** By the toggle, where the system prefers light. */
  readonly chosenDark: ThemeLook;
  readonly chosenLight: ThemeLook;
  /** Dark chosen, the page loaded anew. */
  readonly reloaded: ThemeLook;
  readonly firstPaint: FirstPaint;
  /** Dark chosen, another page opened; undefined where there is none. */
  readonly elsewhere: { readonly path: string; readonly look: ThemeLook } | undefined;
}

/** A toggle that does nothing within this time does nothing, ms. */
const TOGGLE_MS = 5_000;
/** A change of colours that takes longer is looked at as it is then, ms. */
const FADE_MS = 5_000;

/** What fades from one theme to the other has done so. What moves for ever, follows the scrolling or is paused never finishes, and is not waited for. */
const FADED = `(() => {
  const ends = (one) => one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime);
  const fading = document.getAnimations().filter(ends).map((one) => one.finished);
  return Promise.race([Promise.allSettled(fading), new Promise((resolve) => setTimeout(resolve, ${FADE_MS}))]).then(() => undefined);
})()`;

/** Colours through a canvas, so that every notation (oklch, color-mix …) becomes sRGB. Layers that let through are laid over what is behind. */
const LOOK = `(({ selector, attribute }) => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const probe = document.createElement('div');
  probe.style.setProperty('background-color', 'Canvas');
  document.documentElement.append(probe);
  const canvasColour = rgba(getComputedStyle(probe).backgroundColor);
  probe.remove();
  const behind = (element) => {
    const layers = [];
    for (let one = element; one !== null; one = one.parentElement) {
      const colour = rgba(getComputedStyle(one).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), canvasColour);
  };
  const weights = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const length = walker.currentNode.textContent.trim().length;
    if (length === 0 || element === null || !element.checkVisibility({ visibilityProperty: true })) continue;
    const paper = behind(element);
    const ink = over(rgba(getComputedStyle(element).color), paper);
    const key = JSON.stringify([ink, paper].map((colour) => colour.slice(0, 3).map(Math.round)));
    weights.set(key, (weights.get(key) ?? 0) + length);
  }
  const bodyPaper = behind(document.body);
  const bodyKey = JSON.stringify([over(rgba(getComputedStyle(document.body).color), bodyPaper), bodyPaper].map((colour) => colour.slice(0, 3).map(Math.round)));
  const [most] = [...weights].sort(([, a], [, b]) => b - a)[0] ?? [bodyKey];
  const [ink, paper] = JSON.parse(most);
  return { said: document.querySelector(selector)?.getAttribute(attribute) ?? null, ink, paper };
})`;

/** Runs before anything of the page does. */
const WATCH = ({ selector, attribute, dark }: Theme): string => `(() => {
  const see = () => {
    if (globalThis.__naapGateSaidDark !== undefined) return;
    if (document.querySelector(${JSON.stringify(selector)})?.getAttribute(${JSON.stringify(attribute)}) === ${JSON.stringify(dark)}) globalThis.__naapGateSaidDark = performance.now();
  };
  new MutationObserver(see).observe(document, { childList: true, subtree: true, attributes: true });
  see();
})()`;
const FIRST_PAINT = `({ saidDarkAtMs: globalThis.__naapGateSaidDark ?? null, paintedAtMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null })`;

const lookAt = async (page: BrowserPage, theme: Theme): Promise<ThemeLook> =>
  (await answerOf(page, page.evaluate(`${LOOK}(${JSON.stringify(theme)})`))) as ThemeLook;

/** Thrown where the page does not come so far; its message is the finding. */
export class NoTheme extends Error {}

async function goTo(opened: OpenPage, path: string): Promise<void> {
  const visited = await visit(opened, path);
  if (!visited.arrived) throw new NoTheme(`${path}: ${visited.why}`);
  await rest(opened.page);
}

/** Presses the toggle and waits until the page says `wanted`. Whether it then looks it is for the colours to tell. */
async function choose({ page }: OpenPage, theme: Theme, wanted: string): Promise<ThemeLook> {
  const toggle = locate(page, theme.toggle).filter({ visible: true }).first();
  try {
    await toggle.click({ timeout: TOGGLE_MS });
  } catch (error) {
    throw new NoTheme(`${wordsFor(theme.toggle)} cannot be pressed.`, { cause: error });
  }
  await page
    .locator(`${theme.selector}[${theme.attribute}=${JSON.stringify(wanted)}]`)
    .waitFor({ state: 'attached', timeout: TOGGLE_MS })
    .catch(() => undefined);
  await answerOf(page, page.evaluate(FADED));
  return lookAt(page, theme);
}

interface Looking {
  readonly context: CheckContext;
  readonly browser: OpenBrowser;
  readonly theme: Theme;
  readonly as: string | undefined;
}

async function inColours<Answer>({ browser, as }: Looking, colorScheme: 'light' | 'dark', work: (opened: OpenPage) => Promise<Answer>): Promise<Answer> {
  const opened = await browser.page({ colorScheme, reducedMotion: 'reduce', ...(as === undefined ? {} : { as }) });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** `start` has the toggle. Throws NoTheme where a page does not arrive or the toggle cannot be pressed, StuckPage where one does not answer. */
export async function takeLooks(looking: Looking, start: Page, other: Page | undefined): Promise<ThemeLooks> {
  const { theme } = looking;
  const systemDark = await inColours(looking, 'dark', async (opened) => {
    await goTo(opened, start.path);
    return lookAt(opened.page, theme);
  });
  return inColours(looking, 'light', async (opened) => {
    await opened.page.addInitScript(WATCH(theme));
    await goTo(opened, start.path);
    const systemLight = await lookAt(opened.page, theme);
    const chosenDark = await choose(opened, theme, theme.dark);
    await goTo(opened, start.path);
    const reloaded = await lookAt(opened.page, theme);
    const firstPaint = (await answerOf(opened.page, opened.page.evaluate(FIRST_PAINT))) as FirstPaint;
    const elsewhere = other === undefined ? undefined : await lookElsewhere(looking, opened, other.path);
    await goTo(opened, start.path);
    // Dark was lost on the way: then the same toggle leads there again first.
    if ((await lookAt(opened.page, theme)).said !== theme.dark) await choose(opened, theme, theme.dark);
    const chosenLight = await choose(opened, theme, theme.light);
    return { systemLight, systemDark, chosenDark, chosenLight, reloaded, firstPaint, elsewhere };
  });
}

async function lookElsewhere({ theme }: Looking, opened: OpenPage, path: string): Promise<{ readonly path: string; readonly look: ThemeLook }> {
  await goTo(opened, path);
  return { path, look: await lookAt(opened.page, theme) };
}
