// Runs the ten journeys of plan §0.1.3 in a real browser, and lists what the browser saw on the way. Its parts: coverage.ts (which journeys),
// make-world.ts (what they know), instruments/journeys/ (the process that runs them), journey-cases.ts and page-findings.ts (what came of it).
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import playwright from '@playwright/test/package.json' with { type: 'json' };
import { z } from 'zod';
import {
  type Case,
  type Check,
  type CheckContext,
  type CheckEvent,
  GateError,
  type Instrument,
  JOURNEY_IDS,
  type Measurement,
  type Surface,
} from '../../gates/model.ts';
import { ownOrigins } from '../instruments/browser/open-browser.ts';
import type { PageRecord } from '../instruments/browser/watch-page.ts';
import type { JourneyMessage, Test, TestEnd } from '../instruments/journeys/protocol.ts';
import { openJourneyFolder, runJourneys } from '../instruments/journeys/run-journeys.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { journeyCases, journeysIn, leftBehind } from './journey-cases.ts';
import { keepAttempt, PAGE_RECORD, secretsOf, telling } from './keep-attempts.ts';
import { makeWorld } from './make-world.ts';
import { examined, findingsOf, type PageFindings, type SeenPage, shownPages, unwatchedWords } from './page-findings.ts';
import { type JourneyWorld, WORLD_VARIABLE, writeWorld } from './world.ts';
import { type IsTagged, ofOthers, ofRun, removeWritten } from './written.ts';

const Options = z.object({
  /** Journeys at a time; each has an account of its own, so no more than there are accounts. */
  workers: z.int().min(1).max(4).default(2),
  /** A journey that passes on the second try is flaky: a warning, with the traces of both. */
  retries: z.int().min(0).max(2).default(1),
  /** Longest time of one try at one journey, s: it takes 1–4 s on the twin. */
  journeySeconds: z.int().min(5).max(120).default(30),
});
type Options = z.infer<typeof Options>;

/** Longest time of all journeys together, s: ten of them that hang twice, two at a time. Beyond it what has not run is not run. */
const totalSeconds = (surface: Surface): number => 240 + windowSeconds(surface);
/** Sessions, the wait for the auth quota, the sweep before and after. */
const aroundSeconds = (surface: Surface): number => 120 + windowSeconds(surface);
/** The auth quota may be waited for, once before and once amid the journeys. */
const windowSeconds = ({ auth }: Surface): number => auth.quotaWindowSeconds ?? 60;
/** Requests of a journey, pages and their scripts included, as counted on the twin, rounded up. */
const REQUESTS_EACH = 60;

/** ts in a checkout, js in the package. */
const CONFIG = join(import.meta.dirname, '..', '..', `playwright.config${extname(import.meta.filename)}`);

/** What Playwright told, as far as it has come. */
interface Told {
  announced: readonly Test[];
  readonly ends: TestEnd[];
  readonly trouble: string[];
  noVideo: string | undefined;
  finished: number;
}

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const accounts = await withoutEnded(context);
  const coverage = coverageOf({ ...context, accounts });
  const startedAt = context.clock.now();
  const folder = openJourneyFolder();
  context.cleanup('temporary files of the journeys', () => folder.remove());
  yield { kind: 'progress', text: 'opening sessions' };
  const ledger = join(folder.path, 'auth-quota.json');
  // A tag of their own: what other checks of this run write is not theirs to remove.
  const world = await makeWorld({ ...context, accounts, tag: `${context.tag}-journeys` }, { journeys: coverage, ledger });
  yield { kind: 'progress', text: 'removing what an earlier run left' };
  const leftBefore = await sweep(context, world, ofOthers(context));
  context.cleanup('what the journeys wrote', async () => void (await sweep(context, world, ofRun(world))));
  await context.accounts.wholeAuthQuota(context.signal);
  const worldFile = join(folder.path, 'world.json');
  writeWorld(worldFile, world);

  const told: Told = { announced: [], ends: [], trouble: [], noVideo: undefined, finished: 0 };
  const orders = {
    folder: folder.path,
    config: CONFIG,
    variables: { [WORLD_VARIABLE]: worldFile },
    workers: Math.max(1, Math.min(options.workers, world.accounts.length)),
    retries: options.retries,
    testMs: options.journeySeconds * 1000,
    totalMs: totalSeconds(context.surface) * 1000,
  };
  try {
    for await (const message of runJourneys(orders, context.signal)) {
      note(told, message, orders.totalMs);
      yield progressOf(told, message, coverage);
    }
  } finally {
    context.accounts.countAuthRequests(recentIn(ledger, world));
  }
  requireBrowser(told.ends);
  yield* results(context, { coverage, told, startedAt, orders, leftBefore });
}

