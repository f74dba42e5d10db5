// Says legacy facts in the target's names: schemas, tables and columns as the mapping moved them, roles as they became, text of SQL rewritten. Pure; used by compare.ts.
import type { DataMapping, TableMapping } from '../../../gates/model.ts';
import { schemaOf } from '../mapping.ts';
import type { Fact, LegacyFact, Place } from './facts.ts';
import type { RoleTranslation } from './roles.ts';
import { rewriteSql } from './sql-text.ts';

export interface Translation {
  /** Where the fact is to be found on the target, the likeliest place first; undefined: it was left behind with its table or column. */
  placesOf(fact: LegacyFact): readonly Place[] | undefined;
  /** The value as it may read on the target, any of these. */
  expected(fact: LegacyFact, attribute: string): readonly string[];
  /** The target's own value in the same form. */
  found(database: string, fact: Fact, attribute: string): string;
  /** Whether the mapping says itself that the attribute becomes another. */
  isRewritten(fact: LegacyFact, attribute: string): boolean;
  /** Of a fact that only the target has: why it may. */
  reasonFor(fact: Fact): string | undefined;
}
/** What an attribute says that is not there. */
export const NONE = 'none';

const ROLE_ATTRIBUTES: ReadonlySet<string> = new Set(['owner', 'roles']);
/** Of a column that the mapping computes anew. */
const REWRITTEN: ReadonlySet<string> = new Set(['type', 'default', 'generated', 'collation', 'identity', 'storage', 'compression']);

export function translateNames(mapping: DataMapping, roles: ReadonlyMap<string, RoleTranslation>): Translation {
  const namesOf = (database: string): NamesOfDatabase => namesOfDatabase(mapping, database);
  const roleOf = (database: string, role: string): string => roles.get(database)?.(role) ?? role;
  const rolesOf = (database: string, list: string): string => inOrder(list.split(', ').map((role) => roleOf(database, role)));
  return {
    placesOf(fact) {
      const names = namesOf(fact.database);
      const moved = names.table(fact.schema, fact.table);
      if (moved === undefined || fact.columns.some((column) => names.isDropped(fact, column))) return undefined;
      const { grantee, owner } = fact;
      const place = {
        kind: fact.kind,
        ...moved,
        ...(grantee === undefined ? {} : { grantee: roleOf(fact.database, grantee) }),
        ...(owner === undefined ? {} : { owner: roleOf(fact.database, owner) }),
      };
      return namesAfter(fact, moved, names).map((name) => ({ ...place, name }));
    },
    expected(fact, attribute) {
      const value = fact.attributes[attribute];
      if (value === undefined) return [NONE];
      if (ROLE_ATTRIBUTES.has(attribute)) return [rolesOf(fact.database, value)];
      const { from, renamings } = namesOf(fact.database);
      return renamings(fact.table).map((rename) => rewriteSql(value, { ownSchemas: new Set([from]), rename, isExact: attribute === 'body' }));
    },
    found(database, fact, attribute) {
      const value = fact.attributes[attribute];
      if (value === undefined) return NONE;
      if (ROLE_ATTRIBUTES.has(attribute)) return inOrder(value.split(', '));
      return rewriteSql(value, { ownSchemas: namesOf(database).schemas, rename: (name) => name, isExact: attribute === 'body' });
    },
    isRewritten(fact, attribute) {
      const rule = namesOf(fact.database).rule(fact.table)?.columns?.[fact.name];
      return fact.kind === 'column' && typeof rule === 'object' && 'as' in rule && REWRITTEN.has(attribute);
    },
    reasonFor: (fact) => reasonFor(mapping, fact),
  };
}

const inOrder = (names: readonly string[]): string => names.toSorted().join(', ');

interface NamesOfDatabase {
  readonly from: string;
  /** All schemas that something of this database went to. */
  readonly schemas: ReadonlySet<string>;
  rule(table: string | undefined): Exclude<TableMapping, { leftBehind: string }> | undefined;
  table(schema: string | undefined, table: string | undefined): Pick<Fact, 'schema' | 'table'> | undefined;
  isDropped(fact: Fact, column: string): boolean;
  /** Ways in which identifiers may have been renamed in texts, the strictest first. */
  renamings(table: string | undefined): readonly ((identifier: string) => string)[];
}

