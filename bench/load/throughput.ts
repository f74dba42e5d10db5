// How much one worker can do beside wrk and autocannon, all against the null responder. Used by bench/load/bench.ts.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openFleet } from '../../suites/instruments/load/fleet.ts';
import { complaints } from '../../suites/instruments/load/innocence.ts';
import { mergeShards } from '../../suites/instruments/load/merge.ts';
import type { AutocannonReport } from './autocannon-child.ts';
import { hear, start } from './child.ts';

const CONNECTIONS = 50;
/** Steps in which our rate is raised until the proof of innocence fails or an answer is missing. */
const STEP_RPS = 1000;
const FROM_RPS = 2000;
const TO_RPS = 20_000;
const STEP_MS = 1500;

export interface ThroughputRound {
  /** Highest constant arrival rate at which one worker proves its innocence, req/s. Closed loops have no such limit to keep. */
  readonly ours: number;
  /** Most that a closed loop of 50 connections got answered, req/s. */
  readonly autocannon: number;
  /** Null where wrk is not installed. */
  readonly wrk: number | null;
}

export async function throughputRound(durationS: number): Promise<ThroughputRound> {
  const responder = start('../../suites/instruments/load/null-responder.ts');
  try {
    const { port } = await hear<{ port: number }>(responder);
    const url = `http://127.0.0.1:${port}/`;
    return { ours: await highestInnocentRate(url), autocannon: await autocannonRate(url, durationS), wrk: await wrkRate(url, durationS) };
  } finally {
    responder.kill('SIGKILL');
  }
}

async function highestInnocentRate(url: string): Promise<number> {
  const fleet = await openFleet(1, new AbortController().signal);
  const request = { route: 'null', method: 'GET' as const, url, headers: {}, weight: 1, ok: [204] };
  try {
    let highest = 0;
    for (let rateRps = FROM_RPS; rateRps <= TO_RPS; rateRps += STEP_RPS) {
      const workload = { requests: [request], rateRps, warmupMs: 500, durationMs: STEP_MS, timeoutMs: 1000, seed: 1 };
      const startAtMs = Date.now() + 50;
      const merged = mergeShards(
        await fleet.run(
          (index) => ({ workload, index, of: 1, startAtMs, maxInFlight: 5000, reserve: 0 }),
          () => undefined,
        ),
      );
      if (merged.failed > 0 || complaints(merged.vitals).length > 0) break;
      highest = rateRps;
    }
    return highest;
  } finally {
    fleet.end();
  }
}

async function autocannonRate(url: string, durationS: number): Promise<number> {
  const child = start('./autocannon-child.ts');
  try {
    return (await hear<AutocannonReport>(child, { url, connections: CONNECTIONS, durationS })).averageRps;
  } finally {
    child.kill('SIGKILL');
  }
}

async function wrkRate(url: string, durationS: number): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${durationS}s`, url]);
    const rate = Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]);
    if (!Number.isFinite(rate)) throw new Error(`wrk printed no rate: ${stdout}`);
    return rate;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
