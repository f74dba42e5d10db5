// Measures how soon pages show what they are for, how steadily they stand, and how fast they answer. Bound to "LCP < 2.5s", "FID < 100ms" (as INP) and "CLS < 0.1" (plan §2.3).
import type { Check, CheckContext, CheckEvent, Page, Progress } from '../../gates/model.ts';
import { freePort } from '../instruments/browser/free-port.ts';
import { type OpenBrowser, openBrowser } from '../instruments/browser/open-browser.ts';
import { lastingAccount } from '../instruments/lasting-account.ts';
import { whyNotThere } from './arrival.ts';
import { INP_FIGURE, LAB_FIGURES, type Made, inUseMeasurements, inpMeasurement, labMeasurements } from './figures.ts';
import { type Interaction, interactionsOf } from './interactions.ts';
import { keepLab, keepVisits } from './kept.ts';
import { type Lab, type LabRun, openLab } from './lab-run.ts';
import { choosePages } from './page-choice.ts';
import { type Series, measureSeries, waitForQuiet } from './series.ts';
import { FULL, PR, WebVitalsOptions } from './settings.ts';
import { type VisitRun, type VisitWorld, visitOnce } from './visit-run.ts';
import { vitalsScript, webVitalsVersion } from './vitals-script.ts';

/** What is still to be measured in a round: all of it, or what the round before could not. */
interface Work {
  readonly pages: readonly Page[];
  readonly interactions: readonly Interaction[];
}

async function* measure(context: CheckContext, options: WebVitalsOptions): AsyncGenerator<CheckEvent> {
  const all: Work = { pages: choosePages(context.surface.pages, options.pages), interactions: interactionsOf(context.surface) };
  context.log('FID: retired, not gated. INP of each interaction stands for it, TBT beside it.');
  let work = all;
  for (;;) {
    const sick = yield* measureRound(context, options, work);
    yield { kind: 'end-of-round' };
    work = sick.pages.length + sick.interactions.length === 0 ? all : sick;
  }
}

/** Answers what could not be measured, which the next round repeats alone. */
async function* measureRound(context: CheckContext, options: WebVitalsOptions, work: Work): AsyncGenerator<CheckEvent, Work> {
  const port = await freePort();
  const browser = await openBrowser(context, { debuggingPort: port });
  const untilMs = context.clock.monotonicMs() + options.budgetMs;
  const account = lastingAccount(context.accounts);
  try {
    const lab = await openLab(browser, port, options, context.signal);
    const bench = { context, options, untilMs, account };
    const world: VisitWorld = { context, browser, account, script: vitalsScript(), cpuSlowdown: options.cpuSlowdown };
    const pages = yield* measurePages({ ...bench, lab, browser }, work.pages);
    // Lighthouse's client listens to everything that the browser does.
    await lab.close();
    const interactions = yield* measureInteractions({ ...bench, world }, work.interactions);
    return { pages, interactions };
  } finally {
    await browser.close();
  }
}

interface Bench {
  readonly context: CheckContext;
  readonly options: WebVitalsOptions;
  readonly untilMs: number;
  readonly account: string | undefined;
}
/** Why a page cannot be opened at all; the same words as any other reason of a series. */
const NO_ACCOUNT = 'It needs a login, and the environment has no account: environments.NAME.auth.';

async function* measurePages(
  bench: Bench & { readonly lab: Lab; readonly browser: OpenBrowser },
  pages: readonly Page[],
): AsyncGenerator<CheckEvent, readonly Page[]> {
  const { context, options, lab, account, browser } = bench;
  const sick: Page[] = [];
  for (const [index, page] of pages.entries()) {
    const startedAt = context.clock.now();
    const needsLogin = page.access === 'authenticated';
    const as = needsLogin ? account : undefined;
    const barred = needsLogin && as === undefined ? NO_ACCOUNT : await whyNotThere(browser, page, as);
    if (barred === undefined) await waitForQuiet(options.freeProcessors, context.signal);
    const once = () => (barred === undefined ? lab.run(page, as) : Promise.resolve({ why: barred }));
    const series: Series<LabRun> = yield* told(measureSeries({ ...orderOf(bench), figures: LAB_FIGURES, once }), (run) =>
      progress(`Lighthouse on ${page.id} (page ${index + 1} of ${pages.length})`, run, options.runs),
    );
    await keepLab(context.artifacts, lab, page.id, series);
    const made: Made = { startedAt, endedAt: context.clock.now(), options, browser: browser.version };
    const measurements = labMeasurements(made, page.id, series);
    if (measurements.some(({ instrument }) => !instrument.healthy)) sick.push(page);
    for (const measurement of measurements) yield { kind: 'measurement', measurement };
  }
  return sick;
}

