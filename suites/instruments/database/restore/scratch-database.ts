// A database of our own on the scratch server: made for one restore, removed after it, and swept by the next one where a run was killed. Used by restored-copy.ts.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { DatabaseAddress } from '../../../../gates/model.ts';
import { CONNECT_TIMEOUT_MS, explainConnection } from '../connection.ts';

/** What the databases of all runs begin with; nothing else is ever removed. */
const PREFIX = 'naap_gate_restore_';
/** Older than any run may be (the check's time limit is four hours). */
const ABANDONED = "interval '1 day'";

export interface ScratchDatabase {
  readonly name: string;
  readonly address: DatabaseAddress;
  /** May be called again. */
  remove(): Promise<void>;
}

/** Encoding and collation, which a dump without --create leaves to whoever makes the database. */
export interface DatabaseLocale {
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
}

export const newScratchName = (): string => `${PREFIX}${randomBytes(6).toString('hex')}`;

/** Throws GateError DATABASE_UNREACHABLE, or pg's error where the server does not let us make one. */
export async function makeScratchDatabase(scratch: DatabaseAddress, name: string, locale: DatabaseLocale): Promise<ScratchDatabase> {
  await onServer(scratch, async (client) => {
    for (const abandoned of await abandonedDatabases(client)) await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(abandoned)} WITH (FORCE)`);
    const { encoding, collate, ctype } = locale;
    const options = `ENCODING ${pg.escapeLiteral(encoding)} LC_COLLATE ${pg.escapeLiteral(collate)} LC_CTYPE ${pg.escapeLiteral(ctype)}`;
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0 ${options}`);
    await client.query(`COMMENT ON DATABASE ${pg.escapeIdentifier(name)} IS ${pg.escapeLiteral(`naap-gate ${new Date().toISOString()}`)}`);
  });
  const url = new URL(scratch.url);
  url.pathname = `/${name}`;
  return { name, address: { url: url.href }, remove: () => removeScratchDatabase(scratch, name) };
}

export async function removeScratchDatabase(scratch: DatabaseAddress, name: string): Promise<void> {
  if (!name.startsWith(PREFIX)) throw new Error(`${name} is not ours to remove.`);
  await onServer(scratch, async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`)));
}

async function abandonedDatabases(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT d.datname AS name FROM pg_database d JOIN pg_shdescription c ON c.objoid = d.oid AND c.classoid = 'pg_database'::regclass
     WHERE starts_with(d.datname, $1) AND c.description ~ '^naap-gate \\d{4}-' AND substr(c.description, 11)::timestamptz < now() - ${ABANDONED}`,
    [PREFIX],
  );
  return rows.map(({ name }) => name);
}

/** Not bound to the run's signal: what was made must go whatever became of the run. */
async function onServer(scratch: DatabaseAddress, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: scratch.url, application_name: 'naap-gate', connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw explainConnection(error, 'scratch', scratch);
  }
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
