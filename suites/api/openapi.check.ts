// Measures whether the API's OpenAPI document is there, is valid, describes every endpoint of the surface, and is what the API really answers.
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, Endpoint, Surface } from '../../gates/model.ts';
import { watchHttp } from '../instruments/http-health.ts';
import { nameAnswer } from './answers.ts';
import { ANONYMOUS, ask, listWhoMay, NotRun, openSession } from './asking.ts';
import type { Asking } from './asking.ts';
import { runCase, runParallel, skipCase } from './cases.ts';
import { readDocument } from '../instruments/openapi/openapi-document.ts';
import type { ApiDocument } from '../instruments/openapi/openapi-document.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { isFixed } from './sample-endpoints.ts';

const Options = z.object({
  /** Requests under way at a time. */
  concurrency: z.int().min(1).max(16).default(8),
});
type Options = z.infer<typeof Options>;

type Task = () => Promise<Case>;

interface Fetched {
  readonly cases: readonly Case[];
  readonly document: ApiDocument | undefined;
}

async function fetchDocument(asking: Asking): Promise<Fetched> {
  const path = asking.context.surface.openapi?.path;
  if (path === undefined) return { cases: [skipCase('document/served', 'the surface names no `openapi.path`')], document: undefined };
  let document: ApiDocument | undefined;
  const served = await runCase('document/served', async () => {
    const response = await asking.http.send({ path });
    if (response.status !== 200) return `GET ${path} answers ${nameAnswer(response)}`;
    if (typeof response.json !== 'object' || response.json === null) return `GET ${path} is no JSON object`;
    document = readDocument(response.json as Readonly<Record<string, unknown>>, asking.context.url(path));
    return undefined;
  });
  const found = document;
  if (found === undefined) return { cases: [served, skipCase('document/valid', 'needs the document')], document: undefined };
  return { cases: [served, await runCase('document/valid', async () => found.findFlaw(), true)], document: found };
}

function findCoverFlaw({ method, path }: Endpoint, document: ApiDocument): string | undefined {
  return document.findOperation(method, path) === undefined ? `the document does not describe ${method} ${path}` : undefined;
}

/** Reads, whose answers can be seen without leaving anything behind. */
function isSeen(endpoint: Endpoint): boolean {
  return endpoint.method === 'GET' && endpoint.effect === 'read' && endpoint.authQuota !== true && isFixed(endpoint);
}

/**
 * An answer below 400 must be declared and be as declared. One beyond is a refusal that nobody asked for: as declared or not,
 * the answer that the document promises was not seen, and whether it should have come is the matter of api-endpoints.
 */
async function holdAnswer(asking: Asking, endpoint: Endpoint, document: ApiDocument, who: string): Promise<string | undefined> {
  const operation = document.findOperation(endpoint.method, endpoint.path);
  if (operation === undefined) throw new NotRun('the document does not describe it');
  const response = await ask(asking, endpoint, { session: await openSession(asking, who) });
  const isRefusal = who === ANONYMOUS && endpoint.access !== 'public';
  const isExpected = isRefusal ? response.status === 401 : response.status < 400;
  if (isExpected || (operation.declares(response.status) && operation.findAnswerFlaw(response) !== undefined)) return operation.findAnswerFlaw(response);
  throw new NotRun(`answers ${nameAnswer(response)}, so what the document says of ${isRefusal ? 'a 401' : 'its success'} was not seen`);
}

function planAnswers(asking: Asking, endpoint: Endpoint, document: ApiDocument): readonly Task[] {
  const who = listWhoMay(endpoint, asking.context.surface.roles)[0] ?? ANONYMOUS;
  const asked = endpoint.access === 'public' ? [ANONYMOUS] : [who, ANONYMOUS];
  return asked.map((one) => () => runCase(`answers/${endpoint.id}/${one}`, () => holdAnswer(asking, endpoint, document, one)));
}

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const http = watchHttp(context.http);
  const asking: Asking = { context, http };
  const { endpoints } = context.surface;
  try {
    yield { kind: 'progress', text: 'reading the document' };
    const { cases: first, document } = await fetchDocument(asking);
    const cases: Case[] = [...first];
    if (document === undefined) cases.push(skipCase('covers', 'needs the document'), skipCase('answers', 'needs the document'));
    else {
      for (const endpoint of endpoints) cases.push(await runCase(`covers/${endpoint.id}`, async () => findCoverFlaw(endpoint, document), true));
      const tasks = endpoints.filter(isSeen).flatMap((endpoint) => planAnswers(asking, endpoint, document));
      let done = 0;
      for await (const ran of runParallel(tasks, options.concurrency)) {
        cases.push(ran);
        yield { kind: 'progress', text: 'holding answers against the document', done: (done += 1), total: tasks.length };
      }
    }
    http.requireAnswers();
    yield { kind: 'measurement', measurement: measureCases(context, 'openapi.conformance', cases, startedAt, http.instrument()) };
    yield { kind: 'end-of-round' };
  } finally {
    http.stop();
  }
}

/** The document, and each read as nobody and as one who may. */
function countRequests({ endpoints }: Surface): number {
  return 1 + endpoints.filter(isSeen).length * 2;
}

export const openapi: Check<Options> = {
  id: 'openapi',
  title: 'OpenAPI document',
  about: {
    proves: "The API's description is there, is valid OpenAPI 3, describes every endpoint of the surface, and is what the API really answers.",
    how: 'The document is fetched from `surface.openapi.path` and validated. Every endpoint of the surface is looked up in it. Every read is asked as nobody and as one who may, and status, media type and body are held against what the document declares for that answer.',
    source: 'No numbers: the document is measured against the OpenAPI specification, the surface and the answers.',
    leavesOpen: 'Answers of requests that write are not compared. Whether descriptions and examples help a reader, a machine cannot tell.',
    whenItFails:
      '`covers/…` names an endpoint that the document forgets; `answers/…` an answer that is not as declared, with the place in the body. Decide which of the two is right: mostly the document was not made anew after the code changed. `not run` for an answer means that it could not be seen; see api-endpoints for why.',
  },
  revision: 1,
  effects: ['read'],
  needs: [],
  wants: ['accounts'],
  locks: [],
  after: [],
  options: Options,
  presets: { pr: { concurrency: 8 }, full: { concurrency: 8 } },
  metrics: { 'openapi.conformance': { title: 'The document is valid, whole and true', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'openapi.conformance', required: 'all' }],
  // 100 ms a request: plan §3.6 "P50 latency < 100ms".
  estimate: ({ concurrency }, surface) => ({ requests: countRequests(surface), seconds: Math.ceil((countRequests(surface) * 0.1) / concurrency) }),
  // Logins that wait for the auth quota, and a slow application.
  timeoutMs: () => 180_000,
  measure,
};
