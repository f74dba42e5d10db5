// Coverage documents as Istanbul and lcov write them, and each way in which one can be wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeCoverage } from './coverage.rule.ts';

const RULE = { kind: 'coverage', describe: 'x', minimum: 0.8 } as const;
const bytes = (content: unknown): Uint8Array => Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
const lines = (covered: unknown, total: unknown, pct: unknown = 0): object => ({
  lines: { total, covered, skipped: 0, pct },
  statements: { total, covered, skipped: 0, pct },
  functions: { total: 0, covered: 0, skipped: 0, pct: 100 },
  branches: { total: 0, covered: 0, skipped: 0, pct: 'Unknown' },
});
const summary = (...files: readonly (readonly [number, number])[]): object => {
  const sum = (index: 0 | 1): number => files.reduce((so, file) => so + file[index], 0);
  return { total: lines(sum(0), sum(1)), ...Object.fromEntries(files.map(([covered, total], index) => [`/app/${index}.ts`, lines(covered, total)])) };
};
const record = (file: string, hits: readonly number[], more = ''): string =>
  `TN:\nSF:${file}\n${hits.map((hit, index) => `DA:${index + 1},${hit}`).join('\n')}\nLF:${hits.length}\nLH:${hits.filter((hit) => hit > 0).length}\n${more}end_of_record\n`;
const FOUR_OF_FIVE = record('a.ts', [1, 2, 1, 7, 0]);

test.each<readonly [string, unknown, string]>([
  ['a summary of Istanbul', summary([700, 800], [150, 200]), '85 % of 1 000 lines (850 covered, 2 files), at least 80 % asked.'],
  ['exactly the minimum', summary([4, 5]), '80 % of 5 lines (4 covered, 1 file), at least 80 % asked.'],
  ['a tracefile of lcov', FOUR_OF_FIVE, '80 % of 5 lines (4 covered, 1 file), at least 80 % asked.'],
  ['a tracefile with CRLF', FOUR_OF_FIVE.replaceAll('\n', '\r\n'), '80 % of 5 lines (4 covered, 1 file), at least 80 % asked.'],
  ['a byte order mark', `\uFEFF${JSON.stringify(summary([4, 5]))}`, '80 % of 5 lines (4 covered, 1 file), at least 80 % asked.'],
  [
    'a file that two tests reached: its lines together',
    record('a.ts', [1, 0, 1, 1, 0]) + record('a.ts', [0, 1, 0, 0, 0]),
    '80 % of 5 lines (4 covered, 1 file), at least 80 % asked.',
  ],
  [
    "the tracefile of Node's own runner",
    readFileSync(join(import.meta.dirname, 'testing', 'recorded', 'node.lcov'), 'utf8'),
    '83.33 % of 6 lines (5 covered, 1 file), at least 80 % asked.',
  ],
])('%s is accepted', (_, content, text) => {
  expect(judgeCoverage(bytes(content), RULE)).toEqual({ ok: true, text });
});

test.each<readonly [string, unknown, string | RegExp]>([
  ['one line too few', summary([7_999, 10_000]), '79.99 % of 10 000 lines (7 999 covered, 1 file), at least 80 % needed.'],
  ['a hair below the minimum, which is not rounded up', summary([7_999_999, 10_000_000]), /^79\.99 % of/],
  ['a percentage that is printed higher than it is', { total: lines(1, 10, 95), '/app/a.ts': lines(1, 10, 95) }, /^10 % of 10 lines/],
  ['no line at all', { total: lines(0, 0, 'Unknown'), '/app/a.ts': lines(0, 0, 100) }, /counts no line at all/],
  ['a total without files', { total: lines(9, 10) }, /^It contradicts itself: the total says 9 of 10 lines, its 0 files together 0 of 0/],
  [
    'a total that is not the sum of its files',
    { ...summary([5, 10]), total: lines(9, 10) },
    /^It contradicts itself: the total says 9 of 10 lines, its 1 files/,
  ],
  ['more lines covered than there are', { total: lines(9, 8), '/app/a.ts': lines(9, 8) }, /^It contradicts itself: total has 9 of 8/],
  ['a tracefile whose sum is not its lines', FOUR_OF_FIVE.replace('LH:4', 'LH:5'), /^It contradicts itself: a\.ts: LH says 5 lines hit, 4 are\./],
  ['a sum without lines', 'SF:a.ts\nLF:10\nLH:10\nend_of_record\n', /^It contradicts itself: a\.ts: LF says 10 lines, 0 are listed\./],
  ['a record without lines', 'SF:a.ts\nend_of_record\n', /counts no line at all \(1 file\)/],
])('%s is not enough', (_, content, text) => {
  expect(judgeCoverage(bytes(content), RULE)).toEqual({ ok: false, text: typeof text === 'string' ? text : expect.stringMatching(text) });
});

test('the minimum itself is not enough where more is asked', () => {
  expect(judgeCoverage(bytes(summary([4, 5])), { ...RULE, exclusive: true })).toEqual({
    ok: false,
    text: '80 % of 5 lines (4 covered, 1 file), more than 80 % needed.',
  });
  expect(judgeCoverage(bytes(summary([81, 100])), { ...RULE, exclusive: true })).toMatchObject({ ok: true });
});

test.each<readonly [string, unknown, RegExp]>([
  ['nothing', '', /it is empty/],
  ['blanks', ' \n\n', /nothing but blanks/],
  ['JSON cut off', JSON.stringify(summary([4, 5])).slice(0, 100), /no JSON, or was cut off/],
  ['a tracefile cut off', FOUR_OF_FIVE.slice(0, -20), /ends in the middle of the record of a\.ts/],
  ['a tracefile cut off in a line', FOUR_OF_FIVE.slice(0, 25), /ends in the middle of the record|line 5 is/],
  ['coverage-final.json', { '/app/a.ts': { path: '/app/a.ts', statementMap: {}, s: {} } }, /it is coverage-final\.json/],
  ['a list', '[1,2]', /line 1 is "\[1,2\]"/],
  ['other JSON', { total: 5 }, /no coverage-summary\.json: total/],
  ['counts as words', { total: lines('4', '5'), '/app/a.ts': lines(4, 5) }, /no coverage-summary\.json: total\.lines\.total/],
  ['a negative count', { total: lines(-1, 5), '/app/a.ts': lines(-1, 5) }, /no coverage-summary\.json/],
  ['prose', 'Coverage was excellent.\n', /line 1 is "Coverage was excellent\."/],
  ['a hit count that is none', 'SF:a.ts\nDA:1,many\nend_of_record\n', /line 2 is "DA:1,many"/],
])('%s cannot be read', (_, content, message) => {
  expect(() => judgeCoverage(bytes(content), RULE)).toThrow(message);
});

test('what is no text cannot be read, however long', () => {
  expect(() => judgeCoverage(new Uint8Array(50 * 1024 * 1024).fill(0x78), RULE)).toThrow(/line 1 is "x{60}"/);
  expect(() => judgeCoverage(new Uint8Array(50 * 1024 * 1024), RULE)).toThrow(/binary/);
  expect(() => judgeCoverage(Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d), RULE)).toThrow(/no text in UTF-8/);
});

test('UTF-16, as PowerShell writes, is read', () => {
  const text = JSON.stringify(summary([4, 5]));
  expect(judgeCoverage(Buffer.from(`\uFEFF${text}`, 'utf16le'), RULE)).toMatchObject({ ok: true });
});
