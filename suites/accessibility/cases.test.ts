import { expect, test } from 'vitest';
import { type Flaw, type NotPut, runTrial } from './cases.ts';

const { signal } = new AbortController();

/** A page whose looks answer one after another, the last for ever. */
function trial(looks: readonly (() => Readonly<Record<string, Flaw | NotPut>>)[], obstacles: readonly (string | undefined)[] = []) {
  let opened = 0;
  return {
    ids: ['a', 'b'],
    open: () => Promise.resolve(obstacles[opened++]),
    look: () => Promise.resolve(looks[Math.min(opened, looks.length) - 1]?.() ?? {}),
    opened: () => opened,
  };
}
const both = (a: Flaw | NotPut, b?: Flaw | NotPut) => () => ({ a, b });

test('what is as expected is not looked at twice', async () => {
  const page = trial([both(undefined)]);
  expect(await runTrial(page, signal)).toEqual([
    { id: 'a', state: 'ok', detail: '' },
    { id: 'b', state: 'ok', detail: '' },
  ]);
  expect(page.opened()).toBe(1);
});

test('what fails twice has failed, in the words of the first time; its neighbours keep what they were', async () => {
  expect(await runTrial(trial([both('Lost.'), both('Lost again.', 'Late.')]), signal)).toEqual([
    { id: 'a', state: 'failed', detail: 'Lost.' },
    { id: 'b', state: 'ok', detail: '' },
  ]);
});

test('what fails once and then not is flaky, never ok', async () => {
  const [a] = await runTrial(trial([both('Lost.'), both(undefined)]), signal);
  expect(a).toEqual({ id: 'a', state: 'flaky', detail: 'First: Lost. As expected on the second try.' });
});

test.each<readonly [string, ReturnType<typeof trial>, string]>([
  ['a page that cannot be opened', trial([both(undefined)], ['It was answered 500.']), 'It was answered 500.'],
  ['a case that cannot be put', trial([both({ notPut: 'There is no text.' })]), 'There is no text.'],
  ['an id that was not answered', trial([() => ({ b: undefined })]), 'It was not looked at.'],
  [
    'a page that goes away',
    trial([
      () => {
        throw new Error('page.evaluate: Target page, context or browser has been closed');
      },
    ]),
    'The browser went away.',
  ],
])('%s is not run, with the reason', async (_, page, detail) => {
  const [a] = await runTrial(page, signal);
  expect(a).toEqual({ id: 'a', state: 'not-run', detail });
});

test('a failure that cannot be tried again stays a failure', async () => {
  const [a] = await runTrial(trial([both('Lost.')], [undefined, 'It was answered 500.']), signal);
  expect(a).toEqual({ id: 'a', state: 'failed', detail: 'Lost.' });
});

test('once the check is stopped, nothing is a case any more', async () => {
  const stopped = AbortSignal.abort(new Error('stopped'));
  const page = trial([
    () => {
      throw new Error('closed');
    },
  ]);
  await expect(runTrial(page, stopped)).rejects.toThrow('stopped');
});
