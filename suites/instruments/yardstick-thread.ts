// The thread of yardstick.ts: works until it has used its share of CPU, and tells how much longer that took.
import { parentPort } from 'node:worker_threads';

/** Longer than a scheduler lets a thread that has slept run ahead of the others (some milliseconds), so that a full machine shows. */
const WORK_MS = 20;

parentPort?.on('message', () => {
  const startedMs = performance.now();
  // Of the whole process, because older Nodes do not tell it of a thread; while a check waits for an answer the others are at rest.
  const before = process.cpuUsage();
  const usedMs = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  while (usedMs() < WORK_MS) Math.hypot(startedMs, WORK_MS);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage((performance.now() - startedMs) / usedMs());
});
