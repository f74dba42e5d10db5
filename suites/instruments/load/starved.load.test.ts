// The instrument's most important word: starved of CPU, it says so. Busy loops share its cores; the target stays quick.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { fork } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { builtInEngine } from './engine.ts';

/** Busy loops a core: with four, each other process gets about a fifth of it. */
const LOOPS_A_CORE = 4;
/** They end by themselves, whatever becomes of the test. */
const LOOP_SECONDS = 30;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const hasTaskset = spawnSync('taskset', ['--version']).error === undefined;

function startBusyLoops(): void {
  const loop = `const end = Date.now() + ${LOOP_SECONDS * 1000}; while (Date.now() < end);`;
  for (let core = 0; core < availableParallelism(); core += 1) {
    for (let count = 0; count < LOOPS_A_CORE; count += 1) {
      children.push(hasTaskset ? spawn('taskset', ['-c', String(core), process.execPath, '-e', loop]) : spawn(process.execPath, ['-e', loop]));
    }
  }
}

test('starved of CPU it calls itself sick, with figure and limit', async () => {
  const target = fork(fileURLToPath(new URL('./null-responder.ts', import.meta.url)), [], { execArgv: [] });
  children.push(target);
  const { port } = await new Promise<{ port: number }>((resolve) => target.once('message', (message) => resolve(message as { port: number })));
  const request = { route: 'null', method: 'GET' as const, url: `http://127.0.0.1:${port}/`, headers: {}, weight: 1, ok: [204] };
  startBusyLoops();
  const { instrument } = await builtInEngine().run(
    { requests: [request], rateRps: 1000, warmupMs: 500, durationMs: 3000, timeoutMs: 5000, seed: 1 },
    () => undefined,
    new AbortController().signal,
  );
  expect(instrument.healthy).toBe(false);
  expect(instrument.why).toMatch(/(schedule lag P99|event-loop delay P99|event-loop delay max) [\d.]+ ms, limit < \d+ ms/);
}, 60_000);
