// Main file of the known-stall server: 5 ms of service, and every 10 s a pause of 1 s in which nothing happens at all. It logs the truth.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';

/** Header with the intended send time, µs since the epoch. Client and server are on one machine and share its clock. */
const INTENDED_HEADER = 'x-naap-gate-intended';

// INSTRUMENTS.md, "API load": the known-stall server.
const SERVICE_MS = 5;
const PAUSE_MS = 1000;
const PAUSE_EVERY_MS = 10_000;

/** Pairs, in order of the answers: when it was to be sent, when its answer had been handed to the system; ms since the epoch. */
const log: number[] = [];

const server = createServer((request, response) => {
  const intendedUs = Number(request.headers[INTENDED_HEADER]);
  if (Number.isFinite(intendedUs)) response.on('finish', () => log.push(intendedUs / 1000, performance.timeOrigin + performance.now()));
  setTimeout(() => response.end('ok'), SERVICE_MS);
});
server.keepAliveTimeout = 60_000;

/** The whole process sleeps in the kernel: no CPU is used, connections wait in the backlog, and due timers fire late. */
const pause = new Int32Array(new SharedArrayBuffer(4));
setInterval(() => Atomics.wait(pause, 0, 0, PAUSE_MS), PAUSE_EVERY_MS);

process.on('message', () => {
  process.send?.({ log });
  log.length = 0;
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', 4096, () => process.send?.({ port: (server.address() as AddressInfo).port }));
