// Measures whether the auth routes limit who tries credentials: as many as declared, told how long to wait, not dodged, and let in again.
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, Endpoint, Surface } from '../../gates/model.ts';
import { watchHttp } from '../instruments/http-health.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { openAccount } from './asking.ts';
import type { Asking } from './asking.ts';
import { skipCase } from './cases.ts';
import { isAsDeclared, judgeBursts, judgeHolding, judgeRecovery, knockUntilRefused } from './rate-limit-cases.ts';
import type { Burst, Others } from './rate-limit-cases.ts';

const Options = z.object({});
type Options = z.infer<typeof Options>;

/** The login: the route that a thief of passwords asks. */
function findLimited({ endpoints, auth }: Surface): Endpoint | undefined {
  return endpoints.find(({ path, authQuota }) => authQuota === true && path === auth.login);
}

/** Linux answers for every address of 127.0.0.0/8; other systems for one, and elsewhere this machine has a single way out. */
function hasOtherAddress(context: CheckContext): boolean {
  const { hostname } = new URL(context.url('/'));
  return process.platform === 'linux' && hostname === '127.0.0.1';
}

/** Opened before the window is used up: a login in between would be refused, and stay so for the run. One that fails is told by its case. */
async function openHolder(context: CheckContext): Promise<Others['holder']> {
  const [first] = context.accounts.names;
  if (first === undefined) return undefined;
  const [opened] = await Promise.allSettled([openAccount(context, first)]);
  return opened;
}

async function useWindowUp(asking: Asking, login: Endpoint): Promise<Burst> {
  const { accounts, signal } = asking.context;
  await accounts.wholeAuthQuota(signal);
  return knockUntilRefused(asking, login);
}

/** The window is really used up and really waited for, in every profile: a limit that is not seen to recover may lock people out for good. */
async function* measure(context: CheckContext): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const http = watchHttp(context.http);
  const asking: Asking = { context, http };
  const cases: Case[] = [];
  try {
    const login = findLimited(context.surface);
    if (login === undefined)
      cases.push(
        skipCase(
          'quota/let-in',
          'the surface names no login whose route has `authQuota`; where nobody logs in with a password, declare the row not applicable',
        ),
      );
    else {
      const holder = await openHolder(context);
      yield { kind: 'progress', text: 'waiting for a window that nobody has asked in, and using it up' };
      const first = await useWindowUp(asking, login);
      const last = isAsDeclared(first, context.surface.auth.quotaPerMinute) ? first : await useWindowUp(asking, login);
      const refusedAtMs = context.clock.monotonicMs();
      cases.push(
        ...(await judgeBursts(asking, [first, last])),
        ...(await judgeHolding(asking, login, last, { holder, hasOtherAddress: hasOtherAddress(context) })),
      );
      yield { kind: 'progress', text: 'waiting to be let in again' };
      cases.push(await judgeRecovery(asking, login, last, refusedAtMs));
      http.requireAnswers();
    }
    yield { kind: 'measurement', measurement: measureCases(context, 'rate-limit.behaviour', cases, startedAt, http.instrument()) };
    yield { kind: 'end-of-round' };
  } finally {
    http.stop();
  }
}

/**
 * One login beyond the quota, one for each header that could dodge it, one of a session and of another address, one after the wait.
 * The last one belongs to a window that has begun anew; the pacing of the run spares one request in each, so no login of another check meets a 429.
 */
function countRequests({ auth }: Surface): number {
  return auth.quotaPerMinute + 10;
}

export const rateLimit: Check<Options> = {
  id: 'rate-limit',
  title: 'Rate limit',
  about: {
    proves:
      'Who tries credentials is stopped: as many attempts as declared and no more, told how long to wait, not to be dodged by made-up addresses, let in again afterwards, and nobody else is kept out.',
    how: 'After a window in which this run asked nothing, the whole quota of logins with users that do not exist is sent at once, then one by one until 429 comes, to twice the quota at the most. `Retry-After`, envelope and code of the refusal are read. Six headers that proxies use for addresses are made up and must not help. Who has a session, and another address, must not be refused. After the wait the login must be let in again.',
    source: 'Quota and window come from the surface (`auth.quotaPerMinute`, `auth.quotaWindowSeconds`; NaaP: 10 a minute and IP).',
    leavesOpen:
      'One route, the login, stands for all that are limited. Limits by account, and locks after failed passwords, are not tried, since that would lock accounts of the environment.',
    whenItFails:
      '`quota/refused-beyond`: there is no limit, or each instance counts for itself (state in memory of serverless functions; it belongs into Redis). `quota/let-in`: the limit is tighter than declared, or something else logs in from this address. `dodge/…`: the application believes a header that a client can write; take the address from the trusted proxy only.',
  },
  revision: 1,
  effects: ['read'],
  needs: [],
  locks: ['auth-quota'],
  // They log in; after the burst they would wait for a window.
  after: ['api-endpoints', 'api-auth'],
  options: Options,
  presets: { pr: {}, full: {} },
  metrics: { 'rate-limit.behaviour': { title: 'Credentials cannot be tried without end', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'rate-limit.behaviour', required: 'all' }],
  // A window until this run's own logins no longer count, and another until the burst no longer does.
  estimate: (_, surface) => ({ requests: countRequests(surface), seconds: 2 * (surface.auth.quotaWindowSeconds ?? 60) + 2 }),
  // Four windows of up to a minute, since a burst that is not as declared is repeated, and a slow application.
  // Two windows are waited for, and three minutes are room.
  timeoutMs: (_, { auth }) => (180 + 2 * (auth.quotaWindowSeconds ?? 60)) * 1000,
  measure,
};
