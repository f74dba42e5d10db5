import { expect, test } from 'vitest';
import type { RunView } from '../gates/model.ts';
import { hostileRun } from './saved-runs/hostile.ts';
import { empty, fail, pass, savedRuns } from './saved-runs/index.ts';
import { verdictText } from './terminal.ts';

const printed = (view: RunView, width = 80): string => verdictText(view, { width, colour: false }).replaceAll('\u202F', ' ');
const runs = Object.entries(savedRuns);

test.each(runs)('the verdict table of "%s" at 80 columns', async (name, view) => {
  await expect(`${printed(view)}\n`).toMatchFileSnapshot(`__snapshots__/terminal-${name}.txt`);
});

test.each(runs)('no line of "%s" is wider than the terminal', (_name, view) => {
  for (const width of [70, 80, 120])
    expect(
      Math.max(
        ...printed(view, width)
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(width);
});

test('a wide terminal shows number, limit, distance, samples and interval on one line', () => {
  expect(
    printed(fail, 140)
      .split('\n')
      .find((line) => line.includes('p99-latency')),
  ).toMatchInlineSnapshot(`"FAIL          p99-latency        612 ms   limit < 500 ms   (+112 ms, 60 000 samples, 95 % CI 598–631 ms)"`);
});

test('the headline is the gate’s own, with the verdict before it', () => {
  expect(printed(pass)).toContain('PASS          12 of 12 measured passed, 9 wait for people');
});

test('an empty gate prints an error and says that nothing was proved', () => {
  expect(printed(empty)).toMatchInlineSnapshot(`
    "Phase 3: API layer on staging
    https://staging.naap.dev, commit not told, deployment not told, schema not told

    The gate has no criteria: nothing was proved.
    Not sealed: the run did not finish, so its journal can still grow and nothing
      can be signed.
    ERROR         nothing was measured
                  profile full, not finished, attempt 1 on this subject, exit code 3"
  `);
});

test('colour adds escapes and changes no word', () => {
  const coloured = verdictText(fail, { width: 80, colour: true });
  expect(coloured).toContain('\u001B[31m');
  expect(coloured.replace(/\u001B\[\d+m/gu, '').replaceAll('\u202F', ' ')).toBe(printed(fail));
});

test('paths of the reports stand at the end', () => {
  const text = verdictText(pass, {
    width: 80,
    colour: false,
    reports: [
      ['report.html', '/runs/1/report.html'],
      ['report.md', '/runs/1/report.md'],
    ],
  });
  expect(text.split('\n').slice(-2)).toEqual(['  report.html   /runs/1/report.html', '  report.md     /runs/1/report.md']);
});

test('hostile text can neither steer the terminal nor forge a row', () => {
  const text = printed(hostileRun());
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/u);
  expect(text.split('\n').filter((line) => /^(PASS +forged|# forged|\| pass)/u.test(line))).toEqual([]);
});
