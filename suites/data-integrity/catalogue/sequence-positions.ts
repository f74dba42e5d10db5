// Where sequences stand: the next value must be beyond all that their columns hold, and not behind where the legacy sequence stood. Used by catalogue-parity.
import type { DatabaseSession, Item } from '../../../gates/model.ts';
import { quoteTable } from '../../instruments/database/quoting.ts';
import type { Unseen } from '../workers.ts';
import { attempt } from './attempt.ts';
import { type Fact, type LegacyFact, keyOf } from './facts.ts';

interface Position {
  /** What nextval answers next. */
  readonly next: bigint;
  readonly increment: bigint;
}
export interface Positions {
  readonly items: readonly Item[];
  readonly unseen: readonly Unseen[];
}

/** The legacy sequence is read first: what moves meanwhile moves forward. */
export async function compareSequencePositions(
  pairs: readonly { readonly legacy: LegacyFact; readonly target: Fact }[],
  legacyOf: (database: string) => DatabaseSession,
  target: DatabaseSession,
): Promise<Positions> {
  const items: Item[] = [];
  const unseen: Unseen[] = [];
  for (const pair of pairs.filter((one) => one.target.kind === 'sequence')) {
    const before = await attempt(legacyOf(pair.legacy.database), () => readPosition(legacyOf(pair.legacy.database), pair.legacy));
    const now = await attempt(target, async () => ({ position: await readPosition(target, pair.target), furthest: await furthestValues(target, pair.target) }));
    if ('refused' in before) unseen.push({ table: `${pair.legacy.database} ${keyOf(pair.legacy)}`, why: before.refused });
    else if ('refused' in now) unseen.push({ table: keyOf(pair.target), why: now.refused });
    else {
      const behind = behindWhat(before.result, now.result.position, now.result.furthest, pair.target.attributes['cycle'] === 'true');
      if (behind.length > 0)
        items.push({ key: `${keyOf(pair.target)}: position`, detail: `Its next value is ${now.result.position.next}, behind ${behind.join(' and ')}.` });
    }
  }
  return { items, unseen };
}

interface Furthest {
  readonly column: string;
  readonly value: bigint;
}
function behindWhat(before: Position, now: Position, furthest: readonly Furthest[], cycles: boolean): readonly string[] {
  const isAscending = now.increment > 0n;
  // A sequence that cycles comes back to where it was.
  if (cycles) return [];
  const reached = furthest.filter(({ value }) => (isAscending ? value >= now.next : value <= now.next)).map(({ column, value }) => `${value} in ${column}`);
  const wasFurther = isAscending ? before.next > now.next : before.next < now.next;
  const isSameWay = isAscending === before.increment > 0n;
  return [...reached, ...(wasFurther && isSameWay ? [`the legacy sequence, which gives ${before.next} next`] : [])];
}

async function readPosition(session: DatabaseSession, { schema = '', name, attributes }: Fact): Promise<Position> {
  const [row] = await session.rows(`SELECT last_value::text AS last, is_called::text AS called FROM ${quoteTable({ schema, table: name })}`);
  const increment = BigInt(attributes['increment'] ?? '1');
  const last = BigInt(row?.['last'] ?? '0');
  return { next: row?.['called'] === 'true' ? last + increment : last, increment };
}

/** Columns that it belongs to or that default to it, of whole tables; texts made with it have no greatest number. */
const USES = `
SELECT DISTINCT n.nspname AS schema, c.relname AS "table", a.attname AS "column"
FROM (
  SELECT d.refobjid AS relation, d.refobjsubid AS number FROM pg_depend d
  WHERE d.classid = 'pg_class'::regclass AND d.objid = $1::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
  UNION
  SELECT f.adrelid, f.adnum FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
  WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::regclass
) u JOIN pg_class c ON c.oid = u.relation JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number
WHERE NOT c.relispartition AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)`;

async function furthestValues(session: DatabaseSession, { schema = '', name, attributes }: Fact): Promise<readonly Furthest[]> {
  const uses = await session.rows(USES, [quoteTable({ schema, table: name })]);
  const furthest: Furthest[] = [];
  for (const use of uses) {
    const place = { schema: String(use['schema']), table: String(use['table']) };
    const column = quoteTable({ schema: place.table, table: String(use['column']) });
    const [row] = await session.rows(
      `SELECT ${attributes['increment']?.startsWith('-') === true ? 'min' : 'max'}(${column})::text AS value FROM ${quoteTable(place)}`,
    );
    const value = row?.['value'];
    if (typeof value === 'string') furthest.push({ column: `${place.schema}.${place.table}.${use['column']}`, value: BigInt(value) });
  }
  return furthest;
}
