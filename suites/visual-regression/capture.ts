// Takes a picture of a page of the surface that stands still: clock, animations and caret frozen, fonts and images there, what changes by itself painted over. Called by picture-cases.ts.
import { type CheckContext, GateError, type Page as SurfacePage, type SideName } from '../../gates/model.ts';
import { inTime } from '../instruments/browser/in-time.ts';
import { locate, wordsFor } from '../instruments/browser/locate.ts';
import type { OpenBrowser, OpenPage, Page } from '../instruments/browser/open-browser.ts';
import { elsewhere, visit, wordsOf } from '../instruments/browser/visit.ts';
import { type Picture, type Size, isOneColour } from './compare-pictures.ts';

/** A case beside its page: `360/dark`. */
export interface View {
  /** CSS pixels. */
  readonly width: number;
  readonly theme: 'light' | 'dark';
}
export interface Scene {
  readonly context: CheckContext;
  readonly browser: OpenBrowser;
  /** Account that sees what needs a login. */
  readonly account: string | undefined;
  /** What every page takes the time to be. */
  readonly at: Date;
  /** Below it a page is not looked at, CSS pixels. */
  readonly maxHeight: number;
}
export type Capture =
  | { readonly taken: true; readonly picture: Picture }
  /** `shown`: for all that is known it looks well; only no picture could be taken of it. */
  | { readonly taken: false; readonly why: string; readonly shown: boolean };

/** Of the window, by its width: a phone, a tablet, a laptop. CSS pixels. */
const HEIGHTS: readonly (readonly [width: number, height: number])[] = [
  [480, 780],
  [1024, 1024],
];
const LAPTOP = 800;
const LAPTOP_WINDOW = { width: 1280, height: LAPTOP };
/** A page that does not show what it is for by then has not loaded, ms. */
const SHOWN_MS = 20_000;
/** A page that polls is never idle, so it is waited for no longer, ms. */
const IDLE_MS = 3_000;
/** An application may take its theme from the system only once its script runs: it has this long before it is told by hand, ms. */
const FOLLOWS_MS = 2_000;
/** Whatever still moves then, and after so many pictures, moves by itself, ms. */
const STILL_MS = 6_000;
const LEAST_PICTURES = 5;
const SCREENSHOT_MS = 15_000;

/** Fonts and images that the page asks for once it is scrolled through; one that never comes is not waited for. */
const SCROLLED_THROUGH = `(async () => {
  for (let y = 0; y < Math.min(document.documentElement.scrollHeight, 20000); y += innerHeight) { scrollTo(0, y); await new Promise(requestAnimationFrame); }
  scrollTo(0, 0);
  const images = Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  await Promise.race([Promise.all([images, document.fonts.ready]), new Promise((resolve) => setTimeout(resolve, ${IDLE_MS}))]);
})()`;
const PAGE_SIZE = `({ width: Math.max(innerWidth, document.documentElement.scrollWidth), height: document.documentElement.scrollHeight })`;

/** Never throws for what a page does. */
export async function capture(scene: Scene, page: SurfacePage, view: View, side: SideName): Promise<Capture> {
  if (page.access === 'authenticated' && scene.account === undefined)
    return { taken: false, shown: true, why: 'It needs a login, and the environment has no account.' };
  const opened = await open(scene, page, view, side);
  if (opened instanceof GateError) return { taken: false, shown: true, why: opened.message };
  try {
    return await take(scene, opened, page, view);
  } catch (error) {
    scene.context.signal.throwIfAborted();
    return { taken: false, shown: true, why: `No picture could be taken: ${wordsOf(error)}` };
  } finally {
    await opened.close();
  }
}

async function open({ browser, account, at }: Scene, page: SurfacePage, { width, theme }: View, side: SideName): Promise<OpenPage | GateError> {
  try {
    const opened = await browser.page({
      side,
      viewport: { width, height: HEIGHTS.find(([upTo]) => width <= upTo)?.[1] ?? LAPTOP },
      colorScheme: theme,
      reducedMotion: 'reduce',
      ...(page.access === 'authenticated' && account !== undefined ? { as: account } : {}),
    });
    await opened.page.clock.setFixedTime(at);
    return opened;
  } catch (error) {
    if (error instanceof GateError && error.code === 'LOGIN_FAILED') return error;
    throw error;
  }
}

