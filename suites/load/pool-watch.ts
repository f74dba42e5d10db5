// Asks the server and its database about the pool while the load runs, where they tell. Used by connection-pool.check.ts; its figures explain.
import { setTimeout as pause } from 'node:timers/promises';
import type { CheckContext, Instrument, Measurement } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';

const EVERY_MS = 200;
/** A health answer that takes longer is itself held up by the pool; it is counted as not answered. */
const ANSWER_WITHIN_MS = 1000;

const CONNECTIONS = `
  select count(*)::int as open, current_setting('max_connections')::int as allowed,
         (count(*) filter (where state like 'idle in transaction%'))::int as idle_in_transaction
  from pg_stat_activity where backend_type = 'client backend'`;

interface Asked {
  asked: number;
  answered: number;
}
interface Seen {
  readonly health: Asked;
  readonly waiting: number[];
  readonly inUse: number[];
  readonly share: number[];
  idleInTransaction: number | undefined;
  hasDatabase: boolean;
}

export interface PoolWatch {
  /** Looks once more, at rest, and answers what was seen. Later calls do nothing and answer the same. */
  stop(): Promise<readonly Measurement[]>;
}

export function watchPool(context: CheckContext): PoolWatch {
  const seen: Seen = { health: { asked: 0, answered: 0 }, waiting: [], inUse: [], share: [], idleInTransaction: undefined, hasDatabase: true };
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
  const { path, poolWaiting, poolInUse } = context.surface.health;
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
    seen.health.answered += 1;
  } catch (error) {
    if (!(error instanceof GateError)) throw error; // An answer that is not to be had is a fact: it is counted.
  }
}

async function askDatabase(context: CheckContext, seen: Seen): Promise<void> {
  try {
    const row = (await context.sql.query('target', CONNECTIONS))[0];
    seen.share.push(Number(row?.['open']) / Number(row?.['allowed']));
    seen.idleInTransaction = Number(row?.['idle_in_transaction']);
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
  const database: Instrument = { name: 'sql', version: '1', healthy: true };
  const samples = (metric: string, values: readonly number[], instrument: Instrument): Measurement[] =>
    values.length === 0 ? [] : [{ ...told, metric, n: values.length, instrument, payload: { shape: 'samples', samples: [...values] } }];
  const value = (metric: string, figure: number | undefined, instrument: Instrument): Measurement[] =>
    figure === undefined ? [] : [{ ...told, metric, n: 1, instrument, payload: { shape: 'value', value: figure } }];
  return [
    ...samples('pool.waiting-requests', seen.waiting, server),
    ...samples('pool.connections-in-use', seen.inUse, server),
    ...value('pool.held-at-rest', heldAtRest, server),
    ...samples('database.connections', seen.share, database),
    ...value('database.idle-in-transaction', seen.idleInTransaction, database),
  ];
}
