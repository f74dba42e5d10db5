// The read-only SQL client of all database checks: one short read-only transaction a call. Made by cli/ for each check that runs.
import pg from 'pg';
import { GateError } from '../../gates/model.ts';
import type { DatabaseAddress, Environment, SqlClient } from '../../gates/model.ts';
import { AS_TEXT, CONNECT_TIMEOUT_MS, LOCK_TIMEOUT_MS, REFUSALS, explainConnection, isSqlState } from './database/connection.ts';
import { findErrorCode } from './transport-errors.ts';

export interface SqlOptions {
  readonly databases: Environment['databases'];
  readonly signal: AbortSignal;
  /** Longest statement, ms; default 30 000. */
  readonly statementTimeoutMs?: number;
}

/** DESIGN §8, bounded parallelism: the application needs its connections more than we do. */
const MAX_CONNECTIONS = 2;

function makePool(address: DatabaseAddress): pg.Pool {
  const pool = new pg.Pool({
    connectionString: address.url,
    max: MAX_CONNECTIONS,
    application_name: 'naap-gate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 10_000,
    types: AS_TEXT,
    allowExitOnIdle: true,
  });
  // A connection that dies idle is dropped by the pool; the next query opens another and reports what it meets.
  pool.on('error', () => undefined);
  return pool;
}

function beginStatement(schema: string | undefined, statementTimeoutMs: number): string {
  const path = schema === undefined ? 'pg_catalog, public' : `pg_catalog, ${pg.escapeIdentifier(schema)}`;
  return (
    `BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = ${statementTimeoutMs}; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; ` +
    `SET LOCAL idle_in_transaction_session_timeout = ${statementTimeoutMs}; SET LOCAL search_path = ${path}; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'`
  );
}

/**
 * Values come back as the server's own text (`'42'`, `'t'`, `'2026-08-01 12:00:00'`), null as null; the caller converts.
 * One statement a call: the extended protocol takes no second one, so nothing can leave the read-only transaction.
 * Throws GateError DATABASE_UNREACHABLE; what is wrong with a statement comes as pg's own error with its SQLSTATE.
 */
export function createSql(options: SqlOptions): SqlClient & { close(): Promise<void> } {
  const pools = new Map<string, pg.Pool>();
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;

  function findAddress(name: 'target'): DatabaseAddress {
    const address = options.databases[name];
    if (address !== undefined) return address;
    throw new GateError('DATABASE_UNREACHABLE', `The environment names no database "${name}".`, {
      remedy: `Add \`databases: { ${name}: { url: { env: '…' } } }\` to the environment.`,
    });
  }

  async function connect(name: 'target', address: DatabaseAddress): Promise<pg.PoolClient> {
    options.signal.throwIfAborted();
    try {
      const pool = pools.get(name) ?? makePool(address);
      pools.set(name, pool);
      return await pool.connect();
    } catch (error) {
      throw explainConnection(error, name, address);
    }
  }

  async function query(name: 'target', sql: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    const address = findAddress(name);
    const client = await connect(name, address);
    let released = false;
    const release = (broken?: Error): void => {
      if (!released) client.release(broken);
      released = true;
    };
    const abort = (): void => release(new Error('aborted by this run'));
    options.signal.addEventListener('abort', abort, { once: true });
    try {
      await client.query(beginStatement(address.schema, statementTimeoutMs));
      // pg's types do not know queryMode yet; without it a query without values would go by the simple protocol.
      const statement: pg.QueryConfig & { queryMode: 'extended' } = { text: sql, values: [...values], queryMode: 'extended' };
      const { rows } = await client.query<Record<string, unknown>>(statement);
      await client.query('COMMIT');
      release();
      return rows;
    } catch (error) {
      // The connection goes with the transaction, so nothing half done returns to the pool.
      release(error instanceof Error ? error : new Error(String(error)));
      options.signal.throwIfAborted();
      const code = findErrorCode(error);
      throw isSqlState(code) && REFUSALS[code ?? ''] === undefined ? error : explainConnection(error, name, address);
    } finally {
      options.signal.removeEventListener('abort', abort);
    }
  }

  return {
    query,
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      pools.clear();
    },
  };
}
