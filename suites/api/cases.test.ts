import { expect, test } from 'vitest';
import { GateError } from '../../gates/model.ts';
import { NotRun } from './asking.ts';
import type { Attempt } from './cases.ts';
import { runCase, runParallel } from './cases.ts';

/** Answers one flaw after the other, then none. */
function makeAttempt(...flaws: (string | Error | undefined)[]): Attempt {
  const left = [...flaws];
  return () => {
    const flaw = left.shift();
    return flaw instanceof Error ? Promise.reject(flaw) : Promise.resolve(flaw);
  };
}

test.each([
  ['passes at once', makeAttempt(undefined), { state: 'ok', detail: '' }],
  ['fails, then passes', makeAttempt('got 500', undefined), { state: 'flaky', detail: 'first: got 500; as specified on the second try' }],
  ['fails twice alike', makeAttempt('got 500', 'got 500'), { state: 'failed', detail: 'got 500' }],
  ['fails twice', makeAttempt('got 500', 'got 404'), { state: 'failed', detail: 'got 500; second try: got 404' }],
  ['cannot be put', makeAttempt(new NotRun('no account')), { state: 'not-run', detail: 'no account' }],
  [
    'has no answer, twice',
    makeAttempt(new GateError('TARGET_UNREACHABLE', 'no answer'), new GateError('TARGET_UNREACHABLE', 'no answer')),
    { state: 'failed', detail: 'no answer' },
  ],
  ['fails, then cannot be put', makeAttempt('got 500', new NotRun('no account')), { state: 'failed', detail: 'got 500; second try: no account' }],
])('a case that %s', async (_, attempt, expected) => {
  expect(await runCase('x', attempt)).toEqual({ id: 'x', ...expected });
});

test('a case with one try only is failed, never flaky', async () => {
  expect(await runCase('x', makeAttempt('got 500', undefined), true)).toEqual({ id: 'x', state: 'failed', detail: 'got 500' });
});

test('what is no answer of the application is thrown, not judged', async () => {
  await expect(runCase('x', makeAttempt(new GateError('FOREIGN_ORIGIN', 'elsewhere')))).rejects.toThrow('elsewhere');
  await expect(runCase('x', makeAttempt(new TypeError('a defect of ours')))).rejects.toThrow('a defect of ours');
});

test('tasks run at most so many at a time, and all of them', async () => {
  let running = 0;
  let most = 0;
  const tasks = Array.from({ length: 20 }, (_, index) => async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return index;
  });
  const seen: number[] = [];
  for await (const value of runParallel(tasks, 4)) seen.push(value);
  expect(seen.toSorted((a, b) => a - b)).toEqual(tasks.map((_, index) => index));
  expect(most).toBe(4);
});

test('when a task throws, the others are waited for before it is told', async () => {
  let finished = false;
  const slow = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    finished = true;
  };
  const tasks = [slow, () => Promise.reject(new Error('boom'))];
  await expect(async () => {
    for await (const _ of runParallel(tasks, 2));
  }).rejects.toThrow('boom');
  expect(finished).toBe(true);
});
