// Reads the catalogues of all legacy databases and of the target, and what translates the one into the other. Called by the checks of the catalogue.
import type { DataMapping } from '../../../gates/model.ts';
import { schemaOf } from '../mapping.ts';
import type { Sides } from '../sides.ts';
import type { Fact, LegacyFact } from './facts.ts';
import { type Translation, translateNames } from './names.ts';
import { type Reader, type ReaderScope, readFacts } from './reading.ts';
import { type RoleTranslation, readRoles, translateRoles } from './roles.ts';

export interface BothCatalogues {
  readonly legacy: readonly LegacyFact[];
  readonly target: readonly Fact[];
  readonly translation: Translation;
  /** The oldest and the newest server of both sides, as server_version_num says. */
  readonly versions: { readonly oldest: number; readonly newest: number };
  /** Legacy databases whose schema holds no table: nothing is known of them by comparing. */
  readonly empty: readonly string[];
}

export const legacySchemaOf = (mapping: DataMapping, database: string): string => mapping.databases[database]?.from ?? 'public';

/** Throws what a server says: a catalogue that cannot be read agrees with nothing. */
export async function readBothCatalogues(sides: Sides, databases: readonly string[], readers: readonly Reader[]): Promise<BothCatalogues> {
  const target = sides.session('target');
  const versions = [target.version, ...databases.map((legacy) => sides.session({ legacy }).version)];
  const oldest = Math.min(...versions);
  const [ofSchema, ofDatabase] = [readers.filter((reader) => reader.of === 'schema'), readers.filter((reader) => reader.of === 'database')];
  const targetRoles = await readRoles(target);
  const roles = new Map<string, RoleTranslation>();
  const legacy: LegacyFact[] = [];
  const empty: string[] = [];
  for (const database of databases) {
    const session = sides.session({ legacy: database });
    const scope: ReaderScope = { side: 'legacy', version: session.version, oldest };
    roles.set(database, translateRoles(sides.mapping.roles, await readRoles(session), targetRoles));
    const facts = await readFacts(session, [...ofSchema, ...ofDatabase], scope, legacySchemaOf(sides.mapping, database));
    legacy.push(...facts.map((fact) => ({ ...fact, database })));
    if (!(await hasTables(sides, database))) empty.push(database);
  }
  const scope: ReaderScope = { side: 'target', version: target.version, oldest };
  const found: Fact[] = [];
  for (const schema of sides.schemas.keys()) found.push(...(await readFacts(target, ofSchema, scope, schema)));
  // Under no schema's path: what names an object of a schema says which.
  found.push(...(await readFacts(target, ofDatabase, scope, 'pg_catalog')));
  return { legacy, target: found, translation: translateNames(sides.mapping, roles), versions: { oldest, newest: Math.max(...versions) }, empty };
}

async function hasTables(sides: Sides, database: string): Promise<boolean> {
  const rows = await sides
    .session({ legacy: database })
    .rows(`SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') LIMIT 1`, [
      legacySchemaOf(sides.mapping, database),
    ]);
  return rows.length > 0;
}

/** Where a legacy database's objects went, unless a table says otherwise. */
export const targetSchemaOf = (mapping: DataMapping, database: string): string => mapping.databases[database]?.schema ?? schemaOf(database);
