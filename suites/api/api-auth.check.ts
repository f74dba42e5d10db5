// Measures whether the application knows who asks and lets them do no more than they may: sessions, roles, ownership.
import { z } from 'zod';
import { GateError } from '../../gates/model.ts';
import type { Case, Check, CheckContext, CheckEvent, Instrument, Surface } from '../../gates/model.ts';
import { watchHttp } from '../instruments/http-health.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import type { Asking } from './asking.ts';
import { planOwnershipCases, planRoleCases } from './authorization-cases.ts';
import { runParallel } from './cases.ts';
import { beginSession } from './login-cases.ts';
import { runBadTokenCases, runCsrfCases, runLogout, runTokenCases, skipSessionCases } from './session-cases.ts';

const Options = z.object({
  /** Requests under way at a time. */
  concurrency: z.int().min(1).max(16).default(8),
});
type Options = z.infer<typeof Options>;

/**
 * The account that is logged in afresh, logged out again, and plays the stranger: the last, since other checks use the first of each role.
 * Of sessions that were made elsewhere one that may be ended.
 */
function chooseStranger({ accounts }: CheckContext): string {
  const last = accounts.names.findLast((name) => accounts.isDisposable(name)) ?? accounts.names.at(-1);
  if (last !== undefined) return last;
  throw new GateError('LOGIN_FAILED', 'The environment has no accounts, so nothing can be said about sessions and roles.', {
    remedy: 'Add `auth.accounts` to the environment.',
  });
}

/** What the surface declares that there is not, so that its cases do not exist: told beside the figures. */
function withDeclared(instrument: Instrument, { auth }: Surface): Instrument {
  const none = 'declared absent in the surface';
  const declared = { ...(auth.login === undefined ? { passwordLogin: none } : {}), ...(auth.logout === undefined ? { logout: none } : {}) };
  return { ...instrument, facts: { ...instrument.facts, ...declared } };
}

/**
 * One login serves all cases: its token is tried, plays the stranger of the ownership cases, and is then logged out.
 * So the check makes three requests to the auth routes, and the run as a whole stays within the quota of a minute.
 */
async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const http = watchHttp(context.http);
  const asking: Asking = { context, http };
  const stranger = chooseStranger(context);
  const authorization: Case[] = [];
  try {
    yield { kind: 'progress', text: 'opening a session' };
    const { cases: begun, tried } = await beginSession(asking, stranger);
    const sessions: Case[] = [
      ...begun,
      ...(tried === undefined ? [] : await runTokenCases(asking, tried)),
      ...(await runBadTokenCases(asking)),
      ...(await runCsrfCases(asking)),
    ];

    const tasks = [...planOwnershipCases(asking, tried?.session), ...planRoleCases(asking)];
    let done = 0;
    for await (const cases of runParallel(tasks, options.concurrency)) {
      authorization.push(...cases);
      yield { kind: 'progress', text: 'asking for what is not allowed', done: (done += 1), total: tasks.length };
    }
    sessions.push(...(tried === undefined ? skipSessionCases(asking, stranger) : await runLogout(asking, tried)));
    http.requireAnswers();
    const instrument = withDeclared(http.instrument(), context.surface);
    yield { kind: 'measurement', measurement: measureCases(context, 'auth.sessions', sessions, startedAt, instrument) };
    yield { kind: 'measurement', measurement: measureCases(context, 'auth.authorization', authorization, startedAt, instrument) };
    yield { kind: 'end-of-round' };
  } finally {
    http.stop();
  }
}

/** Upper bound of a healthy run: fifteen for a session, two for each csrf route, one for each role that may not, six for each object. */
function countRequests({ endpoints, roles, ownership }: Surface): number {
  const denied = endpoints.reduce((sum, { access }) => sum + (Array.isArray(access) ? roles.filter((role) => !access.includes(role)).length : 0), 0);
  return 15 + endpoints.filter(({ csrf }) => csrf === true).length * 2 + denied + ownership.length * 6;
}

export const apiAuth: Check<Options> = {
  id: 'api-auth',
  title: 'Sessions, roles and ownership',
  about: {
    proves:
      'The application knows who asks and lets them do no more than they may: sessions begin, hold and end as specified, roles are refused what is not theirs, and nobody reaches the objects of somebody else.',
    how: 'An account logs in afresh (or a session that was made elsewhere is taken), after a wrong password and an unknown user have been refused alike. Its token is shown as bearer and as cookie (accepted) and in the query (refused); the cookie must be HttpOnly, Secure, SameSite and no longer valid than declared. Garbage and an expired token must open nothing, double submit must be asked for, and after the logout the old token must be refused. Every role is tried at every endpoint that is not for it (403), and one account at the objects of another.',
    source:
      'Lifetime and cookie of a session come from the surface (`auth.sessionSeconds`, `auth.cookie`); which role may do what from the `access` of each endpoint.',
    leavesOpen: 'The strength of password hashes, the randomness of tokens and second factors are not looked at. Rate limits are the matter of rate-limit.',
    whenItFails:
      'Look at the first failed case. A case named after an endpoint and a role (`analytics.audit/member`) is a hole in the authorization of that route: mostly a guard that was lost in the migration. Expired or ended sessions that are accepted mostly mean that the token is verified without asking whether the session still exists. Cases that did not run name what is missing: a second account of the same role, an `expiredSession`, or `write` in `allow`.',
  },
  revision: 1,
  // Objects for the ownership cases are written only where the environment allows 'write'; elsewhere those are `not-run`.
  effects: ['read'],
  needs: ['accounts'],
  locks: ['auth-quota'],
  after: [],
  options: Options,
  presets: { pr: { concurrency: 8 }, full: { concurrency: 8 } },
  metrics: {
    'auth.sessions': { title: 'Sessions begin, hold and end as specified', unit: 'count', shape: 'cases', better: 'higher' },
    'auth.authorization': { title: 'Nobody does what is not theirs to do', unit: 'count', shape: 'cases', better: 'higher' },
  },
  defaultExpect: [
    { kind: 'cases', metric: 'auth.sessions', required: 'all' },
    { kind: 'cases', metric: 'auth.authorization', required: 'all' },
  ],
  // 100 ms a request, plan §3.6 "P50 latency < 100ms"; half of them one after the other.
  estimate: (_, surface) => ({ requests: countRequests(surface), seconds: Math.ceil(countRequests(surface) * 0.1 * 0.5) }),
  // Two full waits for the auth quota, and a slow application.
  timeoutMs: () => 240_000,
  measure,
};
