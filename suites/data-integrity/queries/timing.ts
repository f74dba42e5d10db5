// Times one statement by turns on both sides, so that what the machine does to one it does to the other. Used by query-times.
import { GateError } from '../../../gates/model.ts';
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
  const running = (['legacy', 'target'] as const).filter((side) => failed[side] === undefined && sides[side] !== undefined);
  // One savepoint for all runs: a round trip before each of them would take longer than most of them.
  for (const side of running) await sides[side]?.session.rows('SAVEPOINT timing');
  const started = performance.now();
  const broken = new Set<Side>();
  for (let pair = 0; pair < options.maxPairs && broken.size === 0; pair += 1) {
    if (pair >= options.minPairs && performance.now() - started > options.budgetMs) break;
    // Whoever comes second finds the processor's caches as the first one left them.
    for (const side of pair % 2 === 0 ? running : running.toReversed()) {
      try {
        times[side].push((await sides[side]?.prepared.run(params)) ?? Number.NaN);
      } catch (error) {
        if (error instanceof GateError) throw error;
        broken.add(side);
      }
    }
  }
  for (const side of running) await sides[side]?.session.rows('ROLLBACK TO SAVEPOINT timing');
  // Once too slow or refused, it has no figure: what it took before would be a kind one.
  for (const side of broken) times[side] = [];
  return times;
}
