// autocannon as a load engine, for capacity and cross-check only: a closed loop, whose latency no verdict may rest on. Made by cli/.
import { type ChildProcess, fork } from 'node:child_process';
import { GateError, type LoadEngine, type LoadResult, type Workload } from '../../../../gates/model.ts';
import { rounded } from '../engine.ts';
import { siblingPath } from '../fleet.ts';
import { figuresOf, histogram, mergeEncoded } from '../histogram.ts';
import type { AutocannonEnded, AutocannonOrder, FromAutocannon } from './protocol.ts';

/** The package's, pinned in package.json. */
const VERSION = '9';
/** Enough for a server that answers within the plan's P50 limit (§3.6: "P50 latency < 100ms"): rate × 0.1 s. */
const CONNECTIONS_PER_RPS = 0.1;
const FEWEST_CONNECTIONS = 10;
const CLOSED_LOOP =
  'a closed loop waits for an answer before it sends more, so that its latency leaves out what a slow server held back: autocannon is for capacity and cross-check only';
const NOTHING: AutocannonEnded = { type: 'ended', service: histogram(1).encode(), answered: 0, failures: {} };

/** Its instrument is never healthy: what was answered can be read from its facts, and nothing can pass by it. `run` throws GateError INTERNAL; an abort throws the signal's reason. */
export function autocannonEngine(): LoadEngine {
  return {
    name: 'autocannon',
    run: async (workload, onProgress, signal) => {
      signal.throwIfAborted();
      const startedAt = new Date(Date.now() + workload.warmupMs);
      const scheduled = Math.round((workload.rateRps * workload.durationMs) / 1000);
      const connections = Math.max(FEWEST_CONNECTIONS, Math.ceil(workload.rateRps * CONNECTIONS_PER_RPS));
      const cannot = whyNot(workload);
      const ended =
        cannot === undefined ? await runAutocannon({ workload, connections }, (done) => onProgress(Math.min(done, scheduled), scheduled), signal) : NOTHING;
      return resultOf(ended, { workload, scheduled, connections, startedAt, why: cannot ?? `${CLOSED_LOOP}; ${capacityWords(ended, workload, connections)}` });
    },
  };
}

function capacityWords({ answered }: AutocannonEnded, { rateRps, durationMs }: Workload, connections: number): string {
  return `over ${connections} connections ${Math.round((1000 * answered) / durationMs)} of ${rateRps} req/s were answered`;
}

/** What it cannot do; then nothing is sent. */
function whyNot({ requests, stages }: Workload): string | undefined {
  if (stages !== undefined) return 'autocannon cannot change its rate in the middle of a run; nothing was sent';
  const origins = new Set(requests.map(({ url }) => new URL(url).origin));
  if (origins.size !== 1) return `autocannon sends to one origin, and these are ${origins.size}; nothing was sent`;
  const [origin = ''] = origins;
  const { protocol, hostname } = new URL(origin);
  // It switches the check of certificates off (lib/httpClient.js), and the requests carry sessions.
  if (protocol === 'https:' && !isLoopback(hostname))
    return 'autocannon does not verify certificates, so it gets no session for another machine; nothing was sent';
  return undefined;
}

const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);

async function runAutocannon(order: AutocannonOrder, onProgress: (done: number) => void, signal: AbortSignal): Promise<AutocannonEnded> {
  const child = fork(siblingPath('autocannon/main'), [], { execArgv: [] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    child.send(order);
    return await hear(child, onProgress);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function hear(child: ChildProcess, onProgress: (done: number) => void): Promise<AutocannonEnded> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => reject(new GateError('INTERNAL', `The process that runs autocannon ended early (${by ?? `exit ${code}`}).`)));
    child.on('message', (message: FromAutocannon) => {
      switch (message.type) {
        case 'progress':
          return onProgress(message.done);
        case 'ended':
          return resolve(message);
        case 'failed':
          return reject(new GateError('INTERNAL', `autocannon failed: ${message.message}`));
        default:
          return message satisfies never;
      }
    });
  });
}

interface Run {
  readonly workload: Workload;
  readonly scheduled: number;
  readonly connections: number;
  readonly startedAt: Date;
  readonly why: string;
}

function resultOf({ service, answered, failures }: AutocannonEnded, { workload, scheduled, connections, startedAt, why }: Run): LoadResult {
  const refused = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const unsent = Math.max(0, scheduled - answered - refused);
  const payload = mergeEncoded([service]);
  const figures = figuresOf(payload);
  const answeredRps = (1000 * answered) / workload.durationMs;
  const facts = { answeredRps, connections, serviceP50Ms: figures.p50, serviceP99Ms: figures.p99, offeredRps: workload.rateRps };
  return {
    latency: payload,
    service: payload,
    perRoute: {},
    scheduled,
    sent: answered + refused,
    answered,
    failed: Math.max(refused, scheduled - answered),
    failures: unsent === 0 ? failures : { ...failures, 'not sent': unsent },
    // Little's law for the mean; a closed loop never has more in flight than connections.
    inFlight: { mean: figures.n === 0 ? 0 : (answeredRps * figures.mean) / 1000, max: connections },
    timeline: [],
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    instrument: { name: 'autocannon', version: VERSION, healthy: false, why, facts: rounded(facts) },
  };
}
