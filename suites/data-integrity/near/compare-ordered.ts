// Compares two sides that send the same rows in the same order, byte for byte, in one pass and flat memory (DATA-INTEGRITY, "The two ways", 1).
// Rows that are equal cost one memory comparison for many of them; only a row that differs is taken apart.
import { createHash } from 'node:crypto';
import type { CopyOut } from '../../../gates/model.ts';
import { MESSAGE_HEADER_BYTES } from '../../instruments/database/copy-out.ts';
import { type KeyForm, compareKeys } from './key-order.ts';
import { ROW_PREFIX_BYTES, RowWindow } from './row-window.ts';

/** A field as it was sent. Of a long one the beginning, with what tells it from others. */
export interface Field {
  /** Undefined: NULL. */
  readonly bytes: Buffer | undefined;
  /** Whole length, bytes; `bytes` may be its beginning only. */
  readonly length: number;
  /** Set where `bytes` is not the whole. */
  readonly sha256?: string;
}
export type Difference =
  /** `row`: its columns, where `withRows` asks for them. */
  | { readonly kind: 'missing' | 'extra'; readonly key: readonly Buffer[]; readonly row?: readonly Field[] }
  /** `columns`: indexes into the statement's columns, those that differ. */
  | {
      readonly kind: 'changed';
      readonly key: readonly Buffer[];
      readonly columns: readonly { readonly index: number; readonly legacy: Field; readonly target: Field }[];
    };

export interface OrderedComparison {
  readonly legacy: CopyOut;
  readonly target: CopyOut;
  /** The first columns of both statements are the key, in this order, not null, and both are ordered by it. */
  readonly key: readonly KeyForm[];
  /** Whether a row that one side lacks is wanted whole: where the key says nothing to people. */
  readonly withRows: boolean;
  /** Called for every difference, in the order of the keys. What it answers is waited for. */
  readonly onDifference: (difference: Difference) => Promise<void> | void;
  /** Whether a difference is still wanted with its key and its values; no: it is only counted, by column. Default: always. */
  readonly wantsValues?: (() => boolean) | undefined;
  /** Called now and then with the rows compared so far, of the side that is further. */
  readonly onProgress?: (rows: number) => void;
}
export interface Compared {
  readonly legacyRows: number;
  readonly targetRows: number;
  readonly legacyBytes: number;
}

/** A row beyond this is compared piece by piece and never held whole. */
const WHOLE_ROW_BYTES = 4 * 1024 * 1024;
const KEY_IS_NULL = 'A key column is NULL.';
const NOT_WANTED: Field = { bytes: undefined, length: 0 };
/** Of a long field so much is kept for people to see. */
const SHOWN_BYTES = 256;

/** Throws where a side fails or ends early: what was not seen is never equal. */
export async function compareOrdered(comparison: OrderedComparison): Promise<Compared> {
  const legacy = new RowWindow(comparison.legacy);
  const target = new RowWindow(comparison.target);
  await Promise.all([legacy.open(), target.open()]);
  const count = { legacyRows: 0, targetRows: 0, legacyBytes: 0 };
  let waiting: Promise<void> | void = undefined;
  let lastChanged = UNCHANGED;
  const note = (difference: Difference): void => {
    if (difference.kind === 'changed') lastChanged = difference;
    waiting = comparison.onDifference(difference);
  };
  for (;;) {
    const equal = skipEqualRows(legacy, target);
    count.legacyRows += equal.rows;
    count.targetRows += equal.rows;
    count.legacyBytes += equal.bytes;
    if (equal.rows > 0) comparison.onProgress?.(Math.max(count.legacyRows, count.targetRows));
    if (isLacking(legacy) || isLacking(target)) {
      await fillAll([legacy, target].filter(isLacking));
      continue;
    }
    if (legacy.isAtEnd && target.isAtEnd) return count;
    // Nothing is waited for where nothing has to be: with millions of differences the promises would be most of the work.
    const areWhole = legacy.rowBytes <= WHOLE_ROW_BYTES && target.rowBytes <= WHOLE_ROW_BYTES;
    const side = areWhole ? takeWhole(legacy, target, comparison, note, lastChanged) : await takeByPieces(legacy, target, comparison, note);
    if (waiting !== undefined) await waiting;
    waiting = undefined;
    if (side !== 'target') count.legacyRows += 1;
    if (side !== 'legacy') count.targetRows += 1;
  }
}

