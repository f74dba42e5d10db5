// Makes the world of the journeys for whoever runs them by hand: the demo's twin, or the environment that NAAP_GATE_ENV names. Called by Playwright (playwright.config.ts).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FullConfig } from '@playwright/test';
import type { Environment } from '../gates/model.ts';
import { readConfig } from '../cli/config/read-config.ts';
import { DEMO, type OpenEnvironment, openEnvironment } from '../cli/open-environment.ts';
import { setUpSessions } from '../cli/set-up-sessions.ts';
import { journeysOf, makeWorld } from '../suites/critical-paths/make-world.ts';
import { WORLD_VARIABLE, type JourneyWorld, writeWorld } from '../suites/critical-paths/world.ts';
import { ofOthers, removeWritten } from '../suites/critical-paths/written.ts';
import { createAccounts } from '../suites/instruments/accounts.ts';
import { resolveUrl } from '../suites/instruments/address.ts';
import { createHttpClient } from '../suites/instruments/http.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Answers what takes everything down again. */
export default async function setUpJourneys({ shard }: FullConfig): Promise<() => Promise<void>> {
  const opened = await open();
  const folder = mkdtempSync(join(tmpdir(), 'naap-gate-journeys-'));
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

async function open(): Promise<OpenEnvironment> {
  const { NAAP_GATE_ENV: name = DEMO, NAAP_GATE_CONFIG: config, NAAP_GATE_FAULT: faults } = process.env;
  const directory = process.cwd();
  return openEnvironment({
    name,
    config: await readConfig(directory, config),
    directory,
    variables: process.env,
    faults: faults?.split(',') ?? [],
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
      { journeys: journeysOf(surface), ledger: join(folder, 'auth-quota.json') },
    );
    writeWorld(join(folder, 'world.json'), world);
    tell(environment, world);
    if (sweeps) for (const left of await removeWritten({ world, http }, ofOthers(world))) say(`Left behind by an earlier run: ${left}`);
  } finally {
    await http.close();
  }
}

function tell({ name, target, browser }: Environment, { accounts }: JourneyWorld): void {
  say(
    `Journeys on ${name}, ${target.web}, as ${accounts.map((account) => account.name).join(', ') || 'nobody'}, with ${browser?.path ?? "Playwright's own browser"}`,
  );
}
