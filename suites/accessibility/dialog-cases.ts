// What the focus does when a dialog opens and closes: into it, and back to where it came from. Used by page-cases.ts.
import type { PageState, Step } from '../../gates/model.ts';
import { locate, take, wordsFor } from '../instruments/browser/locate.ts';
import type { FoundLocator, Page } from '../instruments/browser/open-browser.ts';
import { SHOWN_MS } from './arrive.ts';
import type { Flaw } from './cases.ts';

/** Moving the focus takes a frame or two, and what a framework defers. ms */
const MOVED_MS = 5_000;

/** A dialog that is opened by the last step of a state. */
export interface DialogState {
  readonly state: PageState;
  readonly opener: Extract<Step, { click: unknown }>['click'];
}

/** Undefined: the state is no dialog, or nothing that could be given the focus opens it. */
export function dialogOf(state: PageState): DialogState | undefined {
  const isDialog = 'role' in state.shows && /^(?:alert)?dialog$/.test(state.shows.role);
  const last = state.steps.at(-1);
  return isDialog && last !== undefined && 'click' in last ? { state, opener: last.click } : undefined;
}

/** WCAG 2.4.3: opened by the keyboard, a dialog takes the focus. Leaves it open where it opened. */
export async function dialogFocusFlaw(page: Page, { state, opener }: DialogState, tag: string): Promise<{ readonly isOpen: boolean; readonly flaw: Flaw }> {
  for (const step of state.steps.slice(0, -1)) await take(page, step, tag, SHOWN_MS);
  await locate(page, opener).focus({ timeout: SHOWN_MS });
  await page.keyboard.press('Enter');
  const dialog = locate(page, state.shows);
  if (!(await isSeen(dialog)))
    return { isOpen: false, flaw: `Enter on ${wordsFor(opener)} should open ${wordsFor(state.shows)}; it did not within ${SHOWN_MS / 1000} s.` };
  const isInside = await holds(page, async () => dialog.evaluate((element) => element.matches(':focus-within')));
  return { isOpen: true, flaw: isInside ? undefined : `${wordsFor(state.shows)} should take the focus when it opens; the focus stays outside of it.` };
}

/** WCAG 2.4.3: closed, it gives the focus back. The dialog is open. */
export async function dialogReturnFlaw(page: Page, { state, opener }: DialogState): Promise<Flaw> {
  await page.keyboard.press('Escape');
  const dialog = locate(page, state.shows);
  const isGone = await dialog.waitFor({ state: 'hidden', timeout: MOVED_MS }).then(
    () => true,
    () => false,
  );
  if (!isGone) return `Escape should close ${wordsFor(state.shows)}; it is still open.`;
  const isBack = await holds(page, async () => locate(page, opener).evaluate((element) => element.matches(':focus')));
  return isBack ? undefined : `${wordsFor(opener)} should have the focus again after ${wordsFor(state.shows)} was closed; it has not.`;
}

function isSeen(found: FoundLocator): Promise<boolean> {
  return found.waitFor({ state: 'visible', timeout: SHOWN_MS }).then(
    () => true,
    () => false,
  );
}

/** Asks until it holds, or time is up. */
export async function holds(page: Page, ask: () => Promise<boolean>, timeoutMs = MOVED_MS): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (await ask()) return true;
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
  }
  return ask();
}
