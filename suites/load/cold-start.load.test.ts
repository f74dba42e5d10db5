import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startTwin } from '../../fixtures/twin/start.ts';
import type { LoadEngine, Measurement } from '../../gates/model.ts';
import { createAccounts } from '../instruments/accounts.ts';
import { createHttpClient } from '../instruments/http.ts';
import { naapSurface } from '../naap-surface.ts';
import { type ColdStartOptions, coldStart } from './cold-start.check.ts';
import { contextFor, firstRound } from './testing/bench-context.ts';

const NO_LOAD: LoadEngine = { name: 'none', run: () => Promise.reject(new Error('A cold start is no load.')) };

let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'naap-gate-cold-'));
  // PostgreSQL may run as another user, who must be able to enter.
  await chmod(cacheDir, 0o755);
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

/** What the `pr` profile measures against a twin, but for these options. */
async function measure(more: Partial<ColdStartOptions>, ...faults: string[]): Promise<readonly Measurement[]> {
  const twin = await startTwin({ cacheDir, faults });
  onTestFinished(() => twin.stop());
  const surface = naapSurface({ coldStart: twin.coldStart });
  const { signal } = new AbortController();
  const http = createHttpClient({ sides: { target: twin.target }, accessHeaders: {}, ca: twin.ca, signal, onRequest: () => undefined });
  onTestFinished(() => http.close());
  const clock = { monotonicMs: () => performance.now(), sleep: () => Promise.reject(new Error('One login waits for no quota.')) };
  const accounts = createAccounts({ environment: { surface, accounts: twin.accounts, expiredSession: twin.expiredSession }, http, signal, clock });
  return firstRound(coldStart, { ...contextFor(twin.target.web, NO_LOAD, surface), http, accounts }, { ...coldStart.presets.pr, ...more });
}

function samplesOf({ payload }: Measurement): readonly number[] {
  return payload.shape === 'samples' ? payload.samples : [];
}

test('ten starts of each function of the healthy twin are seen, all of them under 500 ms', async () => {
  const figures = await measure({});
  expect(figures.map(({ labels }) => labels.route)).toEqual([undefined, 'analytics.usage', 'orchestrator.stats']);
  // A machine that is busy with something else makes the check say so; that is a right answer too.
  for (const one of figures.filter(({ instrument }) => instrument.healthy)) {
    expect(samplesOf(one)).toHaveLength(one.labels.route === undefined ? 20 : 10);
    expect(Math.max(...samplesOf(one))).toBeLessThan(500);
  }
});

test('the fault api.cold-start-slow shows in every start', async () => {
  // A machine that is busy makes a start slower, never quicker: none has to be left out.
  const [overall] = await measure({ starts: 3, maxCpuWait: 1e9 }, 'api.cold-start-slow');
  const samples = overall === undefined ? [] : samplesOf(overall);
  expect(samples.length).toBeGreaterThan(0);
  expect(Math.min(...samples)).toBeGreaterThanOrEqual(900);
});
