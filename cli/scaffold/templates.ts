// What `new check` writes: a check that measures the latency of one path, its test, its row and its fault. Whole and green as it stands.
// Longer than most files because the templates are written out.
import type { CheckName } from './check-name.ts';

/** As `fixtures/faults/fault.ts` has it, with the one switch that a new check begins with. */
export interface NewFault {
  readonly id: string;
  readonly suite: string;
  readonly gate: string;
  readonly title: string;
  readonly must: readonly string[];
  readonly may: readonly [];
  readonly switches: { readonly delayedRoutes: readonly string[] };
}

/** Limit of the row, ms. plan §3.6: "P99 latency < 500ms". */
const LIMIT_MS = 500;
/** Fewer samples give no 95th percentile. */
const SAMPLES = 20;

/** The file of the check. `path`: a public GET. */
export function checkText({ id, metric, title, variable }: CheckName, path: string): string {
  return `// Measures how long GET ${path} takes to answer, asked again and again, one request after the other.
import { z } from 'zod';
import { type Check, type CheckContext, type CheckEvent, GateError } from '../../gates/model.ts';
import { watchHttp } from '../instruments/http-health.ts';

const Options = z.object({
  path: z.string().startsWith('/'),
  /** Requests, one after the other. */
  samples: z.int().min(1),
});
type Options = z.infer<typeof Options>;

async function* measure(context: CheckContext, { path, samples }: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now().toISOString();
  const http = watchHttp(context.http);
  const taken: number[] = [];
  try {
    while (taken.length < samples) {
      const { status, durationMs } = await http.send({ path });
      // How soon a refusal comes says nothing of how long an answer takes.
      if (status !== 200)
        throw new GateError('TARGET_UNHEALTHY', \`GET \${path} answered \${status}, expected 200.\`, { remedy: 'Ask it by hand, and look into its log.' });
      taken.push(durationMs);
      yield { kind: 'progress', text: \`asking for \${path}\`, done: taken.length, total: samples };
    }
    yield {
      kind: 'measurement',
      measurement: {
        metric: '${metric}',
        labels: { side: 'target' },
        n: taken.length,
        startedAt,
        endedAt: context.clock.now().toISOString(),
        instrument: http.instrument(),
        payload: { shape: 'samples', samples: taken },
      },
    };
    yield { kind: 'end-of-round' };
  } finally {
    http.stop();
  }
}

export const ${variable}: Check<Options> = {
  id: '${id}',
  title: '${title}',
  about: {
    proves: 'GET ${path} answers within the limit, 19 times out of 20.',
    how: 'The path is asked again and again, one request after the other, without a session; the time from sending until the whole answer is read is recorded. An answer other than 200 is an error, not a sample.',
    source: 'Below ${LIMIT_MS} ms as plan §3.6 has it: "P99 latency < 500ms". Twenty samples are the fewest that have a 95th percentile.',
    leavesOpen: 'How it answers while others ask too: api-load looks at that.',
    whenItFails: 'Compare with the latencies of other paths: where all of them are slow it is the machine or the network, where it is this one alone it is what this path does.',
  },
  revision: 1,
  effects: ['read'],
  needs: [],
  locks: [],
  after: [],
  options: Options,
  presets: { pr: { path: '${path}', samples: ${SAMPLES} }, full: { path: '${path}', samples: ${SAMPLES * 5} } },
  metrics: { '${metric}': { title: 'Time that GET ${path} takes', unit: 'ms', shape: 'samples', better: 'lower' } },
  defaultExpect: [{ kind: 'limit', metric: '${metric}', statistic: 'p95', op: '<', value: ${LIMIT_MS}, minSamples: ${SAMPLES} }], // plan §3.6: "P99 latency < 500ms"
  // 100 ms a request: plan §3.6 "P50 latency < 100ms".
  estimate: ({ samples }) => ({ seconds: samples * 0.1, requests: samples }),
  // Each may take as long as the client waits, 10 s.
  timeoutMs: ({ samples }) => samples * 10_000,
  measure,
};
`;
}

export function testText({ id, metric, variable }: CheckName, path: string): string {
  return `import { expect, test } from 'vitest';
import type { CheckContext, HttpClient, Measurement } from '../../gates/model.ts';
import { ${variable} } from './${id}.check.ts';

const OPTIONS = { path: '${path}', samples: 4 };

/** Answers with these statuses, 200 after them; the first in 10 ms, the second in 20 … */
function application(statuses: readonly number[] = []): HttpClient {
  let sent = 0;
  return {
    send: () => {
      sent += 1;
      return Promise.resolve({ status: statuses[sent - 1] ?? 200, headers: {}, text: '', json: undefined, durationMs: sent * 10 });
    },
    get sent() {
      return sent;
    },
  };
}

async function measured(http: HttpClient): Promise<Measurement[]> {
  const context: Partial<CheckContext> = { http, clock: { now: () => new Date(), monotonicMs: () => performance.now() } };
  const measurements: Measurement[] = [];
  for await (const event of ${variable}.measure(context as CheckContext, OPTIONS)) if (event.kind === 'measurement') measurements.push(event.measurement);
  return measurements;
}

test('it hands over the time of every answer', async () => {
  expect(await measured(application())).toMatchObject([{ metric: '${metric}', n: 4, payload: { samples: [10, 20, 30, 40] } }]);
});

test('an answer that is no 200 is an error, however soon it comes', async () => {
  await expect(measured(application([200, 503]))).rejects.toMatchObject({ code: 'TARGET_UNHEALTHY' });
});

test('an application that does not answer is an error, not a measurement', async () => {
  const silent: HttpClient = { sent: 0, send: () => Promise.reject(new Error('nobody there')) };
  await expect(measured(silent)).rejects.toThrow('nobody there');
});
`;
}

/** One more binding of the row, with the source of its number. */
export function bindingText({ id, metric }: CheckName): string {
  return `\n// plan §3.6: "P99 latency < 500ms"\nlimit('${id}', '${metric}', 'p95', '<', ${LIMIT_MS}, ${SAMPLES})`;
}

/** `route`: as the twin writes it, `GET /api/health`. */
export function faultOf({ fault, suite }: CheckName, route: string, criterion: string): NewFault {
  return {
    id: fault,
    suite,
    gate: criterion.split('.')[0] ?? '',
    title: `${route} takes 700 ms longer`,
    must: [criterion],
    may: [],
    switches: { delayedRoutes: [route] },
  };
}

export function faultText({ id, suite, gate, title, must, switches }: NewFault): string {
  const quoted = (values: readonly string[]): string => `[${values.map((value) => `'${value}'`).join(', ')}]`;
  return `  {
    id: '${id}',
    suite: '${suite}',
    gate: '${gate}',
    title: '${title}',
    must: ${quoted(must)},
    may: [],
    switches: { delayedRoutes: ${quoted(switches.delayedRoutes)} },
  },
`;
}
