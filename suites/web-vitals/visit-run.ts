// One visit with one interaction on a slowed processor, as the library web-vitals sees it from inside the page. Used by the check.
import type { CheckContext } from '../../gates/model.ts';
import { locate, take, wordsFor } from '../instruments/browser/locate.ts';
import type { OpenBrowser, OpenPage, Page } from '../instruments/browser/open-browser.ts';
import { visit, wordsOf } from '../instruments/browser/visit.ts';
import { SHOWN_MS, whyElsewhere } from './arrival.ts';
import type { Interaction } from './interactions.ts';
import type { Try } from './series.ts';
import { REPORT, type Reported } from './vitals-script.ts';

export interface VisitRun {
  readonly inpMs: number;
  /** Until the interaction, under which the browser ends it. Undefined where the browser told none. */
  readonly lcpMs: number | undefined;
  /** Of the whole visit; what moves within half a second of an interaction is expected to. */
  readonly cls: number | undefined;
  readonly ttfbMs: number | undefined;
  /** What the library said last of each. */
  readonly reported: readonly Reported[];
}

export interface VisitWorld {
  readonly context: Pick<CheckContext, 'signal' | 'tag'>;
  readonly browser: OpenBrowser;
  /** Account for pages that need a login. */
  readonly account: string | undefined;
  readonly script: string;
  readonly cpuSlowdown: number;
}

/** An interaction whose next paint took longer was not answered at all, as far as a person is concerned, ms. */
const PAINT_MS = 10_000;
/** After the interaction the page is watched for so long, ms: shifts that come later than half a second count, and a burst of them ends after a second. */
const WATCH_MS = 1_000;

export async function visitOnce(world: VisitWorld, interaction: Interaction): Promise<Try<VisitRun>> {
  const { page: wanted } = interaction;
  const needsLogin = wanted.access === 'authenticated';
  const open = await world.browser.page(needsLogin && world.account !== undefined ? { as: world.account } : {});
  try {
    const vitals = await watchVitals(open, world);
    const visited = await visit(open, wanted.path);
    const why = visited.arrived ? await whyElsewhere(open.page, wanted) : visited.why;
    if (why !== undefined) return { why };
    await interact(open.page, interaction, world.context.tag);
    return await vitals.after(open.page);
  } catch (error) {
    world.context.signal.throwIfAborted();
    return { why: wordsOf(error) };
  } finally {
    await open.close();
  }
}

interface WatchedVitals {
  /** Waits for the interaction to be answered and watches a while longer. */
  after(page: Page): Promise<Try<VisitRun>>;
}

async function watchVitals({ page }: OpenPage, { script, cpuSlowdown }: VisitWorld): Promise<WatchedVitals> {
  const last = new Map<Reported['name'], Reported>();
  const answered = Promise.withResolvers<void>();
  await page.exposeBinding(REPORT, (_source, reported: Reported) => {
    last.set(reported.name, reported);
    if (reported.name === 'INP') answered.resolve();
  });
  await page.addInitScript(script);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
  return {
    async after(opened) {
      const isAnswered = await Promise.race([answered.promise.then(() => true), opened.waitForTimeout(PAINT_MS).then(() => false)]);
      const inp = last.get('INP');
      if (!isAnswered || inp === undefined) return { why: `The browser told of no interaction within ${PAINT_MS / 1000} s.` };
      await opened.waitForTimeout(WATCH_MS);
      return { run: runOf(last) };
    },
  };
}

function runOf(last: ReadonlyMap<Reported['name'], Reported>): VisitRun {
  return {
    inpMs: last.get('INP')?.value ?? NaN,
    lcpMs: last.get('LCP')?.value,
    cls: last.get('CLS')?.value,
    ttfbMs: last.get('TTFB')?.value,
    reported: [...last.values()],
  };
}

async function interact(page: Page, { steps, shows }: Interaction, tag: string): Promise<void> {
  for (const step of steps) {
    await takeStep(page, step, tag).catch((cause: unknown) => {
      throw new Error(`${wordsForStep(step)} could not be done within ${SHOWN_MS / 1000} s.`, { cause });
    });
  }
  if (shows === undefined) return;
  await locate(page, shows)
    .first()
    .waitFor({ state: 'visible', timeout: SHOWN_MS })
    .catch((cause: unknown) => {
      throw new Error(`It did not show ${wordsFor(shows)} within ${SHOWN_MS / 1000} s after it.`, { cause });
    });
}

type InteractionStep = Interaction['steps'][number];

async function takeStep(page: Page, step: InteractionStep, tag: string): Promise<void> {
  if ('type' in step) return locate(page, step.into).first().pressSequentially(step.type, { timeout: SHOWN_MS });
  return take(page, step, tag, SHOWN_MS);
}

/** `A click on button "New Post"` */
function wordsForStep(step: InteractionStep): string {
  if ('click' in step) return `A click on ${wordsFor(step.click)}`;
  if ('type' in step) return `Typing into ${wordsFor(step.into)}`;
  return 'fill' in step ? `Filling ${wordsFor(step.fill)}` : `Pressing ${step.press}`;
}
