// Hands that never touch a mouse: goes by Tab to what is wanted, types, presses Enter. Used by the journeys of keyboard-access.check.ts.
import type { Locator } from '../../gates/model.ts';
import { locate, wordsFor } from '../instruments/browser/locate.ts';
import type { Page } from '../instruments/browser/open-browser.ts';
import type { Flaw } from './cases.ts';
import { pageScript } from './page-script.ts';
import { MOST_INSIDE } from './tab-walk.ts';

/** Nobody presses Tab more often than this to get to a field; navigation of a large application has fewer stops. */
const MOST_PRESSES = 150;

/** An element that has nothing inside of it to stop at is left by the next press. */
const HELD_FAST = 3;
/** Stands for the page itself, where no element has the focus. */
const PAGE = 0;

/** What a press of Tab led to. */
export interface Passed {
  /** The same as long as it is the same element. */
  readonly element: number;
  /** `button#send "Post"` */
  readonly name: string;
  /** A frame, or a field of several parts: Tab goes through it without the focus leaving it. */
  readonly hasStopsInside: boolean;
}

const FOCUSED = pageScript(`
  const element = focusedIn(document);
  if (element === null || element === document.body || element === document.documentElement) return { element: ${PAGE}, name: 'the page', hasStopsInside: false };
  return { element: numberOf(element), name: nameOf(element), hasStopsInside: hasStopsInside(element) };
`);

/** What one does at each place that the focus is brought to. */
export interface Stroke {
  readonly at: Locator;
  readonly type?: string;
  readonly press?: string;
}

/** Each in turn; stops at the first that Tab does not lead to. */
export async function strike(page: Page, strokes: readonly Stroke[]): Promise<Flaw> {
  for (const { at, type, press } of strokes) {
    const flaw = await goTo(page, at);
    if (flaw !== undefined) return flaw;
    if (type !== undefined) await page.keyboard.type(type);
    if (press !== undefined) await page.keyboard.press(press);
  }
  return undefined;
}

async function goTo(page: Page, wanted: Locator): Promise<Flaw> {
  const found = locate(page, wanted);
  const hasFocus = (): Promise<boolean> => found.evaluateAll((elements) => elements.some((element) => element.matches(':focus')));
  const passed: Passed[] = [];
  while (passed.length < MOST_PRESSES) {
    if (await hasFocus()) return undefined;
    await page.keyboard.press('Tab');
    passed.push(await page.evaluate<Passed>(FOCUSED));
    if (leadsNowhere(passed)) break;
  }
  if (await hasFocus()) return undefined;
  const way = [...new Set(passed.map(({ name }) => name))].slice(0, 6).join(', ');
  return `Tab should lead to ${wordsFor(wanted)}; ${passed.length} presses led to ${way} and not there.`;
}

/** More of the same leads nowhere: the focus has left the page twice, so that it has been everywhere in between, or one element holds it fast. */
export function leadsNowhere(passed: readonly Passed[]): boolean {
  const last = passed.at(-1);
  if (last === undefined) return false;
  if (passed.filter(({ element }) => element === PAGE).length > 1) return true;
  const pressesThere = passed.length - 1 - passed.findLastIndex(({ element }) => element !== last.element);
  return pressesThere >= (last.hasStopsInside ? MOST_INSIDE : HELD_FAST);
}
