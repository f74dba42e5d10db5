// What a person without a mouse needs of a page: the focus can be seen, goes in order, and goes on. Used by page-cases.ts.
import type { Flaw, NotPut } from './cases.ts';
import { MOST_INSIDE, MOST_STOPS, type Stop, type Walk } from './tab-walk.ts';

const NAMED = 3;

/** Undefined: the walk went through the whole page, and met something. A limit of our own that it came to is no trap. */
export function whyNotWalked({ stops, isWhole }: Walk): NotPut | undefined {
  const last = stops.at(-1);
  if (last === undefined) return { notPut: 'Nothing on the page takes the focus by the Tab key.' };
  if (isWhole) return undefined;
  const why = stops.length >= MOST_STOPS ? `The page has ${MOST_STOPS} stops or more` : `${MOST_INSIDE} presses of Tab did not lead out of ${last.name}`;
  return { notPut: `${why}; it was walked through no further.` };
}

/** WCAG 2.1.2. */
export function trapFlaw({ stops, trappedAt }: Walk): Flaw {
  if (trappedAt === undefined) return undefined;
  const isStuck = trappedAt.element === stops.at(-1)?.element;
  const seen = isStuck ? 'the focus stays on it' : 'the focus comes back to it';
  return `Tab should lead through the page and out of it; at ${trappedAt.name} ${seen} after ${stops.length} of its stops.`;
}

/** WCAG 2.4.3. */
export function orderFlaw({ stops }: Walk): Flaw {
  const back = stops.findIndex(({ goesBack }) => goesBack);
  if (back < 0) return undefined;
  return `The focus should go through the page in its order; from ${stops[back - 1]?.name ?? 'the beginning'} it goes back to ${stops[back]?.name ?? ''}.`;
}

/** WCAG 2.4.7. */
export function visibilityFlaw({ stops }: Walk): Flaw {
  const unseen = stops.filter(({ isVisible }) => !isVisible);
  if (unseen.length === 0) return undefined;
  return `Whatever has the focus should look other than without it; ${unseen.length} of ${stops.length} look the same: ${listed(unseen)}.`;
}

function listed(stops: readonly Stop[]): string {
  const names = stops.slice(0, NAMED).map(({ name }) => name);
  return stops.length > NAMED ? `${names.join(', ')}, and ${stops.length - NAMED} more` : names.join(', ');
}
