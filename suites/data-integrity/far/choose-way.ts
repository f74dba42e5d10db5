// Whether a table is compared by its bytes (near) or by sums of row hashes (far): by cost, or as the configuration says. Called by row-contents before each table.
import type { DatabaseSession } from '../../../gates/model.ts';
import type { TablePair } from '../mapping.ts';
import { disagreement } from './hash-agreement.ts';
import { type Link, measureLink } from './link.ts';

export type Mode = 'auto' | 'near' | 'far';
export interface Way {
  readonly way: 'near' | 'far';
  /** For people; undefined where there is nothing to say: near is the usual way. */
  readonly why: string | undefined;
}
export interface WayChooser {
  choose(pair: TablePair, legacy: DatabaseSession, target: DatabaseSession): Promise<Way>;
}

/** DATA-INTEGRITY, table of methods, 2 cores: pairs of rows a second by the dual byte stream; rows a second by the chained hash. */
const NEAR_ROWS_PER_SECOND = 450_000;
const FAR_ROWS_PER_SECOND = 630_000;
/** Sum, boundary and rows of each half second of hashing. */
const ROUND_TRIPS_PER_SECOND = 4;
/** Hashing costs the servers more and finds by drilling what near mode has at once: it must promise this much. */
const WORTH = 2;
/** Below these nothing is worth a measurement of the link. */
const MANY_ROWS = 100_000;
const MANY_BYTES = 32 * 1024 * 1024;

const SIZE = `
WITH RECURSIVE parts AS (
  SELECT $1::regclass::oid AS oid
  UNION ALL
  SELECT i.inhrelid FROM parts p JOIN pg_inherits i ON i.inhparent = p.oid
)
SELECT coalesce(sum(pg_table_size(oid)), 0) AS bytes FROM parts`;

/** Asks each pair of databases once for its distance and for its hashes. */
export function chooseWays(mode: Mode): WayChooser {
  const links = new Map<string, Promise<Link>>();
  const quarrels = new Map<string, Promise<string | undefined>>();
  return {
    async choose(pair, legacy, target) {
      if (mode === 'near') return { way: 'near', why: undefined };
      const { database } = pair;
      const distance = mode === 'far' ? undefined : await farther(pair, legacy, target, links);
      if (mode === 'auto' && distance === undefined) return { way: 'near', why: undefined };
      const quarrel = await once(quarrels, database, () => disagreement(legacy, target));
      if (quarrel !== undefined) return { way: 'near', why: `not by hashes: ${quarrel}` };
      return { way: 'far', why: distance };
    },
  };
}

function once<Value>(known: Map<string, Promise<Value>>, name: string, ask: () => Promise<Value>): Promise<Value> {
  const found = known.get(name) ?? ask();
  known.set(name, found);
  // A question that failed is asked again of the next table.
  found.catch(() => known.delete(name));
  return found;
}

/** What makes hashing worth it, in words; undefined: the bytes themselves are as quick. */
async function farther(pair: TablePair, legacy: DatabaseSession, target: DatabaseSession, links: Map<string, Promise<Link>>): Promise<string | undefined> {
  const rows = pair.legacy.estimatedRows;
  if (rows < MANY_ROWS) return undefined;
  const [size] = await legacy.rows(SIZE, [quoted(pair)]);
  const bytes = Number(size?.['bytes']);
  if (bytes < MANY_BYTES) return undefined;
  const link = await once(links, pair.database, () => measureLink(legacy, target));
  const seconds = costs({ rows, bytes, link });
  if (seconds.near < WORTH * seconds.far) return undefined;
  return `${(link.bytesPerSecond / 1e6).toFixed(1)} MB/s from each side, ${link.roundTripMs.toFixed(0)} ms there and back`;
}

function quoted({ legacy: { schema, table } }: TablePair): string {
  return [schema, table].map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
}

/** Seconds that either way should take. Pure. */
export function costs({ rows, bytes, link }: { readonly rows: number; readonly bytes: number; readonly link: Link }): Readonly<Record<'near' | 'far', number>> {
  const trips = (seconds: number): number => (seconds * ROUND_TRIPS_PER_SECOND * link.roundTripMs) / 1000;
  const near = Math.max(bytes / link.bytesPerSecond, rows / NEAR_ROWS_PER_SECOND);
  const far = rows / FAR_ROWS_PER_SECOND;
  return { near: near + trips(near), far: far + trips(far) };
}
