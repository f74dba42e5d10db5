// How the ten journeys run: by hand (`npx playwright test`, --ui, --shard) or by the check critical-paths, which writes the world itself.
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { defineConfig } from '@playwright/test';
import type { WorkerFixtures } from './suites/critical-paths/journey.ts';
import { WORLD_VARIABLE, readWorld } from './suites/critical-paths/world.ts';

/** .ts in a checkout, .js in the package. */
const EXTENSION = extname(import.meta.filename);
const JOURNEYS = join(import.meta.dirname, 'suites', 'critical-paths');

/** Written by the check, or by the set-up before the first worker starts; each worker reads this file anew. */
const worldFile = process.env[WORLD_VARIABLE] ?? '';
const world = existsSync(worldFile) ? readWorld(worldFile) : undefined;
/** Before the set-up has run there is no world yet: what the configuration says is known all the same. */
const journeys =
  world?.journeys ?? (process.env['NAAP_GATE_ENV'] === undefined ? {} : await (await import('./scripts/journeys-setup.ts')).configuredJourneys());
/** Journeys that tests of the user's own stand for, by the file that holds them. */
const replaced = Object.entries(journeys ?? {}).flatMap(([id, kind]) => (typeof kind === 'object' && 'spec' in kind ? [{ id, spec: kind.spec }] : []));

export default defineConfig<object, Pick<WorkerFixtures, 'worldFile'>>({
  projects: [
    { name: 'journeys', testDir: JOURNEYS, testMatch: `*.journey${EXTENSION}`, testIgnore: replaced.map(({ id }) => `${id}.journey${EXTENSION}`) },
    ...[...new Set(replaced.map(({ spec }) => spec))].map((spec) => ({ name: basename(spec), testDir: dirname(spec), testMatch: spec })),
  ],
  outputDir: '.naap-gate/journeys',
  fullyParallel: true,
  workers: 2,
  // A journey that passes only the second time is flaky: a warning, with the traces of both.
  retries: 1,
  timeout: 30_000,
  expect: { timeout: 8_000 },
  forbidOnly: true,
  reporter: 'list',
  ...(worldFile === '' ? { globalSetup: join(import.meta.dirname, 'scripts', `journeys-setup${EXTENSION}`) } : {}),
  use: {
    worldFile,
    ...(world === undefined ? {} : { baseURL: world.sides.target.web }),
    launchOptions: {
      ...(world?.executablePath === undefined ? {} : { executablePath: world.executablePath }),
      args: [
        // Root has no user namespaces to make a sandbox of.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...(world === undefined || world.access.trustedKeys.length === 0
          ? []
          : [`--ignore-certificate-errors-spki-list=${world.access.trustedKeys.join(',')}`]),
      ],
    },
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 10_000,
    trace: 'retain-on-failure-and-retries',
    screenshot: 'only-on-failure',
    // Only where Playwright's ffmpeg is installed: elsewhere every page would fail for the want of it.
    video: process.env['NAAP_GATE_VIDEO'] === 'on' ? 'retain-on-failure' : 'off',
  },
});
