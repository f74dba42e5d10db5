// The target and its restored copy as the data checks see two sides: each schema of the target stands for a legacy database, the copy for the target. Used by backup-restore.
import type { DataMapping, Databases, DatabaseSession, RestoredCopy } from '../../../gates/model.ts';

export interface Schemas {
  /** Those that hold a table of the application's. */
  readonly withTables: readonly string[];
  /** Those that hold none: routines, types, or nothing. */
  readonly bare: readonly string[];
}

export async function schemasOf(holder: DatabaseSession): Promise<Schemas> {
  const rows = await holder.rows(
    `SELECT n.nspname AS name, EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')) AS tables
     FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY n.nspname COLLATE "C"`,
  );
  const named = (tables: string): readonly string[] => rows.filter((row) => row['tables'] === tables).map(({ name }) => String(name));
  return { withTables: named('t'), bare: named('f') };
}

/** Every session of the target sees the moment that was dumped, so that what is written meanwhile is no difference. */
export function originalAndCopy(databases: Databases, schemas: readonly string[], snapshot: string, copy: Pick<RestoredCopy, 'open'>): Databases {
  return {
    legacy: schemas,
    hasTarget: true,
    async open(place, options) {
      if (place === 'target') return copy.open(options);
      const session = await databases.open('target', { snapshot, ...options });
      return { ...session, place, renew: () => session.renew(snapshot) };
    },
  };
}

/** Nothing was renamed, left behind or added; what is not to be shown stays hidden. */
export function unchanged({ withTables, bare }: Schemas, mapping: DataMapping | undefined): DataMapping {
  const all = [...withTables, ...bare];
  const others = withTables.flatMap((one) => all.filter((other) => other !== one).map((other) => [`schema ${one}.${other}`, 'Compared by itself.'] as const));
  // What nobody compares on the two sides of the migration nobody compares here.
  const uncompared = Object.entries(mapping?.intended ?? {}).filter(([key]) => key.startsWith('not compared '));
  return {
    databases: Object.fromEntries(withTables.map((schema) => [schema, { schema, from: schema }])),
    // Each of them is the same database, so it has all the others as well.
    intended: Object.fromEntries([...others, ...bare.map((schema) => [`schema ${schema}`, 'Compared object by object.'] as const), ...uncompared]),
    ...(mapping?.redact === undefined ? {} : { redact: mapping.redact }),
  };
}
