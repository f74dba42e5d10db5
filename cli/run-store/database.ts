// A connection to the database of a run store: every error in words, with what to do. Used by the parts of the PostgreSQL store.
import pg from 'pg';
import { GateError } from '../../gates/model.ts';
import { describeTransportError, findErrorCode } from '../../suites/instruments/transport-errors.ts';
import { describeStore } from './place.ts';

export interface Database {
  /** `user@host:port/database`. */
  readonly place: string;
  /** Throws RUN_STORE_UNREACHABLE, RUN_STORE_UNUSABLE, RUN_CONFLICT. */
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** All or nothing; the connection goes with what failed. Throws as `query` does. */
  transaction<Result>(work: (query: Database['query']) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
/** A connection that was cut without a word answers nothing: then this ends the wait. */
const QUERY_TIMEOUT_MS = 20_000;

export function openDatabase(url: string): Database {
  const place = describeStore(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    application_name: 'naap-gate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // A connection that dies idle is dropped by the pool; the next query opens another and reports what it meets.
  pool.on('error', () => undefined);
  const asked = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof GateError ? error : inWords(error, place);
    }
  };
  return {
    place,
    query: (text, values = []) => asked(async () => (await pool.query(text, [...values])).rows),
    transaction: (work) => asked(() => inTransaction(pool, work)),
    close: () => pool.end(),
  };
}

async function inTransaction<Result>(pool: pg.Pool, work: (query: Database['query']) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  const lost = (): void => undefined;
  client.on('error', lost);
  try {
    await client.query('BEGIN');
    const result = await work(async (text, values = []) => (await client.query(text, [...values])).rows);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  } finally {
    client.off('error', lost);
  }
}

/** SQLSTATEs of the store's own rules, raised by its triggers (see migrations.ts). */
export const DOES_NOT_FOLLOW = 'NG001';
const UNIQUE_VIOLATION = '23505';

/** SQLSTATEs of a server that answers and does not let us in, or lets us out. */
const REFUSALS: Readonly<Record<string, { readonly what: string; readonly remedy: string }>> = {
  '28P01': { what: 'refused the password', remedy: 'Put the right one into PGPASSWORD (or ~/.pgpass).' },
  '28000': { what: 'refused the user', remedy: 'Check user name and pg_hba.conf, or whether TLS is asked for (`?sslmode=require`).' },
  '3D000': { what: 'has no database of this name', remedy: 'Check the name at the end of the address; `createdb` makes one.' },
  '53300': { what: 'has no connection left', remedy: 'Wait, or raise max_connections.' },
  '57P01': { what: 'ended the connection', remedy: 'Look into its log; then try again.' },
  '57P03': { what: 'is starting up or shutting down', remedy: 'Wait until it accepts connections, then try again.' },
};

export function inWords(error: unknown, place: string): GateError {
  const code = findErrorCode(error) ?? '';
  const message = error instanceof Error ? error.message : String(error);
  if (code === DOES_NOT_FOLLOW || code === UNIQUE_VIOLATION)
    return new GateError('RUN_CONFLICT', `The store ${place} did not take it: ${message}.`, {
      remedy: 'Somebody added to this run meanwhile. Run the command again: it begins with what is stored.',
      cause: error,
    });
  const isServers = /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) && !code.startsWith('08') && REFUSALS[code] === undefined;
  if (isServers)
    return new GateError('RUN_STORE_UNUSABLE', `The store ${place} cannot be used: ${message} (SQLSTATE ${code}).`, {
      remedy: code === '42501' ? 'Give the user the rights that docs/run-store.md lists.' : 'See docs/run-store.md for what the store needs.',
      cause: error,
    });
  const silent = /timeout/i.test(message) ? { what: 'did not answer in time', remedy: 'Check VPN, firewall and address.' } : undefined;
  const { what, remedy } = REFUSALS[code] ?? silent ?? describeTransportError(error);
  return new GateError('RUN_STORE_UNREACHABLE', `The store ${place} ${what}.`, { remedy, cause: error });
}
