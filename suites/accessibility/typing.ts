// Hands that never touch a mouse: goes by Tab to what is wanted, types, presses Enter. Used by the journeys of keyboard-access.check.ts.
import type { Locator } from '../../gates/model.ts';
import { locate, wordsFor } from '../instruments/browser/locate.ts';
import type { Page } from '../instruments/browser/open-browser.ts';
import type { Flaw } from './cases.ts';
import { pageScript } from './page-script.ts';

/** Nobody presses Tab more often than this to get to a field; navigation of a large application has fewer stops. */
const MOST_PRESSES = 150;

const FOCUSED = pageScript(`return document.activeElement === null || document.activeElement === document.body ? 'the page' : nameOf(document.activeElement);`);

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
  const passed: string[] = [];
  while (passed.length < MOST_PRESSES) {
    if (await hasFocus()) return undefined;
    await page.keyboard.press('Tab');
    passed.push(await page.evaluate<string>(FOCUSED));
    // Round once, or held fast: more of the same leads nowhere.
    if (passed.length > 3 && passed.at(-1) === passed.at(-2) && passed.at(-2) === passed.at(-3)) break;
    if (isSecondRound(passed)) break;
  }
  if (await hasFocus()) return undefined;
  const way = [...new Set(passed)].slice(0, 6).join(', ');
  return `Tab should lead to ${wordsFor(wanted)}; ${passed.length} presses led to ${way} and not there.`;
}

/** The focus has left the page twice, so it has been everywhere in between. */
function isSecondRound(passed: readonly string[]): boolean {
  return passed.filter((name) => name === 'the page').length > 1;
}
