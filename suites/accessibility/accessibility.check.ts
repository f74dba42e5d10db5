// Measures what a machine can tell of WCAG 2.1 A and AA: axe's rules on every page, state and theme, and what a keyboard, a narrow screen, large text and less motion make of a page.
import { z } from 'zod';
import { type Check, type CheckContext, type CheckEvent, type Instrument, type Measurement } from '../../gates/model.ts';
import { hasSide } from '../instruments/address.ts';
import { openBrowser } from '../instruments/browser/open-browser.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { type Audit, auditText, undecidedOf } from './audit-words.ts';
import { coverageOf, coverageWords, leftToPeople } from './coverage.ts';
import { type Looked, itemsOf, keysOf } from './findings.ts';
import { type Visited, countPlaces, placeName, placesOf } from './places.ts';
import { type Report, type Site, type Unseen, visitSite } from './site-visit.ts';

const Options = z.object({
  /** Menus, dialogs and forms with errors in the dark theme too; without it the dark theme is looked at on the pages as they open. */
  darkStates: z.boolean(),
});
type Options = z.infer<typeof Options>;

async function* measure(context: CheckContext, { darkStates }: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const browser = await openBrowser(context);
  try {
    const places = placesOf(context.surface.pages, darkStates);
    const target = yield* visitAll(visitSite({ context, browser, side: 'target', withCases: true }, places), places.length, 'looking at pages');
    const legacy = yield* lookBack({ context, browser }, places, target.looked);
    yield* tell(context, startedAt, { browser: browser.version, places: countPlaces(places), darkStates, target, legacy });
    yield { kind: 'end-of-round' };
  } finally {
    await browser.close();
  }
}

async function* visitAll(reports: AsyncGenerator<Report>, total: number, text: string): AsyncGenerator<CheckEvent, Report> {
  const all: Report[] = [];
  yield { kind: 'progress', text, done: 0, total };
  for await (const report of reports) {
    all.push(report);
    yield { kind: 'progress', text, done: all.length, total };
  }
  const looked = all.flatMap((one) => one.looked);
  return { looked, cases: all.flatMap((one) => one.cases), unseen: all.flatMap((one) => one.unseen) };
}

/** The legacy side is asked only where something was found, whether it has it too. Undefined: there is none. */
async function* lookBack(
  on: Pick<Site, 'context' | 'browser'>,
  places: readonly Visited[],
  looked: readonly Looked[],
): AsyncGenerator<CheckEvent, Report | undefined> {
  if (!hasSide(on.context, 'legacy')) return undefined;
  const found = new Set(looked.filter(({ look }) => look.violated.length > 0).map(({ place }) => place));
  const again = places.flatMap((visited): readonly Visited[] => {
    const states = visited.states.filter((state) => found.has(placeName(visited, state)));
    return states.length > 0 || found.has(placeName(visited)) ? [{ ...visited, states }] : [];
  });
  return yield* visitAll(visitSite({ ...on, side: 'legacy', withCases: false }, again), again.length, 'looking whether the legacy side has it too');
}

interface Seen {
  /** Of the browser. */
  readonly browser: string;
  /** That were to be looked at. */
  readonly places: number;
  readonly darkStates: boolean;
  readonly target: Report;
  readonly legacy: Report | undefined;
}

async function* tell(context: CheckContext, startedAt: Date, { browser, places, darkStates, target, legacy }: Seen): AsyncGenerator<CheckEvent> {
  // Pages are done in any order; findings are known by the first place that shows them.
  const order = placesOf(context.surface.pages, true).flatMap((visited) => [undefined, ...visited.states].map((state) => placeName(visited, state)));
  const looked = target.looked.toSorted((a, b) => order.indexOf(a.place) - order.indexOf(b.place));
  const put = target.cases.filter(({ state }) => state !== 'not-run').map(({ id }) => id);
  const coverage = coverageOf(looked, put);
  const undecided = undecidedOf(looked);
  const words = coverageWords(coverage, undecided.length);
  const audit: Audit = { coverage, words, undecided, unseen: target.unseen, places: looked.map(({ place }) => place) };
  await context.artifacts.put('accessibility-audit.json', 'application/json', `${JSON.stringify(audit, null, 2)}\n`);
  await context.artifacts.put('accessibility-audit.md', 'text/markdown', auditText(audit));
  const before = legacy === undefined ? undefined : { keys: new Set(keysOf(legacy.looked)), places: new Set(legacy.looked.map(({ place }) => place)) };
  const items = itemsOf(looked, before);
  const facts = {
    browser,
    places: `${looked.length} of ${places}`,
    ...(darkStates ? {} : { 'states in dark': 'left to the profile full' }),
    'success criteria looked at by machine': `${coverage.byMachine} of ${coverage.criteria.length}`,
    'success criteria that wait for a person': coverage.waiting,
    'not decided by axe, for people': undecided.length,
  };
  const instrument = (found: boolean): Instrument => axeInstrument(looked, target.unseen, found, facts);
  const at = { startedAt: startedAt.toISOString(), endedAt: context.clock.now().toISOString() };
  const set = (side: 'target' | 'legacy', n: number, payload: Measurement['payload'], found: boolean): CheckEvent => ({
    kind: 'measurement',
    measurement: { metric: 'accessibility.violations', labels: { side }, n, ...at, instrument: instrument(found), payload },
  });
  yield set('target', examined(looked), { shape: 'set', items: [...items], totalItems: items.length, leavesOpen: leftToPeople(coverage) }, items.length > 0);
  if (legacy !== undefined && legacy.looked.length > 0) {
    const keys = [...new Set(keysOf(legacy.looked))].map((key) => ({ key, detail: 'On the legacy side.' }));
    yield set('legacy', examined(legacy.looked), { shape: 'set', items: keys, totalItems: keys.length }, true);
  }
  yield {
    kind: 'measurement',
    measurement: measureCases(context, 'accessibility.keyboard', target.cases, startedAt, { name: 'keyboard', version: browser, healthy: true }),
  };
}

