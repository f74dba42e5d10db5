// Whether a page holds still for people who have asked their system for less motion. Used by page-cases.ts.
import type { Page } from '../instruments/browser/open-browser.ts';
import type { Flaw } from './cases.ts';
import { pageScript } from './page-script.ts';

/** WCAG 2.2.2: what moves by itself, "lasts more than five seconds" and cannot be paused. */
const LONG_MS = 5_000;

const MOVING = pageScript(`
  const ofTime = document.getAnimations().filter((animation) => animation.timeline instanceof DocumentTimeline && animation.playState === 'running');
  const long = ofTime.filter((animation) => (animation.effect?.getComputedTiming().endTime ?? 0) > ${LONG_MS} && animation.effect?.target != null && isShown(animation.effect.target));
  return long.map((animation) => nameOf(animation.effect.target) + (animation.animationName === undefined ? '' : ' (' + animation.animationName + ')'));
`);

/** The page was opened for somebody who prefers less motion. */
export async function motionFlaw(page: Page): Promise<Flaw> {
  const moving = await page.evaluate<readonly string[]>(MOVING);
  if (moving.length === 0) return undefined;
  return `With prefers-reduced-motion nothing should move for longer than ${LONG_MS / 1000} s; ${moving.length} ${moving.length === 1 ? 'element does' : 'elements do'}: ${moving.slice(0, 3).join(', ')}.`;
}
