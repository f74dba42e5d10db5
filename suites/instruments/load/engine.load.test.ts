// The engine against real servers of every temper. Their machine may be busy, so only starved.load.test.ts and the bench speak of health.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { LoadRequest, LoadResult, Workload } from '../../../gates/model.ts';
import { builtInEngine } from './engine.ts';
import { figuresOf } from './histogram.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', () => reject(new Error('The test server ended.')));
  });
}

async function server(): Promise<{ origin: string; requests(): Promise<number> }> {
  const child = fork(fileURLToPath(new URL('./test-server.ts', import.meta.url)), [], { execArgv: [] });
  children.push(child);
  const { port } = await answer<{ port: number }>(child);
  return {
    origin: `http://127.0.0.1:${port}`,
    requests: async () => {
      child.send('count');
      return (await answer<{ requests: number }>(child)).requests;
    },
  };
}

const get = (origin: string, path: string, weight = 1): LoadRequest => ({
  route: path.slice(1),
  method: 'GET',
  url: origin + path,
  headers: {},
  weight,
  ok: [200],
});
const workload = (requests: readonly LoadRequest[]): Workload => ({ requests, rateRps: 200, warmupMs: 200, durationMs: 1000, timeoutMs: 500, seed: 1 });

/** One for all tests: it calibrates once. */
const engine = builtInEngine({ workers: 2 });
const onLinux = test.runIf(process.platform === 'linux');

function drive(work: Workload): Promise<LoadResult> {
  return engine.run(work, () => undefined, new AbortController().signal);
}

test('every request is sent once, answered once, and counted on both sides', async () => {
  const { origin, requests } = await server();
  const result = await drive(workload([get(origin, '/ok')]));
  expect(result).toMatchObject({ scheduled: 200, sent: 200, answered: 200, failed: 0, failures: {}, perRoute: { ok: { answered: 200, failed: 0 } } });
  expect(await requests()).toBe(240); // With the warm-up's 40, which count nowhere else.
  expect(figuresOf(result.latency).n).toBe(200);
  expect(result.timeline.reduce((sum, bucket) => sum + bucket.n, 0)).toBe(200);
});

test('progress ends with everything done', async () => {
  const { origin } = await server();
  const told: string[] = [];
  await engine.run(workload([get(origin, '/ok')]), (done, total) => told.push(`${done}/${total}`), new AbortController().signal);
  expect(told.length).toBeGreaterThan(3);
  expect(told.at(-1)).toBe('240/240');
});

test('a status outside ok is a failure under its code, and its latency is that of the answer', async () => {
  const { origin } = await server();
  const result = await drive(workload([get(origin, '/refuses')]));
  expect(result).toMatchObject({ answered: 0, failed: 200, failures: { 'status 503 POOL_EXHAUSTED': 200 } });
  expect(figuresOf(result.latency).p50).toBeLessThan(500);
});

test('a request without an answer is a timeout, counted from its intended time and in the latency', async () => {
  const { origin } = await server();
  const startedMs = Date.now();
  const result = await drive(workload([get(origin, '/ok'), get(origin, '/hangs')]));
  expect(result.answered + result.failed).toBe(200);
  expect(result.failures).toEqual({ timeout: result.perRoute['hangs']?.failed });
  expect(figuresOf(result.perRoute['hangs']!.latency).p50).toBeGreaterThanOrEqual(499);
  expect(result.inFlight.max).toBeGreaterThan(30); // Little's law: 100 a second hang for half a second.
  expect(Date.now() - startedMs).toBeLessThan(10_000);
});

test('a server that nobody listens for is refused connections, each with the latency of a timeout', async () => {
  const result = await drive(workload([get('http://127.0.0.1:1', '/ok')]));
  expect(result).toMatchObject({ sent: 200, answered: 0, failed: 200, failures: { 'connection refused': 200 } });
  expect(figuresOf(result.latency).p50).toBeGreaterThanOrEqual(499);
});

test('a server that hangs up fails those requests and no others', async () => {
  const { origin } = await server();
  const result = await drive(workload([get(origin, '/ok', 3), get(origin, '/hangs-up')]));
  expect(Object.keys(result.failures)).toEqual(['connection lost']);
  expect(result.perRoute['ok']).toMatchObject({ failed: 0 });
});

test('a server that dies half-way leaves nothing unaccounted for', async () => {
  const { origin } = await server();
  const result = await drive({ ...workload([get(origin, '/ok', 50), get(origin, '/dies')]), warmupMs: 0 });
  expect(result.answered).toBeGreaterThan(0);
  expect(result.failed).toBeGreaterThan(0);
  expect(result.answered + result.failed).toBe(200);
  expect(Object.values(result.failures).reduce((a, b) => a + b, 0)).toBe(result.failed);
});

test('arrivals beyond the allowed connections are dropped, counted, and make the instrument sick', async () => {
  const { origin } = await server();
  const result = await builtInEngine({ workers: 1, maxConnections: 10 }).run(workload([get(origin, '/hangs')]), () => undefined, new AbortController().signal);
  expect(result.failures['dropped by the generator']).toBeGreaterThan(0);
  expect(result.answered + result.failed).toBe(200);
  expect(result.instrument).toMatchObject({ healthy: false, why: expect.stringMatching(/dropped arrivals \d+, limit == 0/) });
});

onLinux('an abort ends the run and its workers long before its end', async () => {
  const { origin } = await server();
  const abort = new AbortController();
  const running = engine.run(
    { ...workload([get(origin, '/ok')]), durationMs: 60_000 },
    (done) => {
      if (done > 10) abort.abort(new Error('stopped by the test'));
    },
    abort.signal,
  );
  let abortedMs = 0;
  abort.signal.addEventListener('abort', () => (abortedMs = performance.now()));
  await expect(running).rejects.toThrow('stopped by the test');
  // The workload lasts a minute.
  expect(performance.now() - abortedMs).toBeLessThan(15_000);
  await expect.poll(() => workersOf(process.pid), { timeout: 15_000 }).toEqual([]);
});

onLinux('the workers end when their parent is killed', async () => {
  const { origin, requests } = await server();
  const parent = fork(fileURLToPath(new URL('./test-parent.ts', import.meta.url)), [origin], { execArgv: [] });
  children.push(parent);
  await answer(parent);
  const workers = workersOf(parent.pid!);
  expect(workers.length).toBeGreaterThan(0);
  parent.kill('SIGKILL');
  await expect.poll(() => workers.filter(isAlive), { timeout: 2000 }).toEqual([]);
  const after = await requests();
  expect(await requests()).toBe(after);
});

/** Processes whose parent is `pid` and which run the worker's file. */
function workersOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((candidate) => candidate > 0 && isAlive(candidate) && parentOf(candidate) === pid && commandOf(candidate).includes('load/worker'));
}
const commandOf = (pid: number): string => readProc(`/proc/${pid}/cmdline`);
const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(readProc(`/proc/${pid}/status`))?.[1]);
const isAlive = (pid: number): boolean => /^State:\s+[^ZX]/m.test(readProc(`/proc/${pid}/status`));
function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It ended while we looked.
  }
}
