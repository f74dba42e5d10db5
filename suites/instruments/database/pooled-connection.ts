// A connection through a pooler, as an application has it: with prepared statements, settings and locks of its own. Made by sessions.ts.
import pg from 'pg';
import type { DatabaseAddress, PooledConnection } from '../../../gates/model.ts';
import { AS_TEXT, CONNECT_TIMEOUT_MS, explainConnection } from './connection.ts';

/** Longest statement: what is asked takes no time, so one that takes this long waits for a connection that never comes, ms. */
const STATEMENT_MS = 5000;

/** Throws GateError DATABASE_UNREACHABLE. */
export async function openPooled(address: DatabaseAddress, signal: AbortSignal): Promise<PooledConnection> {
  signal.throwIfAborted();
  const client = new pg.Client({
    connectionString: address.url,
    application_name: 'naap-gate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_MS,
    types: AS_TEXT,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw explainConnection(error, 'target, through its pooler', address);
  }
  const abort = (): void => void client.end().catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  return {
    async query(text, { values = [], name } = {}) {
      signal.throwIfAborted();
      return (await client.query<Record<string, string | null>>({ text, values: [...values], ...(name === undefined ? {} : { name }) })).rows;
    },
    async close() {
      signal.removeEventListener('abort', abort);
      await client.end().catch(() => undefined);
    },
  };
}
