import { expect, test } from 'vitest';
import { type Task, runTasks } from './schedule.ts';

/** Tasks that note when they begin and end; each ends when the test lets it. */
function stage(): { task(id: string, more?: Partial<Task>): Task; log: string[]; end(id: string): Promise<void> } {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    log,
    task: (id, more = {}) => ({
      id,
      locks: [],
      waitsFor: [],
      run: () => {
        log.push(`+${id}`);
        return new Promise((resolve) => ends.set(id, () => (log.push(`-${id}`), resolve())));
      },
      ...more,
    }),
    async end(id) {
      ends.get(id)?.();
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
  };
}
const free = { parallel: 4, signal: new AbortController().signal };

test('tasks without a common lock run side by side, those with one in turn', async () => {
  const { task, log, end } = stage();
  const done = runTasks([task('a', { locks: ['auth-quota'] }), task('b', { locks: ['auth-quota'] }), task('c')], free);
  expect(log).toEqual(['+a', '+c']);
  await end('a');
  await end('b');
  await end('c');
  await done;
  expect(log).toEqual(['+a', '+c', '-a', '+b', '-b', '-c']);
});

test('a task that holds the machine runs alone', async () => {
  const { task, log, end } = stage();
  const done = runTasks([task('load', { locks: ['machine'] }), task('late', { waitsFor: ['load'] })], free);
  expect(log).toEqual(['+load']);
  await end('load');
  expect(log).toEqual(['+load', '-load', '+late']);
  await end('late');
  await done;
});

test('tasks that can share begin before one that must be alone', async () => {
  const { task, log, end } = stage();
  const done = runTasks([task('load', { locks: ['machine'] }), task('a'), task('b')], free);
  expect(log).toEqual(['+a', '+b']);
  await end('a');
  await end('b');
  await end('load');
  await done;
  expect(log.slice(-2)).toEqual(['+load', '-load']);
});

test('a task waits for those that run at all; one that is not there is not waited for', async () => {
  const { task, log, end } = stage();
  const done = runTasks([task('a', { waitsFor: ['absent'] })], free);
  expect(log).toEqual(['+a']);
  await end('a');
  await done;
});

test('after an interrupt nothing new begins, and what runs is waited for', async () => {
  const { task, log, end } = stage();
  const stop = new AbortController();
  const done = runTasks([task('a'), task('b', { waitsFor: ['a'] })], { parallel: 4, signal: stop.signal });
  stop.abort();
  await end('a');
  await done;
  expect(log).toEqual(['+a', '-a']);
});

test('a task that throws does not hide: the others end, then it is thrown', async () => {
  const { task, log, end } = stage();
  const done = runTasks([task('bad', { run: () => Promise.reject(new Error('boom')) }), task('a')], free);
  const outcome = done.catch((error: unknown) => error);
  await end('a');
  expect(await outcome).toEqual(new Error('boom'));
  expect(log).toContain('-a');
});
