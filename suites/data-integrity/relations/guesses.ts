// Columns that look like references: named after a table (`userId`, `owner_team_id`) and of the type of its key. Pure; used by orphaned-rows, which asks the rows whether it is so.
import type { Column, Table } from '../tables.ts';
import { type Reference, singleReference } from './references.ts';

/** `known`: columns, as `schema.table.column`, that need no guess. Of one column several tables may be guessed, the likeliest first. */
export function guessReferences(tables: readonly Table[], schemas: ReadonlySet<string>, known: ReadonlySet<string>): readonly (readonly Reference[])[] {
  return tables
    .filter(({ schema }) => schemas.has(schema))
    .flatMap((table) =>
      table.columns
        .filter((column) => !known.has(`${table.schema}.${table.table}.${column.name}`))
        .map((column) => candidates(table, column, tables).map((to) => singleReference({ table, column: column.name }, to, 'guessed'))),
    )
    .filter((references) => references.length > 0);
}

const ID = /^(?<stem>.+?)(?:_id|Id|ID)$/u;

function candidates(table: Table, column: Column, tables: readonly Table[]): readonly { readonly table: Table; readonly column: string }[] {
  const stem = ID.exec(column.name)?.groups?.['stem'];
  if (stem === undefined || column.builtIn === undefined) return [];
  const named = wordsOf(stem).map((_, index, words) => words.slice(index).join(''));
  return named.flatMap((name) =>
    tables
      .filter((one) => isNamed(one.table, name))
      .flatMap((one) => {
        const [key, second] = one.key ?? [];
        const type = one.columns.find((other) => other.name === key)?.builtIn;
        return key === undefined || second !== undefined || type !== column.builtIn || (one === table && key === column.name)
          ? []
          : [{ table: one, column: key }];
      })
      .toSorted((a, b) => distance(a.table, table) - distance(b.table, table)),
  );
}

/** `ownerTeam` → owner, team. */
function wordsOf(stem: string): readonly string[] {
  return stem
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/gu, '_')
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '');
}
function isNamed(table: string, name: string): boolean {
  const own = wordsOf(table).join('');
  return own === name || own === `${name}s` || own === `${name}es` || (name.endsWith('y') && own === `${name.slice(0, -1)}ies`);
}
/** Its own schema first, then `core`, which all others refer to (plan §1.1.2). */
function distance(one: Table, from: Table): number {
  return one.schema === from.schema ? 0 : one.schema === 'core' ? 1 : 2;
}
