// Keys out of binary COPY as texts that the server reads back as the same value, to ask for those rows again. Used by look-again.ts.
import type { KeyBound, RowStatements, SentColumn } from '../near/statements.ts';

/** Julian day of PostgreSQL's epoch, 2000-01-01: `J2451545` is a date to the server, of any year. */
const EPOCH_JULIAN_DAY = 2_451_545;
const MICROS_PER_DAY = 86_400_000_000n;

/** Of a table without a key: the digest that its rows are ordered by, in hex. */
export function keyTexts(key: readonly Buffer[], statements: Pick<RowStatements, 'isKeyed' | 'sent' | 'key'>): KeyBound {
  if (!statements.isKeyed) return key.map((bytes) => bytes.toString('hex'));
  return key.map((bytes, index) => keyText(bytes, statements.sent[index] as SentColumn));
}

/** A key column is sent as its own binary form where both sides have the same built-in type, else as text (near/statements.ts). */
function keyText(bytes: Buffer, { pair: { legacy, target } }: SentColumn): string {
  const write = legacy.builtIn === target.builtIn ? TEXT_OF[legacy.builtIn ?? ''] : undefined;
  return write?.(bytes) ?? bytes.toString('utf8');
}

const TEXT_OF: Readonly<Record<string, (bytes: Buffer) => string>> = {
  bool: (bytes) => (bytes[0] === 1 ? 't' : 'f'),
  int2: (bytes) => String(bytes.readInt16BE(0)),
  int4: (bytes) => String(bytes.readInt32BE(0)),
  int8: (bytes) => String(bytes.readBigInt64BE(0)),
  uuid: (bytes) => bytes.toString('hex'),
  bytea: (bytes) => `\\x${bytes.toString('hex')}`,
  date: (bytes) => dayText(bytes.readInt32BE(0)),
  time: (bytes) => timeText(bytes.readBigInt64BE(0)),
  timestamp: (bytes) => timestampText(bytes.readBigInt64BE(0)),
  timestamptz: (bytes) => timestampText(bytes.readBigInt64BE(0)),
};

function dayText(days: number): string {
  if (days === 2 ** 31 - 1) return 'infinity';
  return days === -(2 ** 31) ? '-infinity' : `J${days + EPOCH_JULIAN_DAY}`;
}

function timeText(micros: bigint): string {
  const two = (value: bigint): string => String(value).padStart(2, '0');
  const fraction = String(micros % 1_000_000n).padStart(6, '0');
  return `${two(micros / 3_600_000_000n)}:${two((micros / 60_000_000n) % 60n)}:${two((micros / 1_000_000n) % 60n)}.${fraction}`;
}

/** Sessions are pinned to UTC. */
function timestampText(micros: bigint): string {
  if (micros === 2n ** 63n - 1n) return 'infinity';
  if (micros === -(2n ** 63n)) return '-infinity';
  const ofDay = ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY;
  return `${dayText(Number((micros - ofDay) / MICROS_PER_DAY))} ${timeText(ofDay)}`;
}
