// Main file of the process that runs autocannon once, records its answers itself, and ends when its parent does.
import autocannon from 'autocannon';
import { histogram } from '../histogram.ts';
import { mixOf } from '../mix.ts';
import type { AutocannonOrder, FromAutocannon } from './protocol.ts';

const PROGRESS_EVERY_MS = 250;
/** Requests that each connection sends one after another, over and over: enough that the mix keeps its weights. */
const MIX_LENGTH = 200;

function tell(message: FromAutocannon): void {
  process.send?.(message);
}

/** Its own correction for coordinated omission is off: it records at a 1 ms interval whatever the rate (INSTRUMENTS.md, "API load"). */
async function run({ workload, connections }: AutocannonOrder): Promise<void> {
  const { requests, rateRps, warmupMs, durationMs, timeoutMs, seed } = workload;
  const service = histogram(timeoutMs);
  const failures = new Map<string, number>();
  let answered = 0;
  let windowFromMs = Infinity;
  const counts = (): boolean => performance.now() >= windowFromMs && performance.now() < windowFromMs + durationMs;
  const fail = (kind: string): void => void failures.set(kind, (failures.get(kind) ?? 0) + 1);
  const settle = (status: number, ok: ReadonlySet<number>): void => {
    if (!counts()) return;
    if (ok.has(status)) answered += 1;
    else fail(`status ${status}`);
  };
  const templates = requests.map(({ method, url, headers, body, ok }) => {
    const { pathname, search } = new URL(url);
    const served = new Set(ok);
    return { method, path: pathname + search, headers, body, onResponse: (status: number) => settle(status, served) };
  });
  const pick = mixOf(requests, seed);
  const instance = autocannon({
    url: new URL(requests[0]!.url).origin,
    connections,
    duration: (warmupMs + durationMs) / 1000,
    overallRate: rateRps,
    ignoreCoordinatedOmission: true,
    timeout: timeoutMs / 1000,
    requests: Array.from({ length: MIX_LENGTH }, (_, index) => templates[pick(index)]!),
  });
  instance.on('start', () => {
    windowFromMs = performance.now() + warmupMs;
  });
  instance.on('response', (_client, _status, _bytes, responseTimeMs) => {
    if (counts()) service.record(responseTimeMs);
  });
  instance.on('reqError', (error) => {
    if (counts()) fail((error as NodeJS.ErrnoException).code === undefined ? 'timeout' : `transport ${(error as NodeJS.ErrnoException).code}`);
  });
  const ticking = setInterval(() => tell({ type: 'progress', done: service.count }), PROGRESS_EVERY_MS);
  await instance;
  clearInterval(ticking);
  tell({ type: 'ended', service: service.encode(), answered, failures: Object.fromEntries(failures) });
}

process.on('disconnect', () => process.exit(0));
process.once('message', (order: AutocannonOrder) => {
  run(order).catch((error: unknown) => tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
});
