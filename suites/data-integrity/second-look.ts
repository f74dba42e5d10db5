// Tells differences from writes that were under way: rows that differed are looked at again in new moments. Called by row-contents once all tables were compared.
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabasePlace, DatabaseSession, Databases } from '../../gates/model.ts';
import { keepSessions } from './drift/kept-sessions.ts';
import { type Sighting, keyId, lookAgain, takeMoment } from './drift/look-again.ts';
import { type Suspect, weigh } from './drift/suspects.ts';
import type { TablePair } from './mapping.ts';
import type { Difference } from './near/compare-ordered.ts';
import { type KeyBound, rowStatements } from './near/statements.ts';

/** DATA-INTEGRITY, "On a live source": rows whose source had not changed for 0.9 s; a write that takes longer than five seconds to reach the target is lost. */
const PATIENCE = { quietMs: 900, confirmMs: 5000 } as const;
/** Beyond it a row that is written all the time stays undecided. */
const GIVE_UP_MS = 20_000;

export interface TableSuspects {
  readonly pair: TablePair;
  readonly keys: readonly KeyBound[];
}
export interface LookedAgain {
  /** What still differs, as it differs now, in the order of the keys. */
  readonly real: readonly Difference[];
  /** Rows that are equal now. */
  readonly underWay: number;
  /** Rows that were written too often to be certain of. */
  readonly changing: number;
}
interface Looking {
  readonly databases: Databases;
  readonly cut: string;
  readonly statementTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Of each database, what `txid_current_snapshot()` said when it was compared; `target` by that name. */
  readonly moments: ReadonlyMap<string, string>;
}

/** By pair. One look is enough where nobody wrote to either server since they were compared. A table that cannot be looked at again answers the error. */
export async function secondLook(tables: readonly TableSuspects[], looking: Looking): Promise<ReadonlyMap<TablePair, LookedAgain | Error>> {
  const sessions = keepSessions(looking.databases, looking.statementTimeoutMs);
  const results = new Map<TablePair, LookedAgain | Error>();
  const open = tables.map(({ pair, keys }) => ({
    pair,
    suspects: new Map(keys.map((key) => [keyId(key), startOf(key)])),
    real: new Map<string, Sighting>(),
    underWay: 0,
  }));
  try {
    const began = performance.now();
    for (let left = open; left.length > 0; left = left.filter(({ suspects, pair }) => suspects.size > 0 && !results.has(pair))) {
      const started = performance.now();
      const isLast = started - began > GIVE_UP_MS;
      for (const table of left) {
        try {
          const both = await sessions.both(table.pair.database);
          const found = await lookAgain(
            rowStatements(table.pair, looking.cut),
            both,
            [...table.suspects.values()].map(({ key }) => key),
          );
          const isFrozen = await isStill(both, table.pair.database, looking.moments);
          for (const [id, suspect] of table.suspects) weighOne(table, id, suspect, found.get(id), isFrozen);
        } catch (error) {
          looking.signal.throwIfAborted();
          await sessions.drop();
          results.set(table.pair, error instanceof Error ? error : new Error(String(error)));
        }
      }
      await sessions.release();
      if (isLast) break;
      if (left.some(({ suspects }) => suspects.size > 0))
        await delay(Math.max(0, PATIENCE.quietMs - (performance.now() - started)), undefined, { signal: looking.signal });
    }
  } finally {
    await sessions.drop();
  }
  for (const { pair, real, suspects, underWay } of open)
    if (!results.has(pair)) results.set(pair, { real: [...real.values()].flatMap(({ differences }) => differences), underWay, changing: suspects.size });
  return results;
}

function startOf(key: KeyBound): Suspect {
  return { key: [...key], since: performance.now() };
}

interface OpenTable {
  readonly suspects: Map<string, Suspect>;
  readonly real: Map<string, Sighting>;
  underWay: number;
}

function weighOne(table: OpenTable, id: string, suspect: Suspect, sighting: Sighting | undefined, isFrozen: boolean): void {
  const looked = weigh(suspect, sighting, performance.now(), PATIENCE);
  if (looked.kind === 'waiting' && !isFrozen) return void table.suspects.set(id, looked.suspect);
  table.suspects.delete(id);
  if (sighting === undefined) table.underWay += 1;
  else table.real.set(id, sighting);
}

/** Whether nobody wrote to either server since the rows were compared: no transaction began to. */
async function isStill(both: Parameters<typeof takeMoment>[0], database: string, moments: ReadonlyMap<string, string>): Promise<boolean> {
  await takeMoment(both);
  const [legacy, target] = [await momentOf(both.legacy), await momentOf(both.target)];
  return legacy === moments.get(database) && target === moments.get('target');
}

/** Of every database: what `isStill` is held against. */
export async function momentsOf(sides: { session(place: DatabasePlace): DatabaseSession }, legacy: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const places: readonly DatabasePlace[] = ['target', ...legacy.map((name) => ({ legacy: name }))];
  return new Map(await Promise.all(places.map(async (place) => [place === 'target' ? place : place.legacy, await momentOf(sides.session(place))] as const)));
}

async function momentOf(session: { rows(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]> }): Promise<string> {
  const [row] = await session.rows('SELECT txid_current_snapshot()::text AS moment');
  return String(row?.['moment']);
}
