// Renders a workload as the TypeScript that k6 runs, readable enough to be kept as evidence and to be run by hand. Used by the engine.
import type { LoadRequest, Workload } from '../../../../gates/model.ts';
import { type Leg, legsOf, lengthMs, periodMs, wholeRateOf } from './arrivals.ts';

export interface Rendering {
  readonly version: string;
  readonly users: number;
  /** A header that carries each request's intended send time, µs since the epoch, so that a server can log the truth. Of constant rates only. */
  readonly intendedHeader?: string;
}

/** Names that the record looks for in k6's points. */
export const REFUSAL_METRIC = 'naap_gate_refusals';
export const ARRIVAL = 'arrival';
/** k6 gives a request this long after the last one was due; its own timeouts have fired by then. */
const GRACE_MS = 1000;
/** Users open their connections at half the workload's highest rate, before the schedule begins. */
const OPENING_SHARE = 0.5;
/** From the end of that to the beginning of the schedule, ms: the last of those requests are answered, or ended. */
const REST_MS = 500;

/** k6 refuses scenarios shorter than this. */
const SHORTEST_MS = 1000;

/** Time before the schedule begins, in which every user opens its connection, ms. */
function openingMs(workload: Workload, users: number): number {
  const peak = Math.max(...legsOf(workload).map(({ rateRps }) => rateRps));
  return Math.max(SHORTEST_MS, Math.ceil((1000 * users) / (peak * OPENING_SHARE)));
}

export function renderScript(workload: Workload, { version, users, intendedHeader }: Rendering): string {
  const legs = legsOf(workload);
  const spanMs = openingMs(workload, users);
  return `// Load of naap-gate: ${pace(legs)}, of which the first ${workload.warmupMs / 1000} s do not count. For k6 ${version}.
// By hand: k6 run <this file>. Latency is counted from the intended start of an arrival (the schedule's, not that of the
// request): from k6's points, each of which carries the number of its arrival.
import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';

interface LoadRequest {
  route: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  weight: number;
  /** Statuses that count as served. */
  ok: number[];
}

const requests: LoadRequest[] = ${json(workload.requests.map(templateOf))};
/** Seeds the order of the mix. */
const SEED = ${workload.seed};
const TIMEOUT = '${workload.timeoutMs}ms';
const USERS = ${users};
/** In which all users open their connections, s. */
const OPENING = ${spanMs / 1000};
${intendedHeader === undefined ? '' : `const PERIOD_MS = ${periodMs(legs[0]?.rateRps ?? workload.rateRps, wholeRateOf(legs))};\n`}
export const options = ${json(optionsOf(workload, legs, users, spanMs))};

const refusals = new Counter('${REFUSAL_METRIC}');
const ends = endsOfWeights();

/** Each user opens its connection before the schedule begins, by one request of the mix that is a GET. */
export function open(): void {
  const user = exec.vu.idInTest - 1;
  sleep((OPENING * user) / USERS);
  const request = requests[pick(user)];
  if (request.method === 'GET') http.get(request.url, { headers: request.headers, timeout: TIMEOUT, redirects: 0 });
}

export default function (): void {
  const arrival = exec.scenario.iterationInTest;
  exec.vu.metrics.metadata['${ARRIVAL}'] = String(arrival);
  const { route, method, url, headers, body, ok } = requests[pick(arrival)];
${
  intendedHeader === undefined
    ? '  const response = http.request(method, url, body, { headers, tags: { route }, timeout: TIMEOUT, redirects: 0 });'
    : `  const intended = String(Math.round((exec.scenario.startTime + arrival * PERIOD_MS) * 1000));
  const response = http.request(method, url, body, { headers: { ...headers, '${intendedHeader}': intended }, tags: { route }, timeout: TIMEOUT, redirects: 0 });`
}
  if (!ok.includes(response.status)) {
    const code = /"code"\\s*:\\s*"([A-Z][A-Z0-9_]{2,40})"/.exec(String(response.body).slice(0, 2048));
    if (code !== null) refusals.add(1, { code: code[1] });
  }
}

function endsOfWeights(): number[] {
  let sum = 0;
  return requests.map(({ weight }) => (sum += weight));
}

/** Index of the request that arrival \`index\` sends: weighted, and the same in every run with this seed. */
function pick(index: number): number {
  let h = (Math.imul(SEED | 0, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  const point = (((h ^ (h >>> 16)) >>> 0) / 2 ** 32) * ends[ends.length - 1];
  const found = ends.findIndex((end) => point < end);
  return found === -1 ? ends.length - 1 : found;
}
`;
}

function templateOf({ route, method, url, headers, body, weight, ok }: LoadRequest) {
  return { route, method, url, headers, body: body ?? null, weight, ok };
}

function pace(legs: readonly Leg[]): string {
  return legs.map(({ rateRps, durationMs }) => `${rateRps} req/s for ${durationMs / 1000} s`).join(', then ');
}

function optionsOf(workload: Workload, legs: readonly Leg[], users: number, spanMs: number) {
  return {
    // Only what is read: every further tag and metric costs k6 CPU, which it shares with the target here.
    systemTags: ['status', 'error_code'],
    scenarios: {
      open: { executor: 'per-vu-iterations', exec: 'open', vus: users, iterations: 1, maxDuration: `${spanMs}ms`, gracefulStop: `${REST_MS}ms` },
      load: {
        ...paceOf(legs),
        startTime: `${spanMs + REST_MS}ms`,
        preAllocatedVUs: users,
        maxVUs: users,
        gracefulStop: `${workload.timeoutMs + GRACE_MS}ms`,
      },
    },
    // An arrival without a free user is dropped: then latency is that of fewer arrivals, and proves nothing.
    thresholds: { dropped_iterations: ['count==0'] },
  };
}

function paceOf(legs: readonly Leg[]) {
  const whole = wholeRateOf(legs);
  const timeUnit = `${whole.seconds}s`;
  const [first] = legs;
  const rate = whole.of(first?.rateRps ?? 0);
  if (legs.length === 1) return { executor: 'constant-arrival-rate', rate, timeUnit, duration: `${lengthMs(legs)}ms` };
  // A stage of no length makes the rate jump instead of climb. The last one, which counts for nothing, is there because k6 counts
  // these stages from when its users are ready, and their end from before: without it the last arrivals would be left out.
  const stages = [...legs, { rateRps: 1, durationMs: GRACE_MS }].flatMap(({ rateRps, durationMs }) => [
    { target: whole.of(rateRps), duration: '0s' },
    { target: whole.of(rateRps), duration: `${durationMs}ms` },
  ]);
  return { executor: 'ramping-arrival-rate', startRate: rate, timeUnit, stages };
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);