async function* measureInteractions(
  bench: Bench & { readonly world: VisitWorld },
  interactions: readonly Interaction[],
): AsyncGenerator<CheckEvent, readonly Interaction[]> {
  const { context, options, world, account } = bench;
  const version = webVitalsVersion();
  const startedAt = context.clock.now();
  const done: { readonly interaction: Interaction; readonly series: Series<VisitRun> }[] = [];
  const made = (): Made => ({ startedAt, endedAt: context.clock.now(), options, browser: world.browser.version });
  const sick = new Set<Interaction>();
  for (const [index, interaction] of interactions.entries()) {
    const isBarred = interaction.page.access === 'authenticated' && account === undefined;
    if (!isBarred) await waitForQuiet(options.freeProcessors, context.signal);
    const once = () => (isBarred ? Promise.resolve({ why: NO_ACCOUNT }) : visitOnce(world, interaction));
    const series: Series<VisitRun> = yield* told(measureSeries({ ...orderOf(bench), figures: [INP_FIGURE], once }), (run) =>
      progress(`${interaction.id} (interaction ${index + 1} of ${interactions.length})`, run, options.runs),
    );
    await keepVisits(context.artifacts, interaction, series);
    const measurement = inpMeasurement(made(), interaction, series, version);
    if (!measurement.instrument.healthy) sick.add(interaction);
    done.push({ interaction, series });
    yield { kind: 'measurement', measurement };
  }
  for (const [page, group] of Map.groupBy(done, ({ interaction }) => interaction.page.id)) {
    const measurements = inUseMeasurements(
      made(),
      page,
      group.map(({ series }) => series),
      version,
    );
    if (measurements.some(({ instrument }) => !instrument.healthy)) for (const { interaction } of group) sick.add(interaction);
    for (const measurement of measurements) yield { kind: 'measurement', measurement };
  }
  return [...sick];
}

function orderOf({ context, options, untilMs }: Bench) {
  return { options, untilMs, clock: context.clock, signal: context.signal };
}

/** Tells after each run of a series how far it is; answers the series. */
async function* told<Run>(series: AsyncGenerator<number, Series<Run>>, say: (run: number) => Progress): AsyncGenerator<Progress, Series<Run>> {
  for (;;) {
    const next = await series.next();
    if (next.done === true) return next.value;
    yield say(next.value);
  }
}

function progress(what: string, run: number, runs: number): Progress {
  return { kind: 'progress', text: `${what}, run ${Math.min(run, runs)} of ${runs}`, done: Math.min(run, runs), total: runs };
}

/** One run of Lighthouse, s: measured on two cores, the second with 5 s of looking on after the load, the first with 3.5. */
const LAB_SECONDS = { simulate: 9, devtools: 17 } as const;
/** One visit, one second of watching included, s. */
const VISIT_SECONDS = 3;
/** A page, its assets and what it asks of the API. */
const PAGE_REQUESTS = 12;
/** Opening the browser, and the run that is under way when the budget ends, ms. */
const SLACK_MS = 120_000;