/** Moves both windows behind the rows that are equal and wholly there, as many as there are. */
function skipEqualRows(a: RowWindow, b: RowWindow): { readonly rows: number; readonly bytes: number } {
  const length = Math.min(a.available, b.available);
  const isEqual = length > 0 && a.bytes.compare(b.bytes, b.start, b.start + length, a.start, a.start + length) === 0;
  const { bytes } = a;
  const shift = b.start - a.start;
  const end = a.start + length;
  let at = a.start;
  let rows = 0;
  while (at + ROW_PREFIX_BYTES <= end) {
    const rowEnd = at + bytes.readUInt32BE(at + 1) + 1;
    // The trailer stays for the loop above: it is no row.
    if (rowEnd > end || (rowEnd - at === ROW_PREFIX_BYTES && bytes.readInt16BE(at + MESSAGE_HEADER_BYTES) === -1)) break;
    if (!isEqual && bytes.compare(b.bytes, at + shift, rowEnd + shift, at, rowEnd) !== 0) break;
    at = rowEnd;
    rows += 1;
  }
  const taken = at - a.start;
  a.start += taken;
  b.start += taken;
  return { rows, bytes: taken };
}

/** Whether of the next row not all is there, or of a long one not even the beginning. */
function isLacking(window: RowWindow): boolean {
  return window.available < ROW_PREFIX_BYTES || (window.rowBytes <= WHOLE_ROW_BYTES && window.available < window.rowBytes);
}

async function fillAll(windows: readonly RowWindow[]): Promise<void> {
  const filled = await Promise.all(windows.map((window) => window.fill()));
  if (filled.includes(false)) throw new Error('The rows ended without their end being said.');
}

type Taken = 'legacy' | 'target' | 'both';
type Form = Pick<OrderedComparison, 'key' | 'withRows' | 'wantsValues'>;
type Note = (difference: Difference) => void;

/** Of the next rows, which are wholly there and not both ends: notes what they differ in. Answers the side that has moved on. */
function takeWhole(legacy: RowWindow, target: RowWindow, { key, withRows, wantsValues }: Form, note: Note, before: Changed): Taken {
  const isWanted = wantsValues?.() ?? true;
  if (!isWanted && haveSameKey(legacy, target, key.length)) {
    const changed = changedColumns(legacy, target, fieldsOf(legacy, target), before);
    if (changed.columns.length > 0) note(changed);
    return 'both';
  }
  const legacyKey = legacy.isAtEnd ? undefined : keyInMemory(legacy, key.length);
  const targetKey = target.isAtEnd ? undefined : keyInMemory(target, key.length);
  const order = orderOf(legacyKey, targetKey, key);
  if (order !== 0) {
    const [kind, window, own] = order < 0 ? (['missing', legacy, legacyKey] as const) : (['extra', target, targetKey] as const);
    note({ kind, key: isWanted ? copiesOf(own) : [], ...(withRows && isWanted ? { row: rowInMemory(window) } : {}) });
    window.start += window.rowBytes;
    return order < 0 ? 'legacy' : 'target';
  }
  const copied = copiesOf(legacyKey);
  const columns = differingInMemory(legacy, target, fieldsOf(legacy, target));
  if (columns.length > 0) note({ kind: 'changed', key: copied, columns });
  return 'both';
}

/** The same, where a row may be too long to be held. */
async function takeByPieces(legacy: RowWindow, target: RowWindow, { key, withRows }: Form, note: Note): Promise<Taken> {
  const legacyKey = legacy.isAtEnd ? undefined : await readKey(legacy, key.length);
  const targetKey = target.isAtEnd ? undefined : await readKey(target, key.length);
  const order = orderOf(legacyKey, targetKey, key);
  if (order < 0) {
    note({ kind: 'missing', key: legacyKey ?? [], ...(await takeRow(legacy, withRows)) });
    return 'legacy';
  }
  if (order > 0) {
    note({ kind: 'extra', key: targetKey ?? [], ...(await takeRow(target, withRows)) });
    return 'target';
  }
  const columns = await differingByPieces(legacy, target, fieldsOf(legacy, target));
  if (columns.length > 0) note({ kind: 'changed', key: legacyKey ?? [], columns });
  return 'both';
}

