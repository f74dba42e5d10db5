// Differences of the catalogue as findings: kind, object, attribute, both values. Pure; used by the checks of the catalogue.
import type { DataMapping, Item } from '../../../gates/model.ts';
import type { Difference } from './compare.ts';
import { keyOf } from './facts.ts';

/** Longest value that is shown whole, characters. */
const SHOWN = 160;
/** Of a long text that differs so much is shown before the place where it does. */
const BEFORE = 40;

export function toItem(difference: Difference): Item {
  const { what, place, attribute } = difference;
  return { key: attribute === undefined ? keyOf(place) : `${keyOf(place)}: ${attribute}`, detail: detailOf(difference, what) };
}

function detailOf({ database, legacy = '', target = '' }: Difference, what: Difference['what']): string {
  const from = database ?? 'legacy';
  switch (what) {
    case 'missing':
      return `${from} has it${inBrackets(legacy)}, the target has not.`;
    case 'extra':
      return `Only the target has it${inBrackets(target)}.`;
    case 'name':
      return `${from} calls it ${legacy}, the target ${target}.`;
    case 'other': {
      const [a, b] = whereTheyDiffer(legacy.trim().replace(/;$/u, ''), target.trim().replace(/;$/u, ''));
      return `${from}: ${a}; target: ${b}`;
    }
    default:
      return what satisfies never;
  }
}

function inBrackets(text: string): string {
  return text === '' ? '' : ` (${clip(text)})`;
}
function clip(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}
/** Two long texts that begin alike are shown from shortly before they part. */
function whereTheyDiffer(a: string, b: string): readonly [string, string] {
  const parting = Array.from({ length: Math.min(a.length, b.length) }, (_, index) => index).findIndex((index) => a[index] !== b[index]);
  const from = Math.max(0, (parting < 0 ? Math.min(a.length, b.length) : parting) - BEFORE);
  if (from === 0 || (a.length <= SHOWN && b.length <= SHOWN)) return [clip(a), clip(b)];
  return [`…${clip(a.slice(from))}`, `…${clip(b.slice(from))}`];
}

export interface Intended {
  readonly items: readonly Item[];
  /** What was found and meant, with the reason that the mapping gives. */
  readonly accepted: readonly { readonly key: string; readonly detail: string; readonly reason: string }[];
}

/** Takes out what the mapping calls intended. */
export function withoutIntended(items: readonly Item[], { intended = {} }: DataMapping): Intended {
  const patterns = Object.entries(intended).map(([glob, reason]) => ({ pattern: matching(glob), reason }));
  const reasonOf = ({ key }: Item): string | undefined => patterns.find(({ pattern }) => pattern.test(key))?.reason;
  return {
    items: items.filter((item) => reasonOf(item) === undefined),
    accepted: items.flatMap((item) => {
      const reason = reasonOf(item);
      return reason === undefined ? [] : [{ key: item.key, detail: item.detail, reason }];
    }),
  };
}

function matching(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}
