// Times one statement by turns on both sides, so that what the machine does to one it does to the other. Used by query-times.
import type { Readied, Side } from './readied.ts';

export interface Times {
  /** The server's execution times, ms. */
  readonly legacy: readonly number[];
  readonly target: readonly number[];
}

export interface TimingOptions {
  /** Time that a statement may take of a round on both sides together, ms. */
  readonly budgetMs: number;
  readonly minPairs: number;
  readonly maxPairs: number;
}

/** Empty on a side that does not run it. */
export async function timed({ sides, params, failed }: Readied, options: TimingOptions): Promise<Times> {
  const times = { legacy: [] as number[], target: [] as number[] };
  if (params === undefined) return times;
  const run = async (side: Side): Promise<void> => {
    const own = failed[side] === undefined ? sides[side] : undefined;
    if (own !== undefined) times[side].push(await own.prepared.run(params));
  };
  const started = performance.now();
  for (let pair = 0; pair < options.maxPairs; pair += 1) {
    if (pair >= options.minPairs && performance.now() - started > options.budgetMs) break;
    // Whoever comes second finds the processor's caches as the first one left them.
    const order: readonly Side[] = pair % 2 === 0 ? ['legacy', 'target'] : ['target', 'legacy'];
    for (const side of order) await run(side);
  }
  return times;
}
