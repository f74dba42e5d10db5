// Makes of axe's violations the items of a report: one for each rule and element of a page, however many states and themes show it, new told from known. Pure; used by accessibility.check.ts.
import type { Item } from '../../gates/model.ts';
import type { AxeLook } from './axe.ts';
import { criteriaOf } from './wcag-criteria.ts';

/** What axe saw at one place. */
export interface Looked {
  /** Of the page: the same element in another state or theme is the same finding. */
  readonly page: string;
  /** `dashboard/menu-open/dark` */
  readonly place: string;
  readonly look: AxeLook;
}

interface Occurrence {
  readonly key: string;
  /** Rule, page and selector: what is one finding wherever it is seen. */
  readonly finding: string;
  readonly place: string;
  readonly words: string;
}

/** What was there before the migration. */
export interface Before {
  readonly keys: ReadonlySet<string>;
  /** Places of the legacy side that could be looked at. */
  readonly places: ReadonlySet<string>;
}

/** What is longest stands last: a report cuts it off. In the order of the places: a finding has the key of the first that shows it. `before` undefined: there is no legacy side. */
export function itemsOf(looked: readonly Looked[], before: Before | undefined): readonly Item[] {
  const byFinding = Map.groupBy(looked.flatMap(occurrencesOf), ({ finding }) => finding);
  return [...byFinding.values()].flatMap((occurrences) => {
    const [first, ...others] = occurrences;
    return first === undefined ? [] : [{ key: first.key, detail: `${ageOf(occurrences, before)} ${first.words}${elsewhere(others)}` }];
  });
}

/** Every key, place by place: what the legacy side has is compared by these. */
export function keysOf(looked: readonly Looked[]): readonly string[] {
  return looked.flatMap(occurrencesOf).map(({ key }) => key);
}

function occurrencesOf({ page, place, look }: Looked): readonly Occurrence[] {
  return look.violated.flatMap(({ id, tags, help, helpUrl, impact, nodes }) =>
    nodes.map(({ selector, why }) => ({
      key: `${id} ${place} ${selector}`,
      finding: `${id} ${page} ${selector}`,
      place,
      words: `${help} (WCAG ${criteriaOf(tags).join(', ') || '2.1'}, ${impact}): ${sentence(why)} ${helpUrl.split('?')[0]}`,
    })),
  );
}

function sentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function elsewhere(others: readonly Occurrence[]): string {
  return others.length === 0 ? '' : ` Also at ${others.map(({ place }) => place).join(', ')}.`;
}

function ageOf(occurrences: readonly Occurrence[], before: Before | undefined): string {
  if (before === undefined) return 'Whether it is new is not known: there is no legacy side to compare with.';
  if (occurrences.some(({ key }) => before.keys.has(key))) return 'Known: the legacy side has it too.';
  const unseen = occurrences.find(({ place }) => !before.places.has(place));
  if (unseen !== undefined) return `Whether it is new is not known: ${unseen.place} of the legacy side could not be looked at.`;
  return 'New: the legacy side does not have it.';
}
