import { expect, test } from 'vitest';
import type { RunView } from '../gates/model.ts';
import { markdown } from './markdown.ts';
import { text, tick } from './markdown/escape.ts';
import { hostileRun } from './saved-runs/hostile.ts';
import { fail, savedRuns } from './saved-runs/index.ts';

const written = (view: RunView): string => String(markdown.render(view, () => undefined)).replaceAll('\u202F', ' ');

test.each(Object.entries(savedRuns))('report.md of "%s"', async (name, view) => {
  await expect(written(view)).toMatchFileSnapshot(`__snapshots__/markdown-${name}.md`);
});

test.each(Object.entries(savedRuns))('the first line of "%s" is verdict and headline', (_name, view) => {
  expect(written(view).split('\n')[0]).toBe(`## ${(view.papers ?? view.report).verdict.toUpperCase()}: ${(view.papers ?? view.report).headline}`);
});

test('marks of Markdown and HTML lose their meaning', () => {
  expect(text('a|b `c` *d* _e_ <f> [g](https://h) & \\')).toBe('a\\|b \\`c\\` \\*d\\* \\_e\\_ &lt;f&gt; \\[g\\](https:&#8203;//h) &amp; \\\\');
});

test('nobody is mentioned and no issue linked by a measured text', () => {
  expect(text('@team #12 www.x.org')).toBe('@&#8203;team #&#8203;12 www&#8203;.x.org');
});

test('code with backticks gets a longer fence, and a bar cannot end a cell', () => {
  expect([tick('a'), tick('a`b``c'), tick('a|b')]).toEqual(['`a`', '``` a`b``c ```', '`a¦b`']);
});

/** Lines outside code, with what is escaped taken out. */
const lines = (markdownText: string): string[] => markdownText.split('\n').map((line) => line.replace(/\\./gu, '').replace(/(`+) ?.*?[^`]\1(?!`)/gu, 'CODE'));

test('hostile text breaks out of no line, table or fold', () => {
  const hostile = lines(written(hostileRun()));
  const calm = lines(written({ ...fail, report: { ...fail.report, waivers: hostileRun().report.waivers } }));
  const count = (all: readonly string[], start: RegExp): number => all.filter((line) => start.test(line)).length;
  expect(count(hostile, /^#/u)).toBe(count(calm, /^#/u));
  expect(count(hostile, /^<details>/u)).toBe(count(hostile, /^<\/details>/u));
  expect(count(hostile, /^<details>/u)).toBeLessThanOrEqual(count(calm, /^<details>/u));
  expect(hostile.join('\n')).not.toMatch(/<script|<!--|@maintainers|\]\(https:\/\//u);
  const columns = (line: string): number => line.split('|').length;
  const tables = hostile.filter((line) => line.startsWith('|'));
  const widths = new Set(calm.filter((line) => line.startsWith('|')).map(columns));
  expect(tables.map(columns).filter((width) => !widths.has(width))).toEqual([]);
});

test('two hundred failing rows with fifty cases each make a comment that GitHub takes, and say what is missing', () => {
  const [criterion] = fail.report.criteria;
  const [result] = criterion?.results ?? [];
  if (criterion === undefined || result === undefined) throw new Error('The failing run has lost its first row.');
  const cases = Array.from({ length: 50 }, (_, index) => ({ id: `case-${index}`, state: 'failed' as const, detail: 'expected 200, got 500 '.repeat(15) }));
  const criteria = Array.from({ length: 200 }, (_, index) => ({ ...criterion, id: `phase3.functionality.row-${index}`, results: [{ ...result, cases }] }));
  const long = written({ ...fail, report: { ...fail.report, criteria } });
  expect(long.length).toBeLessThan(65_536);
  expect(long.split('\n')[0]).toBe(`## FAIL: ${fail.report.headline}`);
  expect(long).toMatch(/Cut here: too long for a comment\. The rest is in report\.html\./u);
  expect(long).toMatch(/Too long for a comment, in report\.html: .*Every criterion \(200\)/u);
});

test('of many rows to fix the first are shown, worst first, and the others counted', () => {
  const [criterion] = fail.report.criteria;
  const [warn] = savedRuns.warn.report.criteria.filter(({ state }) => state === 'warn');
  if (criterion === undefined || warn === undefined) throw new Error('The saved runs have lost their rows.');
  const failing = Array.from({ length: 30 }, (_, index) => ({ ...criterion, id: `phase3.functionality.row-${index}`, results: [] }));
  const text200 = written({ ...fail, report: { ...fail.report, criteria: [warn, ...failing] } });
  const toFix = text200.slice(text200.indexOf('### To fix'), text200.indexOf('### Measured')).split('\n');
  expect(toFix.filter((line) => line.startsWith('- **FAIL**'))).toHaveLength(25);
  expect(toFix.at(-3)).toBe('- **and 6 more**, in report.html.');
});
