// Main file of a process that drives the engine and is then killed by a test, which looks what becomes of the workers.
import { builtInEngine } from './engine.ts';

const origin = process.argv[2] ?? '';
const request = { route: 'ok', method: 'GET' as const, url: `${origin}/ok`, headers: {}, weight: 1, ok: [200] };
let told = false;
await builtInEngine({ workers: 2 }).run(
  { requests: [request], rateRps: 100, warmupMs: 0, durationMs: 60_000, timeoutMs: 1000, seed: 1 },
  (done) => {
    if (done > 10 && !told) {
      told = true;
      process.send?.('under way');
    }
  },
  new AbortController().signal,
);
