// Which statements are timed: those of the configuration, else those that the legacy databases spend their time on. Used by query-times.
import type { DataMapping, DatabaseSession, WorkloadStatement } from '../../../gates/model.ts';
import { quoteName } from '../../instruments/database/quoting.ts';
import { schemaOf } from '../mapping.ts';

/** A statement as each side takes it. */
export interface SidedStatement {
  readonly id: string;
  readonly database: string;
  readonly sql: Readonly<Record<'legacy' | 'target', string>>;
  /** Undefined: taken from the rows. */
  readonly params: WorkloadStatement['params'];
  /** Somebody named it for this purpose, so that it must run on both sides. */
  readonly isConfigured: boolean;
}

/** Of one database; beyond these a statement is a small part of its time. */
const OBSERVED = 10;
/** Called less often, it is somebody at a console. */
const MIN_CALLS = 5;

export function configured(queries: readonly WorkloadStatement[]): readonly SidedStatement[] {
  return queries.map(({ id, database, sql, target, params }) => ({
    id,
    database,
    sql: { legacy: sql, target: target ?? sql },
    params,
    isConfigured: true,
  }));
}

/** Where the extension's view is, or undefined. */
export async function statisticsSchema(session: DatabaseSession): Promise<string | undefined> {
  const [row] = await session.rows(
    "SELECT n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'",
  );
  return row?.['schema'] ?? undefined;
}

/** What reads, of this database, by the time that it took; empty without pg_stat_statements. */
export async function observed(session: DatabaseSession, database: string): Promise<readonly SidedStatement[]> {
  const schema = await statisticsSchema(session);
  if (schema === undefined) return [];
  const rows = await session.rows(
    `SELECT s.queryid::text AS id, s.query FROM ${quoteName(schema)}.pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
     WHERE d.datname = current_database() AND s.toplevel AND s.calls >= ${MIN_CALLS} AND s.query ~* '^\\s*(select|with)\\M' AND s.query !~* 'pg_|information_schema|for (no key )?update'
     ORDER BY s.total_exec_time DESC, s.queryid LIMIT ${OBSERVED}`,
  );
  return rows.map(({ id, query }) => {
    const sql = String(query);
    return { id: `${database}/${String(id)}`, database, sql: { legacy: sql, target: sql }, params: undefined, isConfigured: false };
  });
}

/** Schemas in which the names of a legacy database are looked for, as a search path. */
export function searchPath(mapping: DataMapping, database: string, side: 'legacy' | 'target'): string {
  const { schema = schemaOf(database), from = 'public', tables = {} } = mapping.databases[database] ?? {};
  if (side === 'legacy') return [...new Set([from, 'public'])].map(quoteName).join(', ');
  const others = Object.values(tables).flatMap((rule) => ('leftBehind' in rule || rule.schema === undefined ? [] : [rule.schema]));
  return [...new Set([schema, ...others, 'public'])].map(quoteName).join(', ');
}

/** `schema.table` of the target for a table of a legacy database. */
export function targetName(mapping: DataMapping, database: string, table: string): string {
  const { schema = schemaOf(database), tables = {} } = mapping.databases[database] ?? {};
  const rule = tables[table];
  if (rule === undefined || 'leftBehind' in rule) return `${schema}.${table}`;
  return `${rule.schema ?? schema}.${rule.to ?? table}`;
}