/** The end comes after all keys. */
function orderOf(legacy: readonly Buffer[] | undefined, target: readonly Buffer[] | undefined, forms: readonly KeyForm[]): number {
  return legacy === undefined ? 1 : target === undefined ? -1 : compareKeys(legacy, target, forms);
}

function fieldsOf(legacy: RowWindow, target: RowWindow): number {
  const fields = legacy.bytes.readInt16BE(legacy.start + MESSAGE_HEADER_BYTES);
  const others = target.bytes.readInt16BE(target.start + MESSAGE_HEADER_BYTES);
  if (fields !== others) throw new Error(`The legacy side sends ${fields} columns, the target ${others}.`);
  return fields;
}

/** The window moves on. */
function copiesOf(key: readonly Buffer[] = []): Buffer[] {
  return key.map((bytes) => Buffer.from(bytes));
}

/** Of rows that are wholly there. */
function haveSameKey(legacy: RowWindow, target: RowWindow, fields: number): boolean {
  if (legacy.isAtEnd || target.isAtEnd) return false;
  const length = keyBytes(legacy, fields);
  const [a, b] = [legacy.start + ROW_PREFIX_BYTES, target.start + ROW_PREFIX_BYTES];
  return length === keyBytes(target, fields) && legacy.bytes.compare(target.bytes, b, b + length, a, a + length) === 0;
}

/** Lengths included. */
function keyBytes(window: RowWindow, fields: number): number {
  let at = window.start + ROW_PREFIX_BYTES;
  for (let field = 0; field < fields; field += 1) {
    const length = window.bytes.readInt32BE(at);
    if (length < 0) throw new Error(KEY_IS_NULL);
    at += 4 + length;
  }
  return at - window.start - ROW_PREFIX_BYTES;
}

