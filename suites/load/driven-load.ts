// Runs the load engine and hands on what it tells meanwhile, so that a check can stream it. Used by the load checks.
import type { CheckContext, LoadResult, Progress, Workload } from '../../gates/model.ts';

/** Yields progress a few times a second and returns the result. Throws what the engine throws. */
export async function* drivenLoad(context: CheckContext, workload: Workload, text: string): AsyncGenerator<Progress, LoadResult> {
  let latest: Progress | undefined;
  let wake = (): void => undefined;
  const onProgress = (done: number, total: number): void => {
    latest = { kind: 'progress', text, done, total };
    wake();
  };
  const state = { isOver: false };
  const running = context.load.run(workload, onProgress, context.signal).finally(() => {
    state.isOver = true;
    wake();
  });
  running.catch(() => undefined); // It is awaited below; a consumer that stops pulling must not leave an unhandled rejection.
  while (!state.isOver) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (state.isOver || latest !== undefined) resolve();
    });
    if (latest !== undefined) yield latest;
    latest = undefined;
  }
  return running;
}

/** Requests that got an answer, whatever it said: those served, and those refused with a status. */
export function answersOf(result: LoadResult): number {
  return result.answered + countFailures(result, (kind) => kind.startsWith('status '));
}

export function countFailures(result: LoadResult, is: (kind: string) => boolean): number {
  return Object.entries(result.failures).reduce((sum, [kind, count]) => sum + (is(kind) ? count : 0), 0);
}
