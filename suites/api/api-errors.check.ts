// Measures whether refusals are what the API documents: the status, the envelope, a documented code, and nothing of the server's inside.
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, HttpResponse, Surface } from '../../gates/model.ts';
import { watchHttp } from '../instruments/http-health.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { findRefusalFlaw } from './answers.ts';
import type { Asking } from './asking.ts';
import { runCase, runParallel, skipCase } from './cases.ts';
import { findCodeFlaw } from './error-codes.ts';
import { planSituations } from './error-situations.ts';
import type { Situation } from './error-situations.ts';
import { findInside, findSecret } from './leaks.ts';

const Options = z.object({
  /** Requests under way at a time. */
  concurrency: z.int().min(1).max(16).default(4),
});
type Options = z.infer<typeof Options>;

interface ErrorCases {
  readonly envelope: Case;
  readonly code: Case;
}

function findFlaw({ status }: Situation, response: HttpResponse): string | undefined {
  const flaw = findRefusalFlaw(response, [status]) ?? findInside(response.text) ?? findSecret(response);
  if (flaw !== undefined) return flaw;
  // RFC 9110 §15.5.6: a 405 must name the methods that there are.
  if (status === 405 && response.headers['allow'] === undefined) return '405 without `Allow`: the client is not told which methods there are';
  return undefined;
}

/** One answer serves both cases; a second try of the first is the second's answer too. */
async function runSituation(asking: Asking, situation: Situation): Promise<ErrorCases> {
  let answer: HttpResponse | undefined;
  const envelope = await runCase(situation.id, async () => {
    answer = await situation.ask(asking);
    return findFlaw(situation, answer);
  });
  const seen = answer;
  const code =
    seen === undefined ? skipCase(situation.id, envelope.detail) : await runCase(situation.id, async () => findCodeFlaw(asking.context.surface, seen), true);
  return { envelope, code };
}

function undocumented(): ErrorCases {
  const why = 'the surface lists no `errors`: the codes that the API documents, with their statuses';
  return { envelope: skipCase('documented', why), code: skipCase('documented', why) };
}

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const http = watchHttp(context.http);
  const asking: Asking = { context, http };
  const found: ErrorCases[] = [];
  try {
    const situations = planSituations(context.surface);
    if (situations.length === 0) found.push(undocumented());
    const tasks = situations.map((situation) => () => runSituation(asking, situation));
    for await (const cases of runParallel(tasks, options.concurrency)) {
      found.push(cases);
      yield { kind: 'progress', text: 'asking for what is refused', done: found.length, total: tasks.length };
    }
    http.requireAnswers();
    const instrument = http.instrument();
    const measurement = (metric: string, cases: readonly Case[]): CheckEvent => ({
      kind: 'measurement',
      measurement: measureCases(context, metric, cases, startedAt, instrument),
    });
    yield measurement(
      'errors.envelope',
      found.map(({ envelope }) => envelope),
    );
    yield measurement(
      'errors.codes',
      found.map(({ code }) => code),
    );
    yield { kind: 'end-of-round' };
  } finally {
    http.stop();
  }
}

/** One for each situation; a failure is asked twice. */
function countRequests(surface: Surface): number {
  return Math.max(1, planSituations(surface).length * 2);
}

export const apiErrors: Check<Options> = {
  id: 'api-errors',
  title: 'Error answers',
  about: {
    proves: "Refusals are what the API documents: the right status, the error envelope, a documented code, and nothing of the server's inside.",
    how: 'One request is sent for each kind of error that a client can cause and whose status the surface documents: malformed JSON, an invalid body, a body that is too large or no JSON, no session, the wrong role, an unknown route and object, a wrong method. Status and envelope are checked, the code is looked up among `surface.errors`, and the text is searched for stack traces, paths, SQL and secrets.',
    source: 'Statuses and codes come from `surface.errors`; that a 405 names the allowed methods from RFC 9110 §15.5.6.',
    leavesOpen: 'Errors that a client cannot cause (5xx) are not provoked; 429 belongs to rate-limit.',
    whenItFails:
      "The failed case names the situation, the status that was expected and what came. An HTML page instead of the envelope mostly comes from the framework or a proxy before the application's own handler. A code that nobody documents: document it, or answer with the one that fits.",
  },
  revision: 1,
  // The invalid body is put only where the environment allows 'write', since an application that took it would write.
  effects: ['read'],
  needs: [],
  wants: ['accounts'],
  locks: [],
  after: [],
  options: Options,
  presets: { pr: { concurrency: 4 }, full: { concurrency: 4 } },
  metrics: {
    'errors.envelope': { title: 'Refusals have their status and the error envelope', unit: 'count', shape: 'cases', better: 'higher' },
    'errors.codes': { title: 'Refusals have a documented code', unit: 'count', shape: 'cases', better: 'higher' },
  },
  defaultExpect: [
    { kind: 'cases', metric: 'errors.envelope', required: 'all' },
    { kind: 'cases', metric: 'errors.codes', required: 'all' },
  ],
  // 100 ms a request: plan §3.6 "P50 latency < 100ms".
  estimate: (_, surface) => ({ requests: countRequests(surface), seconds: Math.ceil(countRequests(surface) * 0.1) }),
  // Logins that wait for the auth quota, and a slow application.
  timeoutMs: () => 180_000,
  measure,
};
