import { expect, test } from 'vitest';
import { type ExitCode, GateError } from '../../gates/model.ts';
import type { HeldRun } from '../../gates/run-store.ts';
import { inHeldRun } from './open-store.ts';

function host() {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text) };
  return { written, argv: [], env: {}, pid: 1, stdout: output, stderr: output, cwd: () => '/', onInterrupt: () => () => undefined };
}
const run = (release: () => Promise<void>): HeldRun => ({ folder: { path: '/run', id: 'run' }, settled: async () => undefined, release });
const away = async (): Promise<void> => {
  throw new GateError('RUN_STORE_UNREACHABLE', 'It is away.', { remedy: 'Push it.' });
};

test.each<[exit: ExitCode, stored: ExitCode]>([
  [0, 3],
  [4, 3],
  [1, 1],
  [3, 3],
  [130, 130],
])('a run that ends with %i ends with %i where the store has not everything, and says so', async (exit, stored) => {
  const to = host();
  expect(await inHeldRun(run(away), to, async () => exit)).toBe(stored);
  expect(to.written).toEqual([expect.stringMatching(/^RUN_STORE_UNREACHABLE {2}It is away\.\n\s+Push it\.\n$/)]);
  expect(
    await inHeldRun(
      run(async () => undefined),
      to,
      async () => exit,
    ),
  ).toBe(exit);
});

test('what went wrong with the run comes before what went wrong with the store; both are told', async () => {
  const to = host();
  const broken = async (): Promise<ExitCode> => {
    throw new GateError('DISK', 'It is full.');
  };
  await expect(inHeldRun(run(away), to, broken)).rejects.toMatchObject({ code: 'DISK' });
  expect(to.written).toHaveLength(1);
});
