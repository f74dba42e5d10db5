// Differences between rows as findings: named by table, key and column, with both values unless the mapping hides them; counted beyond the cap.
import type { DataMapping, Item } from '../../gates/model.ts';
import type { TablePair } from './mapping.ts';
import type { Difference } from './near/compare-ordered.ts';
import type { SentColumn } from './near/statements.ts';
import { renderField, renderValue } from './near/values.ts';

/** Findings of one table that are named; all are counted. */
export const NAMED_A_TABLE = 200;

export interface TableFindings {
  readonly items: readonly Item[];
  /** Rows missing, rows too many, and values that differ, all of them. */
  readonly missing: number;
  readonly extra: number;
  readonly changed: number;
  /** By column of the target: how many of its values differ. */
  readonly byColumn: Readonly<Record<string, number>>;
}

const NOTHING: TableFindings = { items: [], missing: 0, extra: 0, changed: 0, byColumn: {} };

export interface FindingsOfTable {
  add(difference: Difference, sent: readonly SentColumn[]): void;
  result(): TableFindings;
  /** Whether what is found from here on is counted, and not named any more. */
  isFull(): boolean;
}

/** `before`: what was found of the table already. */
export function collectFindings(pair: TablePair, mapping: DataMapping, before: TableFindings = NOTHING): FindingsOfTable {
  const items: Item[] = [...before.items];
  const counts = { missing: before.missing, extra: before.extra, changed: before.changed };
  const byColumn: Record<string, number> = { ...before.byColumn };
  const place = `${pair.target.schema}.${pair.target.table}`;
  const isHidden = hiddenColumns(`${place}.`, mapping);
  // Put into words only while it is named: of millions of differences the words would be most of the work.
  const isFull = (): boolean => items.length >= NAMED_A_TABLE;
  const wordsOf = (difference: Difference, sent: readonly SentColumn[]): string =>
    pair.key === undefined ? rowWords(difference, sent, isHidden) : keyWords(difference.key, sent, isHidden);
  return {
    add(difference, sent) {
      switch (difference.kind) {
        case 'missing':
          counts.missing += 1;
          if (!isFull()) items.push({ key: `${place}[${wordsOf(difference, sent)}]`, detail: `Row of ${pair.database} is missing.` });
          return undefined;
        case 'extra':
          counts.extra += 1;
          if (!isFull())
            items.push({
              key: `${place}[${wordsOf(difference, sent)}]`,
              detail: `${pair.database} has no such row${pair.where === undefined ? '' : `, or none with ${pair.where}`}.`,
            });
          return undefined;
        case 'changed':
          counts.changed += difference.columns.length;
          for (const { index, legacy, target } of difference.columns) {
            const column = sent[index];
            if (column === undefined) continue;
            const { name: columnName } = column.pair.target;
            byColumn[columnName] = (byColumn[columnName] ?? 0) + 1;
            if (isFull()) continue;
            const values = isHidden(columnName)
              ? 'the values differ (hidden by the mapping)'
              : `legacy ${renderField(legacy, column.form)}, target ${renderField(target, column.form)}`;
            items.push({ key: `${place}[${wordsOf(difference, sent)}].${columnName}`, detail: values });
          }
          return undefined;
        default:
          return difference satisfies never;
      }
    },
    result: () => ({ items, ...counts, byColumn }),
    isFull,
  };
}

/** `prefix`: `schema.table.` of the target. */
export function hiddenColumns(prefix: string, { redact = [] }: DataMapping): (column: string) => boolean {
  const patterns = redact.map(
    (glob) =>
      new RegExp(
        `^${glob
          .split('*')
          .map((part) => part.replace(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`))
          .join('.*')}$`,
        'u',
      ),
  );
  return (column) => patterns.some((pattern) => pattern.test(prefix + column));
}

function keyWords(key: readonly Buffer[], sent: readonly SentColumn[], isHidden: (column: string) => boolean): string {
  return key
    .map((bytes, index) => {
      const column = sent[index];
      if (column === undefined) return '';
      const { name } = column.pair.target;
      return `${name}=${isHidden(name) ? 'hidden' : renderValue(bytes, keyFormOf(column))}`;
    })
    .join(', ');
}

/** A key that is not compared as its own binary form was sent as text. */
function keyFormOf({ form, pair }: SentColumn): SentColumn['form'] {
  const isNative = form.kind === 'binary' && pair.legacy.builtIn === pair.target.builtIn && NATIVE_KEYS.has(form.type);
  return isNative ? form : { kind: 'text' };
}
const NATIVE_KEYS: ReadonlySet<string> = new Set(['bool', 'bytea', 'date', 'int2', 'int4', 'int8', 'time', 'timestamp', 'timestamptz', 'uuid']);

/** Columns of a row that has no key, after the digest that it is ordered by. */
const WORDS_OF_ROW = 160;
function rowWords(difference: Difference, sent: readonly SentColumn[], isHidden: (column: string) => boolean): string {
  const row = difference.kind === 'changed' ? [] : (difference.row ?? []).slice(1);
  const words = row.map((field, index) => {
    const column = sent[index];
    if (column === undefined) return '';
    const { name } = column.pair.target;
    return `${name}=${isHidden(name) ? 'hidden' : renderField(field, column.form)}`;
  });
  const text = words.join(', ');
  return text.length <= WORDS_OF_ROW ? text : `${text.slice(0, WORDS_OF_ROW)}…`;
}
