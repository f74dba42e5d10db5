// The statements by which both sides send the rows of one table in the same form and order (DATA-INTEGRITY, "The two ways", 1). Pure.
import { quoteLiteral, quoteName, quoteTable } from '../../instruments/database/quoting.ts';
import type { ColumnPair, TablePair } from '../mapping.ts';
import type { KeyForm } from './key-order.ts';

/**
 * Built-in types whose binary form is the value and nothing else, the same in every major. All others are sent as text under
 * pinned settings: arrays and composites carry type OIDs in binary, enums and extensions' types are the database's own.
 */
const BINARY: ReadonlySet<string> = new Set([
  'bool',
  'bytea',
  'bpchar',
  'char',
  'date',
  'float4',
  'float8',
  'int2',
  'int4',
  'int8',
  'interval',
  'jsonb',
  'money',
  'name',
  'numeric',
  'text',
  'time',
  'timestamp',
  'timestamptz',
  'timetz',
  'uuid',
  'varchar',
]);
/** Their order is that of their big-endian bytes with a sign. */
const SIGNED: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'date', 'time', 'timestamp', 'timestamptz']);
const BY_BYTES: ReadonlySet<string> = new Set(['bool', 'bytea', 'uuid']);
const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar']);

/** How a column is sent: `binary`, as the built-in type that both sides have; or as text. */
export type WireForm = { readonly kind: 'binary'; readonly type: string } | { readonly kind: 'text' };

export interface SentColumn {
  readonly pair: ColumnPair;
  readonly form: WireForm;
}
export interface RowStatements {
  /** In the order of the statement: the key first. */
  readonly sent: readonly SentColumn[];
  readonly key: readonly KeyForm[];
  /** Without a key of their own, rows are ordered by the digest of all they hold, which is sent before the columns. */
  readonly isKeyed: boolean;
  /** Whether a range of the key costs an index scan rather than a sort of the whole table. */
  readonly canBeChunked: boolean;
  /** `only`: a condition more over the side's own columns. */
  legacy(range?: KeyRange, only?: string): string;
  target(range?: KeyRange, only?: string): string;
  /**
   * The rows with these keys alone (without a key: with these digests, in hex), after their columns a text that changes whenever the row is written, and
   * that the sides never have in common.
   */
  versions(side: 'legacy' | 'target', keys: readonly KeyBound[]): string;
  /** ` FROM … WHERE …` of the rows that a side should have in common with the other, within the range. */
  rowsWithin(side: 'legacy' | 'target', range?: KeyRange, only?: string): string;
  /** The key of the row so many rows further on, each column as text; no row: it is the last chunk. */
  bound(after: KeyBound | undefined, rows: number): string;
  /** The keys of every row so many rows further on within the range, in order; the last one may be that of the last row. */
  bounds(range: KeyRange, rows: number): string;
}
/** Values of the key's columns, as text. */
export type KeyBound = readonly string[];
/** Rows above `after`, up to `to` and with it; undefined: no bound. */
export interface KeyRange {
  readonly after: KeyBound | undefined;
  readonly to: KeyBound | undefined;
}

export function rowStatements(pair: TablePair, cut: string): RowStatements {
  const { key = [] } = pair;
  const sent = [...key, ...pair.columns.filter((column) => !key.includes(column))].map((column) => ({ pair: column, form: formOf(column) }));
  const where = filterOf(pair, cut);
  const keys = sent.slice(0, key.length);
  const rowsWithin = (side: 'legacy' | 'target', range?: KeyRange, only?: string): string => {
    const filters = [
      ...(side === 'legacy' && where !== undefined ? [`(${where})`] : []),
      ...rangeFilter(keys, side, range),
      ...(only === undefined ? [] : [`(${only})`]),
    ];
    return ` FROM ${fromTable(pair, side)}${filters.length === 0 ? '' : ` WHERE ${filters.join(' AND ')}`}`;
  };
  const select = (side: 'legacy' | 'target', range: KeyRange | undefined, only: string | undefined, more: readonly string[] = []): string => {
    const lists = sent.map((column, index) => (index < key.length ? keyExpression(column, side) : expression(column, side)));
    const order = key.length > 0 ? lists.slice(0, key.length) : [rowDigest(sent, side)];
    const selected = [...(key.length > 0 ? [] : order), ...lists, ...more];
    return `COPY (SELECT ${selected.join(', ')}${rowsWithin(side, range, only)} ORDER BY ${order.join(', ')}) TO STDOUT (FORMAT binary)`;
  };
  const order = keys.map((column) => keyExpression(column, 'legacy')).join(', ');
  // Made texts outside, so that only the rows that are answered are.
  const plain = keys.map(({ pair: { legacy } }, index) => `${quoteName(legacy.name)} AS k${index}`).join(', ');
  const texts = keys.map((_, index) => `k${index}::text AS k${index}`).join(', ');
  return {
    sent,
    key: key.length > 0 ? key.map(keyForm) : ['bytes'],
    isKeyed: key.length > 0,
    canBeChunked: key.length > 0 && key.every((one) => isNative(one) || (isTextInByteOrder(one.legacy) && isTextInByteOrder(one.target))),
    legacy: (range, only) => select('legacy', range, only),
    target: (range, only) => select('target', range, only),
    versions: (side, rows) => select(side, undefined, keysFilter(sent, key.length, side, rows), [`${quoteLiteral(`${side} `)} || xmin::text`]),
    rowsWithin,
    bound: (after, rows) =>
      `SELECT ${texts} FROM (SELECT ${plain}${rowsWithin('legacy', { after, to: undefined })} ORDER BY ${order} OFFSET ${rows - 1} LIMIT 1) AS r`,
    bounds(range, rows) {
      const numbered = `SELECT ${plain}, row_number() OVER (ORDER BY ${order}) AS n${rowsWithin('legacy', range)}`;
      return `SELECT ${texts} FROM (${numbered}) AS r WHERE n % ${rows} = 0 ORDER BY n`;
    },
  };
}