/** Rules that examined something, place by place. */
function examined(looked: readonly Looked[]): number {
  return looked.reduce((sum, { look }) => sum + look.passed.length + look.violated.length, 0);
}

const NAMED = 3;

/** What was found counts, whatever else was not seen; without it only a look at every place proves that there is nothing. */
function axeInstrument(looked: readonly Looked[], unseen: readonly Unseen[], found: boolean, facts: NonNullable<Instrument['facts']>): Instrument {
  const base = { name: 'axe-core', version: looked[0]?.look.version ?? 'unknown', facts };
  if (found || unseen.length === 0) return { ...base, healthy: true };
  const named = unseen.slice(0, NAMED).map(({ place, why }) => `${place} (${why})`);
  const more = unseen.length > NAMED ? `, and ${unseen.length - NAMED} more` : '';
  return { ...base, healthy: false, why: `${unseen.length} ${unseen.length === 1 ? 'place was' : 'places were'} not looked at: ${named.join(', ')}${more}` };
}

/** Of a page in one theme, s: opened, looked at by axe, each state alike; the cases take as long again twice. Measured on the twin. */
const PLACE_SECONDS = 1;
const CASES_SECONDS = 4;
/** A page, its assets and what it asks of the API; it is opened once for each place and up to seven times for its cases. */
const OPEN_REQUESTS = 12;
const OPENED_FOR_CASES = 5;

export const accessibility: Check<Options> = {
  id: 'accessibility',
  title: 'WCAG 2.1 A and AA as far as a machine sees',
  about: {
    proves:
      'On every page that the surface names, in its states (menu open, dialog open, form with errors), in light and in dark, no rule of axe-core for WCAG 2.1 A and AA is violated; and each page can be walked through by the Tab key in its order and left again, shows where the focus is, fits a screen of 320 px, stands text of 200 %, holds still where less motion is asked for, and its dialogs take the focus and give it back. It does not prove conformance: which success criteria wait for a person stands beside every result.',
    how: "Chromium opens each page (those behind the login as an account of the environment), waits for what the page shows and until nothing moves any more, and asks axe-core with the tags wcag2a, wcag2aa, wcag21a, wcag21aa; then each state, and all again in the dark theme, which is chosen by the page's own switch where it does not follow the system. Then Tab is pressed until the focus has left the page: every stop must look other with the focus than without (by its style, or else by pictures), stand after the one before it, and let go. At 320 px nothing may reach beyond the edge and what the page shows must still be seen; with every font at twice its size no box may cut off its text; with prefers-reduced-motion nothing visible may move for longer than five seconds. A dialog that Enter opens must take the focus, close by Escape and give it back. What fails is tried once more on the page opened anew. Where there is a legacy side it is asked about the places where something was found, so that each finding says whether it is new.",
    source:
      'WCAG 2.1 (https://www.w3.org/TR/WCAG21/): 320 CSS px from 1.4.10, 200 % from 1.4.4, five seconds from 2.2.2, the fifty criteria of A and AA. plan §2.3 and success metrics: "WCAG 2.1 AA (axe-core)". WEB-QUALITY.md: axe finds about half of what the W3C\'s own test cases fail.',
    leavesOpen:
      'Conformance. axe has rules for 23 of the fifty criteria and looks at a part of each; the artifact accessibility-audit.md lists all fifty with what was looked at, and the elements that axe could not decide. Whether an alternative text is right, an order makes sense or an error can be understood, only a person tells. The profile pr looks at states in light alone. Closed shadow roots, canvas, motion by script, and text fields that show nothing but the caret are not judged. Logging in and posting by keyboard is keyboard-access.',
    whenItFails:
      'Each finding names rule, place, element and criterion, and ends with the page that explains the rule. One rule on every page mostly stands in the shell; one in dark alone is a colour of the theme. A failed case says what was expected and at which element; open the page, put the mouse away and press Tab. Places that could not be looked at make the row inconclusive and say why: mostly the surface names something (`pages[].shows`, `states`) that the page does not show.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['browser'],
  wants: ['accounts', 'legacy'],
  locks: ['browser'],
  after: [],
  options: Options,
  presets: { pr: { darkStates: false }, full: { darkStates: true } },
  metrics: {
    'accessibility.violations': { title: 'Violations of WCAG 2.1 A and AA that a machine finds', unit: 'count', shape: 'set', better: 'lower' },
    'accessibility.keyboard': {
      title: 'Pages by keyboard, on a narrow screen, with large text and less motion',
      unit: 'count',
      shape: 'cases',
      better: 'higher',
    },
  },
  defaultExpect: [
    { kind: 'none', metric: 'accessibility.violations' },
    { kind: 'cases', metric: 'accessibility.keyboard', required: 'all' },
  ],
  estimate: ({ darkStates }, { pages }) => {
    const places = countPlaces(placesOf(pages, darkStates));
    return {
      seconds: Math.ceil((places * PLACE_SECONDS + pages.length * CASES_SECONDS) / 2),
      requests: (places + pages.length * OPENED_FOR_CASES) * OPEN_REQUESTS,
    };
  },
  // Forty places on a machine that is busy with other things took a third of it.
  timeoutMs: () => 900_000,
  measure,
};
