// Runs one API check against an application and answers its cases by metric; used by the tests of the API checks.
import type { Accounts, Case, Check, CheckContext, Effect, Environment, HttpClient, Measurement, Surface } from '../../../gates/model.ts';
import { createAccounts } from '../../instruments/accounts.ts';
import type { Person } from './surface-application.ts';

export interface Ran {
  readonly measurements: readonly Measurement[];
  /** By metric and case id; only those that are not ok, unless asked for. */
  readonly all: Readonly<Record<string, readonly Case[]>>;
  /** `metric case-id: state: detail` of every case that is not ok. */
  readonly notOk: readonly string[];
  /** What cleanups could not do. */
  readonly leftBehind: readonly string[];
  /** Requests that were held back for the auth quota, ms each. */
  readonly waitedMs: readonly number[];
}

export interface RunOptions {
  readonly surface: Surface;
  readonly http: HttpClient;
  readonly people: Readonly<Record<string, Person | Environment['accounts'][string]>>;
  readonly expiredSession?: string;
  readonly allow?: readonly Effect[];
  /** Shared between checks of one run. */
  readonly accounts?: Accounts;
  readonly origin?: string;
  readonly waitedMs?: number[];
}

/** A clock whose sleeps pass at once. */
export function openAccounts({ surface, http, people, expiredSession, waitedMs = [] }: RunOptions): Accounts {
  let skippedMs = 0;
  return createAccounts({
    environment: { surface, accounts: people, expiredSession },
    http,
    signal: new AbortController().signal,
    clock: {
      monotonicMs: () => performance.now() + skippedMs,
      sleep: (ms) => {
        waitedMs.push(ms);
        skippedMs += ms;
        return Promise.resolve();
      },
    },
  });
}

const NOT_HERE = (): never => {
  throw new Error('an API check has no business here');
};

export async function runCheck<Options>(check: Check<Options>, options: RunOptions): Promise<Ran> {
  const undos: { what: string; undo: () => Promise<void> }[] = [];
  const waitedMs = options.waitedMs ?? [];
  const context: CheckContext = {
    profile: 'pr',
    tag: 'naap-gate-test',
    surface: options.surface,
    http: options.http,
    sql: { query: NOT_HERE },
    databases: { legacy: [], hasTarget: false, open: NOT_HERE },
    mapping: undefined,
    accounts: options.accounts ?? openAccounts({ ...options, waitedMs }),
    load: { name: 'none', run: NOT_HERE },
    url: (path) => `${options.origin ?? 'https://naap.test'}${path}`,
    access: { headers: {}, ca: undefined },
    allow: options.allow ?? ['read', 'write'],
    cleanup: (what, undo) => void undos.push({ what, undo }),
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    signal: new AbortController().signal,
    artifacts: { put: NOT_HERE },
    checkpoint: { read: NOT_HERE, write: NOT_HERE },
    log: () => undefined,
  };
  const measurements: Measurement[] = [];
  for await (const event of check.measure(context, check.presets.pr)) if (event.kind === 'measurement') measurements.push(event.measurement);
  const leftBehind: string[] = [];
  for (const { what, undo } of undos.toReversed()) await undo().catch((error: Error) => leftBehind.push(`${what}: ${error.message}`));
  const all = Object.fromEntries(measurements.map(({ metric, payload }) => [metric, payload.shape === 'cases' ? payload.cases : []]));
  const notOk = Object.entries(all).flatMap(([metric, cases]) =>
    cases.filter(({ state }) => state !== 'ok').map(({ id, state, detail }) => `${metric} ${id}: ${state}: ${detail}`),
  );
  return { measurements, all, notOk, leftBehind, waitedMs };
}
