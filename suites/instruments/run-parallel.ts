// Runs tasks side by side, so many at a time. Used by suites whose cases do not disturb each other.

/** Results of `tasks` as they finish, at most `limit` at a time. When one throws, waits for the others, then throws. */
export async function* runParallel<T>(tasks: readonly (() => Promise<T>)[], limit: number): AsyncGenerator<T> {
  const waiting = [...tasks];
  const running = new Set<Promise<{ readonly self: () => void; readonly value: T }>>();
  const start = (task: () => Promise<T>): void => {
    const run: Promise<{ self: () => void; value: T }> = task().then((value) => ({ self: () => running.delete(run), value }));
    running.add(run);
  };
  try {
    while (waiting.length > 0 || running.size > 0) {
      for (const task of waiting.splice(0, limit - running.size)) start(task);
      const { self, value } = await Promise.race(running);
      self();
      yield value;
    }
  } finally {
    await Promise.allSettled(running);
  }
}
