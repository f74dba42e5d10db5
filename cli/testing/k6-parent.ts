// Main file of a process that drives k6 and is then killed by a test, which looks what becomes of k6. Arguments: path of k6, origin.
import { k6Engine } from '../../suites/instruments/load/k6/engine.ts';

const [path = '', origin = ''] = process.argv.slice(2);
const request = { route: 'ok', method: 'GET' as const, url: `${origin}/ok`, headers: {}, weight: 1, ok: [200] };
let told = false;
await k6Engine({ path, version: 'v2' }).run(
  { requests: [request], rateRps: 50, warmupMs: 0, durationMs: 60_000, timeoutMs: 1000, seed: 1 },
  (done) => {
    if (done > 5 && !told) process.send?.('under way');
    told ||= done > 5;
  },
  new AbortController().signal,
);
