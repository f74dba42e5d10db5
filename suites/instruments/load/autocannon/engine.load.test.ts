// autocannon against a real server: what it counts is right, and nothing can pass by it.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { LoadRequest, LoadResult, Workload } from '../../../../gates/model.ts';
import { figuresOf } from '../histogram.ts';
import { autocannonEngine } from './engine.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function origin(): Promise<string> {
  const child = fork(fileURLToPath(new URL('../test-server.ts', import.meta.url)), [], { execArgv: [] });
  children.push(child);
  const { port } = await new Promise<{ port: number }>((resolve) => child.once('message', (message) => resolve(message as { port: number })));
  return `http://127.0.0.1:${port}`;
}
const get = (at: string, path: string, weight = 1): LoadRequest => ({ route: path.slice(1), method: 'GET', url: at + path, headers: {}, weight, ok: [200] });
const workload = (requests: readonly LoadRequest[]): Workload => ({ requests, rateRps: 200, warmupMs: 0, durationMs: 2000, timeoutMs: 1000, seed: 1 });
function drive(work: Workload, signal = new AbortController().signal): Promise<LoadResult> {
  return autocannonEngine().run(work, () => undefined, signal);
}

test('answers are counted and timed, refusals told apart, and the instrument is never healthy', async () => {
  const at = await origin();
  const result = await drive(workload([get(at, '/ok', 3), get(at, '/refuses')]));
  expect(result.scheduled).toBe(400);
  expect(result.answered).toBeGreaterThan(200);
  expect(result.failures['status 503']).toBeGreaterThan(50);
  expect(figuresOf(result.service).n).toBe(result.answered + (result.failures['status 503'] ?? 0));
  expect(result.instrument).toMatchObject({
    name: 'autocannon',
    healthy: false,
    why: expect.stringMatching(/closed loop.*over 20 connections \d+ of 200 req\/s were answered/),
  });
  expect(result.instrument.facts?.['answeredRps']).toBeGreaterThan(100);
});

test('what it cannot do, it does not send, and says so', async () => {
  const stepped = await drive({ ...workload([get(await origin(), '/ok')]), stages: [{ durationMs: 2000, rateRps: 200 }] });
  expect(stepped).toMatchObject({ sent: 0, answered: 0, failed: 400, instrument: { healthy: false, why: expect.stringContaining('cannot change its rate') } });
  const elsewhere = await drive(workload([get('https://127.example', '/ok')]));
  expect(elsewhere).toMatchObject({ sent: 0, instrument: { healthy: false, why: expect.stringContaining('does not verify certificates') } });
});

test('an abort ends it long before its end', async () => {
  const stop = new AbortController();
  const running = autocannonEngine().run(
    { ...workload([get(await origin(), '/ok')]), durationMs: 60_000 },
    (done) => done > 10 && stop.abort(new Error('stopped by the test')),
    stop.signal,
  );
  let abortedMs = 0;
  stop.signal.addEventListener('abort', () => (abortedMs = performance.now()));
  await expect(running).rejects.toThrow('stopped by the test');
  // The workload lasts a minute.
  expect(performance.now() - abortedMs).toBeLessThan(15_000);
});