function namesOfDatabase(mapping: DataMapping, database: string): NamesOfDatabase {
  const { schema = schemaOf(database), from = 'public', tables = {} } = mapping.databases[database] ?? {};
  const migrated = Object.entries(tables).flatMap(([name, rule]) => ('leftBehind' in rule ? [] : [[name, rule] as const]));
  const rules = new Map(migrated);
  const renamedTables = new Map([
    ...migrated.flatMap(([name, { to }]) => (to === undefined || to === name ? [] : [[name, to] as const])),
    [from, schema] as const,
  ]);
  const columnsOf = (table: string): (readonly [string, string])[] =>
    Object.entries(rules.get(table)?.columns ?? {}).flatMap(([name, rule]) => newName(name, rule));
  return {
    from,
    schemas: new Set([schema, ...migrated.flatMap(([, rule]) => rule.schema ?? [])]),
    rule: (table) => rules.get(table ?? ''),
    table(ownSchema, table) {
      if (ownSchema !== from) return { ...(ownSchema === undefined ? {} : { schema: ownSchema }), ...(table === undefined ? {} : { table }) };
      const known = tables[table ?? ''];
      if (table === undefined || known === undefined) return { schema, ...(table === undefined ? {} : { table }) };
      return 'leftBehind' in known ? undefined : { schema: known.schema ?? schema, table: known.to ?? table };
    },
    isDropped(fact, column) {
      const rule = rules.get(fact.table ?? '')?.columns?.[column];
      return typeof rule === 'object' && 'dropped' in rule;
    },
    renamings(table) {
      const own = new Map([...renamedTables, ...columnsOf(table ?? '')]);
      const all = new Map([...renamedTables, ...migrated.flatMap(([name]) => columnsOf(name))]);
      const after = (identifier: string): string => {
        const old = [...renamedTables.keys()].find((name) => identifier.startsWith(`${name}_`));
        return old === undefined ? identifier : `${renamedTables.get(old)}${identifier.slice(old.length)}`;
      };
      return [(name) => own.get(name) ?? name, (name) => own.get(name) ?? after(name), (name) => all.get(name) ?? after(name)];
    },
  };
}

function newName(name: string, rule: NonNullable<Exclude<TableMapping, { leftBehind: string }>['columns']>[string]): readonly (readonly [string, string])[] {
  const to = typeof rule === 'string' ? rule : 'dropped' in rule ? undefined : rule.to;
  return to === undefined || to === name ? [] : [[name, to]];
}

const TABLES: ReadonlySet<string> = new Set(['table', 'table privileges']);
const COLUMNS: ReadonlySet<string> = new Set(['column', 'column privileges']);
const SCHEMAS: ReadonlySet<string> = new Set(['schema', 'schema privileges']);

/** What is named after its table (`Thing_pkey`) may have kept its name or followed it. */
function namesAfter(fact: LegacyFact, moved: Pick<Fact, 'schema' | 'table'>, names: NamesOfDatabase): readonly string[] {
  if (SCHEMAS.has(fact.kind)) return [moved.schema ?? fact.name];
  const { table } = fact;
  if (table === undefined || moved.table === undefined) return [fact.name];
  if (TABLES.has(fact.kind)) return [moved.table];
  const column = COLUMNS.has(fact.kind) ? names.rule(table)?.columns?.[fact.name] : undefined;
  if (column !== undefined) return newName(fact.name, column).length === 0 ? [fact.name] : newName(fact.name, column).map(([, to]) => to);
  return moved.table === table ? [fact.name] : [fact.name, fact.name.replaceAll(table, moved.table)];
}

function reasonFor(mapping: DataMapping, { kind, schema, table, columns }: Fact): string | undefined {
  if (SCHEMAS.has(kind) && !Object.values(mapping.databases).some((home) => home.schema === schema)) return 'the mapping moves tables there';
  const whole = mapping.added?.[`${schema}.${table}`];
  if (whole !== undefined) return whole;
  const rules = Object.entries(mapping.databases).flatMap(([, { schema: home, tables = {} }]) =>
    Object.entries(tables).flatMap(([name, rule]) => ('leftBehind' in rule || (rule.schema ?? home) !== schema || (rule.to ?? name) !== table ? [] : [rule])),
  );
  return rules.flatMap(({ added = {} }) => columns.flatMap((column) => added[column] ?? []))[0];
}
