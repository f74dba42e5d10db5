// Makes the world of the journeys for whoever runs them by hand: the demo's twin, or the environment that NAAP_GATE_ENV names. Called by Playwright (playwright.config.ts).
// NAAP_GATE_CONFIG names another configuration file, NAAP_GATE_FAULT faults of the twin, with commas between them.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FullConfig } from '@playwright/test';
import { type Environment, GateError, type Journeys } from '../gates/model.ts';
import { readConfig } from '../cli/config/read-config.ts';
import { surfaceOf } from '../cli/config/resolve-environment.ts';
import { withOwnJourneys } from '../cli/config/own-journeys.ts';
import { DEMO, type EnvironmentRequest, type OpenEnvironment, openEnvironment } from '../cli/open-environment.ts';
import { setUpSessions } from '../cli/set-up-sessions.ts';
import { coverageOf } from '../suites/critical-paths/coverage.ts';
import { makeWorld } from '../suites/critical-paths/make-world.ts';
import { WORLD_VARIABLE, type JourneyWorld, writeWorld } from '../suites/critical-paths/world.ts';
import { ofOthers, removeWritten } from '../suites/critical-paths/written.ts';
import { createAccounts } from '../suites/instruments/accounts.ts';
import { resolveUrl } from '../suites/instruments/address.ts';
import { createHttpClient } from '../suites/instruments/http.ts';
import { openPrivateFolder } from '../suites/instruments/private-folder.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Answers what takes everything down again. */
export default function setUpJourneys(config: FullConfig): Promise<() => Promise<void>> {
  return inWords(() => bringUp(config));
}

/** Playwright prints the message of an error alone: the remedy goes there too. */
async function inWords<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    throw new Error(`${error.code}  ${error.message}${error.remedy === undefined ? '' : `\n${error.remedy}`}`, { cause: error });
  }
}

async function bringUp({ shard }: FullConfig): Promise<() => Promise<void>> {
  const opened = await open();
  requireWrite(opened.environment);
  const folder = openPrivateFolder('journeys-by-hand');
  const takeDown = async (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true });
    await opened.close();
  };
  try {
    process.env[WORLD_VARIABLE] = join(folder, 'world.json');
    // Shards run side by side, each a run of its own: one would sweep what another is at.
    await prepare(opened, folder, shard === null);
    return takeDown;
  } catch (error) {
    await takeDown();
    throw error;
  }
}

/** The journeys of the environment, by which playwright.config.ts knows tests of the user's own before anything is opened; undefined: all are ours. */
export function configuredJourneys(): Promise<Journeys | undefined> {
  return inWords(async () => {
    const { name, directory, config } = await asked();
    const environment = config.config.environments[name];
    if (environment === undefined) return undefined;
    return withOwnJourneys(name, surfaceOf(name, environment.surface), config.path === undefined ? directory : dirname(config.path)).web?.journeys;
  });
}

/** Throws GateError USAGE: what an environment does not allow is not done by hand either. */
function requireWrite({ name, allow }: Environment): void {
  if (allow.includes('write')) return;
  throw new GateError('USAGE', `The journeys write, and ${name} allows ${allow.join(', ') || 'nothing'}.`, {
    remedy: `Add "write" to environments.${name}.allow, where journeys may post, register and remove what they wrote.`,
  });
}

async function asked(): Promise<Pick<EnvironmentRequest, 'name' | 'directory' | 'config'>> {
  const { NAAP_GATE_ENV: name = DEMO, NAAP_GATE_CONFIG: named } = process.env;
  const directory = process.cwd();
  return { name, directory, config: await readConfig(directory, named) };
}

async function open(): Promise<OpenEnvironment> {
  return openEnvironment({
    ...(await asked()),
    variables: process.env,
    faults: process.env['NAAP_GATE_FAULT']?.split(',') ?? [],
    urls: [],
    untrusted: false,
    log: say,
  });
}

async function prepare({ environment, setUp }: OpenEnvironment, folder: string, sweeps: boolean): Promise<void> {
  const { signal } = new AbortController();
  const { access, surface } = environment;
  const http = createHttpClient({ sides: environment, accessHeaders: access.headers, ca: access.ca, signal, onRequest: () => undefined });
  const clock = { monotonicMs: () => performance.now(), sleep: async (ms: number, until: AbortSignal) => void (await delay(ms, undefined, { signal: until })) };
  const accounts = createAccounts({ environment, http, clock, signal, setUp: setUp && (() => setUpSessions(setUp, signal)) });
  try {
    const world = await makeWorld(
      {
        tag: `naap-gate-hand-${Date.now().toString(36)}`,
        surface,
        url: (path, side) => resolveUrl(environment, path, side),
        access: { headers: access.headers, ca: access.ca },
        accounts,
        browser: environment.browser,
      },
      { journeys: coverageOf({ surface, accounts, notApplicable: Object.keys(environment.notApplicable) }), ledger: join(folder, 'auth-quota.json') },
    );
    writeWorld(join(folder, 'world.json'), world);
    tell(environment, world);
    if (sweeps) for (const left of await removeWritten({ world, http }, ofOthers(world))) say(`Left behind by an earlier run: ${left}`);
  } finally {
    await http.close();
  }
}

function tell({ name, target, browser }: Environment, { accounts, journeys }: JourneyWorld): void {
  for (const [id, kind] of Object.entries(journeys)) if (typeof kind === 'object' && 'notRun' in kind) say(`${id} is not run. ${kind.notRun}`);
  say(
    `Journeys on ${name}, ${target.web}, as ${accounts.map((account) => account.name).join(', ') || 'nobody'}, with ${browser?.path ?? "Playwright's own browser"}`,
  );
}
