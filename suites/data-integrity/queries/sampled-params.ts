// Values for the parameters of a statement that was only counted: taken from rows of the columns that they are compared with. Used by query-times.
import type { DatabaseSession } from '../../../gates/model.ts';
import { quoteName } from '../../instruments/database/quoting.ts';
import { accesses } from './plans.ts';
import { type Params, type Prepared, tried } from './prepared.ts';

/** A page of a list, as applications ask for it. */
const PAGE = '20';
/** Values of an `= ANY ($1)`. */
const LIST = 10;
/** The row that the value is taken from, so that it is not always the first of the table. */
const SKIPPED_ROWS = 7;

type Role = { readonly kind: 'limit' | 'offset' } | { readonly kind: 'column'; readonly name: string; readonly isList: boolean };

/** What `$n` stands for, from the words before it; undefined: nothing that could be told. */
export function roleOf(sql: string, position: number): Role | undefined {
  const parameter = String.raw`\$${position}(?!\d)`;
  if (new RegExp(String.raw`\blimit\s+${parameter}`, 'iu').test(sql)) return { kind: 'limit' };
  if (new RegExp(String.raw`\boffset\s+${parameter}`, 'iu').test(sql)) return { kind: 'offset' };
  const name = String.raw`(?:"([^"]+)"|(\w+))`;
  const any = new RegExp(String.raw`${name}\s*=\s*any\s*\(\s*${parameter}`, 'iu').exec(sql);
  const one = new RegExp(String.raw`${name}\s*(?:=|<>|<=?|>=?|~~\*?|in\s*\((?:\s*\$\d+\s*,)*)\s*${parameter}`, 'iu').exec(sql);
  const found = any ?? one;
  const column = found?.[1] ?? found?.[2];
  return column === undefined ? undefined : { kind: 'column', name: column, isList: any !== null };
}

/** Undefined where one of them could not be told: then the statement is explained, and not run. */
export async function sampledParams(session: DatabaseSession, sql: string, prepared: Prepared): Promise<Params | undefined> {
  const tables = accesses(await prepared.explain(undefined));
  const params: (string | string[])[] = [];
  for (const position of prepared.types.keys()) {
    const role = roleOf(sql, position + 1);
    if (role === undefined) return undefined;
    if (role.kind !== 'column') params.push(role.kind === 'limit' ? PAGE : '0');
    else {
      const values = await valuesOf(session, tables, role.name, role.isList ? LIST : 1);
      const [first] = values;
      if (first === undefined) return undefined;
      params.push(role.isList ? [...values] : first);
    }
  }
  return params;
}

async function valuesOf(session: DatabaseSession, tables: ReturnType<typeof accesses>, column: string, count: number): Promise<readonly string[]> {
  for (const { schema, table } of tables) {
    const found = await tried(session, () =>
      session.rows('SELECT 1 FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2 AND NOT attisdropped', [
        `${quoteName(schema)}.${quoteName(table)}`,
        column,
      ]),
    );
    if (found.length === 0) continue;
    const name = quoteName(column);
    const from = `FROM ${quoteName(schema)}.${quoteName(table)} WHERE ${name} IS NOT NULL`;
    const rows = await session.rows(`SELECT ${name}::text AS value ${from} LIMIT ${count} OFFSET ${SKIPPED_ROWS}`);
    const values = (rows.length > 0 ? rows : await session.rows(`SELECT ${name}::text AS value ${from} LIMIT ${count}`)).map(({ value }) => String(value));
    if (values.length > 0) return values;
  }
  return [];
}
