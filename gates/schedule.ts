// Runs executions side by side as far as their locks and their order allow. Called by run-gate.

export interface Task {
  readonly id: string;
  /** Must have alone. Every task shares `machine` and `target`, so one that names them runs alone. */
  readonly locks: readonly string[];
  /** Ids of tasks that must have ended, well or badly. */
  readonly waitsFor: readonly string[];
  run(): Promise<void>;
}

const SHARED_BY_ALL = ['machine', 'target'];

/** Resolves when every task has ended, or when `signal` is aborted and those running have ended. A task that throws rejects it, after the others have ended. */
export async function runTasks(tasks: readonly Task[], options: { parallel: number; signal: AbortSignal }): Promise<void> {
  const waiting = [...tasks];
  const running = new Map<string, { task: Task; end: Promise<void> }>();
  const ended = new Set<string>();
  const failures: unknown[] = [];
  const start = (task: Task): void => {
    const end = task
      .run()
      .catch((error: unknown) => void failures.push(error))
      .then(() => {
        running.delete(task.id);
        ended.add(task.id);
      });
    running.set(task.id, { task, end });
  };
  while (waiting.length + running.size > 0) {
    const mayBegin = !options.signal.aborted && failures.length === 0 && running.size < options.parallel;
    const next = mayBegin ? nextTask(waiting, (task) => mayStart(task, tasks, ended, [...running.values()])) : -1;
    const [task] = next < 0 ? [] : waiting.splice(next, 1);
    if (task !== undefined) start(task);
    else if (running.size > 0) await Promise.race([...running.values()].map(({ end }) => end));
    else break;
  }
  if (failures.length > 0) throw failures[0];
}

function mayStart(task: Task, all: readonly Task[], ended: ReadonlySet<string>, running: readonly { task: Task }[]): boolean {
  const ready = task.waitsFor.every((id) => ended.has(id) || !all.some((other) => other.id === id));
  return ready && running.every(({ task: other }) => !conflict(task, other));
}

/** Those that can share come before those that must be alone, so that the machine is not kept from work that could overlap. */
function nextTask(waiting: readonly Task[], isReady: (task: Task) => boolean): number {
  const sharing = waiting.findIndex((task) => !isAlone(task) && isReady(task));
  return sharing >= 0 ? sharing : waiting.findIndex(isReady);
}

function isAlone({ locks }: Task): boolean {
  return locks.some((lock) => SHARED_BY_ALL.includes(lock));
}

function conflict(a: Task, b: Task): boolean {
  return isAlone(a) || isAlone(b) || a.locks.some((lock) => b.locks.includes(lock));
}
