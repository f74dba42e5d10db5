// Holds the facts of all legacy databases, said in the target's names, against those of the target. Pure: the same facts give the same differences.
import type { Fact, Kind, LegacyFact, Place } from './facts.ts';
import { keyOf, labelOf, objectOf } from './facts.ts';
import { NONE, type Translation } from './names.ts';
import { comparePrivileges, isPrivilege } from './privileges.ts';

export interface Difference {
  /** `name`: the same thing under another name. */
  readonly what: 'missing' | 'extra' | 'other' | 'name';
  readonly place: Place;
  /** The legacy database that says otherwise; of what only the target has, none. */
  readonly database?: string;
  readonly attribute?: string;
  readonly legacy?: string;
  readonly target?: string;
  /** Where it follows from the same difference of another object. */
  readonly parent?: Place;
}
/** Looked at, other than before, and no difference: why. */
export interface Note {
  readonly object: string;
  readonly reason: string;
}
export interface ComparedCatalogues {
  readonly differences: readonly Difference[];
  readonly notes: readonly Note[];
  readonly matched: readonly { readonly legacy: LegacyFact; readonly target: Fact }[];
}
export interface Rules {
  /** Of what only the target has: why that is no difference, or what of it is. */
  extra?(fact: Fact): { readonly reason: string } | { readonly differences: readonly Difference[] } | undefined;
  /** What is wrong with a fact of the target whatever the legacy side says. */
  always?(fact: Fact): readonly Difference[];
  /** Whether two texts that differ say the same between servers of these majors. */
  isSame?(kind: Kind, attribute: string, expected: string, found: string): boolean;
}

export function compareFacts(legacy: readonly LegacyFact[], target: readonly Fact[], translation: Translation, rules: Rules = {}): ComparedCatalogues {
  const [privileges, others] = [legacy.filter(({ kind }) => isPrivilege(kind)), legacy.filter(({ kind }) => !isPrivilege(kind))];
  const targetOthers = target.filter(({ kind }) => !isPrivilege(kind));
  const byKey = new Map(targetOthers.map((fact) => [keyOf(fact), fact]));
  const matched: { legacy: LegacyFact; target: Fact; place: Place }[] = [];
  const lacking: { legacy: LegacyFact; place: Place }[] = [];
  const notes: Note[] = [];
  for (const fact of others) {
    const places = translation.placesOf(fact);
    const [place] = places ?? [];
    const found = places?.map((one) => byKey.get(keyOf(one))).find((one) => one !== undefined);
    if (place === undefined) notes.push({ object: `${fact.database}: ${keyOf(fact)}`, reason: 'left behind with its table or column' });
    else if (found === undefined) lacking.push({ legacy: fact, place });
    else matched.push({ legacy: fact, target: found, place });
  }
  const taken = new Set(matched.map((pair) => pair.target));
  const renamed = pairRenamed(
    lacking,
    targetOthers.filter((fact) => !taken.has(fact)),
    translation,
    rules,
  );
  for (const { target: fact } of renamed) taken.add(fact);
  const differences: Difference[] = [
    ...matched.flatMap((pair) => compareAttributes(pair.legacy, pair.target, translation, rules)),
    ...renamed.map(({ legacy: fact, target: found }): Difference => ({
      what: 'name',
      place: found,
      database: fact.database,
      legacy: fact.name,
      target: found.name,
      ...parentOf(found),
    })),
    ...lacking.filter((one) => !renamed.some((pair) => pair.legacy === one.legacy)).map(({ legacy: fact, place }) => missing(fact, place, translation)),
    ...comparePrivileges(privileges, target, translation),
  ];
  for (const fact of targetOthers) {
    differences.push(...(rules.always?.(fact) ?? []));
    if (taken.has(fact) || fact.isIncidental) continue;
    const judged = extra(fact, translation, rules);
    if ('reason' in judged) notes.push({ object: keyOf(fact), reason: judged.reason });
    else differences.push(...judged.differences);
  }
  return { differences: withoutConsequences(differences), notes, matched: [...matched, ...renamed] };
}

