// References of the target: those that foreign keys declare, those that the mapping gives, and those that names and types suggest. Used by orphaned-rows.
import type { DataMapping, DatabaseSession } from '../../../gates/model.ts';
import { SEPARATOR } from '../catalogue/reading.ts';
import { FIRST_OWN_OID, columnNames } from '../catalogue/readers/pieces.ts';
import type { Table } from '../tables.ts';

export interface TablePlace {
  readonly schema: string;
  readonly table: string;
  /** A table that is not partitioned answers for its own rows alone. */
  readonly isPartitioned: boolean;
}
export interface Reference {
  readonly from: TablePlace;
  readonly columns: readonly string[];
  readonly to: TablePlace;
  readonly referred: readonly string[];
  /** By column, SQL: `OPERATOR(pg_catalog.=)`. */
  readonly operators: readonly string[];
  /** `full`: all columns or none; `simple`: a row with any null refers to nothing. */
  readonly match: 'simple' | 'full';
  /** What says that it is one. */
  readonly source:
    | { readonly kind: 'declared'; readonly name: string; readonly validated: boolean }
    | { readonly kind: 'given' }
    | { readonly kind: 'guessed' };
}

/** Those of a partition are those of its table; a temporal key (18) means something else, and is told apart. */
const DECLARED = (version: number): string => `
SELECT o.conname AS name, o.convalidated::text AS validated, o.confmatchtype AS match, ${version >= 180_000 ? 'o.conperiod::text' : "'false'"} AS period,
  n.nspname AS schema, c.relname AS "table", (c.relkind = 'p')::text AS partitioned, rn.nspname AS "toSchema", r.relname AS "toTable", (r.relkind = 'p')::text AS "toPartitioned",
  ${columnNames('o.conrelid', 'o.conkey')} AS columns, ${columnNames('o.confrelid', 'o.confkey')} AS referred,
  (SELECT string_agg(format('OPERATOR(%I.%s)', pn.nspname, p.oprname), chr(31) ORDER BY k.position) FROM unnest(o.conpfeqop) WITH ORDINALITY AS k (operator, position)
    JOIN pg_operator p ON p.oid = k.operator JOIN pg_namespace pn ON pn.oid = p.oprnamespace) AS operators
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class r ON r.oid = o.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
WHERE o.contype = 'f' AND o.conparentid = 0 AND o.oid >= ${FIRST_OWN_OID}
ORDER BY n.nspname, c.relname, o.conname`;

export interface DeclaredReferences {
  readonly references: readonly Reference[];
  /** Declared, and of a kind that cannot be looked at. */
  readonly temporal: readonly string[];
}

/** Of all schemas, those outside the mapping too: an orphan is one wherever it is. */
export async function readDeclared(session: DatabaseSession): Promise<DeclaredReferences> {
  const rows = await session.rows(DECLARED(session.version));
  const list = (value: string | null | undefined): readonly string[] => (value ?? '').split(SEPARATOR);
  return {
    temporal: rows.filter(({ period }) => period === 'true').map(({ schema, table, name }) => `${schema}.${table}.${name}`),
    references: rows
      .filter(({ period }) => period !== 'true')
      .map((row) => ({
        from: { schema: String(row['schema']), table: String(row['table']), isPartitioned: row['partitioned'] === 'true' },
        columns: list(row['columns']),
        to: { schema: String(row['toSchema']), table: String(row['toTable']), isPartitioned: row['toPartitioned'] === 'true' },
        referred: list(row['referred']),
        operators: list(row['operators']),
        match: row['match'] === 'f' ? 'full' : 'simple',
        source: { kind: 'declared', name: String(row['name']), validated: row['validated'] === 'true' },
      })),
  };
}

export interface GivenReferences {
  readonly references: readonly Reference[];
  /** Columns that the mapping says are none: `schema.table.column`. */
  readonly none: ReadonlySet<string>;
  /** What the mapping names and the target has not. */
  readonly unknown: readonly string[];
}

export function givenReferences(mapping: DataMapping, tables: readonly Table[]): GivenReferences {
  const references: Reference[] = [];
  const unknown: string[] = [];
  const none = new Set<string>();
  for (const [column, rule] of Object.entries(mapping.references ?? {})) {
    const from = findColumn(column, tables);
    const to = typeof rule === 'string' ? findColumn(rule, tables) : undefined;
    if (from === undefined) unknown.push(column);
    else if (typeof rule !== 'string') none.add(column);
    else if (to === undefined) unknown.push(rule);
    else references.push(singleReference(from, to, 'given'));
  }
  return { references, none, unknown };
}

export interface ColumnPlace {
  readonly table: Table;
  readonly column: string;
}
function findColumn(name: string, tables: readonly Table[]): ColumnPlace | undefined {
  return tables
    .flatMap((table) => table.columns.map((column) => ({ table, column: column.name })))
    .find(({ table, column }) => `${table.schema}.${table.table}.${column}` === name);
}

export function singleReference(from: ColumnPlace, to: ColumnPlace, kind: 'given' | 'guessed'): Reference {
  return { from: from.table, columns: [from.column], to: to.table, referred: [to.column], operators: ['='], match: 'simple', source: { kind } };
}

/** `wallet.Account.userId → core.User.id`. */
export function referenceWords({ from, columns, to, referred }: Reference): string {
  const side = ({ schema, table }: TablePlace, names: readonly string[]): string =>
    `${schema}.${table}.${names.length === 1 ? names[0] : `(${names.join(', ')})`}`;
  return `${side(from, columns)} → ${side(to, referred)}`;
}
