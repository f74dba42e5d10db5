import { expect, test } from 'vitest';
import { auditText, undecidedOf } from './audit-words.ts';
import { coverageOf, coverageWords, leftToPeople } from './coverage.ts';
import { CONTRAST, lookedAt } from './testing/looks.ts';
import { SUCCESS_CRITERIA, criteriaOf } from './wcag-criteria.ts';

test('WCAG 2.1 has thirty criteria of level A and twenty of level AA, each once, in order', () => {
  const numbers = SUCCESS_CRITERIA.map(({ number }) => number);
  expect([new Set(numbers).size, SUCCESS_CRITERIA.filter(({ level }) => level === 'A').length]).toEqual([50, 30]);
  expect([numbers[0], numbers.at(-1), numbers[numbers.indexOf('1.4.5') + 1]]).toEqual(['1.1.1', '4.1.3', '1.4.10']);
});

test('of the tags of a rule those that name a criterion tell which', () => {
  expect(criteriaOf(['cat.color', 'wcag2aa', 'wcag21aa', 'wcag143', 'wcag1410', 'EN-301-549', 'EN-9.1.4.3'])).toEqual(['1.4.3', '1.4.10']);
});

const evaluated = (looked: Parameters<typeof coverageOf>[0], cases: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(coverageOf(looked, cases).criteria.map((one) => [one.number, one.evaluated]));

test('a rule that examined something looked at its criterion, whether it passed or was violated', () => {
  expect(evaluated([lookedAt('home/light', { violated: [CONTRAST] })])).toMatchObject({ '1.1.1': 'machine', '1.4.3': 'machine' });
});

test('a rule that could not decide, or had nothing to examine, looked at nothing', () => {
  const looked = [lookedAt('home/light', { undecided: [CONTRAST] })];
  expect(evaluated(looked)).toMatchObject({ '1.4.3': 'person', '1.2.2': 'nothing-to-examine', '1.4.11': 'person' });
});

test('cases that were put look at their criterion', () => {
  expect(evaluated([], ['reflow/home', 'focus-visible/home'])).toMatchObject({ '1.4.10': 'machine', '2.4.7': 'machine', '2.1.2': 'person' });
});

test('nothing found never reads as conformance, and nothing looked at is all for people', () => {
  expect(leftToPeople(coverageOf([], []))).toBe('50 of 50 success criteria wait for a person');
  expect(coverageWords(coverageOf([], []), 0)).toBe(
    'No violations found by machine is not conformance: 0 of 50 success criteria were looked at by machine, in part; 50 wait for a person.',
  );
  expect(coverageWords(coverageOf([lookedAt('home/light')], ['reflow/home']), 2)).toBe(
    'No violations found by machine is not conformance: 2 of 50 success criteria were looked at by machine, in part; 48 wait for a person. 2 places that axe could not decide are listed for people.',
  );
});

test('the audit lists all fifty criteria, what was not looked at, and what axe could not decide', () => {
  const looked = [lookedAt('home/light', { undecided: [CONTRAST] })];
  const coverage = coverageOf(looked, []);
  const text = auditText({
    coverage,
    words: 'Words.',
    undecided: undecidedOf(looked),
    unseen: [{ place: 'forum/light', why: 'It | was answered 500.' }],
    places: ['home/light'],
  });
  expect(text.split('\n').filter((line) => /^\| \d/.test(line))).toHaveLength(50);
  expect(text).toContain('| 1.1.1 Non-text Content | A | by machine, in part | image-alt |  |  |');
  expect(text).toContain('| 1.4.3 Contrast (Minimum) | AA | waits for a person: there is no rule for it |  |  | color-contrast |');
  expect(text).toContain(String.raw`| forum/light | It \| was answered 500. |`);
  expect(text).toContain('| color-contrast | home/light | `#lead` | Element has insufficient color contrast of 2.9 |');
});
