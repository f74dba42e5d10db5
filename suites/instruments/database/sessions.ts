// Read-only sessions that hold one snapshot, with everything pinned that could make equal data look different. Made by cli/ for each check that runs.
import pg from 'pg';
import { GateError } from '../../../gates/model.ts';
import type { DatabaseAddress, DatabasePlace, Databases, DatabaseSession, Environment } from '../../../gates/model.ts';
import { findErrorCode } from '../transport-errors.ts';
import { AS_TEXT, CONNECT_TIMEOUT_MS, LOCK_TIMEOUT_MS, REFUSALS, explainConnection, isSqlState } from './connection.ts';
import { copyOut } from './copy-out.ts';
import { openPooled } from './pooled-connection.ts';
import { restoreTarget } from './restore/restored-copy.ts';

export interface SessionsOptions {
  readonly databases: Environment['databases'];
  readonly signal: AbortSignal;
}

/** Longest statement, ms: chunks take about half a second, so one that takes this long is stuck. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** A session whose owner died must not hold back vacuum for longer. */
const IDLE_TIMEOUT_MS = 120_000;

/**
 * What changes how values are written or ordered, pinned (DATA-INTEGRITY, "Traps"). `row_security = off` makes a policy that would
 * hide rows an error: a row that was not seen is not an equal row.
 */
const PINNED = [
  "timezone = 'UTC'",
  "datestyle = 'ISO, YMD'",
  "intervalstyle = 'postgres'",
  "bytea_output = 'hex'",
  'extra_float_digits = 3',
  "xmloption = 'content'",
  "lc_monetary = 'C'",
  'search_path = pg_catalog',
  'row_security = off',
] as const;

/** PostgreSQL 11 brought it. */
const JIT_SINCE = 110_000;

interface Beginning {
  readonly snapshot: string | undefined;
  readonly statementTimeoutMs: number;
  /** As server_version_num. */
  readonly version: number;
}

export function createDatabases({ databases, signal }: SessionsOptions): Databases & { close(): Promise<void> } {
  const opened = new Set<DatabaseSession>();
  const openAt = async (place: DatabasePlace, address: DatabaseAddress, options: Parameters<typeof openSession>[2] = {}): Promise<DatabaseSession> => {
    signal.throwIfAborted();
    const session = await openSession(place, address, options, signal, (closed) => opened.delete(closed));
    opened.add(session);
    return session;
  };
  const { target, scratch } = databases;
  return {
    legacy: Object.keys(databases.legacy ?? {}),
    hasTarget: databases.target !== undefined,
    open: async (place, options) => openAt(place, addressOf(place, databases), options),
    ...(target === undefined || scratch === undefined
      ? {}
      : { restore: (request) => restoreTarget({ target, scratch, signal, open: (address, options) => openAt('target', address, options) }, request) }),
    ...(target?.pooled === undefined ? {} : { openPooled: () => openPooled({ url: target.pooled ?? '' }, signal) }),
    async close() {
      await Promise.all([...opened].map((session) => session.close()));
    },
  };
}

export function nameOf(place: DatabasePlace): string {
  return place === 'target' ? 'target' : place.legacy;
}

function addressOf(place: DatabasePlace, databases: Environment['databases']): DatabaseAddress {
  const address = place === 'target' ? databases.target : databases.legacy?.[place.legacy];
  if (address !== undefined) return address;
  throw new GateError('DATABASE_UNREACHABLE', `The environment names no database "${nameOf(place)}".`, {
    remedy:
      place === 'target'
        ? "Add `databases: { target: { url: { env: '…' } } }` to the environment."
        : `Add \`databases: { legacy: { ${place.legacy}: { url: { env: '…' } } } }\` to the environment.`,
  });
}

async function openSession(
  place: DatabasePlace,
  address: DatabaseAddress,
  { snapshot, statementTimeoutMs = STATEMENT_TIMEOUT_MS }: { readonly snapshot?: string; readonly statementTimeoutMs?: number },
  signal: AbortSignal,
  onClose: (session: DatabaseSession) => void,
): Promise<DatabaseSession> {
  const client = new pg.Client({
    connectionString: address.url,
    application_name: 'naap-gate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: AS_TEXT,
  });
  // What a connection that is lost between two statements tells, the next statement tells again.
  client.on('error', () => undefined);
  let version: number;
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    version = Number(rows[0]?.server_version_num);
    await begin(client, { snapshot, statementTimeoutMs, version });
  } catch (error) {
    await client.end().catch(() => undefined);
    throw explainConnection(error, nameOf(place), address);
  }
  const abort = (): void => destroy(client);
  signal.addEventListener('abort', abort, { once: true });
  let isCopying = false;
  const session: DatabaseSession = {
    place,
    version,
    async rows(sql, values = []) {
      try {
        // One statement a call: the extended protocol takes no second one, so nothing can leave the read-only transaction.
        const statement: pg.QueryConfig & { queryMode: 'extended' } = { text: sql, values: [...values], queryMode: 'extended' };
        return (await client.query<Record<string, string | null>>(statement)).rows;
      } catch (error) {
        signal.throwIfAborted();
        const code = findErrorCode(error);
        throw isSqlState(code) && REFUSALS[code ?? ''] === undefined ? error : explainConnection(error, nameOf(place), address);
      }
    },
    copy(statement) {
      const copy = copyOut(client, statement);
      isCopying = true;
      copy.done.then(
        () => (isCopying = false),
        () => (isCopying = false),
      );
      return copy;
    },
    async exportSnapshot() {
      const [row] = await session.rows('SELECT pg_export_snapshot() AS snapshot');
      return String(row?.['snapshot']);
    },
    async renew(moment) {
      try {
        await client.query('ROLLBACK');
        await begin(client, { snapshot: moment, statementTimeoutMs, version });
      } catch (error) {
        signal.throwIfAborted();
        throw explainConnection(error, nameOf(place), address);
      }
    },
    async close() {
      signal.removeEventListener('abort', abort);
      onClose(session);
      if (signal.aborted) return;
      if (isCopying) return destroy(client);
      await client.end().catch(() => undefined);
    },
  };
  return session;
}

/** SET takes no snapshot: what the session sees is settled by the first statement after it. */
async function begin(client: pg.Client, { snapshot, statementTimeoutMs, version }: Beginning): Promise<void> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  if (snapshot !== undefined) await client.query(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(snapshot)}`);
  const bounds = [`statement_timeout = ${statementTimeoutMs}`, `lock_timeout = ${LOCK_TIMEOUT_MS}`, `idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`];
  await client.query([...PINNED, ...(version < JIT_SINCE ? [] : ['jit = off']), ...bounds].map((setting) => `SET LOCAL ${setting}`).join('; '));
}

/** In the middle of a COPY nothing can be said to the server: the connection goes, and with it the transaction. */
function destroy(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
