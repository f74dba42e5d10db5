// Results that axe-core 4.14 gave in Chromium, and each way in which such a report can be wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeAxeReport } from './axe-report.rule.ts';

const RULE = { kind: 'axe-report', describe: 'x' } as const;
const recorded = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'testing', 'recorded', `${name}.json`));
const GOOD = recorded('axe');

interface Finding {
  id: string;
  nodes: unknown[];
  tags: string[];
}
interface Results {
  url: string;
  testEngine: { name: string; version: string };
  toolOptions: { runOnly?: unknown; rules?: Record<string, { enabled: boolean }> };
  passes: Finding[];
  violations: Finding[];
  incomplete: Finding[];
  inapplicable: Finding[];
}
function changed(change: (results: Results) => void): Buffer {
  const results = JSON.parse(GOOD.toString()) as Results;
  change(results);
  return Buffer.from(JSON.stringify(results));
}

test.each<readonly [string, Buffer]>([
  ['one page', GOOD],
  ['a list of one', Buffer.from(`[${GOOD.toString()}]`)],
  ['every rule there is', changed(({ toolOptions }) => delete toolOptions.runOnly)],
  [
    'more tags than are asked for',
    changed(({ toolOptions }) => (toolOptions.runOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })),
  ],
])('a report of %s without violations is accepted', (_, bytes) => {
  expect(judgeAxeReport(bytes, RULE)).toEqual({
    ok: true,
    text: 'No violation on 1 page (http://127.0.0.1:18997/), at least 10 rules passed on each. Nothing is left open by axe. axe finds about half of what WCAG asks for.',
  });
});

test('what axe could not decide is listed for people', () => {
  const bytes = changed(({ passes, incomplete }) => incomplete.push({ ...(passes[0] as Finding), id: 'color-contrast', nodes: [{}, {}] }));
  expect(judgeAxeReport(bytes, RULE)).toMatchObject({
    ok: true,
    text: expect.stringContaining('For people to look at: color-contrast (2 places) on http://127.0.0.1:18997/.'),
  });
});

test.each<readonly [string, Buffer, RegExp]>([
  [
    'violations',
    recorded('axe-violated'),
    /^http:\/\/127\.0\.0\.1:18997\/bad: 3 rules violated: color-contrast \(1 place\), html-has-lang \(1 place\), image-alt \(1 place\)\./,
  ],
  [
    'one page of two with violations',
    Buffer.from(`[${GOOD.toString()},${recorded('axe-violated').toString()}]`),
    /^http:\/\/127\.0\.0\.1:18997\/bad: 3 rules violated/,
  ],
  ['no page', Buffer.from('[]'), /^It has the results of no page\.$/],
  ['nothing passed', changed((results) => (results.passes = [])), /no rule passed/],
  [
    'best practice alone',
    changed(({ toolOptions }) => (toolOptions.runOnly = { type: 'tag', values: ['best-practice'] })),
    /wcag2a, wcag2aa, wcag21a, wcag21aa not run/,
  ],
  ['level A alone', changed(({ toolOptions }) => (toolOptions.runOnly = ['wcag2a', 'wcag21a'])), /: wcag2aa, wcag21aa not run/],
  [
    'rules by name',
    changed(({ toolOptions }) => (toolOptions.runOnly = { type: 'rule', values: ['image-alt'] })),
    /wcag2a, wcag2aa, wcag21a, wcag21aa not run/,
  ],
  [
    'a rule that was switched off',
    changed((results) => {
      results.toolOptions.rules = { 'link-name': { enabled: false } };
      results.inapplicable = results.inapplicable.filter(({ id }) => id !== 'link-name');
    }),
    /switched off: link-name/,
  ],
  [
    'the contrast taken out of the results',
    changed((results) => (results.passes = results.passes.filter(({ id }) => id !== 'color-contrast'))),
    /no trace of the rules of wcag2aa/,
  ],
  ['a page that was never opened', changed((results) => (results.url = 'about:blank')), /"about:blank" is no page of the application/],
])('%s is not enough', (_, bytes, text) => {
  expect(judgeAxeReport(bytes, RULE)).toEqual({ ok: false, text: expect.stringMatching(text) });
});

test.each<readonly [string, Buffer, RegExp]>([
  ['nothing', Buffer.from(''), /it is empty/],
  ['a report cut off', GOOD.subarray(0, 5000), /no JSON, or was cut off/],
  ['of another engine', changed(({ testEngine }) => (testEngine.name = 'pa11y')), /no report of axe-core: 0\.testEngine\.name/],
  ['without its violations', Buffer.from(GOOD.toString().replace('"violations"', '"violation"')), /no report of axe-core: 0\.violations/],
  ['a word', Buffer.from('"none"'), /no report of axe-core/],
  ['50 MB of garbage', Buffer.alloc(50 * 1024 * 1024, 'x'), /no JSON/],
])('%s cannot be read', (_, bytes, message) => {
  expect(() => judgeAxeReport(bytes, RULE)).toThrow(message);
});

test('a byte order mark and CRLF do not matter', () => {
  const text = JSON.stringify(JSON.parse(GOOD.toString()), null, 2).replaceAll('\n', '\r\n');
  expect(judgeAxeReport(Buffer.from(`\uFEFF${text}`), RULE)).toMatchObject({ ok: true });
});
