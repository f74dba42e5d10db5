// Accuracy of the load engines against a server that stalls on purpose and logs the truth. Used by bench/load/bench.ts.
import type { ChildProcess } from 'node:child_process';
import { builtInEngine } from '../../suites/instruments/load/engine.ts';
import { figuresOf } from '../../suites/instruments/load/histogram.ts';
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

export interface AccuracyRound {
  /** Response end minus intended send time, from the server's log of our engine's run. */
  readonly truth: Quantiles;
  readonly ours: Quantiles;
  readonly autocannon: Quantiles;
  readonly autocannonUncorrected: Quantiles;
  readonly requests: number;
  readonly healthy: boolean;
  readonly why: string | undefined;
}

/** One round of every engine, one after another, each against a server of its own. */
export async function accuracyRound(durationMs: number): Promise<AccuracyRound> {
  const ours = await withStallServer((port, server) => oursOnce(port, server, durationMs));
  const theirs = await withStallServer((port) => autocannonOnce(port, durationMs));
  return { ...ours, ...theirs };
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

async function oursOnce(
  port: number,
  server: ChildProcess,
  durationMs: number,
): Promise<Pick<AccuracyRound, 'truth' | 'ours' | 'requests' | 'healthy' | 'why'>> {
  const request = { route: 'stall', method: 'GET' as const, url: `http://127.0.0.1:${port}/`, headers: {}, weight: 1, ok: [200] };
  const engine = builtInEngine({ intendedHeader: INTENDED_HEADER });
  const result = await engine.run(
    { requests: [request], rateRps: RATE_RPS, warmupMs: WARMUP_MS, durationMs, timeoutMs: 10_000, seed: 1 },
    () => undefined,
    new AbortController().signal,
  );
  const { log } = await hear<{ log: readonly number[] }>(server, 'log');
  const truth = exactQuantiles(latenciesSince(log, Date.parse(result.startedAt)));
  const { p50, p95, p99, n } = figuresOf(result.latency);
  return { truth, ours: { p50, p95, p99 }, requests: n, healthy: result.instrument.healthy, why: result.instrument.why };
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
