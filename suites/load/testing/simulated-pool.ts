// Main file of a small API behind a simulated connection pool; the load checks' tests start it healthy and with each defect.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Defects {
  readonly poolSize?: number;
  /** Requests to `/api/leaky` keep their connection. */
  readonly leaks?: boolean;
  /** Every request waits so long without a connection, ms. */
  readonly addedMs?: number;
  /** Every fiftieth request waits so long without a connection, ms. */
  readonly slowMs?: number;
  /** One request in so many answers 500. */
  readonly errorEvery?: number;
}

const HOLD_MS = 3;
/** As long as the twin's pool makes a request wait before it answers 503. */
const ACQUIRE_WITHIN_MS = 2000;

const defects = JSON.parse(process.argv[2] ?? '{}') as Defects;
const size = defects.poolSize ?? 20;
const waiting: ((given: boolean) => void)[] = [];
let inUse = 0;
let served = 0;

function acquire(): Promise<boolean> {
  if (inUse < size) {
    inUse += 1;
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    const give = (given: boolean): void => {
      clearTimeout(timer);
      resolve(given);
    };
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(give), 1);
      resolve(false);
    }, ACQUIRE_WITHIN_MS);
    waiting.push(give);
  });
}

function release(): void {
  const next = waiting.shift();
  if (next === undefined) inUse -= 1;
  else next(true);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const refusal = (code: string) => ({ success: false, error: { code, message: code }, meta: {} });

const server = createServer((request, response) => {
  void handle(request.url ?? '/', response);
});

async function handle(path: string, response: ServerResponse): Promise<void> {
  if (path === '/api/health') return answer(response, 200, { database: { pool: { waiting: waiting.length, inUse, size } } });
  served += 1;
  if (defects.errorEvery !== undefined && served % defects.errorEvery === 0) return answer(response, 500, refusal('INTERNAL'));
  const waitMs = (defects.addedMs ?? 0) + (served % 50 === 0 ? (defects.slowMs ?? 0) : 0);
  if (waitMs > 0) await pause(waitMs);
  if (!(await acquire())) return answer(response, 503, refusal('POOL_EXHAUSTED'));
  await pause(HOLD_MS);
  if (!(defects.leaks === true && path === '/api/leaky')) release();
  answer(response, 200, { success: true, data: {}, meta: {} });
}

process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', 4096, () => process.send?.({ port: (server.address() as AddressInfo).port }));