/** A session that was given away to be ended may have been, by the cases of api-auth: nobody can be that account any more. */
async function withoutEnded({ accounts, http, surface }: CheckContext): Promise<CheckContext['accounts']> {
  const ended = new Set<string>();
  for (const name of accounts.names.filter((one) => accounts.isDisposable(one))) {
    const { status } = await http.send({ path: surface.auth.me, as: await accounts.session(name) });
    if (status === 401) ended.add(name);
  }
  return { ...accounts, names: accounts.names.filter((name) => !ended.has(name)) };
}

function note(told: Told, message: JourneyMessage, totalMs: number): void {
  switch (message.kind) {
    case 'video':
      told.noVideo = message.without;
      return;
    case 'begin':
      told.announced = message.tests;
      return;
    case 'test-begin':
      return;
    case 'test-end':
      told.ends.push(message);
      told.finished += message.attempt === 0 ? 1 : 0;
      return;
    case 'error':
      told.trouble.push(message.message);
      return;
    case 'end':
      if (message.status === 'timed-out') told.trouble.push(`Not reached within the ${totalMs / 1000} s that all journeys have.`);
      return;
    default:
      message satisfies never;
  }
}

function progressOf({ finished, announced }: Told, message: JourneyMessage, coverage: Coverage): CheckEvent {
  const text = 'file' in message ? journeysIn(message.file, coverage).join(', ') || message.title : 'journeys';
  return { kind: 'progress', text, ...(announced.length === 0 ? {} : { done: finished, total: announced.length }) };
}