async function take(scene: Scene, opened: OpenPage, page: SurfacePage, view: View): Promise<Capture> {
  const arrival = await visit(opened, page.path);
  if (!arrival.arrived) return { taken: false, shown: arrival.status === undefined, why: arrival.why };
  const landed = elsewhere(arrival.url, opened.url(page.path));
  if (landed !== undefined) return { taken: false, shown: false, why: landed };
  for (const named of page.shows ?? []) {
    const isShown = await isVisible(opened.page, named);
    // On a busy machine that says nothing of how the page looks; page-rendering asks whether it shows what it is for.
    if (!isShown) return { taken: false, shown: true, why: `It did not show ${wordsFor(named)} within ${SHOWN_MS / 1000} s.` };
  }
  const other = await chooseTheme(scene, opened.page, view);
  if (other !== undefined) return { taken: false, shown: true, why: other };
  await inTime(opened.page.waitForLoadState('networkidle', { timeout: IDLE_MS }));
  await opened.page.evaluate(SCROLLED_THROUGH);
  // A guard that runs in the page sends a stranger away after it has loaded.
  const end = elsewhere(opened.page.url(), opened.url(page.path));
  if (end !== undefined) return { taken: false, shown: false, why: end };
  return stillPicture(scene, opened.page, page);
}

async function isVisible(page: Page, named: Parameters<typeof locate>[1]): Promise<boolean> {
  return inTime(locate(page, named).first().waitFor({ state: 'visible', timeout: SHOWN_MS }));
}

/**
 * An application that shows another theme than the system prefers is told by hand, in a laptop's window where the means are not in this one. Answers
 * why it could not be told. An attribute that is not there means that the system is followed.
 */
async function chooseTheme({ context }: Scene, page: Page, { theme: wanted }: View): Promise<string | undefined> {
  const { theme } = context.surface.web ?? {};
  if (theme === undefined) return undefined;
  const shown = (): Promise<string | null> => page.locator(theme.selector).first().getAttribute(theme.attribute, { timeout: IDLE_MS });
  const isWanted = (timeout: number): Promise<boolean> =>
    inTime(
      page
        .locator(`${theme.selector}[${theme.attribute}=${JSON.stringify(theme[wanted])}]`)
        .first()
        .waitFor({ state: 'attached', timeout }),
    );
  if ([null, theme[wanted]].includes(await shown()) || (await isWanted(FOLLOWS_MS))) return undefined;
  const window = page.viewportSize();
  const toggle = locate(page, theme.toggle).first();
  if (!(await toggle.isVisible())) await page.setViewportSize(LAPTOP_WINDOW);
  const isChosen = (await inTime(toggle.click({ timeout: IDLE_MS }))) && (await isWanted(IDLE_MS));
  if (window !== null) await page.setViewportSize(window);
  return isChosen ? undefined : `It could not be made ${wanted}: ${wordsFor(theme.toggle)} is not there, or does nothing.`;
}

/** Two in a row that are equal, byte for byte. */
async function stillPicture({ context, maxHeight }: Scene, page: Page, { dynamic = [] }: SurfacePage): Promise<Capture> {
  const until = context.clock.monotonicMs() + STILL_MS;
  let before = await shoot(page, maxHeight, dynamic);
  for (let taken = 1; taken < LEAST_PICTURES || context.clock.monotonicMs() < until; taken += 1) {
    const after = await shoot(page, maxHeight, dynamic);
    if (Buffer.compare(before.png, after.png) === 0) {
      return isOneColour(after.png) ? { taken: false, shown: false, why: 'It shows nothing but one colour.' } : { taken: true, picture: after };
    }
    before = after;
  }
  return { taken: false, shown: true, why: `It never stood still: no two pictures in a row were equal within ${STILL_MS / 1000} s.` };
}

async function shoot(page: Page, maxHeight: number, dynamic: readonly string[]): Promise<Picture> {
  const size = await page.evaluate<Size>(PAGE_SIZE);
  const png = await page.screenshot({
    fullPage: true,
    clip: { x: 0, y: 0, width: size.width, height: Math.min(size.height, maxHeight) },
    animations: 'disabled',
    caret: 'hide',
    scale: 'css',
    mask: dynamic.map((selector) => page.locator(selector)),
    maskColor: '#8a8f98',
    timeout: SCREENSHOT_MS,
  });
  return { png, page: size };
}