export const webVitals: Check<WebVitalsOptions> = {
  id: 'web-vitals',
  title: 'LCP, INP and CLS in the lab',
  about: {
    proves: 'On a slow device pages show what they are for soon enough, do not move under the hand, and answer a click or a key in time.',
    how: 'Lighthouse opens each page at least five times, one after the other with the machine to itself, each time in a fresh browser context, logged in where the page needs it, as a phone of the middle class on slow 4G; it is watched for 3.5 s and more after it has loaded, and must show what it is for, so that a login form is not taken for it. A run has as its LCP the later of what Lighthouse gives for the slow device and what was seen without slowdown, because the reckoned one leaves out slow answers and timers. Then every interaction that the surface names (states of pages, the search, the dialog of a new post, the theme) is played at least five times on a processor slowed down four times, each in a visit of its own, with the library web-vitals in the page: INP of the interaction, and LCP, CLS and TTFB of the page in use, watched for a second longer; CLS is that of the interaction which moves the page most. Runs beside other work do not count (/proc/stat). There are more runs until the medians of LCP, CLS and INP are steady: the interval of the median by order statistics lies within 10 % of it, or on one side of where good ends; nine at the most in profile pr, fifteen in full, and what is not steady then is inconclusive. Profile pr measures four pages (two that anybody may open, one behind the login, one that mounts a plugin) with simulated throttling; full measures all pages with throttling applied by the browser.',
    source:
      'LCP < 2.5 s, CLS < 0.1: plan §2.3. INP ≤ 200 ms in the place of FID < 100 ms: web.dev/inp, and WEB-QUALITY.md, where FID was 3–29 ms beside INPs up to 608 ms. Five runs and their median: there too, noise. Throttling, form factor: the defaults of Lighthouse; each figure carries them as facts, and the benchmark index of the machine, without which figures of two machines cannot be compared.',
    leavesOpen:
      'Lab values on one machine: what real visitors get is the P75 of the field (field-vitals). Pages that the surface does not name, and in profile pr those that were not chosen. Interactions that need data of their own, or that write. FID is retired and not gated. TBT, the performance score and TTFB are recorded and not judged.',
    whenItFails:
      "Open Lighthouse's report of the median run (artifact web-vitals/PAGE.lighthouse.html). LCP: which element it is and which part took long stand under its breakdown; mostly a late image, a blocking stylesheet or content that waits for a script. CLS: the elements that moved; mostly an image without a size or a banner that comes late. INP: the artifact tells how long the page was busy before, in its handlers, and until it had painted. Where a reason speaks of other work, measure on a machine that has nothing else to do.",
  },
  revision: 1,
  effects: ['read'],
  needs: ['browser'],
  wants: ['accounts'],
  locks: ['machine', 'browser'],
  after: [],
  options: WebVitalsOptions,
  presets: { pr: PR, full: FULL },
  metrics: {
    /** By page; a page on which something is done also by `PAGE in use`. */
    'web.lcp': { title: 'Largest Contentful Paint', unit: 'ms', shape: 'samples', better: 'lower' },
    'web.cls': { title: 'Cumulative Layout Shift', unit: 'score', shape: 'samples', better: 'lower' },
    /** By interaction. */
    'web.inp': { title: 'Interaction to Next Paint', unit: 'ms', shape: 'samples', better: 'lower' },
    'web.tbt': { title: 'Total Blocking Time', unit: 'ms', shape: 'samples', better: 'lower' },
    /** 0…1 */
    'web.performance-score': { title: 'Performance score of Lighthouse', unit: 'score', shape: 'samples', better: 'higher' },
    'web.ttfb': { title: 'Time to First Byte', unit: 'ms', shape: 'samples', better: 'lower' },
  },
  defaultExpect: [
    { kind: 'limit', metric: 'web.lcp', statistic: 'p50', op: '<', value: 2500, minSamples: 5 }, // plan §2.3: "LCP < 2.5s"
    { kind: 'limit', metric: 'web.cls', statistic: 'p50', op: '<', value: 0.1, minSamples: 5 }, // plan §2.3: "CLS < 0.1"
    { kind: 'limit', metric: 'web.inp', statistic: 'p50', op: '<=', value: 200, minSamples: 5 }, // web.dev/inp: good up to 200 ms
  ],
  estimate: ({ pages, runs, throttling }, surface) => {
    const opened = choosePages(surface.pages, pages).length * runs;
    const visited = interactionsOf(surface).length * runs;
    return { seconds: opened * LAB_SECONDS[throttling] + visited * VISIT_SECONDS, requests: (opened + visited) * PAGE_REQUESTS };
  },
  // Twice: what could not be measured is tried once more (DESIGN §6).
  timeoutMs: ({ budgetMs }) => 2 * (budgetMs + SLACK_MS),
  measure,
};