/** A browser that does not start is an instrument that is not there, and says nothing about the application. */
function requireBrowser(ends: readonly TestEnd[]): void {
  const failure = ends.flatMap(({ errors }) => errors).find((text) => /browserType\.launch|Executable doesn't exist/.test(text));
  if (failure === undefined) return;
  throw new GateError('TOOL_MISSING', `The browser does not start: ${failure.split('\n')[0]}`, {
    remedy: 'Run "naap-gate doctor": it opens a page with it. Another one is named by environments.NAME.browser.path.',
  });
}

/** Answers in words what is left, or cannot be told to be gone. */
async function sweep({ http, log }: CheckContext, world: JourneyWorld, isTagged: IsTagged): Promise<readonly string[]> {
  const left = await removeWritten({ world, http }, isTagged);
  for (const words of left) log(`Left behind: ${words}`);
  return left;
}

/** Requests that the workers sent to the auth routes and that still count there. */
function recentIn(ledger: string, { quota }: JourneyWorld): number {
  if (!existsSync(ledger)) return 0;
  const taken = z.array(z.number()).parse(JSON.parse(readFileSync(ledger, 'utf8')));
  return taken.filter((at) => at > Date.now() - quota.windowSeconds * 1000).length;
}

interface Outcome {
  readonly coverage: Coverage;
  readonly told: Told;
  readonly startedAt: Date;
  readonly orders: { readonly workers: number; readonly retries: number };
  /** By earlier runs, in words. */
  readonly leftBefore: readonly string[];
}

async function* results(context: CheckContext, { coverage, told, startedAt, orders, leftBefore }: Outcome): AsyncGenerator<CheckEvent> {
  const { ends, noVideo } = told;
  const doubtful = telling(ends);
  if (doubtful.length > 0 && noVideo !== undefined) context.log(`There is no video of what failed: ${noVideo}`);
  const secrets = secretsOf(doubtful);
  for (const end of doubtful) await keepAttempt(context, journeysIn(end.file, coverage).join('+') || 'other', end, secrets);
  const pages = ends.flatMap((end) => pagesOf(end, coverage));
  const requests = pages.flatMap(({ requests: sent, journey }) => sent.map((request) => JSON.stringify({ journey, ...request })));
  if (requests.length > 0) await context.artifacts.put('critical-paths/browser-requests.ndjson', 'application/x-ndjson', `${requests.join('\n')}\n`);

  const cases = journeyCases(coverage, told);
  const own = { origins: ownOrigins(context), thirdParties: context.surface.web?.thirdParties ?? [] };
  const shown = shownPages(pages, own);
  const watched = { findings: findingsOf(pages, own), pages: { all: pages.length, shown: shown.length }, leavesOpen: unwatchedWords(coverage, shown) };
  const left = leftBehind(coverage, ends);
  for (const words of left) context.log(`Left behind: ${words}`);
  const facts = {
    workers: orders.workers,
    retries: orders.retries,
    pages: shown.length,
    ...(shown.length === pages.length ? {} : { pagesNotShown: pages.length - shown.length }),
    ...replacedFact(coverage),
    ...(leftBefore.length === 0 ? {} : { leftByEarlierRuns: leftBefore.join('; ') }),
    ...(left.length === 0 ? {} : { leftBehind: left.join('; ') }),
    ...(noVideo === undefined ? {} : { video: `none: ${noVideo}` }),
  };
  const instrument: Instrument = { name: 'Playwright', version: playwright.version, healthy: true, facts };
  const times = { startedAt: startedAt.toISOString(), endedAt: context.clock.now().toISOString() };
  for (const measurement of measurementsOf(cases, watched)) {
    yield { kind: 'measurement', measurement: { labels: {}, ...times, instrument, ...measurement } };
  }
  yield { kind: 'end-of-round' };
}

function pagesOf({ attachments, file, title }: TestEnd, coverage: Coverage): SeenPage[] {
  const journeys = journeysIn(file, coverage);
  const journey = journeys.join('+') || title;
  return attachments
    .filter(({ name, body }) => name === PAGE_RECORD && body !== undefined)
    .map(({ body = '' }) => ({ ...(JSON.parse(Buffer.from(body, 'base64').toString()) as PageRecord), journey, journeys }));
}

function replacedFact(coverage: Coverage): { readonly replaced?: string } {
  const replaced = Object.entries(coverage).flatMap(([id, kind]) => (typeof kind === 'object' && 'spec' in kind ? [id] : []));
  return replaced.length === 0 ? {} : { replaced: replaced.join(', ') };
}

interface Watched {
  readonly findings: PageFindings;
  /** Tabs that the journeys had, and those of them in which a page of the application was shown. */
  readonly pages: { readonly all: number; readonly shown: number };
  readonly leavesOpen: string | undefined;
}

function measurementsOf(cases: Case[], { findings, pages, leavesOpen }: Watched): Pick<Measurement, 'metric' | 'n' | 'payload'>[] {
  const sets = [
    ['policy-violations', findings.violations],
    ['mixed-content', findings.mixedContent],
    ['foreign-hosts', findings.foreignHosts],
    ['page-errors', findings.pageErrors],
  ] as const;
  const open = leavesOpen === undefined ? {} : { leavesOpen };
  return [
    { metric: 'critical-paths.journeys', n: cases.length, payload: { shape: 'cases', cases } },
    ...sets.map(([name, items]) => ({
      metric: `critical-paths.${name}`,
      n: examined(items, pages),
      payload: { shape: 'set' as const, items: [...items], totalItems: items.length, ...open },
    })),
  ];
}

const set = (title: string) => ({ title, unit: 'count', shape: 'set', better: 'lower' }) as const;

export const criticalPaths: Check<Options> = {
  id: 'critical-paths',
  title: 'The ten journeys of plan §0.1.3',
  about: {
    proves:
      'A person gets what they came for, in a real browser: an account that can log in, a session that ends with the logout, plugins that load and lead to each other, figures on the dashboard, a connected wallet, a post and a setting that are still there after a reload, a search that finds. On the way no page broke its own security policy, asked for anything by http, or contacted a host that nobody named.',
    how: "Playwright's test runner opens Chromium and goes through `suites/critical-paths/*.journey.ts`, two at a time, each with an account of its own and a session that was opened beforehand; registration, login and logout alone type credentials, within the limit of the auth routes. What a person sees is held against what the API says. A journey that fails is tried once more: one that passes then is flaky. What was written carries the run's tag and is removed, by its journey and once more at the end; what a journey could not remove, or cannot tell to be gone because a list is not answered, is named by the fact `leftBehind` of the result (`leftByEarlierRuns`: what another run left), and changes no verdict. A journey of the configuration's own (`{ spec }`) runs in the place of ours. `npx playwright test` does the same by hand.",
    source: 'The ten journeys are those of plan §0.1.3. 30 s for a journey that takes 1–4 s on the twin, 300 s for all.',
    leavesOpen:
      'One browser (Chromium), one size of window, one person at a time. Uncaught exceptions and console errors of the pages are listed (`critical-paths.page-errors`) and not judged here: what they keep a person from is, and page-rendering holds every page to having none. A test that the configuration brings is not watched, nor is a journey that came to no page: the verdicts on what pages do name those journeys. Pages that no journey opens are the matter of page-rendering, deep-links and plugin-loading.',
    whenItFails:
      "Read the case: it says what was expected and what was seen. Then open the trace among the artifacts with `npx playwright show-trace trace.zip`: every step with its picture, requests and console. A flaky journey has the traces of both tries; compare them. Cases that did not run name what is missing: accounts, a disposable session, a test of the configuration's own that could not be loaded.",
  },
  revision: 1,
  effects: ['write'],
  needs: ['browser'],
  // Without accounts the public journeys are run, and the others say so.
  wants: ['accounts'],
  locks: ['auth-quota', 'browser'],
  // Those use the same accounts, and change what the journeys look at.
  after: ['api-endpoints', 'api-auth', 'api-security', 'api-errors'],
  options: Options,
  presets: { pr: Options.parse({}), full: Options.parse({}) },
  metrics: {
    'critical-paths.journeys': { title: 'Journeys of people, from end to end', unit: 'count', shape: 'cases', better: 'higher' },
    'critical-paths.policy-violations': set('Violations of the content security policy, as the browser saw them'),
    'critical-paths.mixed-content': set('What pages of https asked for by http'),
    'critical-paths.foreign-hosts': set("Hosts besides the environment's own that pages contacted"),
    'critical-paths.page-errors': set('Uncaught exceptions and errors on the console'),
  },
  defaultExpect: [
    { kind: 'cases', metric: 'critical-paths.journeys', required: [...JOURNEY_IDS] },
    { kind: 'none', metric: 'critical-paths.policy-violations' },
    { kind: 'none', metric: 'critical-paths.mixed-content' },
    { kind: 'none', metric: 'critical-paths.foreign-hosts' },
  ],
  // Ten journeys of 4 s, two at a time, and the start of Playwright.
  estimate: () => ({ seconds: 25, requests: JOURNEY_IDS.length * REQUESTS_EACH }),
  timeoutMs: (_, surface) => (totalSeconds(surface) + aroundSeconds(surface)) * 1000,
  measure,
};
