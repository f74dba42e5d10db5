// Compares schemas that hold no table: routines, types and relations of them by name and body, since the catalogue's checks go by tables. Used by backup-restore.
import type { DatabaseSession, Item } from '../../../gates/model.ts';

/** Those of extensions as well: an object that was made one of an extension's is in no dump. */
const OBJECTS = `
SELECT 'routine ' || o.oid::regprocedure AS name, md5(concat_ws(' ', o.prosrc, o.prokind, o.provolatile, o.prosecdef, o.prorettype::regtype)) AS body
FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace WHERE n.nspname = ANY ($1)
UNION ALL SELECT 'type ' || o.oid::regtype, md5(concat_ws(' ', o.typtype, (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = o.oid)))
FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace WHERE n.nspname = ANY ($1) AND o.typtype IN ('d', 'e', 'm', 'r')
UNION ALL SELECT 'relation ' || o.oid::regclass, md5(concat_ws(' ', o.relkind, CASE WHEN o.relkind IN ('v', 'm') THEN pg_get_viewdef(o.oid) END))
FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace WHERE n.nspname = ANY ($1) AND o.relkind IN ('v', 'm', 'S', 'c', 'f')`;

export async function compareBareSchemas(
  original: DatabaseSession,
  copy: DatabaseSession,
  schemas: readonly string[],
): Promise<{ readonly n: number; readonly items: readonly Item[] }> {
  const [before, after] = [await objectsOf(original, schemas), await objectsOf(copy, schemas)];
  const lost = [...before].filter(([name, body]) => after.get(name) !== body);
  const added = [...after.keys()].filter((name) => !before.has(name));
  return {
    n: before.size,
    items: [
      ...lost.map(([name]): Item => ({ key: name, detail: after.has(name) ? 'The restored one is another.' : 'It was not restored.' })),
      ...added.map((name): Item => ({ key: name, detail: 'The copy has it, and the database has not.' })),
    ],
  };
}

async function objectsOf(session: DatabaseSession, schemas: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new Map((await session.rows(OBJECTS, [schemas])).map(({ name, body }) => [String(name), String(body)]));
}
