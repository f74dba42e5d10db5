// The real k6, found or built as a run finds it, against servers of every temper. NAAP_GATE_K6=absent: as on a machine that has none;
// =required: it must be there. It stands here, not beside the engine, because where k6 is kept is known to cli/ alone.
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { makeCertificates } from '../fixtures/twin/certificates.ts';
import type { LoadRequest, LoadResult, Workload } from '../gates/model.ts';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { figuresOf } from '../suites/instruments/load/histogram.ts';
import { k6Engine } from '../suites/instruments/load/k6/engine.ts';
import { findK6, placesOn } from '../suites/instruments/load/k6/find-k6.ts';

const wish = process.env['NAAP_GATE_K6'];
const found =
  wish === 'absent'
    ? { whys: ['NAAP_GATE_K6 is absent'] }
    : await findK6(
        placesOn({
          cacheDir: cacheFolder(),
          variables: process.env,
          signal: new AbortController().signal,
          say: (text) => void process.stderr.write(`${text}\n`),
        }),
      );
const k6 = 'path' in found ? found : undefined;
const whys = 'path' in found ? '' : found.whys.join('; ');

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function start(path: string, args: readonly string[] = []): ChildProcess {
  // Those that lose their k6 to a test complain of it.
  const child = fork(fileURLToPath(new URL(path, import.meta.url)), args, { execArgv: [], stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
  ends.push(() => void child.kill('SIGKILL'));
  return child;
}
function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', () => reject(new Error('The process ended without a word.')));
  });
}
async function server(): Promise<{ readonly origin: string; requests(): Promise<number> }> {
  const child = start('../suites/instruments/load/test-server.ts');
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
/** One user for each request that can be in flight within the timeout, and 50 to spare. */
const USERS = 150;

function drive(
  work: Workload,
  more: { readonly signal?: AbortSignal; readonly maxConnections?: number; readonly onProgress?: (done: number) => void } = {},
): Promise<LoadResult> {
  const engine = k6Engine({ path: k6!.path, version: k6!.version, maxConnections: more.maxConnections });
  return engine.run(work, more.onProgress ?? (() => undefined), more.signal ?? new AbortController().signal);
}

test.runIf(wish === 'required')('k6 is there, as NAAP_GATE_K6=required demands', () => {
  expect(whys).toBe('');
});

// The reason stands in the name, so that a skip tells it.
describe.skipIf(k6 === undefined)(`k6 ${k6 === undefined ? `is not here (${whys})` : k6.version}`, () => {
  test('every request is sent once, answered once, and counted on both sides', async () => {
    const { origin, requests } = await server();
    const result = await drive(workload([get(origin, '/ok', 3), get(origin, '/ok?again')]));
    expect(result).toMatchObject({ scheduled: 200, sent: 200, answered: 200, failed: 0, failures: {} });
    expect(result.instrument).toMatchObject({ name: 'k6', version: k6?.version, facts: { dropped: 0, sentRatio: 1, virtualUsers: USERS } });
    expect(figuresOf(result.latency).n).toBe(200);
    expect((result.perRoute['ok']?.answered ?? 0) + (result.perRoute['ok?again']?.answered ?? 0)).toBe(200);
    const sent = (await requests()) - USERS; // Each user opens its connection with one.
    expect(sent).toBeGreaterThanOrEqual(240); // With the warm-up's 40.
    expect(sent).toBeLessThanOrEqual(242); // k6 may start one or two more in the moment that the schedule ends.
  });

  test('stepped rates send what their stages add up to', async () => {
    const { origin } = await server();
    const stages = [
      { durationMs: 500, rateRps: 100 },
      { durationMs: 500, rateRps: 400 },
    ];
    const result = await drive({ ...workload([get(origin, '/ok')]), stages });
    expect(result).toMatchObject({ scheduled: 250, sent: 250, answered: 250, failures: {} });
    expect(result.timeline.at(-1)?.n).toBeGreaterThan(30); // 40 in the last tenth of a second.
  });

  test('a refusal is told with the code of its body, and its latency is that of the answer', async () => {
    const { origin } = await server();
    const result = await drive(workload([get(origin, '/refuses')]));
    expect(result).toMatchObject({ answered: 0, failed: 200, failures: { 'status 503 POOL_EXHAUSTED': 200 } });
    expect(figuresOf(result.latency).p50).toBeLessThan(500);
  });

  test('a request without an answer is a timeout, in the latency too', async () => {
    const { origin } = await server();
    const result = await drive(workload([get(origin, '/ok'), get(origin, '/hangs')]));
    expect(result.answered + result.failed).toBe(200);
    expect(result.failures).toEqual({ timeout: result.perRoute['hangs']?.failed });
    expect(figuresOf(result.perRoute['hangs']!.latency).p50).toBeGreaterThanOrEqual(499);
    expect(result.inFlight.max).toBeGreaterThan(30); // Little's law: 100 a second hang for half a second.
  });

  test('a server that nobody listens for, and one that hangs up, fail those requests', async () => {
    const { origin } = await server();
    const refused = await drive(workload([get('http://127.0.0.1:1', '/ok')]));
    expect(refused).toMatchObject({ answered: 0, failed: 200, failures: { 'connection refused': 200 } });
    const hungUp = await drive(workload([get(origin, '/ok', 3), get(origin, '/hangs-up')]));
    expect(hungUp.perRoute['ok']).toMatchObject({ failed: 0 });
    expect(hungUp.perRoute['hangs-up']).toMatchObject({ answered: 0 });
  });

  test('a server too slow for the users that k6 may have makes it drop arrivals, and those make it sick', async () => {
    const { origin } = await server();
    const result = await drive(workload([get(origin, '/hangs')]), { maxConnections: 10 });
    expect(result.failures['dropped by the generator']).toBeGreaterThan(0);
    expect(result.answered + result.failed).toBe(200);
    expect(result.instrument.healthy).toBe(false);
    expect(result.instrument.why).toMatch(/dropped arrivals \d+, limit == 0; 10 virtual users were too few/);
  });

  test('a certificate is trusted by the authority that is given, and by no other', async () => {
    const { ca, certificate, key } = await makeCertificates();
    const secure = createServer({ cert: certificate, key }, (_request, response) => void response.end('ok'));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    ends.push(() => {
      secure.close();
      secure.closeAllConnections();
    });
    const origin = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
    // Each of its users shakes hands at once: time for all of them, whatever else the machine does.
    const handshakes: Workload = { ...workload([get(origin, '/ok')]), rateRps: 20, timeoutMs: 5000 };
    expect(await drive({ ...handshakes, ca })).toMatchObject({ answered: 20, failures: {} });
    expect(await drive(handshakes)).toMatchObject({ answered: 0, failures: { 'certificate of an unknown authority': 20 } });
  });

  test.runIf(process.platform === 'linux')('an abort ends it long before its end', async () => {
    const { origin } = await server();
    const stop = new AbortController();
    const running = drive(
      { ...workload([get(origin, '/ok')]), durationMs: 60_000 },
      { signal: stop.signal, onProgress: (done) => done > 10 && stop.abort(new Error('stopped by the test')) },
    );
    let abortedMs = 0;
    stop.signal.addEventListener('abort', () => (abortedMs = performance.now()));
    await expect(running).rejects.toThrow('stopped by the test');
    // The workload lasts a minute.
    expect(performance.now() - abortedMs).toBeLessThan(15_000);
    expect(runsOf(origin)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('it ends when the process that wanted it is killed', async () => {
    const { origin } = await server();
    const parent = start('./testing/k6-parent.ts', [k6!.path, origin]);
    await answer(parent);
    expect(runsOf(origin)).toHaveLength(1);
    parent.kill('SIGKILL');
    await expect.poll(() => runsOf(origin), { timeout: 2000 }).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('it ends when the process beside it is killed, too', async () => {
    const { origin } = await server();
    const parent = start('./testing/k6-parent.ts', [k6!.path, origin]);
    await answer(parent);
    const [pid] = runsOf(origin);
    process.kill(Number(/^PPid:\s+(\d+)/m.exec(readProc(`/proc/${pid}/status`))?.[1]), 'SIGKILL');
    await expect.poll(() => runsOf(origin), { timeout: 3000 }).toEqual([]);
  });
});

/** Processes of k6 whose script sends to this origin. */
function runsOf(origin: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      const [, command, ...args] = readProc(`/proc/${pid}/cmdline`).split('\0');
      const script = args.findLast((argument) => argument.endsWith('.ts')) ?? '';
      return pid > 0 && command === 'run' && readProc(script).includes(origin) && /^State:\s+[^ZX]/m.test(readProc(`/proc/${pid}/status`));
    });
}
function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It ended while we looked.
  }
}
