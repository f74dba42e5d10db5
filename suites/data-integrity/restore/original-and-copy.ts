// The target and its restored copy as the data checks see two sides: each schema of the target stands for a legacy database, the copy for the target. Used by backup-restore.
import type { DataMapping, Databases, DatabaseSession, RestoredCopy } from '../../../gates/model.ts';

/** Schemas that hold something of the application's, and not only what extensions brought. */
export async function schemasOf(holder: DatabaseSession): Promise<readonly string[]> {
  const holds = (catalogue: string, column: string): string =>
    `EXISTS (SELECT FROM ${catalogue} o WHERE o.${column} = n.oid
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalogue}'::regclass AND d.objid = o.oid AND d.deptype = 'e'))`;
  const rows = await holder.rows(
    `SELECT n.nspname AS name FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND (${holds('pg_class', 'relnamespace')} OR ${holds('pg_proc', 'pronamespace')} OR ${holds('pg_type', 'typnamespace')})
     ORDER BY n.nspname COLLATE "C"`,
  );
  return rows.map(({ name }) => String(name));
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
export function unchanged(schemas: readonly string[], mapping: DataMapping | undefined): DataMapping {
  const others = schemas.flatMap((one) => schemas.filter((other) => other !== one).map((other) => [`schema ${one}.${other}`, 'Compared by itself.'] as const));
  return {
    databases: Object.fromEntries(schemas.map((schema) => [schema, { schema, from: schema }])),
    // Each of them is the same database, so it has all the others as well.
    intended: Object.fromEntries(others),
    ...(mapping?.redact === undefined ? {} : { redact: mapping.redact }),
  };
}
