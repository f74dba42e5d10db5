// Accuracy of the load engines against a server that stalls on purpose and logs the truth. Used by bench/load/bench.ts.
import type { ChildProcess } from 'node:child_process';
import type { LoadEngine } from '../../gates/model.ts';
import { builtInEngine } from '../../suites/instruments/load/engine.ts';
import { figuresOf } from '../../suites/instruments/load/histogram.ts';
import { k6Engine } from '../../suites/instruments/load/k6/engine.ts';
import type { Binary } from '../../suites/instruments/load/k6/find-k6.ts';
import type { AutocannonReport } from './autocannon-child.ts';
import { hear, start } from './child.ts';
import { exactQuantiles } from './quantiles.ts';
import type { Quantiles } from './quantiles.ts';

// INSTRUMENTS.md, "API load": 1000 req/s for 40 s.
const RATE_RPS = 1000;
const WARMUP_MS = 2000;
const INTENDED_HEADER = 'x-naap-gate-intended';
/** autocannon's connections: enough for the requests of a whole pause, so that it is not held back by their number. */
const AUTOCANNON_CONNECTIONS = 50;

/** A run of an engine that sends its intended times along. */
export interface OpenModelRun {
  /** Response end minus intended send time, from the server's log of this run. */
  readonly truth: Quantiles;
  readonly reported: Quantiles;
  readonly requests: number;
  readonly healthy: boolean;
  readonly why: string | undefined;
  /** CPU of the generator a request, ms; absent where the system does not tell. */
  readonly cpuMsPerRequest: number | undefined;
}
export interface AccuracyRound {
  readonly ours: OpenModelRun;
  /** Undefined where there is no k6. */
  readonly k6: OpenModelRun | undefined;
  readonly autocannon: Quantiles;
  readonly autocannonUncorrected: Quantiles;
}

/** One round of every engine, one after another, each against a server of its own. */
export async function accuracyRound(durationMs: number, k6: Binary | undefined): Promise<AccuracyRound> {
  const run = (engine: LoadEngine): Promise<OpenModelRun> => withStallServer((port, server) => openModelOnce(engine, { port, server, durationMs }));
  const ours = await run(builtInEngine({ intendedHeader: INTENDED_HEADER }));
  const theirs = k6 === undefined ? undefined : await run(k6Engine({ ...k6, intendedHeader: INTENDED_HEADER }));
  return { ours, k6: theirs, ...(await withStallServer((port) => autocannonOnce(port, durationMs))) };
}

async function withStallServer<T>(use: (port: number, server: ChildProcess) => Promise<T>): Promise<T> {
  const server = start('./stall-server.ts');
  try {
    const { port } = await hear<{ port: number }>(server);
    return await use(port, server);
  } finally {
    server.kill('SIGKILL');
  }
}

interface Bench {
  readonly port: number;
  readonly server: ChildProcess;
  readonly durationMs: number;
}

async function openModelOnce(engine: LoadEngine, { port, server, durationMs }: Bench): Promise<OpenModelRun> {
  const request = { route: 'stall', method: 'GET' as const, url: `http://127.0.0.1:${port}/`, headers: {}, weight: 1, ok: [200] };
  const result = await engine.run(
    { requests: [request], rateRps: RATE_RPS, warmupMs: WARMUP_MS, durationMs, timeoutMs: 10_000, seed: 1 },
    () => undefined,
    new AbortController().signal,
  );
  const { log } = await hear<{ log: readonly number[] }>(server, 'log');
  // k6 tells a script its start in whole ms, so that its header is early by the rest, which its points give.
  const earlyMs = Number(result.instrument.facts?.['startFractionMs'] ?? 0);
  const truth = exactQuantiles(latenciesSince(log, Date.parse(result.startedAt)).map((latencyMs) => latencyMs - earlyMs));
  const { p50, p95, p99, n } = figuresOf(result.latency);
  const { healthy, why, facts = {} } = result.instrument;
  return { truth, reported: { p50, p95, p99 }, requests: n, healthy, why, cpuMsPerRequest: cpuMsPerRequest(facts, n, durationMs) };
}

/** Ours tells the cores that it used in the window; k6 all CPU seconds, of which the warm-up and the start of its users are a part. */
function cpuMsPerRequest(facts: Readonly<Record<string, unknown>>, requests: number, durationMs: number): number | undefined {
  if (typeof facts['cpuCores'] === 'number') return (facts['cpuCores'] * durationMs) / requests;
  const sent = (RATE_RPS * (WARMUP_MS + durationMs)) / 1000 + Number(facts['virtualUsers']);
  return typeof facts['cpuSeconds'] === 'number' ? (1000 * facts['cpuSeconds']) / sent : undefined;
}

/** Of the pairs (intended, ended) those that were due since the window opened. */
function latenciesSince(log: readonly number[], fromMs: number): readonly number[] {
  const latencies: number[] = [];
  for (let at = 0; at < log.length; at += 2) if (log[at]! >= fromMs - 0.001) latencies.push(log[at + 1]! - log[at]!);
  return latencies;
}

/** Its requests carry no intended time, so that there is no truth of its own run: it is held against that of the open model in the same conditions. */
async function autocannonOnce(port: number, durationMs: number): Promise<Pick<AccuracyRound, 'autocannon' | 'autocannonUncorrected'>> {
  const child = start('./autocannon-child.ts');
  try {
    const report = await hear<AutocannonReport>(child, {
      url: `http://127.0.0.1:${port}/`,
      connections: AUTOCANNON_CONNECTIONS,
      durationS: durationMs / 1000,
      rateRps: RATE_RPS,
    });
    const { p50, p95, p99 } = figuresOf({ shape: 'histogram', hdr: report.recorded, perUnit: 1000 });
    return { autocannon: { p50: report.corrected.p50, p95: null, p99: report.corrected.p99 }, autocannonUncorrected: { p50, p95, p99 } };
  } finally {
    child.kill('SIGKILL');
  }
}
