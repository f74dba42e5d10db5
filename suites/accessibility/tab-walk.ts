// Walks through a page by the Tab key alone, from where it begins until the focus leaves it, and writes down every element on the way. Used by keyboard-cases.ts.
import type { Page } from '../instruments/browser/open-browser.ts';
import { pageScript } from './page-script.ts';

export interface Stop {
  /** Known for as long as the page is. */
  readonly element: number;
  /** `button#send "Post"` */
  readonly name: string;
  /** It stands before the stop before it in the document. */
  readonly goesBack: boolean;
  /** Something in it or next to it looks other than without the focus. Text fields show the caret. */
  readonly isVisible: boolean;
}
export interface Walk {
  readonly stops: readonly Stop[];
  /** The stop that the focus could not get away from, or came back to before it had left the page: a browser lets it out after the last one. */
  readonly trappedAt: Stop | undefined;
  /** Not whole: it was broken off, and says nothing of what comes after. */
  readonly isWhole: boolean;
}

/** No page has more things that take the focus; one that has is walked this far. */
export const MOST_STOPS = 300;
/** Presses inside of what is one stop to the page around it: a frame, a player, a date. Whoever has more cannot be told from a trap. */
export const MOST_INSIDE = 60;
/** Room for an outline around an element, CSS pixels. */
const MARGIN = 8;

const LOOKS = `
const LOOKS = ['boxShadow', 'borderTopColor', 'borderRightColor', 'borderBottomColor', 'borderLeftColor', 'borderTopWidth', 'borderBottomWidth', 'borderLeftWidth', 'borderTopStyle', 'borderBottomStyle', 'backgroundColor', 'backgroundImage', 'color', 'textDecorationLine', 'textDecorationColor', 'textDecorationThickness', 'fontWeight', 'opacity', 'transform', 'filter', 'visibility', 'clipPath'];
const isClear = (color) => color === 'transparent' || /^rgba\\(.*, 0\\)$/.test(color);
const looksOf = (element, pseudo) => {
  const style = getComputedStyle(element, pseudo);
  const isOutlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && !isClear(style.outlineColor);
  return (isOutlined ? style.outlineStyle + style.outlineWidth + style.outlineColor + style.outlineOffset : 'none') + '|' + LOOKS.map((name) => style[name]).join('|');
};
const around = (element) => [element, element.parentElement, element.parentElement?.parentElement, element.previousElementSibling, element.nextElementSibling, element.labels?.[0]]
  .filter((one) => one != null && one !== document.body && one !== document.documentElement);
const allLooks = (element) => looksOf(element) + looksOf(element, '::before') + looksOf(element, '::after');
`;

/**
 * Whatever looks otherwise afterwards does so for the focus: nothing fades or scrolls by and by, and what moves without end stands still. Not
 * paused but at a rate of 0, since Playwright plays on after a picture whatever is paused. A style sheet made here is not subject to the page's CSP.
 */
const HOLD_STILL = `
const rootsIn = (root) => [root, ...[...root.querySelectorAll('*')].flatMap((element) => element.shadowRoot === null ? [] : rootsIn(element.shadowRoot))];
const holdStill = async () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, *::before, *::after { transition: none !important; scroll-behavior: auto !important; }');
  const isEndless = (animation) => animation.playState === 'running' && animation.effect?.getComputedTiming().endTime === Infinity;
  for (const root of rootsIn(document)) {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    for (const animation of root.getAnimations().filter(isEndless)) animation.playbackRate = 0;
  }
  await withinTwoFrames();
};
`;

/** Remembers how everything looks while nothing has the focus; answers whether the page had given it to something, from where Tab then goes on. */
const BEGIN = pageScript(`
  ${LOOKS}
  ${HOLD_STILL}
  const isInside = document.activeElement !== null && document.activeElement !== document.body;
  if (isInside) document.activeElement.blur();
  await holdStill();
  const before = new WeakMap();
  for (const element of document.querySelectorAll('body *')) before.set(element, allLooks(element));
  globalThis.__naapGateWalk = { before, last: undefined };
  return isInside;
`);

interface Seen extends Stop {
  /** What has the focus within it cannot be seen from the page. */
  readonly isClosed: boolean;
  readonly hasStopsInside: boolean;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** What has the focus now; null where it has left the page. */
const LOOK = pageScript(`
  ${LOOKS}
  const walk = globalThis.__naapGateWalk;
  const element = focusedIn(document);
  if (element === null || element === document.body || element === document.documentElement) { walk.last = undefined; return null; }
  const goesBack = walk.last !== undefined && walk.last.getRootNode() === element.getRootNode() && (walk.last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;
  walk.last = element;
  const isText = element.isContentEditable || (element.matches('input, textarea') && !element.matches('[type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=range], [type=color], [type=file], [type=image]'));
  const isChanged = () => around(element).some((one) => walk.before.has(one) && walk.before.get(one) !== allLooks(one));
  // What the focus sets in motion begins with how it looked before.
  if (!isText && !isChanged()) await withinTwoFrames();
  const { x, y, width, height } = element.getBoundingClientRect();
  return { element: numberOf(element), name: nameOf(element), goesBack, isVisible: isText || isChanged(), isClosed: isClosed(element), hasStopsInside: hasStopsInside(element), box: { x, y, width, height } };
`);

const LET_GO = pageScript('globalThis.__naapGateWalk.last.blur();');
const TAKE_BACK = pageScript('globalThis.__naapGateWalk.last.focus({ preventScroll: true, focusVisible: true });');

/** The page has just been opened; afterwards the focus is anywhere. */
export async function walkByTab(page: Page): Promise<Walk> {
  let hasBeginning = !(await page.evaluate<boolean>(BEGIN));
  const stops: Stop[] = [];
  const met = new Set<number>();
  let here = { element: 0, presses: 0 };
  let lap = 1;
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate<Seen | null>(LOOK);
    if (seen === null && hasBeginning) return { stops, trappedAt: undefined, isWhole: true };
    if (seen === null) {
      // It began in the middle and has left the page: what stands before comes now.
      hasBeginning = true;
      lap = 2;
      continue;
    }
    const { isClosed, hasStopsInside, box, ...stop } = seen;
    here = { element: stop.element, presses: stop.element === here.element ? here.presses + 1 : 1 };
    if (hasStopsInside && here.presses >= MOST_INSIDE) return { stops, trappedAt: undefined, isWhole: false };
    if (hasStopsInside && here.presses > 1) continue;
    if (met.has(stop.element)) return { stops, trappedAt: lap === 1 ? stop : undefined, isWhole: true };
    met.add(stop.element);
    stops.push({ ...stop, isVisible: stop.isVisible || isClosed || (await looksOtherWithoutFocus(page, box)) });
  }
  return { stops, trappedAt: undefined, isWhole: false };
}

/** Where no style tells: the picture with the focus beside the one without it. */
async function looksOtherWithoutFocus(page: Page, { x, y, width, height }: Seen['box']): Promise<boolean> {
  const window = page.viewportSize();
  if (window === null || width === 0 || height === 0) return false;
  const left = Math.max(0, x - MARGIN);
  const top = Math.max(0, y - MARGIN);
  const clip = { x: left, y: top, width: Math.min(window.width, x + width + MARGIN) - left, height: Math.min(window.height, y + height + MARGIN) - top };
  if (clip.width <= 0 || clip.height <= 0) return false;
  const focused = await page.screenshot({ clip, animations: 'disabled' });
  await page.evaluate(LET_GO);
  const without = await page.screenshot({ clip, animations: 'disabled' });
  await page.evaluate(TAKE_BACK);
  return !focused.equals(without);
}
