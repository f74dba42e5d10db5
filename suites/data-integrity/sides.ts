// Both sides as a data check sees them: one moment of every database, its tables paired by the mapping, and sessions for several workers. Used by the checks of rows.
import type { DataMapping, DatabasePlace, DatabaseSession, Databases } from '../../gates/model.ts';
import { type Pairing, completeMapping, pairTables, schemaOf } from './mapping.ts';
import { type Table, readTables } from './tables.ts';

export interface Sides {
  readonly mapping: DataMapping;
  readonly pairing: Pairing;
  /** Schemas of the target that something is mapped to, each with the databases that it comes from. */
  readonly schemas: ReadonlyMap<string, readonly string[]>;
  /** Moment of the cut, ISO 8601. */
  readonly cut: string;
  /** What of the catalogue each database has: of the holders of the snapshots. */
  session(place: DatabasePlace): DatabaseSession;
  /** Another session that sees the same moment; the caller closes it. */
  open(place: DatabasePlace, statementTimeoutMs?: number): Promise<DatabaseSession>;
  /** Where what they see is older than this, all databases are seen as they are now: from here on sessions see another moment, once they `follow`. */
  renewAfter(ms: number): Promise<void>;
  /** Makes a session see what the others see now. */
  follow(session: DatabaseSession): Promise<void>;
  /** How many moments there were: 1 while everything that was seen is of the first. */
  moments(): number;
  close(): Promise<void>;
}

/** The server ends a transaction that is idle for two minutes (sessions.ts), and these only hold their moment. */
const KEEP_ALIVE_MS = 30_000;

/** Throws GateError DATABASE_UNREACHABLE where one of them is not there. */
/** `cut`: the moment for the mapping's filters where the mapping names none, of a run that goes on. */
export async function openSides(databases: Databases, mapping: DataMapping | undefined, now: Date, cut?: string): Promise<Sides> {
  const whole = completeMapping(mapping, databases.legacy);
  const held = new Map<string, { readonly session: DatabaseSession; readonly snapshot: string }>();
  const nameOf = (place: DatabasePlace): string => (place === 'target' ? 'target' : `legacy ${place.legacy}`);
  const hold = async (place: DatabasePlace): Promise<DatabaseSession> => {
    const session = await databases.open(place);
    held.set(nameOf(place), { session, snapshot: await session.exportSnapshot() });
    return session;
  };
  const seen = new WeakMap<DatabaseSession, string>();
  const moment = { count: 1, since: performance.now() };
  const alone = oneAtATime();
  // Whatever has become of a session, its next statement tells.
  const keepAlive = setInterval(() => void Promise.allSettled([...held.values()].map(({ session }) => session.rows('SELECT 1'))), KEEP_ALIVE_MS).unref();
  const close = async (): Promise<void> => {
    clearInterval(keepAlive);
    await Promise.all([...held.values()].map(({ session }) => session.close()));
  };
  const holder = (place: DatabasePlace): { readonly session: DatabaseSession; readonly snapshot: string } => {
    const found = held.get(nameOf(place));
    if (found === undefined) throw new Error(`No session is held on ${nameOf(place)}.`);
    return found;
  };
  try {
    const schemas = schemasOf(whole, databases.legacy);
    const target = await hold('target').then((session) => readTables(session, [...schemas.keys()]));
    const legacy = new Map<string, readonly Table[]>();
    for (const name of databases.legacy) {
      const session = await hold({ legacy: name });
      legacy.set(name, await readTables(session, [whole.databases[name]?.from ?? 'public']));
    }
    return {
      mapping: whole,
      pairing: pairTables(whole, legacy, target),
      schemas,
      cut: whole.cut ?? cut ?? now.toISOString(),
      session: (place) => holder(place).session,
      open: (place, statementTimeoutMs) =>
        alone(async () => {
          const { snapshot } = holder(place);
          const session = await databases.open(place, { snapshot, ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }) });
          seen.set(session, snapshot);
          return session;
        }),
      renewAfter: (ms) =>
        alone(async () => {
          if (performance.now() - moment.since < ms) return;
          for (const [name, { session }] of held) {
            await session.renew();
            held.set(name, { session, snapshot: await session.exportSnapshot() });
          }
          moment.since = performance.now();
          moment.count += 1;
        }),
      follow: (session) =>
        alone(async () => {
          const { snapshot } = holder(session.place);
          if (seen.get(session) === snapshot) return;
          await session.renew(snapshot);
          seen.set(session, snapshot);
        }),
      moments: () => moment.count,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A snapshot that is being taken over must not be replaced meanwhile. */
function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

function schemasOf(mapping: DataMapping, databases: readonly string[]): Map<string, string[]> {
  const schemas = new Map<string, string[]>();
  const add = (schema: string, database: string): void => {
    const known = schemas.get(schema) ?? [];
    if (!known.includes(database)) schemas.set(schema, [...known, database]);
  };
  for (const database of databases) {
    const { schema = schemaOf(database), tables = {} } = mapping.databases[database] ?? {};
    add(schema, database);
    for (const rule of Object.values(tables)) if (!('leftBehind' in rule) && rule.schema !== undefined) add(rule.schema, database);
  }
  return schemas;
}
