// What a journey stands on: a watched page with a stored session, the API behind it, and the promise that what it writes goes. Imported by every *.journey.ts.
import { basename } from 'node:path';
import { type BrowserContext, type Page, type TestInfo, test as playwright } from '@playwright/test';
import { GateError, type HttpClient, type JourneyId, type Journeys, type Session } from '../../gates/model.ts';
import { resolveUrl } from '../instruments/address.ts';
import { sendAccessHeaders } from '../instruments/browser/access-headers.ts';
import { sessionCookies } from '../instruments/browser/session-cookies.ts';
import { visit, wasSentElsewhere } from '../instruments/browser/visit.ts';
import { type PageRecord, watchPage } from '../instruments/browser/watch-page.ts';
import { createHttpClient } from '../instruments/http.ts';
import { takeQuota } from './auth-quota.ts';
import { accountOf } from './make-world.ts';
import { type JourneyAccount, type JourneyWorld, readWorld, sessionOf } from './world.ts';
import type { Tools } from './written.ts';

export { expect } from '@playwright/test';

/** The name that the runner reads what a page did by (instruments/browser/watch-page.ts, PageRecord). */
const RECORD = 'page-record.json';
const MILLISECONDS_TO_LOAD = 20_000;

export interface WorkerFixtures {
  /** File of the world; given by playwright.config.ts. */
  readonly worldFile: string;
  readonly world: JourneyWorld;
  /** Requests to the API beside the browser: they trust the same authority, go to the environment's origins alone, and are listed. */
  readonly http: HttpClient;
  readonly tools: Tools;
  /** This worker's own: no other worker writes as it. */
  readonly account: JourneyAccount;
}
export interface JourneyFixtures {
  /** Whose session the page has: this worker's account, or nobody's (`test.use({ actor: 'nobody' })`). */
  readonly actor: 'account' | 'nobody';
  /** What this attempt writes begins with it. */
  readonly tag: string;
  /** Sends the page to a path of the surface; throws in words where it does not get there. */
  readonly go: (path: string, tab?: Page) => Promise<void>;
  /** A second tab with the same session: nothing of the first is under way in it. */
  readonly anotherTab: () => Promise<Page>;
  /** Notes what must go when the journey has ended, however it ends, last noted first. */
  readonly undo: (what: string, step: () => Promise<readonly string[] | void>) => void;
  /** Waits until so many requests that carry credentials stay within the limit, and gives the journey that much longer. */
  readonly quota: (requests: number) => Promise<void>;
  readonly ready: void;
}

export const test = playwright.extend<JourneyFixtures, WorkerFixtures>({
  worldFile: ['', { option: true, scope: 'worker' }],
  world: [async ({ worldFile }, use) => use(readWorld(worldFile)), { scope: 'worker' }],
  http: [
    async ({ world }, use) => {
      const { sides, access } = world;
      const http = createHttpClient({ sides, accessHeaders: access.headers, ca: access.ca, signal: new AbortController().signal, onRequest: () => undefined });
      await use(http);
      await http.close();
    },
    { scope: 'worker' },
  ],
  tools: [async ({ world, http }, use) => use({ world, http }), { scope: 'worker' }],
  // Worker fixtures know their place as workerInfo.parallelIndex: it stays when a worker is replaced after a failure.
  account: [async ({ world }, use, { parallelIndex }) => use(accountOf(world, parallelIndex)), { scope: 'worker' }],

  actor: ['account', { option: true }],
  tag: async ({ world }, use, info) => use(tagOf(world, info)),
  ready: [
    async ({ world }, use, info) => {
      const kind = world.journeys[journeyId(info)];
      playwright.skip(kind !== 'ours', kind === undefined || kind === 'ours' || 'spec' in kind ? 'It is not among the journeys of this run.' : kind.notRun);
      await use();
    },
    { auto: true },
  ],
  context: async ({ context, world, actor }, use, { parallelIndex }) => {
    if (actor === 'account') await logIn(context, world, sessionOf(accountOf(world, parallelIndex)));
    await use(context);
  },
  page: async ({ page, world }, use, info) => {
    const record = await watchPage(page);
    await sendAccessHeaders(page, originsOf(world), world.access.headers);
    await use(page);
    await attachRecord(info, record);
  },
  go: async ({ page, world }, use) => {
    await use(async (path, tab = page) => {
      const visited = await visit({ page: tab, url: (of) => resolveUrl(world.sides, of) }, path, MILLISECONDS_TO_LOAD);
      // Where a page leads that sends the browser on by itself is seen by what comes next.
      if (wasSentElsewhere(visited)) return tab.waitForLoadState();
      if (!visited.arrived) throw new Error(`${path} could not be opened. ${visited.why}`);
    });
  },
  anotherTab: async ({ context, world }, use, info) => {
    const records: PageRecord[] = [];
    await use(async () => {
      const tab = await context.newPage();
      records.push(await watchPage(tab));
      await sendAccessHeaders(tab, originsOf(world), world.access.headers);
      return tab;
    });
    for (const record of records) await attachRecord(info, record);
  },
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures out of the pattern.
  undo: async ({}, use, info) => {
    const steps: { readonly what: string; readonly step: () => Promise<readonly string[] | void> }[] = [];
    await use((what, step) => void steps.push({ what, step }));
    for (const { what, step } of steps.toReversed()) await clear(info, what, step);
  },
  quota: async ({ world }, use, info) => {
    await use(async (requests) => {
      await takeQuota(world.quota, requests, { onWait: (waitMs) => extend(info, waitMs) });
    });
  },
});

