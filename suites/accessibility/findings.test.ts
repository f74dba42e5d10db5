import { expect, test } from 'vitest';
import { itemsOf, keysOf } from './findings.ts';
import { CONTRAST, lookedAt } from './testing/looks.ts';

const violated = { violated: [CONTRAST] };
const found = [lookedAt('forum/light', violated), lookedAt('forum/dialog-open/light', violated), lookedAt('forum/dark', violated)];
const WORDS =
  'Elements must meet minimum color contrast ratio thresholds (WCAG 1.4.3, serious): Element has insufficient color contrast of 2.9. https://example.org/color-contrast';

test('one element in many states and themes is one finding, known by the first place that shows it', () => {
  expect(itemsOf(found, undefined)).toEqual([
    {
      key: 'color-contrast forum/light #lead',
      detail: `Whether it is new is not known: there is no legacy side to compare with. ${WORDS} Also at forum/dialog-open/light, forum/dark.`,
    },
  ]);
});

test('another element, another rule and another page are other findings', () => {
  const other = { ...CONTRAST, nodes: [...CONTRAST.nodes, { selector: 'nav > a', why: '' }] };
  const looked = [lookedAt('forum/light', { violated: [other, { ...CONTRAST, id: 'link-name' }] }), lookedAt('wallet/light', violated)];
  expect(itemsOf(looked, undefined).map(({ key }) => key)).toEqual([
    'color-contrast forum/light #lead',
    'color-contrast forum/light nav > a',
    'link-name forum/light #lead',
    'color-contrast wallet/light #lead',
  ]);
});

const age = (keys: readonly string[], places: readonly string[]): string =>
  itemsOf(found, { keys: new Set(keys), places: new Set(places) })[0]?.detail.split(' Elements must')[0] ?? '';

test('what the legacy side has at any of the places is known', () => {
  expect(age(['color-contrast forum/dark #lead'], ['forum/dark'])).toBe('Known: the legacy side has it too.');
});

test('what the legacy side was seen without is new', () => {
  expect(age([], ['forum/light', 'forum/dialog-open/light', 'forum/dark'])).toBe('New: the legacy side does not have it.');
});

test('a place of the legacy side that could not be looked at proves nothing new', () => {
  expect(age([], ['forum/light', 'forum/dark'])).toBe('Whether it is new is not known: forum/dialog-open/light of the legacy side could not be looked at.');
});

test('every place has its own key, so that the legacy side can be compared place by place', () => {
  expect(keysOf(found)).toEqual(['color-contrast forum/light #lead', 'color-contrast forum/dialog-open/light #lead', 'color-contrast forum/dark #lead']);
});
