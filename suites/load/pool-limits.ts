// What the database says of connections: how many there are, how many wait, and what the limits on its end are. Used by pool-watch.ts.
import type { SqlClient } from '../../gates/model.ts';

const CONNECTIONS = `
  SELECT count(*)::int AS open,
    (count(*) FILTER (WHERE state LIKE 'idle in transaction%'))::int AS "idleInTransaction",
    (count(*) FILTER (WHERE wait_event_type IN ('Lock', 'LWLock', 'BufferPin')))::int AS waiting,
    (count(*) FILTER (WHERE datname = current_database()))::int AS own,
    current_setting('max_connections')::int AS "maxConnections",
    current_setting('superuser_reserved_connections')::int AS reserved,
    (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS "databaseLimit",
    (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS "roleLimit"
  FROM pg_stat_activity WHERE backend_type = 'client backend'`;

export interface Connections {
  readonly open: number;
  /** Of them in this database. */
  readonly own: number;
  readonly idleInTransaction: number;
  /** For a lock or a page that another session holds. */
  readonly waiting: number;
  readonly maxConnections: number;
  /** Kept for superusers. */
  readonly reserved: number;
  /** What ordinary users may have of this database: the least of the server's, the database's and the role's limit. */
  readonly allowed: number;
}

/** Throws as SqlClient does. */
export async function readConnections(sql: SqlClient): Promise<Connections> {
  const [row = {}] = await sql.query('target', CONNECTIONS);
  const number = (name: string): number => Number(row[name]);
  // -1 stands for none.
  const limits = [number('databaseLimit'), number('roleLimit')].filter((limit) => limit >= 0);
  return {
    open: number('open'),
    own: number('own'),
    idleInTransaction: number('idleInTransaction'),
    waiting: number('waiting'),
    maxConnections: number('maxConnections'),
    reserved: number('reserved'),
    allowed: Math.min(number('maxConnections') - number('reserved'), ...limits),
  };
}