/** Counts the rows that a side should have in common with the other. */
export function countStatement(pair: TablePair, side: 'legacy' | 'target', cut: string): string {
  const where = side === 'legacy' ? filterOf(pair, cut) : undefined;
  return `SELECT count(*) AS rows FROM ${fromTable(pair, side)}${where === undefined ? '' : ` WHERE ${where}`}`;
}

function filterOf({ where }: TablePair, cut: string): string | undefined {
  return where?.replaceAll('$cut', `${quoteLiteral(cut)}::timestamptz`);
}

/** A table's own rows; those of tables that inherit from it are theirs. */
function fromTable(pair: TablePair, side: 'legacy' | 'target'): string {
  return `${pair[side].isPartitioned ? '' : 'ONLY '}${quoteTable(pair[side])}`;
}

function formOf({ legacy, target, as }: ColumnPair): WireForm {
  // The keys of a json object have no order that means anything, so json is compared as jsonb.
  const [a, b] = [legacy, target].map(({ builtIn }) => (builtIn === 'json' ? 'jsonb' : builtIn));
  if (as !== undefined) return b !== undefined && BINARY.has(b) ? { kind: 'binary', type: b } : { kind: 'text' };
  return a !== undefined && a === b && BINARY.has(a) ? { kind: 'binary', type: a } : { kind: 'text' };
}

function source({ pair }: SentColumn, side: 'legacy' | 'target'): string {
  const own = quoteName(pair[side].name);
  return side === 'legacy' && pair.as !== undefined ? `(${pair.as})::${pair.target.type}` : own;
}

/** What is sent of a column. */
export function expression(column: SentColumn, side: 'legacy' | 'target'): string {
  const { form, pair } = column;
  const value = source(column, side);
  if (form.kind === 'text') return `(${value})::text`;
  return pair[side].builtIn === 'json' ? `(${value})::jsonb` : value;
}

function isTextInByteOrder({ builtIn, isOrderedByBytes }: ColumnPair['legacy']): boolean {
  return builtIn !== undefined && TEXTS.has(builtIn) && isOrderedByBytes;
}
function isNative({ legacy, target }: ColumnPair): boolean {
  return legacy.builtIn !== undefined && legacy.builtIn === target.builtIn && (SIGNED.has(legacy.builtIn) || BY_BYTES.has(legacy.builtIn));
}
function keyForm(pair: ColumnPair): KeyForm {
  return isNative(pair) && SIGNED.has(pair.legacy.builtIn ?? '') ? 'signed' : 'bytes';
}
/** A text whose own order is that of the bytes needs no COLLATE, so that its index serves. */
function keyExpression({ pair }: SentColumn, side: 'legacy' | 'target'): string {
  const name = quoteName(pair[side].name);
  if (isNative(pair)) return name;
  return isTextInByteOrder(pair[side]) ? name : `(${name}::text COLLATE "C")`;
}

function rangeFilter(keys: readonly SentColumn[], side: 'legacy' | 'target', range: KeyRange | undefined): string[] {
  if (range === undefined || keys.length === 0) return [];
  const columns = keys.map((column) => keyExpression(column, side)).join(', ');
  // Not as varchar(n): the other side's bound must not be cut short.
  const typeOf = (column: SentColumn | undefined): string => (column !== undefined && isNative(column.pair) ? column.pair[side].type : 'text');
  const row = (bound: KeyBound): string => bound.map((text, index) => `${quoteLiteral(text)}::${typeOf(keys[index])}`).join(', ');
  return [
    ...(range.after === undefined ? [] : [`ROW(${columns}) > ROW(${row(range.after)})`]),
    ...(range.to === undefined ? [] : [`ROW(${columns}) <= ROW(${row(range.to)})`]),
  ];
}

/** By the columns themselves rather than by the expressions that they are ordered by, so that an index serves. */
function keysFilter(sent: readonly SentColumn[], keyLength: number, side: 'legacy' | 'target', keys: readonly KeyBound[]): string {
  if (keyLength === 0) return `${rowDigest(sent, side)} IN (${keys.map(([digest = '']) => `decode(${quoteLiteral(digest)}, 'hex')`).join(', ')})`;
  const columns = sent.slice(0, keyLength).map(({ pair }) => pair[side]);
  const row = (key: KeyBound): string => key.map((text, index) => `${quoteLiteral(text)}::${columns[index]?.type ?? 'text'}`).join(', ');
  return `(${columns.map(({ name }) => quoteName(name)).join(', ')}) IN (${keys.map((key) => `(${row(key)})`).join(', ')})`;
}

/** SHA-256 of the whole row as text; rows that are equal follow each other on both sides, and are compared whole besides. */
function rowDigest(sent: readonly SentColumn[], side: 'legacy' | 'target'): string {
  return `sha256(convert_to(ROW(${sent.map((column) => expression(column, side)).join(', ')})::text, 'UTF8'))`;
}
