// Whether the search path that a legacy database sets leads to the same objects on the target, which has one for all of them. Pure; used by catalogue-parity.
import type { DataMapping } from '../../../gates/model.ts';
import { legacySchemaOf, targetSchemaOf } from './both-sides.ts';
import type { Difference } from './compare.ts';
import { type Fact, type LegacyFact, keyOf } from './facts.ts';
import { NONE } from './names.ts';

export const isSearchPath = ({ kind, name }: Fact): boolean => kind === 'setting' && name === 'search_path';

/** Without a setting of its own a database has this one. */
const DEFAULT_PATH = '"$user", public';
/** What no object of the application is found by. */
const HARMLESS: ReadonlySet<string> = new Set(['$user', 'public', 'pg_catalog', 'pg_temp']);

/**
 * Neither side sets it: the same. Otherwise every schema of a legacy path must be on the target's, in its order, and
 * the target's may lead nowhere else than to the schemas that databases went to, and to those of extensions.
 */
export function compareSearchPaths(
  legacy: readonly LegacyFact[],
  target: readonly Fact[],
  databases: readonly string[],
  mapping: DataMapping,
  known: ReadonlySet<string>,
): readonly Difference[] {
  const subjects = new Map([...legacy, ...target].filter(isSearchPath).map((fact) => [keyOf(fact), fact]));
  return [...subjects.values()].flatMap((subject) => {
    const now = target.find((fact) => isSearchPath(fact) && keyOf(fact) === keyOf(subject))?.attributes['value'];
    const path = pathOf(now ?? DEFAULT_PATH);
    const strangers = now === undefined ? [] : path.filter((schema) => !known.has(schema) && !HARMLESS.has(schema));
    const bent = databases.flatMap((database): readonly Difference[] => {
      const own = legacy.find((fact) => fact.database === database && isSearchPath(fact) && keyOf(fact) === keyOf(subject))?.attributes['value'];
      const wanted = pathOf(own ?? DEFAULT_PATH).map((schema) => (schema === legacySchemaOf(mapping, database) ? targetSchemaOf(mapping, database) : schema));
      if (own === undefined && now === undefined) return [];
      const places = wanted.filter((schema) => schema !== '$user').map((schema) => path.indexOf(schema));
      const isThere = places.every((place, index) => place >= 0 && place >= (places[index - 1] ?? 0));
      if (isThere) return [];
      return [
        {
          what: 'other',
          place: subject,
          database,
          attribute: 'value',
          legacy: `${wanted.join(', ')}${own === undefined ? ' (by default)' : ''}`,
          target: now ?? NONE,
        },
      ];
    });
    const stray: readonly Difference[] =
      strangers.length === 0
        ? []
        : [{ what: 'other', place: subject, attribute: 'value', legacy: `nothing leads to ${strangers.join(', ')}`, target: now ?? NONE }];
    return bent.length > 0 ? bent : stray;
  });
}

function pathOf(value: string): readonly string[] {
  return (value.match(/"(?:[^"]|"")*"|[^,\s]+/gu) ?? []).map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name));
}
