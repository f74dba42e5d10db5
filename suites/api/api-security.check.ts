// Measures what an attacker tries first: SQL injection, secrets and insides in answers, mass assignment, open redirects, double submit, TRACE, large bodies.
// Left to others: sessions, tokens in the query, IDOR and the missing double-submit token to api-auth; error answers to api-errors; origins to cors.
// Not measured: telling users apart by the time of a refused login (a difference of a hash needs hundreds of logins, and the rate limit allows ten),
// and tokens with `alg: none` (sessions are opaque tokens: there is no algorithm to choose).
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, Surface } from '../../gates/model.ts';
import { watchHttp } from '../instruments/http-health.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import type { Asking } from './asking.ts';
import { runCase, runParallel } from './cases.ts';
import { countExposureRequests, planExposures } from './exposure-cases.ts';
import { countInjectionRequests, planInjections } from './injection-cases.ts';
import { countTamperingRequests, planTampering } from './tampering-cases.ts';

const Options = z.object({
  /** Requests under way at a time. */
  concurrency: z.int().min(1).max(16).default(8),
});
type Options = z.infer<typeof Options>;

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const http = watchHttp(context.http);
  const asking: Asking = { context, http };
  const cases: Case[] = [];
  try {
    const planned = Object.entries({ ...planInjections(asking), ...planExposures(asking), ...planTampering(asking) });
    const tasks = planned.map(
      ([id, attempt]) =>
        () =>
          runCase(id, attempt),
    );
    for await (const ran of runParallel(tasks, options.concurrency)) {
      cases.push(ran);
      yield { kind: 'progress', text: 'trying what an attacker would', done: cases.length, total: tasks.length };
    }
    http.requireAnswers();
    yield { kind: 'measurement', measurement: measureCases(context, 'api.security', cases, startedAt, http.instrument()) };
    yield { kind: 'end-of-round' };
  } finally {
    http.stop();
  }
}

function countRequests(surface: Surface): number {
  return countInjectionRequests(surface) + countExposureRequests(surface) + countTamperingRequests(surface);
}

export const apiSecurity: Check<Options> = {
  id: 'api-security',
  title: 'What an attacker tries first',
  about: {
    proves:
      'The attacks that come first lead nowhere: SQL injection, secrets and insides in answers, roles taken by sending them, open redirects, a double-submit token that does not fit, TRACE, bodies without end.',
    how: 'Hostile values are put into paths, queries and bodies and compared with a harmless value (an error, a condition that is taken, or a wait of 3 s that comes twice is an injection). Answers are searched for secrets and stack traces, headers for `nosniff`, versions and caching of personal answers. A role is sent along with a profile, redirects are asked to lead elsewhere, a token is changed, TRACE and an oversized body are sent. What is changed is put back.',
    source:
      'The list follows what operators of NaaP met and the OWASP API Security Top 10; the wait of 3 s is long beside an answer and beside a stall of either machine.',
    leavesOpen:
      'It is no penetration test: logic flaws, other injections, denial of service and the supply chain are not tried. Telling users apart by the time of a refused login is not measured, since the rate limit allows too few logins.',
    whenItFails:
      'Treat it as a security finding: do not deploy, and do not paste the values into a public issue. The case names route and attack; the request is in the artifact requests.ndjson of the run. Injections are mended by parameters instead of text in statements, mass assignment by a list of fields that may be set.',
  },
  revision: 1,
  // Bodies and the role are sent only where the environment allows 'write'; elsewhere those cases are `not-run`.
  effects: ['read'],
  needs: [],
  wants: ['accounts'],
  locks: [],
  // Where a role can be taken, an account has one too much for a moment, and these look at roles.
  after: ['api-endpoints', 'api-auth', 'api-errors'],
  options: Options,
  presets: { pr: { concurrency: 8 }, full: { concurrency: 8 } },
  metrics: { 'api.security': { title: 'Attacks that come first lead nowhere', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'api.security', required: 'all' }],
  // 100 ms a request: plan §3.6 "P50 latency < 100ms".
  estimate: ({ concurrency }, surface) => ({ requests: countRequests(surface), seconds: Math.ceil((countRequests(surface) * 0.1) / concurrency) }),
  // Logins that wait for the auth quota, and a slow application.
  timeoutMs: () => 240_000,
  measure,
};
