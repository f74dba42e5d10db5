// Privileges of both sides, role by role: what was lost and what was won. Pure; used by compare.ts.
import type { Difference } from './compare.ts';
import { type Fact, type Kind, type LegacyFact, type Place, keyOf } from './facts.ts';
import { NONE, type Translation } from './names.ts';

const PRIVILEGES: ReadonlySet<string> = new Set<Kind>([
  'table privileges',
  'column privileges',
  'sequence privileges',
  'routine privileges',
  'type privileges',
  'schema privileges',
  'default privileges',
  'database privileges',
]);
export const isPrivilege = (kind: Kind): boolean => PRIVILEGES.has(kind);

interface Granted {
  readonly place: Place;
  readonly database: string;
  readonly privileges: ReadonlySet<string>;
  readonly isIncidental: boolean;
}

export function comparePrivileges(legacy: readonly LegacyFact[], target: readonly Fact[], translation: Translation): readonly Difference[] {
  const found = new Map(target.filter(({ kind }) => isPrivilege(kind)).map((fact) => [keyOf(fact), fact]));
  const granted = mergeRoles(legacy, found, translation);
  const compared = granted.flatMap(({ place, database, privileges, isIncidental }) => {
    const fact = found.get(keyOf(place));
    const now = privilegesOf(fact);
    const lost = isIncidental ? [] : [...privileges].filter((one) => !now.has(one));
    const won = fact?.isIncidental === true ? [] : [...now].filter((one) => !privileges.has(one));
    return lost.length + won.length === 0 ? [] : [difference(place, database, privileges, now)];
  });
  const known = new Set(granted.map(({ place }) => keyOf(place)));
  const won = [...found].flatMap(([key, fact]) =>
    known.has(key) || fact.isIncidental || translation.reasonFor(fact) !== undefined ? [] : [difference(fact, undefined, new Set(), privilegesOf(fact))],
  );
  return [...compared, ...won];
}

/** Several roles of a legacy database may have become one, and the owner of an object may be who had a grant before. */
function mergeRoles(legacy: readonly LegacyFact[], found: ReadonlyMap<string, Fact>, translation: Translation): readonly Granted[] {
  const merged = new Map<string, Granted>();
  for (const fact of legacy) {
    const place = likeliest(translation.placesOf(fact) ?? [], found);
    if (place === undefined) continue;
    const ofOwner = { ...place, grantee: 'its owner' };
    const isOwnerNow = fact.grantee !== 'its owner' && found.get(keyOf(ofOwner))?.owner === place.grantee;
    const where = isOwnerNow ? ofOwner : place;
    const key = `${fact.database} ${keyOf(where)}`;
    const known = merged.get(key);
    merged.set(key, {
      place: where,
      database: fact.database,
      privileges: new Set([...(known?.privileges ?? []), ...privilegesOf(fact)]),
      isIncidental: fact.isIncidental && known?.isIncidental !== false,
    });
  }
  return [...merged.values()];
}

/** An object may have kept its name or followed its table's: where privileges were found on it, there it is. */
function likeliest(places: readonly Place[], found: ReadonlyMap<string, Fact>): Place | undefined {
  return places.find((place) => found.has(keyOf(place))) ?? places.find((place) => found.has(keyOf({ ...place, grantee: 'its owner' }))) ?? places[0];
}
function privilegesOf(fact: Fact | undefined): ReadonlySet<string> {
  return new Set((fact?.attributes['privileges'] ?? '').split(', ').filter((one) => one !== ''));
}
function difference(place: Place, database: string | undefined, before: ReadonlySet<string>, now: ReadonlySet<string>): Difference {
  const words = (privileges: ReadonlySet<string>): string => (privileges.size === 0 ? NONE : [...privileges].toSorted().join(', '));
  return { what: 'other', place, ...(database === undefined ? {} : { database }), attribute: 'privileges', legacy: words(before), target: words(now) };
}
