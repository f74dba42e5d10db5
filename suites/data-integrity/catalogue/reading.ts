// Reads facts out of one database: each reader is one statement over the catalogue, run under a search path that makes names of both sides alike. Called by both-sides.ts.
import type { DatabaseSession } from '../../../gates/model.ts';
import { quoteName } from '../../instruments/database/quoting.ts';
import type { Fact, Kind } from './facts.ts';

export interface ReaderScope {
  readonly side: 'legacy' | 'target';
  /** `150018`, of this server. */
  readonly version: number;
  /** Of the oldest server of both sides: what it does not know cannot be compared. */
  readonly oldest: number;
}
/**
 * Columns of the statement that begin with `_` say what the fact is about (`_schema`, `_table`, `_name`, `_grantee`, `_owner`, `_columns`,
 * `_parentTable`, `_parentName`, `_incidental`); every other column is an attribute, named as people read it. `$1` is the schema.
 */
export interface Reader {
  readonly kind: Kind;
  /** `database`: no schema is asked for, and the statement takes no value. */
  readonly of: 'schema' | 'database';
  readonly sql: (scope: ReaderScope) => string;
}

/** Separates names in one column. */
export const SEPARATOR = '\u001F';

/**
 * `schema` comes first on the search path, then the schemas of extensions: names of either come unqualified on both sides. Database-wide readers get the same path.
 * Throws what the server says: what cannot be read is no agreement.
 */
export async function readFacts(session: DatabaseSession, readers: readonly Reader[], scope: ReaderScope, schema: string): Promise<readonly Fact[]> {
  const ofExtensions = await session.rows(
    `SELECT DISTINCT n.nspname AS name FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname <> 'pg_catalog' ORDER BY 1`,
  );
  const path = [...new Set([schema, ...ofExtensions.map(({ name }) => String(name))])].map(quoteName).join(', ');
  await setSearchPath(session, path);
  const facts: Fact[] = [];
  for (const reader of readers) {
    const rows = await session.rows(reader.sql(scope), reader.of === 'schema' ? [schema] : []);
    facts.push(...rows.map((row) => toFact(reader.kind, reader.of === 'schema' ? schema : undefined, row)));
  }
  await setSearchPath(session, 'pg_catalog');
  return facts;
}

async function setSearchPath(session: DatabaseSession, path: string): Promise<void> {
  await session.rows("SELECT pg_catalog.set_config('search_path', $1, true)", [path]);
}

function toFact(kind: Kind, schema: string | undefined, row: Readonly<Record<string, string | null>>): Fact {
  const { _schema, _table, _name, _grantee, _owner, _columns, _parentTable, _parentName, _incidental, ...said } = row;
  const own = _schema ?? schema;
  return {
    kind,
    ...(own === undefined ? {} : { schema: own }),
    ...(isSaid(_table) ? { table: _table } : {}),
    name: _name ?? '',
    ...(isSaid(_grantee) ? { grantee: _grantee } : {}),
    ...(isSaid(_owner) ? { owner: _owner } : {}),
    columns: isSaid(_columns) && _columns !== '' ? _columns.split(SEPARATOR) : [],
    ...(isSaid(_parentTable) && isSaid(_parentName) ? { parent: { table: _parentTable, name: _parentName } } : {}),
    isIncidental: _incidental === 'true',
    attributes: Object.fromEntries(Object.entries(said).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))),
  };
}
function isSaid(value: string | null | undefined): value is string {
  return value !== null && value !== undefined;
}
