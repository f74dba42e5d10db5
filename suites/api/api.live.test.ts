import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startTwin } from '../../fixtures/twin/start.ts';
import type { Twin } from '../../fixtures/twin/start.ts';
import type { Check, HttpClient } from '../../gates/model.ts';
import { createAccounts } from '../instruments/accounts.ts';
import { createHttpClient } from '../instruments/http.ts';
import { naapSurface } from '../naap-surface.ts';
import { apiAuth } from './api-auth.check.ts';
import { apiEndpoints } from './api-endpoints.check.ts';
import { runCheck } from './testing/run-check.ts';

let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'naap-gate-api-'));
  // PostgreSQL may run as another user, who must be able to enter.
  await chmod(cacheDir, 0o755);
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

async function start(...faults: string[]): Promise<Twin> {
  const twin = await startTwin({ cacheDir, faults });
  onTestFinished(() => twin.stop());
  return twin;
}

interface LiveRun {
  readonly notOk: readonly string[];
  readonly leftBehind: readonly string[];
  /** Times a login waited for the quota. */
  readonly waits: number;
}

/** Both checks after each other against one twin, with the accounts shared as a run shares them. */
async function runBoth(twin: Twin): Promise<LiveRun> {
  const surface = naapSurface();
  const { signal } = new AbortController();
  const http: HttpClient & { close(): Promise<void> } = createHttpClient({
    sides: { target: twin.target },
    accessHeaders: {},
    ca: twin.ca,
    signal,
    onRequest: () => undefined,
  });
  onTestFinished(() => http.close());
  let waits = 0;
  const clock = {
    monotonicMs: () => performance.now(),
    sleep: async (ms: number) => {
      waits += 1;
      await delay(ms);
    },
  };
  const accounts = createAccounts({ environment: { surface, accounts: twin.accounts, expiredSession: twin.expiredSession }, http, signal, clock });
  const outcome = { notOk: [] as string[], leftBehind: [] as string[] };
  for (const check of [apiEndpoints, apiAuth] as readonly Check<{ concurrency: number }>[]) {
    const ran = await runCheck(check, { surface, http, people: twin.accounts, accounts, origin: twin.target.web });
    outcome.notOk.push(...ran.notOk);
    outcome.leftBehind.push(...ran.leftBehind);
  }
  return { ...outcome, waits };
}

test('every case of both checks is ok on the healthy twin, without waiting for the auth quota, and nothing is left behind', async () => {
  expect(await runBoth(await start())).toEqual({ notOk: [], leftBehind: [], waits: 0 });
});

/** One twin for all four: none of them reaches the cases of another, and the exam sees each of them alone. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  'auth.rbac-hole': ['auth.authorization analytics.audit/member: failed: expected 403 for member, got 200: the role was let in'],
  'auth.expired-session-accepted': ['bearer', 'cookie'].map(
    (way) => `auth.sessions expired-token/${way}-refused: failed: expected 401, got 200: it was accepted`,
  ),
  'api.endpoint-missing': ['api.endpoints marketplace.categories/anonymous: failed: expected 200, got 404 NOT_FOUND (no such route?)'],
  'api.endpoint-501': [
    'api.endpoints community.tags/anonymous: failed: expected 200, got 501 NOT_IMPLEMENTED (not implemented: a proxy that points nowhere answers so)',
  ],
};

test('four faults fail exactly the cases of each', async () => {
  const { notOk } = await runBoth(await start(...Object.keys(FAULTS)));
  expect(notOk.toSorted()).toEqual(Object.values(FAULTS).flat().toSorted());
});

test('the fault api.validation-500 fails every case of validation, and nothing else', async () => {
  const { notOk, waits } = await runBoth(await start('api.validation-500'));
  expect(notOk.length).toBe(naapSurface().endpoints.filter(({ invalidBody }) => invalidBody !== undefined).length + 1);
  for (const line of notOk) expect(line).toMatch(/^api\.validation [a-z./-]+: failed: expected 400, got 500/);
  expect(waits).toBe(0);
});