function compareAttributes(legacy: LegacyFact, target: Fact, translation: Translation, rules: Rules): readonly Difference[] {
  const attributes = new Set([...Object.keys(legacy.attributes), ...Object.keys(target.attributes)]);
  return [...attributes].flatMap((attribute): readonly Difference[] => {
    if (translation.isRewritten(legacy, attribute)) return [];
    const found = translation.found(legacy.database, target, attribute);
    const expected = translation.expected(legacy, attribute);
    if (expected.some((one) => one === found || rules.isSame?.(legacy.kind, attribute, one, found) === true)) return [];
    return [{ what: 'other', place: target, database: legacy.database, attribute, legacy: expected[0] ?? NONE, target: found, ...parentOf(target) }];
  });
}

/** What a table holds may be the same thing under another name; what is named by itself is not. */
const RENAMEABLE: ReadonlySet<Kind> = new Set(['constraint', 'foreign key', 'index', 'trigger', 'rule', 'policy', 'extended statistics']);
function pairRenamed(lacking: readonly { legacy: LegacyFact; place: Place }[], free: readonly Fact[], translation: Translation, rules: Rules) {
  const left = new Set(free.filter(({ kind }) => RENAMEABLE.has(kind)));
  return lacking.flatMap(({ legacy, place }) => {
    const same = [...left].find(
      (fact) =>
        fact.kind === place.kind &&
        fact.schema === place.schema &&
        fact.table === place.table &&
        compareAttributes(withoutName(legacy), withoutName(fact), translation, rules).length === 0,
    );
    if (same === undefined) return [];
    left.delete(same);
    return [{ legacy, target: same, place }];
  });
}
/** A definition that begins with the object's own name is compared behind it. */
function withoutName<One extends Fact>(fact: One): One {
  const { definition, ...rest } = fact.attributes;
  return definition === undefined ? fact : { ...fact, attributes: { ...rest, definition: definition.replace(fact.name, '') } };
}

function missing(fact: LegacyFact, place: Place, translation: Translation): Difference {
  const parent = fact.parent === undefined ? undefined : translation.placesOf({ ...fact, ...fact.parent })?.[0];
  return { what: 'missing', place, database: fact.database, legacy: inShort(fact), ...(parent === undefined ? {} : { parent }) };
}
function extra(fact: Fact, translation: Translation, rules: Rules): { readonly reason: string } | { readonly differences: readonly Difference[] } {
  const reason = translation.reasonFor(fact);
  const judged = reason === undefined ? rules.extra?.(fact) : { reason };
  return judged ?? { differences: [{ what: 'extra', place: fact, target: inShort(fact), ...parentOf(fact) }] };
}
function parentOf(fact: Fact): { parent?: Place } {
  return fact.parent === undefined ? {} : { parent: { ...fact, ...fact.parent } };
}
/** What tells most about it, where one attribute does. */
const TELLING = ['definition', 'columns', 'type', 'version', 'value', 'labels', 'text', 'event', 'operations'] as const;
function inShort({ attributes }: Fact): string {
  return TELLING.flatMap((name) => attributes[name] ?? [])[0] ?? '';
}

/** What follows from a missing object, or from the same difference of the object that this one follows, is no finding of its own. */
function withoutConsequences(differences: readonly Difference[]): readonly Difference[] {
  const gone = differences.filter(({ what, place }) => (what === 'missing' || what === 'extra') && !isPrivilege(place.kind));
  const tables = new Set(gone.flatMap(({ place }) => (place.kind === 'table' ? [`${place.schema}.${place.table}`] : [])));
  const objects = new Set(gone.map(({ place }) => labelOf(place)));
  const said = new Set(differences.map((one) => sameness(one, one.place)));
  return differences.filter(({ place, ...one }) => {
    const isOfTable = place.kind !== 'table' && place.table !== undefined && tables.has(`${place.schema}.${place.table}`);
    const isOfObject = isPrivilege(place.kind) && objects.has(objectOf(place));
    return !isOfTable && !isOfObject && (one.parent === undefined || !said.has(sameness({ ...one, place }, one.parent)));
  });
}
function sameness({ what, attribute, target }: Difference, place: Place): string {
  return [what, place.kind, labelOf(place), attribute, what === 'other' ? target : ''].join('\n');
}
