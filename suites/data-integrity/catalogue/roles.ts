// Which role of the target a legacy role became: by the mapping, by its name, or because it owns the database. Used by names.ts.
import type { DatabaseSession } from '../../../gates/model.ts';

export interface RolesOfSide {
  readonly names: ReadonlySet<string>;
  readonly databaseOwner: string;
}
export type RoleTranslation = (role: string) => string;

/** Words of the readers that stand for no role of their own. */
const NO_ROLES: ReadonlySet<string> = new Set(['PUBLIC', 'its owner']);

export async function readRoles(session: DatabaseSession): Promise<RolesOfSide> {
  const rows = await session.rows(
    `SELECT rolname AS name, (rolname = (SELECT pg_get_userbyid(d.datdba) FROM pg_database d WHERE d.datname = current_database()))::text AS owner FROM pg_roles`,
  );
  return { names: new Set(rows.map(({ name }) => String(name))), databaseOwner: String(rows.find(({ owner }) => owner === 'true')?.['name']) };
}

/** The owner of a legacy database is often a role of its own (plan §1.2.1: `-U naap_analytics`); on the target the owner of the database does what it did. */
export function translateRoles(mapped: Readonly<Record<string, string>> | undefined, legacy: RolesOfSide, target: RolesOfSide): RoleTranslation {
  return (role) => {
    const given = mapped?.[role];
    if (given !== undefined) return given;
    if (NO_ROLES.has(role) || target.names.has(role)) return role;
    return role === legacy.databaseOwner ? target.databaseOwner : role;
  };
}
