// Asks the server and its database about the pool while the load runs, where they tell. Used by connection-pool.check.ts; its figures explain.
import { setTimeout as pause } from 'node:timers/promises';
import type { CheckContext, Instrument, Measurement } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';
import { type Connections, readConnections } from './pool-limits.ts';

const EVERY_MS = 200;
/** A health answer that takes longer is itself held up by the pool; it is counted as not answered. */
const ANSWER_WITHIN_MS = 1000;

interface Asked {
  asked: number;
  answered: number;
}
interface Seen {
  readonly health: Asked;
  readonly waiting: number[];
  readonly inUse: number[];
  /** The server's own limit on its pool. */
  poolSize: number | undefined;
  readonly connections: Connections[];
  hasDatabase: boolean;
}

export interface PoolWatch {
  /** Looks once more, at rest, and answers what was seen. Later calls do nothing and answer the same. */
  stop(): Promise<readonly Measurement[]>;
}

export function watchPool(context: CheckContext): PoolWatch {
  const seen: Seen = { health: { asked: 0, answered: 0 }, waiting: [], inUse: [], poolSize: undefined, connections: [], hasDatabase: true };
  const startedAt = context.clock.now();
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted && !context.signal.aborted) {
      await look(context, seen);
      await pause(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined); // Stopped while it paused.
    }
  })();
  watching.catch(() => undefined); // It is awaited in stop(); until then it must not count as unhandled.
  let stopped: Promise<readonly Measurement[]> | undefined;
  const stop = async (): Promise<readonly Measurement[]> => {
    stopping.abort();
    await watching;
    if (context.signal.aborted) return [];
    const loaded = seen.inUse.length;
    await look(context, seen);
    return measurements(context, seen, startedAt, loaded < seen.inUse.length ? seen.inUse.at(-1) : undefined);
  };
  return { stop: () => (stopped ??= stop()) };
}

async function look(context: CheckContext, seen: Seen): Promise<void> {
  await Promise.all([askServer(context, seen), seen.hasDatabase ? askDatabase(context, seen) : undefined]);
}

async function askServer(context: CheckContext, seen: Seen): Promise<void> {
  const { path, poolWaiting, poolInUse, poolSize } = context.surface.health;
  if (poolWaiting === undefined && poolInUse === undefined) return;
  seen.health.asked += 1;
  try {
    const { json } = await context.http.send({ path, timeoutMs: ANSWER_WITHIN_MS });
    const told = [
      [poolWaiting, seen.waiting],
      [poolInUse, seen.inUse],
    ] as const;
    for (const [pointer, values] of told) {
      const value = pointer === undefined ? undefined : at(json, pointer);
      if (typeof value === 'number') values.push(value);
    }
    const size = poolSize === undefined ? undefined : at(json, poolSize);
    if (typeof size === 'number') seen.poolSize = size;
    seen.health.answered += 1;
  } catch (error) {
    if (!(error instanceof GateError)) throw error; // An answer that is not to be had is a fact: it is counted.
  }
}

async function askDatabase(context: CheckContext, seen: Seen): Promise<void> {
  try {
    seen.connections.push(await readConnections(context.sql));
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    seen.hasDatabase = false;
    context.log(`The database is not asked about its connections: ${error.message}`);
  }
}

/** JSON pointer (RFC 6901). */
function at(json: unknown, pointer: string): unknown {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined), json);
}

function measurements(context: CheckContext, seen: Seen, started: Date, heldAtRest: number | undefined): readonly Measurement[] {
  const { asked, answered } = seen.health;
  const told = { labels: {}, startedAt: started.toISOString(), endedAt: context.clock.now().toISOString() };
  const server: Instrument =
    answered * 2 >= asked
      ? { name: 'health', version: '1', healthy: true, facts: { asked, answered } }
      : {
          name: 'health',
          version: '1',
          healthy: false,
          why: `${answered} of ${asked} health requests answered within ${ANSWER_WITHIN_MS} ms, limit half`,
          facts: { asked, answered },
        };
  const database: Instrument = { name: 'sql', version: '1', healthy: true, facts: limitFacts(seen) };
  const samples = (metric: string, values: readonly number[], instrument: Instrument): Measurement[] =>
    values.length === 0 ? [] : [{ ...told, metric, n: values.length, instrument, payload: { shape: 'samples', samples: [...values] } }];
  const value = (metric: string, figure: number | undefined, instrument: Instrument): Measurement[] =>
    figure === undefined ? [] : [{ ...told, metric, n: 1, instrument, payload: { shape: 'value', value: figure } }];
  return [
    ...samples('pool.waiting-requests', seen.waiting, server),
    ...samples('pool.connections-in-use', seen.inUse, server),
    ...value('pool.held-at-rest', heldAtRest, server),
    ...samples(
      'database.connections',
      seen.connections.map(({ open, maxConnections }) => open / maxConnections),
      database,
    ),
    ...samples(
      'database.waiting-sessions',
      seen.connections.map(({ waiting }) => waiting),
      database,
    ),
    ...value('database.idle-in-transaction', seen.connections.at(-1)?.idleInTransaction, database),
  ];
}

/** The limits on both ends, and how near the load came to them. */
function limitFacts({ connections, poolSize }: Seen): NonNullable<Instrument['facts']> {
  const [first] = connections;
  const pool: Record<string, number> = poolSize === undefined ? {} : { poolSize };
  if (first === undefined) return pool;
  const { maxConnections, reserved, allowed } = first;
  const most = Math.max(...connections.map(({ own }) => own));
  return { ...pool, maxConnections, reserved, allowed, mostOpen: most, leftOnDatabase: allowed - most };
}
