// Whether a page holds still for people who have asked their system for less motion. Used by page-cases.ts.
import type { Page } from '../instruments/browser/open-browser.ts';
import type { Flaw } from './cases.ts';
import { pageScript } from './page-script.ts';

/** WCAG 2.2.2: what moves by itself, "lasts more than five seconds" and cannot be paused. */
const LONG_MS = 5_000;

/**
 * Takes its time only where something is there to be watched. What goes on without end is watched for as long as may be, since what stands in
 * for data goes when the data comes; what has an end, until it has gone on for that long.
 */
const MOVING = pageScript(`
  const lastsMs = (animation) => animation.effect?.getComputedTiming().activeDuration ?? 0;
  const isMoving = (animation) => animation.playState === 'running' && animation.effect?.target?.isConnected === true && isShown(animation.effect.target);
  const long = document.getAnimations().filter((animation) => animation.timeline instanceof DocumentTimeline && lastsMs(animation) > ${LONG_MS} && isMoving(animation));
  const leftMs = (animation) => lastsMs(animation) === Infinity ? ${LONG_MS} : Math.min(${LONG_MS}, animation.effect.getComputedTiming().delay + ${LONG_MS} - (animation.currentTime ?? 0));
  const goesOn = async (animation) => {
    await new Promise((resolve) => setTimeout(resolve, leftMs(animation)));
    return isMoving(animation);
  };
  const stayed = await Promise.all(long.map(goesOn));
  return long.filter((_, index) => stayed[index]).map((animation) => nameOf(animation.effect.target) + (animation.animationName === undefined ? '' : ' (' + animation.animationName + ')'));
`);

/** The page was opened for somebody who prefers less motion. */
export async function motionFlaw(page: Page): Promise<Flaw> {
  const moving = await page.evaluate<readonly string[]>(MOVING);
  if (moving.length === 0) return undefined;
  return `With prefers-reduced-motion nothing should move for longer than ${LONG_MS / 1000} s; ${moving.length} ${moving.length === 1 ? 'element does' : 'elements do'}: ${moving.slice(0, 3).join(', ')}.`;
}