/** Views into the window, good until it moves on. */
function keyInMemory(window: RowWindow, fields: number): Buffer[] {
  const key: Buffer[] = [];
  let at = window.start + ROW_PREFIX_BYTES;
  for (let field = 0; field < fields; field += 1) {
    const length = window.bytes.readInt32BE(at);
    if (length < 0) throw new Error(KEY_IS_NULL);
    key.push(window.bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return key;
}

function rowInMemory(window: RowWindow): Field[] {
  const fields = window.bytes.readInt16BE(window.start + MESSAGE_HEADER_BYTES);
  const row: Field[] = [];
  let at = window.start + ROW_PREFIX_BYTES;
  for (let index = 0; index < fields; index += 1) {
    const length = window.bytes.readInt32BE(at);
    row.push(wholeField(window.bytes, at, length));
    at += 4 + Math.max(0, length);
  }
  return row;
}

/** Copies, for the window moves on. A key is short; a row may be long. */
async function readKey(window: RowWindow, fields: number): Promise<Buffer[]> {
  const key: Buffer[] = [];
  let offset = ROW_PREFIX_BYTES;
  for (let field = 0; field < fields; field += 1) {
    await window.have(offset + 4);
    const length = window.bytes.readInt32BE(window.start + offset);
    if (length < 0) throw new Error(KEY_IS_NULL);
    await window.have(offset + 4 + length);
    key.push(Buffer.from(window.bytes.subarray(window.start + offset + 4, window.start + offset + 4 + length)));
    offset += 4 + length;
  }
  return key;
}

async function takeRow(window: RowWindow, isWanted: boolean): Promise<{ readonly row?: readonly Field[] }> {
  if (!isWanted) {
    await discard(window, window.rowBytes);
    return {};
  }
  const fields = window.bytes.readInt16BE(window.start + MESSAGE_HEADER_BYTES);
  await discard(window, ROW_PREFIX_BYTES);
  const row: Field[] = [];
  for (let index = 0; index < fields; index += 1) row.push(await fieldByPieces(window));
  return { row };
}

async function discard(window: RowWindow, bytes: number): Promise<void> {
  let left = bytes;
  while (left > 0) {
    await window.have(1);
    const taken = Math.min(left, window.available);
    window.start += taken;
    left -= taken;
  }
}

type Columns = Extract<Difference, { kind: 'changed' }>['columns'];

function differingInMemory(legacy: RowWindow, target: RowWindow, fields: number): Columns {
  const columns: { index: number; legacy: Field; target: Field }[] = [];
  let a = legacy.start + ROW_PREFIX_BYTES;
  let b = target.start + ROW_PREFIX_BYTES;
  for (let index = 0; index < fields; index += 1) {
    const aLength = legacy.bytes.readInt32BE(a);
    const bLength = target.bytes.readInt32BE(b);
    const aEnd = a + 4 + Math.max(0, aLength);
    const bEnd = b + 4 + Math.max(0, bLength);
    if (aLength !== bLength || legacy.bytes.compare(target.bytes, b, bEnd, a, aEnd) !== 0)
      columns.push({ index, legacy: wholeField(legacy.bytes, a, aLength), target: wholeField(target.bytes, b, bLength) });
    a = aEnd;
    b = bEnd;
  }
  legacy.start = a;
  target.start = b;
  return columns;
}

type Changed = Extract<Difference, { kind: 'changed' }>;
const UNCHANGED: Changed = { kind: 'changed', key: [], columns: [] };

/** Which columns differ and nothing else: the same object as `before` where they are the same, for that is all that millions of changed rows leave behind. */
function changedColumns(legacy: RowWindow, target: RowWindow, fields: number, before: Changed): Changed {
  let a = legacy.start + ROW_PREFIX_BYTES;
  let b = target.start + ROW_PREFIX_BYTES;
  let seen = 0;
  let own: { index: number; legacy: Field; target: Field }[] | undefined;
  for (let index = 0; index < fields; index += 1) {
    const aLength = legacy.bytes.readInt32BE(a);
    const bLength = target.bytes.readInt32BE(b);
    const aEnd = a + 4 + Math.max(0, aLength);
    const bEnd = b + 4 + Math.max(0, bLength);
    if (aLength !== bLength || legacy.bytes.compare(target.bytes, b, bEnd, a, aEnd) !== 0) {
      if (own === undefined && before.columns[seen]?.index !== index) own = before.columns.slice(0, seen);
      own?.push({ index, legacy: NOT_WANTED, target: NOT_WANTED });
      seen += 1;
    }
    a = aEnd;
    b = bEnd;
  }
  legacy.start = a;
  target.start = b;
  if (own === undefined && seen < before.columns.length) own = before.columns.slice(0, seen);
  return own === undefined ? before : { kind: 'changed', key: [], columns: own };
}

function wholeField(bytes: Buffer, at: number, length: number): Field {
  if (length < 0) return { bytes: undefined, length: 0 };
  const whole = bytes.subarray(at + 4, at + 4 + length);
  if (length <= SHOWN_BYTES) return { bytes: Buffer.from(whole), length };
  return { bytes: Buffer.from(whole.subarray(0, SHOWN_BYTES)), length, sha256: createHash('sha256').update(whole).digest('hex') };
}

async function differingByPieces(legacy: RowWindow, target: RowWindow, fields: number): Promise<Columns> {
  const columns: { index: number; legacy: Field; target: Field }[] = [];
  await discard(legacy, ROW_PREFIX_BYTES);
  await discard(target, ROW_PREFIX_BYTES);
  for (let index = 0; index < fields; index += 1) {
    const [a, b] = await Promise.all([fieldByPieces(legacy), fieldByPieces(target)]);
    if (!isSameField(a, b)) columns.push({ index, legacy: a, target: b });
  }
  return columns;
}

function isSameField(a: Field, b: Field): boolean {
  if (a.bytes === undefined || b.bytes === undefined) return a.bytes === b.bytes;
  return a.length === b.length && a.sha256 === b.sha256 && a.bytes.equals(b.bytes);
}

/** Hashes what it does not keep: two long fields are equal when their lengths and SHA-256 are. */
async function fieldByPieces(window: RowWindow): Promise<Field> {
  await window.have(4);
  const length = window.bytes.readInt32BE(window.start);
  window.start += 4;
  if (length < 0) return { bytes: undefined, length: 0 };
  const hash = createHash('sha256');
  const shown = Buffer.alloc(Math.min(SHOWN_BYTES, length));
  let seen = 0;
  while (seen < length) {
    await window.have(1);
    const piece = window.bytes.subarray(window.start, window.start + Math.min(length - seen, window.available));
    if (seen < shown.length) piece.copy(shown, seen);
    hash.update(piece);
    window.start += piece.length;
    seen += piece.length;
  }
  return length <= SHOWN_BYTES ? { bytes: shown, length } : { bytes: shown, length, sha256: hash.digest('hex') };
}
