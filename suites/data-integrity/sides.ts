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
  close(): Promise<void>;
}

/** Throws GateError DATABASE_UNREACHABLE where one of them is not there. */
export async function openSides(databases: Databases, mapping: DataMapping | undefined, now: Date): Promise<Sides> {
  const whole = completeMapping(mapping, databases.legacy);
  const held = new Map<string, { readonly session: DatabaseSession; readonly snapshot: string }>();
  const nameOf = (place: DatabasePlace): string => (place === 'target' ? 'target' : `legacy ${place.legacy}`);
  const hold = async (place: DatabasePlace): Promise<DatabaseSession> => {
    const session = await databases.open(place);
    held.set(nameOf(place), { session, snapshot: await session.exportSnapshot() });
    return session;
  };
  const close = async (): Promise<void> => {
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
      cut: whole.cut ?? now.toISOString(),
      session: (place) => holder(place).session,
      open: (place, statementTimeoutMs) =>
        databases.open(place, { snapshot: holder(place).snapshot, ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }) }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
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
