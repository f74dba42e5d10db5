// Pairs the tables of both sides by the mapping: which rows, which columns, under which names. Pure; what has no counterpart and no reason is told.
import type { ColumnMapping, DataMapping, TableMapping } from '../../gates/model.ts';
import type { Column, Table } from './tables.ts';

export interface ColumnPair {
  readonly legacy: Column;
  readonly target: Column;
  /** SQL over the legacy row that gives the target's value; undefined: the column itself. */
  readonly as: string | undefined;
}
export interface TablePair {
  /** Name of the legacy database. */
  readonly database: string;
  readonly legacy: Table;
  readonly target: Table;
  readonly columns: readonly ColumnPair[];
  /** Columns of `columns`, in the order of the key; undefined: rows cannot be told from each other. */
  readonly key: readonly ColumnPair[] | undefined;
  /** Legacy rows that were to be taken. */
  readonly where: string | undefined;
}
/** An object of one side without its counterpart on the other, and without a reason for that. */
export interface Unmapped {
  readonly side: 'legacy' | 'target';
  /** `naap_base.public.User`, `core.User.email`. */
  readonly object: string;
  readonly kind: 'database' | 'schema' | 'table' | 'column';
  readonly detail: string;
}
/** Left out on purpose, with the reason that the mapping gives. */
export interface LeftOut {
  readonly object: string;
  readonly reason: string;
}
export interface Pairing {
  readonly pairs: readonly TablePair[];
  readonly unmapped: readonly Unmapped[];
  readonly leftOut: readonly LeftOut[];
}
type Migrated = Exclude<TableMapping, { leftBehind: string }>;

/** The conventions of the plan: naap_base → core, naap_marketplace → plugins, naap_daydream_video → daydream, naap_x → x (plan §2.3). */
export function schemaOf(database: string): string {
  const special: Readonly<Record<string, string>> = { naap_base: 'core', naap_marketplace: 'plugins', naap_daydream_video: 'daydream' };
  return special[database] ?? database.replace(/^naap_/u, '');
}

/** The mapping with a line for every legacy database, those by convention too. */
export function completeMapping(mapping: DataMapping | undefined, databases: readonly string[]): DataMapping {
  const byConvention = Object.fromEntries(databases.map((database) => [database, { schema: schemaOf(database) }]));
  return { ...mapping, databases: { ...byConvention, ...mapping?.databases } };
}

export function pairTables(mapping: DataMapping, legacy: ReadonlyMap<string, readonly Table[]>, target: readonly Table[]): Pairing {
  const pairs: TablePair[] = [];
  const unmapped: Unmapped[] = [];
  const leftOut: LeftOut[] = [];
  const taken = new Set<Table>();
  for (const [database, tables] of legacy) {
    const { schema, from = 'public', tables: rules = {} } = mapping.databases[database] ?? { schema: schemaOf(database) };
    for (const name of Object.keys(rules).filter((one) => !tables.some(({ table }) => table === one)))
      unmapped.push({
        side: 'legacy',
        object: `${database}.${from}.${name}`,
        kind: 'table',
        detail: 'The mapping names it, and the legacy database has no such table.',
      });
    for (const table of tables) {
      const rule = rules[table.table] ?? {};
      const object = `${database}.${table.schema}.${table.table}`;
      if ('leftBehind' in rule) {
        leftOut.push({ object, reason: rule.leftBehind });
        continue;
      }
      const place = { schema: rule.schema ?? schema, table: rule.to ?? table.table };
      const counterpart = target.find((one) => one.schema === place.schema && one.table === place.table);
      if (counterpart === undefined) {
        unmapped.push({ side: 'legacy', object, kind: 'table', detail: `The target has no table ${place.schema}.${place.table}.` });
        continue;
      }
      taken.add(counterpart);
      const paired = pairColumns(object, table, counterpart, rule);
      unmapped.push(...paired.unmapped);
      leftOut.push(...paired.leftOut);
      pairs.push({ database, legacy: table, target: counterpart, columns: paired.columns, key: keyOf(table, paired.columns, rule), where: rule.where });
    }
  }
  for (const table of target.filter((one) => !taken.has(one))) {
    const object = `${table.schema}.${table.table}`;
    const reason = mapping.added?.[object];
    if (reason === undefined) unmapped.push({ side: 'target', object, kind: 'table', detail: 'No legacy table is mapped to it.' });
    else leftOut.push({ object, reason });
  }
  return { pairs, unmapped, leftOut };
}

function pairColumns(object: string, legacy: Table, target: Table, rule: Migrated): { columns: ColumnPair[]; unmapped: Unmapped[]; leftOut: LeftOut[] } {
  const columns: ColumnPair[] = [];
  const unmapped: Unmapped[] = [];
  const leftOut: LeftOut[] = [];
  const place = `${target.schema}.${target.table}`;
  for (const column of legacy.columns) {
    const mapped: ColumnMapping = rule.columns?.[column.name] ?? column.name;
    if (typeof mapped === 'object' && 'dropped' in mapped) {
      leftOut.push({ object: `${object}.${column.name}`, reason: mapped.dropped });
      continue;
    }
    const name = typeof mapped === 'string' ? mapped : (mapped.to ?? column.name);
    const counterpart = target.columns.find((one) => one.name === name);
    if (counterpart === undefined)
      unmapped.push({ side: 'legacy', object: `${object}.${column.name}`, kind: 'column', detail: `${place} has no column ${name}.` });
    else columns.push({ legacy: column, target: counterpart, as: typeof mapped === 'string' ? undefined : mapped.as });
  }
  for (const column of target.columns.filter(({ name }) => !columns.some((pair) => pair.target.name === name))) {
    const reason = rule.added?.[column.name];
    if (reason === undefined)
      unmapped.push({ side: 'target', object: `${place}.${column.name}`, kind: 'column', detail: `No column of ${object} is mapped to it.` });
    else leftOut.push({ object: `${place}.${column.name}`, reason });
  }
  return { columns, unmapped, leftOut };
}

/** Of the legacy side, for it is what must all be there: a key whose columns were dropped or rewritten tells nothing. */
function keyOf(legacy: Table, columns: readonly ColumnPair[], rule: Migrated): readonly ColumnPair[] | undefined {
  const names = rule.key ?? legacy.key;
  const key = names?.map((name) => columns.find((pair) => pair.legacy.name === name && pair.as === undefined));
  return key?.every((pair) => pair !== undefined) === true ? key : undefined;
}
