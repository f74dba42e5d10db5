// Main file of a process that runs autocannon once, so that it has a process of its own as our workers have.
import autocannon from 'autocannon';
import { histogram } from '../../suites/instruments/load/histogram.ts';

export interface AutocannonOrder {
  readonly url: string;
  readonly connections: number;
  readonly durationS: number;
  /** Requests a second; absent: as many as it can. */
  readonly rateRps?: number;
}
export interface AutocannonReport {
  /** As it prints them, ms; its own correction for coordinated omission is on. It has no P95. */
  readonly corrected: { readonly p50: number; readonly p99: number };
  /** Its `response` events in our recorder: HDR of µs, compressed, base64. */
  readonly recorded: string;
  readonly requests: number;
  readonly averageRps: number;
}

process.on('message', (order: AutocannonOrder) => void run(order));
process.on('disconnect', () => process.exit(0));

async function run({ url, connections, durationS, rateRps }: AutocannonOrder): Promise<void> {
  const own = histogram(60_000);
  const instance = autocannon({ url, connections, duration: durationS, ...(rateRps === undefined ? {} : { overallRate: rateRps }) });
  if (rateRps !== undefined) instance.on('response', (_client, _status, _bytes, responseTimeMs) => own.record(responseTimeMs));
  const result = await instance;
  const report: AutocannonReport = {
    corrected: { p50: result.latency.p50, p99: result.latency.p99 },
    recorded: own.encode(),
    requests: result.requests.total,
    averageRps: result.requests.average,
  };
  process.send?.(report);
}