/** Puts a session into the browser; nobody logs in for it. */
export async function logIn(context: BrowserContext, { surface, sides }: JourneyWorld, session: Session): Promise<void> {
  await context.addCookies([...sessionCookies(session, surface, sides.target.web)]);
}

/** The session that the browser holds now, as the API client sends it. */
export async function sessionIn(context: BrowserContext): Promise<Session> {
  return { account: 'the browser', role: '', email: '', userId: '', cookies: await context.cookies() };
}

/** What the surface says of a journey of ours. Throws GateError INTERNAL for one that it replaces: that is not run. */
export function described<Id extends JourneyId>({ surface }: JourneyWorld, id: Id): Exclude<Journeys[Id], undefined | { readonly spec: string }> {
  const journey = surface.web?.journeys[id];
  if (journey === undefined || 'spec' in journey) throw new GateError('INTERNAL', `${id} is run, and the surface says nothing of it.`);
  return journey as Exclude<Journeys[Id], undefined | { readonly spec: string }>;
}

/** Waits until a page asks for nothing any more; one that never stops asking is taken as it is. */
export async function settle(page: Page, longestMs = 3000): Promise<void> {
  const silence = page.waitForLoadState('networkidle', { timeout: longestMs });
  await silence.catch(() => undefined);
}

async function attachRecord(info: TestInfo, record: PageRecord): Promise<void> {
  await info.attach(RECORD, { contentType: 'application/json', body: JSON.stringify(record) });
}

function originsOf({ sides: { target } }: JourneyWorld): readonly string[] {
  return [target.web, target.api].map((url) => new URL(url).origin);
}

function journeyId({ file }: Pick<TestInfo, 'file'>): JourneyId {
  return basename(file).replace(/\.journey\.[jt]s$/, '') as JourneyId;
}

/** `naap-gate-<run>-cp0`, and the next attempt's is another: nothing is found that an earlier one left. */
function tagOf({ tag }: JourneyWorld, info: TestInfo): string {
  const initials = journeyId(info).replace(/(\w)\w*-?/g, '$1');
  return `${tag}-${initials}${info.retry}${info.repeatEachIndex}`;
}

/** A wait counts into the time of the attempt, so it is given before it is taken. */
function extend(info: TestInfo, byMs: number): void {
  // 0 is no limit (a debugger is attached); more of it would be one.
  if (info.timeout > 0) info.setTimeout(info.timeout + byMs);
}

/** What cannot be removed is said with the journey's result, whatever that is: reporter.ts hands annotations of this type on. */
async function clear(info: TestInfo, what: string, step: () => Promise<readonly string[] | void>): Promise<void> {
  const note = (description: string): void => void info.annotations.push({ type: 'left-behind', description });
  try {
    for (const left of (await step()) ?? []) note(left);
  } catch (error) {
    note(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
