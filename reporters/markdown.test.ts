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
  expect(written(view).split('\n')[0]).toBe(`## ${view.report.verdict.toUpperCase()}: ${view.report.headline}`);
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
  const shape = (all: readonly string[]): readonly number[] =>
    [/^#/u, /^\| /u, /^<details>/u, /^<\/details>/u].map((start) => all.filter((line) => start.test(line)).length);
  expect(shape(hostile)).toEqual(shape(calm));
  expect(hostile.join('\n')).not.toMatch(/<script|<!--|@maintainers|\]\(https:\/\//u);
  const columns = (line: string): number => line.split('|').length;
  const tables = hostile.filter((line) => line.startsWith('|'));
  expect(tables.map(columns)).toEqual(calm.filter((line) => line.startsWith('|')).map(columns));
});

test('a report too long for a comment is cut, and says what is missing', () => {
  const [criterion] = fail.report.criteria;
  const criteria = Array.from({ length: 400 }, (_, index) => ({ ...(criterion as NonNullable<typeof criterion>), id: `phase3.functionality.row-${index}` }));
  const long = written({ ...fail, report: { ...fail.report, criteria } });
  expect(long.length).toBeLessThan(65_536);
  expect(long).toContain('too long for a comment');
});
