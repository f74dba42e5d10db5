import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { JOURNEYS_FAULTS } from '../fixtures/faults/browser-journeys.ts';
import { JOURNEY_IDS } from '../gates/model.ts';
import { assertionsOf, withoutAssertion } from './journey-assertions.ts';

const FOLDER = new URL('../suites/critical-paths/', import.meta.url);
const journeys = readdirSync(FOLDER).filter((file) => file.endsWith('.journey.ts'));
const textOf = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8');

test('each of the ten critical paths has its file', () => {
  expect(journeys.map((file) => file.replace('.journey.ts', '')).sort()).toEqual([...JOURNEY_IDS].sort());
});

test('for every assertion of a journey there is exactly one fault that only it catches, and for every such fault an assertion', () => {
  const asserted = journeys.flatMap((file) => assertionsOf(textOf(file)).map(({ message }) => `${file.replace('.journey.ts', '')}: ${message}`));
  const caught = JOURNEYS_FAULTS.flatMap(({ caughtBy }) => ('assertion' in caughtBy ? [`${caughtBy.journey}: ${caughtBy.assertion}`] : []));
  expect(caught.sort()).toEqual(asserted.sort());
});

test('statements over several lines, in a loop and behind a condition are found whole', () => {
  const source = `
  for (const part of shows) await expect(locate(page, part).first(), 'the part is there').toBeVisible();
  if (found) expect(await ask({ as: me }), 'somebody; answers (once)').toEqual([200, { name: ')' }]);
  await expect
    .poll(async () => (await ask()).status, 'it is refused')
    .toBe(401);
`;
  expect(assertionsOf(source).map(({ message }) => message)).toEqual(['the part is there', 'somebody; answers (once)', 'it is refused']);
});

test('an assertion is taken out, and the rest stays as it is', () => {
  const source = "if (a) await expect(b, 'it is b').toBe(1);\nnext();";
  const [only] = assertionsOf(source);
  expect(only && withoutAssertion(source, only)).toBe('if (a) ;\nnext();');
});

test('an assertion without a message is an error, for no fault could name it', () => {
  expect(() => assertionsOf('expect(page).toHaveURL(there);')).toThrowError('An assertion has no message: expect(page).toHaveURL(there)');
});
