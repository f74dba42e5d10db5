// One 64-bit hash of a whole row, in SQL, of the very bytes that near mode would send (DATA-INTEGRITY, "The two ways", 2). Pure; used by sums.ts.
import { type SentColumn, expression } from '../near/statements.ts';

/** What near mode sends of these types is what their send functions answer; all others are sent as text. */
const SEND: Readonly<Record<string, string>> = {
  bool: 'boolsend',
  char: 'charsend',
  date: 'date_send',
  float4: 'float4send',
  float8: 'float8send',
  int2: 'int2send',
  int4: 'int4send',
  int8: 'int8send',
  interval: 'interval_send',
  money: 'cash_send',
  numeric: 'numeric_send',
  time: 'time_send',
  timestamp: 'timestamp_send',
  timestamptz: 'timestamptz_send',
  timetz: 'timetz_send',
  uuid: 'uuid_send',
};
/** From here on a bytea is hashed by its SHA-256: as hexadecimal text 600 MB would not fit a value (1 GB). */
const LONG_BYTEA = 8192;
/** Columns of one chain: their null bits fit a bigint, and 1600 nested calls would not fit the server's stack. */
const CHAIN_COLUMNS = 48;

/** Seeds of the two hashes; null bits (below 2^48) are added to them. */
export const SEEDS = { first: '1', second: '4611686018427387905' } as const;

/**
 * Each column's hash is the seed of the next one's, so that neither a value moved to another column nor a border between two that moved
 * goes unseen; which columns are NULL is in the first seed. Never NULL.
 */
export function rowHash(columns: readonly SentColumn[], side: 'legacy' | 'target', seed: string): string {
  const chains = Array.from({ length: Math.ceil(columns.length / CHAIN_COLUMNS) }, (_, index) =>
    chain(columns.slice(index * CHAIN_COLUMNS, (index + 1) * CHAIN_COLUMNS), side, seed),
  );
  const [only] = chains;
  return chains.length === 1 && only !== undefined ? only : `hashtextextended(concat_ws(',', ${chains.join(', ')}) COLLATE "C", ${seed})`;
}

function chain(columns: readonly SentColumn[], side: 'legacy' | 'target', seed: string): string {
  const values = columns.map((column) => expression(column, side));
  const nulls = values.map((value, index) => `CASE WHEN ${isNull(value, columns[index])} THEN ${2 ** index} ELSE 0 END`);
  return values.reduce(
    (inner, value, index) => `hashtextextended(coalesce(${hashedText(value, columns[index])}, '') COLLATE "C", ${inner})`,
    `(${[`${seed}::bigint`, ...nulls].join(' + ')})`,
  );
}

/** Of a composite `IS NULL` asks for its parts; its text does not. Columns that are sent as text are texts already. */
function isNull(value: string, column: SentColumn | undefined): string {
  return column === undefined ? 'true' : `(${value}) IS NULL`;
}

function hashedText(value: string, column: SentColumn | undefined): string {
  const form = column?.form;
  if (form === undefined || form.kind === 'text') return value;
  const send = SEND[form.type];
  if (send !== undefined) return `encode(${send}(${value}), 'hex')`;
  switch (form.type) {
    case 'bytea':
      return `CASE WHEN octet_length(${value}) < ${LONG_BYTEA} THEN encode(${value}, 'hex') ELSE 'sha256 ' || encode(sha256(${value}), 'hex') END`;
    case 'bpchar':
      // A cast to text would drop the spaces at the end.
      return `textin(bpcharout(${value}))`;
    default:
      return `(${value})::text`;
  }
}
