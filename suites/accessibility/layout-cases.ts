// What a page becomes on a narrow screen, and with letters of twice the size: nothing cut off, nothing lost. Used by page-cases.ts.
import type { Locator } from '../../gates/model.ts';
import { wordsFor } from '../instruments/browser/locate.ts';
import type { Page } from '../instruments/browser/open-browser.ts';
import { firstMissing } from './arrive.ts';
import type { Flaw, NotPut } from './cases.ts';
import { COME_TO_REST, pageScript } from './page-script.ts';

/** WCAG 1.4.10: "a width equivalent to 320 CSS pixels". */
const NARROW_PX = 320;
const NARROW = { width: NARROW_PX, height: 640 };
/** Half a pixel of rounding on either side is nobody's loss. */
const ROUNDING_PX = 1;
/** What the page is for has been shown already; on the narrow screen it must be there as soon as the layout is. ms */
const STILL_SHOWN_MS = 5_000;

interface Reflow {
  readonly scrollWidth: number;
  readonly beyond: readonly string[];
}

/** What lies beyond the right edge: data tables and whatever else scrolls by itself are excepted (WCAG 1.4.10, note 2). */
const REFLOW = pageScript(`
  const scrollsItself = (element) => {
    for (let one = element; one !== null && one !== document.body; one = one.parentElement) {
      const { overflowX } = getComputedStyle(one);
      if ((overflowX === 'auto' || overflowX === 'scroll') && one.scrollWidth > one.clientWidth) return true;
    }
    return false;
  };
  const isContent = (element) => hasOwnText(element) || element.matches('a[href], button, input, select, textarea, img');
  const isBeyond = (element) => element.getBoundingClientRect().right > innerWidth + ${ROUNDING_PX};
  const beyond = [...document.querySelectorAll('body *')].filter((element) => isShown(element) && isContent(element) && isBeyond(element) && !scrollsItself(element));
  return { scrollWidth: document.scrollingElement.scrollWidth, beyond: beyond.slice(0, 3).map(nameOf) };
`);

async function atWidth<Answer>(page: Page, look: () => Promise<Answer>): Promise<Answer> {
  const before = page.viewportSize();
  await page.setViewportSize(NARROW);
  try {
    await page.evaluate(COME_TO_REST);
    return await look();
  } finally {
    if (before !== null) await page.setViewportSize(before);
  }
}

/** WCAG 1.4.10: no scrolling in two dimensions. */
export function reflowFlaw(page: Page): Promise<Flaw> {
  return atWidth(page, async () => {
    const { scrollWidth, beyond } = await page.evaluate<Reflow>(REFLOW);
    if (scrollWidth <= NARROW_PX + ROUNDING_PX && beyond.length === 0) return undefined;
    const named = beyond.length === 0 ? '' : `; beyond the edge: ${beyond.join(', ')}`;
    return `At ${NARROW_PX} px nothing should need scrolling sideways; the page is ${Math.max(scrollWidth, NARROW_PX)} px wide${named}.`;
  });
}

/** WCAG 1.4.10: "without loss of information or functionality". */
export function narrowContentFlaw(page: Page, shows: readonly Locator[]): Promise<Flaw> {
  return atWidth(page, async () => {
    const missing = await firstMissing(page, shows, STILL_SHOWN_MS);
    return missing === undefined ? undefined : `${wordsFor(missing)} should be there at ${NARROW_PX} px as it is on a wide screen; it cannot be seen.`;
  });
}

interface Cut {
  readonly texts: number;
  readonly cut: readonly string[];
}

/**
 * Boxes that hide what does not fit, at letters of twice the size and not at their own: every element's font is set to twice what it is, as a
 * browser that enlarges text alone does it, so that lengths in px stay and those in em and rem grow.
 */
const ENLARGE = pageScript(`
  const hides = (value) => value === 'hidden' || value === 'clip';
  const isPicture = (element) => element.matches('input, textarea, select, svg, svg *, img, video, canvas, iframe');
  const canCut = (element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    return (hides(overflowX) || hides(overflowY)) && !isPicture(element) && isShown(element) && element.textContent.trim() !== '';
  };
  const isCut = (element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    return (hides(overflowX) && element.scrollWidth > element.clientWidth + 2) || (hides(overflowY) && element.scrollHeight > element.clientHeight + 2);
  };
  const inBody = [...document.querySelectorAll('body *')];
  const whole = inBody.filter((element) => canCut(element) && !isCut(element));
  const elements = [document.documentElement, document.body, ...inBody];
  // All sizes first: the second would be twice the first already.
  const sizes = elements.map((element) => parseFloat(getComputedStyle(element).fontSize));
  elements.forEach((element, index) => element.style?.setProperty('font-size', sizes[index] * 2 + 'px', 'important'));
  await withinTwoFrames();
  const texts = elements.filter((element) => hasOwnText(element) && isShown(element)).length;
  return { texts, cut: whole.filter(isCut).map(nameOf) };
`);

/** WCAG 1.4.4. Leaves the page enlarged. */
export async function textSizeFlaw(page: Page, shows: readonly Locator[]): Promise<Flaw | NotPut> {
  const { texts, cut } = await page.evaluate<Cut>(ENLARGE);
  if (texts === 0) return { notPut: 'The page shows no text.' };
  if (cut.length > 0)
    return `With text of 200 % nothing should be cut off; ${cut.length} ${cut.length === 1 ? 'box hides a part of its' : 'boxes hide a part of their'} text: ${cut.slice(0, 3).join(', ')}.`;
  const missing = await firstMissing(page, shows, STILL_SHOWN_MS);
  return missing === undefined ? undefined : `${wordsFor(missing)} should be there with text of 200 %; it cannot be seen.`;
}
