import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startTwin } from '../../fixtures/twin/start.ts';
import type { Check } from '../../gates/model.ts';
import { createAccounts } from '../instruments/accounts.ts';
import { createHttpClient } from '../instruments/http.ts';
import { naapSurface } from '../naap-surface.ts';
import { apiErrors } from './api-errors.check.ts';
import { apiSecurity } from './api-security.check.ts';
import { cors } from './cors.check.ts';
import { openapi } from './openapi.check.ts';
import { rateLimit } from './rate-limit.check.ts';
import { runCheck } from './testing/run-check.ts';

/** As on the demo: a minute would be waited for twice. */
const WINDOW_SECONDS = 3;

let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'naap-gate-boundary-'));
  // PostgreSQL may run as another user, who must be able to enter.
  await chmod(cacheDir, 0o755);
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

interface LiveRun {
  readonly notOk: readonly string[];
  readonly leftBehind: readonly string[];
  /** Of all five checks, ms. */
  readonly tookMs: number;
}

/** All five checks, the last two in the order that a run gives them, with the accounts shared as a run shares them. */
async function runAll(...faults: string[]): Promise<LiveRun> {
  const twin = await startTwin({ cacheDir, faults, rateWindowSeconds: WINDOW_SECONDS });
  onTestFinished(() => twin.stop());
  const surface = naapSurface({ auth: { quotaWindowSeconds: WINDOW_SECONDS } });
  const { signal } = new AbortController();
  const http = createHttpClient({ sides: { target: twin.target }, accessHeaders: {}, ca: twin.ca, signal, onRequest: () => undefined });
  onTestFinished(() => http.close());
  const clock = { monotonicMs: () => performance.now(), sleep: async (ms: number) => void (await delay(ms)) };
  const accounts = createAccounts({ environment: { surface, accounts: twin.accounts, expiredSession: twin.expiredSession }, http, signal, clock });
  const run = (check: Check<never>): ReturnType<typeof runCheck> =>
    runCheck(check, { surface, http, people: twin.accounts, accounts, origin: twin.target.web });
  const started = performance.now();
  const first = await Promise.all([apiErrors, cors, openapi].map((check) => run(check as unknown as Check<never>)));
  const last = await Promise.all([apiSecurity, rateLimit].map((check) => run(check as unknown as Check<never>)));
  const ran = [...first, ...last];
  return { notOk: ran.flatMap(({ notOk }) => notOk), leftBehind: ran.flatMap(({ leftBehind }) => leftBehind), tookMs: performance.now() - started };
}

/** `metric case-id` of the lines, without what was seen. */
const named = (lines: readonly string[]): readonly string[] => lines.map((line) => line.split(': failed')[0] ?? line);

test('every case of the five checks is ok on the healthy twin, without waiting for a minute, and nothing is left behind', async () => {
  const { tookMs, ...ran } = await runAll();
  expect(ran).toEqual({ notOk: [], leftBehind: [] });
  expect(tookMs).toBeLessThan(60_000);
});

test('faults at once fail exactly the cases of each', async () => {
  const { notOk, leftBehind } = await runAll(
    'api.undocumented-error-code',
    'cors.reflected-origin',
    'openapi.lies',
    'api.sql-injection',
    'api.mass-assignment',
    'health.leaks-secret',
    'auth.rate-limit-dodged',
  );
  expect(leftBehind).toEqual([]);
  expect(notOk.join('\n')).not.toContain('twin-Leak');
  const strangers = ['evil', 'evilhost', 'host.evil'].flatMap((origin) =>
    ['auth.me', 'registry.packages'].flatMap((endpoint) =>
      ['', '/preflight', '/with-session'].map((way) => `cors.origins foreign/${origin}/${endpoint}${way}`),
    ),
  );
  expect(named(notOk).toSorted()).toEqual(
    [
      ...strangers,
      'errors.codes unknown-object',
      'errors.codes unknown-route',
      'openapi.conformance answers/community.posts/anonymous',
      'openapi.conformance answers/orchestrator.stats/admin',
      'openapi.conformance answers/registry.packages/anonymous',
      'openapi.conformance answers/users.list/admin',
      'api.security leaks/health',
      'api.security mass-assignment/auth.profile',
      'api.security sql-injection/registry.package/path',
      'rate-limit.behaviour dodge/x-forwarded-for',
    ].toSorted(),
  );
});

test('an application without a limit that trusts null fails in those, and in nothing else', async () => {
  const { notOk } = await runAll('auth.rate-limit-missing', 'cors.null-origin');
  const failed = named(notOk.filter((line) => line.includes(': failed')));
  expect(failed.filter((line) => line.startsWith('cors.origins foreign/null/'))).toHaveLength(6);
  expect(failed.filter((line) => !line.startsWith('cors.origins foreign/null/'))).toEqual(['rate-limit.behaviour quota/refused-beyond']);
});
