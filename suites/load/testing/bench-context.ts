// A check's world with one small server in it, for the load checks' tests: the real engine, real requests, no database.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Check, CheckContext, Endpoint, LoadEngine, Measurement, Surface } from '../../../gates/model.ts';
import { GateError } from '../../../gates/model.ts';
import { naapSurface } from '../../naap-surface.ts';
import type { Defects } from './simulated-pool.ts';

export interface PoolServer {
  readonly origin: string;
  readonly process: ChildProcess;
}

export async function startSimulatedPool(defects: Defects): Promise<PoolServer> {
  const child = fork(fileURLToPath(new URL('./simulated-pool.ts', import.meta.url)), [JSON.stringify(defects)], { execArgv: [] });
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { port: number }));
    child.once('exit', () => reject(new Error('The simulated pool ended.')));
  });
  return { origin: `http://127.0.0.1:${port}`, process: child };
}

const endpoint = (id: string, path: string, loadWeight: number, access: Endpoint['access'] = 'public'): Endpoint => ({
  id,
  method: 'GET',
  path,
  access,
  effect: 'read',
  expect: { status: [200] },
  loadWeight,
});

/** `base`'s words with a mix of three: public, behind a login, and the one that leaks when the server has that defect. */
export const SMALL_SURFACE: Surface = {
  ...naapSurface(),
  endpoints: [endpoint('public', '/api/public', 6), endpoint('private', '/api/private/{name}', 3, 'authenticated'), endpoint('leaky', '/api/leaky', 1)].map(
    (one) => ({ ...one, params: { name: 'a b' } }),
  ),
};

export function contextFor(origin: string, load: LoadEngine, surface: Surface = SMALL_SURFACE): CheckContext {
  const none = (what: string) => (): never => {
    throw new Error(`The load checks do not use ${what}.`);
  };
  return {
    profile: 'pr',
    tag: 'naap-gate-test',
    surface,
    load,
    http: {
      sent: 0,
      send: async ({ path, timeoutMs }) => {
        try {
          const startedMs = performance.now();
          const response = await fetch(origin + path, { signal: AbortSignal.timeout(timeoutMs ?? 10_000) });
          const text = await response.text();
          return { status: response.status, headers: {}, text, json: JSON.parse(text) as unknown, durationMs: performance.now() - startedMs };
        } catch (cause) {
          throw new GateError('TARGET_UNREACHABLE', `No answer from ${path}.`, { cause });
        }
      },
    },
    databases: { legacy: [], hasTarget: false, open: none('the databases') },
    mapping: undefined,
    sql: { query: () => Promise.reject(new GateError('DATABASE_UNREACHABLE', 'The environment has no database.')) },
    accounts: {
      names: ['admin', 'member'],
      roleOf: (account) => account,
      session: (account) => Promise.resolve({ account, role: account, email: `${account}@example.com`, userId: account, token: `token-of-${account}` }),
      hasPassword: () => true,
      isDisposable: () => false,
      credentials: none('credentials'),
      authQuota: none('the login quota'),
      wholeAuthQuota: none('the login quota'),
      countAuthRequests: () => undefined,
      expiredToken: undefined,
    },
    url: (path) => origin + path,
    access: { headers: { 'x-bypass': 'yes' }, ca: undefined },
    allow: ['read', 'load'],
    cleanup: none('cleanups'),
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    signal: new AbortController().signal,
    artifacts: { put: none('artifacts') },
    checkpoint: { read: () => undefined, write: () => undefined },
    log: () => undefined,
  };
}

/** Measurements of the first round. */
export async function firstRound<Options>(check: Check<Options>, context: CheckContext, options: Options): Promise<readonly Measurement[]> {
  const measured: Measurement[] = [];
  for await (const event of check.measure(context, options)) {
    if (event.kind === 'measurement') measured.push(event.measurement);
    if (event.kind === 'end-of-round') return measured;
  }
  throw new Error('The check ended without a round.');
}

/** The figure of a proportion or a value, of the measurement without labels; undefined where it was not measured. */
export function figure(measured: readonly Measurement[], metric: string): number | undefined {
  const payload = measured.find((one) => one.metric === metric && one.labels.route === undefined)?.payload;
  switch (payload?.shape) {
    case 'value':
      return payload.value;
    case 'proportion':
      return payload.hits / payload.total;
    default:
      return undefined;
  }
}
