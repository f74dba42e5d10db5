// Values of binary COPY as people read them; the comparison itself never needs them. Forms: PostgreSQL, "COPY", and the types' send functions.
import type { Field } from './compare-ordered.ts';
import type { WireForm } from './statements.ts';

/** Longest value that is shown, characters. */
const SHOWN = 120;
/** Microseconds from 1970 to PostgreSQL's epoch, 2000-01-01. */
const EPOCH_MICROS = 946_684_800_000_000n;
const EPOCH_DAYS = 10_957;
const MICROS_PER_DAY = 86_400_000_000n;

/** `NULL`, `"text"`, `12.50`; of a long value its beginning, its length and its digest. */
export function renderField(field: Field, form: WireForm): string {
  if (field.bytes === undefined) return 'NULL';
  const text = field.sha256 === undefined ? renderValue(field.bytes, form) : beginningOf(field, form);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${field.length} bytes)`;
}

function beginningOf({ bytes = Buffer.alloc(0), length, sha256 = '' }: Field, form: WireForm): string {
  const shown = isText(form) ? JSON.stringify(bytes.toString('utf8').slice(0, 60)) : `\\x${bytes.subarray(0, 24).toString('hex')}`;
  return `${shown}… (${length} bytes, SHA-256 ${sha256.slice(0, 12)}…)`;
}
const TEXT_TYPES: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'name']);
function isText(form: WireForm): boolean {
  return form.kind === 'text' || TEXT_TYPES.has(form.type);
}

/** A key column's value. */
export function renderValue(bytes: Buffer, form: WireForm): string {
  if (isText(form)) return JSON.stringify(bytes.toString('utf8'));
  const render = form.kind === 'binary' ? RENDER[form.type] : undefined;
  return render?.(bytes) ?? `\\x${bytes.toString('hex')}`;
}

const RENDER: Readonly<Record<string, (bytes: Buffer) => string>> = {
  bool: (bytes) => (bytes[0] === 1 ? 'true' : 'false'),
  int2: (bytes) => String(bytes.readInt16BE(0)),
  int4: (bytes) => String(bytes.readInt32BE(0)),
  int8: (bytes) => String(bytes.readBigInt64BE(0)),
  money: (bytes) => `${bytes.readBigInt64BE(0)} (hundredths)`,
  float4: (bytes) => floatText(bytes.readFloatBE(0), bytes),
  float8: (bytes) => floatText(bytes.readDoubleBE(0), bytes),
  uuid: (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-'),
  jsonb: (bytes) => bytes.subarray(1).toString('utf8'),
  date: (bytes) => dateText(bytes.readInt32BE(0)),
  time: (bytes) => timeText(bytes.readBigInt64BE(0)),
  timetz: (bytes) => `${timeText(bytes.readBigInt64BE(0))} at ${-bytes.readInt32BE(8)} s from UTC`,
  timestamp: (bytes) => timestampText(bytes.readBigInt64BE(0)),
  timestamptz: (bytes) => `${timestampText(bytes.readBigInt64BE(0))}Z`,
  interval: (bytes) => `${bytes.readInt32BE(12)} months ${bytes.readInt32BE(8)} days ${timeText(bytes.readBigInt64BE(0))}`,
  numeric: numericText,
};

/** Two floats that differ in the last place only must not look alike. */
function floatText(value: number, bytes: Buffer): string {
  return `${Object.is(value, -0) ? '-0' : value} (\\x${bytes.toString('hex')})`;
}
function dateText(days: number): string {
  if (Math.abs(days) === 2 ** 31 || days === 2 ** 31 - 1) return days > 0 ? 'infinity' : '-infinity';
  const date = new Date((days + EPOCH_DAYS) * 86_400_000);
  return Number.isNaN(date.getTime()) ? `day ${days} from 2000-01-01` : date.toISOString().replace(/T.*/u, '');
}
function timeText(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const all = micros < 0n ? -micros : micros;
  const two = (value: bigint): string => String(value).padStart(2, '0');
  const fraction = String(all % 1_000_000n).padStart(6, '0');
  return `${sign}${two(all / 3_600_000_000n)}:${two((all / 60_000_000n) % 60n)}:${two((all / 1_000_000n) % 60n)}.${fraction}`;
}
function timestampText(micros: bigint): string {
  if (micros === 2n ** 63n - 1n) return 'infinity';
  if (micros === -(2n ** 63n)) return '-infinity';
  const ofDay = ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY;
  const day = Number((micros - ofDay + EPOCH_MICROS) / MICROS_PER_DAY) - EPOCH_DAYS;
  return `${dateText(day)}T${timeText(ofDay)}`;
}

/** Base-10 000 digits with weight, sign and display scale (src/backend/utils/adt/numeric.c, numeric_send). */
function numericText(bytes: Buffer): string {
  const [digits, weight, sign, scale] = [bytes.readUInt16BE(0), bytes.readInt16BE(2), bytes.readUInt16BE(4), bytes.readUInt16BE(6)];
  if (sign === 0xc000) return 'NaN';
  if (sign === 0xd000) return 'Infinity';
  if (sign === 0xf000) return '-Infinity';
  const digit = (index: number): string => String(index >= 0 && index < digits ? bytes.readUInt16BE(8 + 2 * index) : 0).padStart(4, '0');
  const whole = Array.from({ length: Math.max(0, weight + 1) }, (_, index) => digit(index)).join('');
  const groups = Math.ceil(scale / 4);
  const fraction = Array.from({ length: groups }, (_, index) => digit(weight + 1 + index))
    .join('')
    .slice(0, scale);
  return `${sign === 0x4000 ? '-' : ''}${whole.replace(/^0+(?=\d)/u, '') || '0'}${scale === 0 ? '' : `.${fraction}`}`;
}
