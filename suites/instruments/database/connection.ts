// What every connection to a database shares: its bounds, how its values come, and what a refused or lost one is told as. Used by sql.ts and sessions.ts.
import type pg from 'pg';
import { GateError } from '../../../gates/model.ts';
import type { DatabaseAddress } from '../../../gates/model.ts';
import { describeTransportError, findErrorCode } from '../transport-errors.ts';

/** We never queue behind a migration's lock for longer than this. */
export const LOCK_TIMEOUT_MS = 2000;
export const CONNECT_TIMEOUT_MS = 5000;

/** `host:port/database` of a database address, for messages: neither user nor password. */
export function describeDatabase(address: DatabaseAddress): string {
  const url = URL.parse(address.url);
  return url === null ? 'an address that is no URL' : `${url.hostname || 'localhost'}:${url.port || '5432'}${url.pathname}`;
}

/** SQLSTATEs of a connection that was answered and refused. Everything else that comes with a SQLSTATE is about the statement. */
export const REFUSALS: Readonly<Record<string, { what: string; remedy: string }>> = {
  '28P01': { what: 'refused the password', remedy: 'Check the secret that the environment names for it.' },
  '28000': { what: 'refused the user', remedy: 'Check user name and pg_hba.conf, or whether TLS is asked for (`?sslmode=require`).' },
  '3D000': { what: 'has no database of this name', remedy: 'Check the name at the end of the URL.' },
  '53300': { what: 'has no connection left', remedy: 'Its pool is exhausted, which may itself be the finding: look at pg_stat_activity.' },
  '57P03': { what: 'is starting up or shutting down', remedy: 'Wait until it accepts connections, then try again.' },
  '57P01': { what: 'was shut down while we were connected', remedy: 'Wait until it accepts connections, then try again.' },
};

export function isSqlState(code: string | undefined): boolean {
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
}

export function explainConnection(error: unknown, name: string, address: DatabaseAddress): GateError {
  const refusal = REFUSALS[findErrorCode(error) ?? ''];
  const isTimeout = error instanceof Error && /timeout/i.test(error.message);
  const { what, remedy } =
    refusal ??
    (isTimeout
      ? { what: `did not accept a connection within ${CONNECT_TIMEOUT_MS} ms`, remedy: 'Check VPN, firewall and address.' }
      : describeTransportError(error));
  return new GateError('DATABASE_UNREACHABLE', `Database "${name}" (${describeDatabase(address)}) ${what}.`, { remedy, cause: error });
}

/** Every value as the text that the server sent: no Date in the machine's zone, no numeric or bigint rounded to a float. */
export const AS_TEXT: pg.CustomTypesConfig = { getTypeParser: () => (value: string | Buffer) => value };
