// Repeats a measurement until its medians are steady, and says why where they are not: other work, a page that is not there, too little time. Used by the check.
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchOtherWork } from './other-work.ts';
import type { WebVitalsOptions } from './settings.ts';
import { type Steadiness, isSteady, whyUnsteady } from './stability.ts';

/** One try: what was measured, or why nothing could be. */
export type Try<Run> = { readonly run: Run } | { readonly why: string };

/** A figure of a run whose median must be steady. */
export interface Figure<Run> {
  readonly name: string;
  readonly of: (run: Run) => number;
  readonly steadiness: Steadiness;
}
export interface SeriesOrder<Run> {
  readonly options: Pick<WebVitalsOptions, 'runs' | 'maxRuns' | 'freeProcessors'>;
  readonly figures: readonly Figure<Run>[];
  readonly untilMs: number;
  readonly clock: { monotonicMs(): number };
  readonly signal: AbortSignal;
  once(): Promise<Try<Run>>;
}

export interface Series<Run> {
  readonly runs: readonly Run[];
  /** Runs that were made beside too much other work and do not count. */
  readonly lost: number;
  /** The fewest processors that were left to any run; undefined where the system does not tell. */
  readonly leastFree: number | undefined;
  /** Why none of its figures can be relied on; undefined: they can, but for what `whyUnsteady` says of each. */
  readonly why?: string;
}

/** A page that twice was not there will not be there the third time. */
const FAILURES = 2;
/** So long is waited for a quiet machine, ms; other work mostly ends in that time or not at all. */
const QUIET_WAIT_MS = 15_000;
const QUIET_SAMPLE_MS = 500;

/** Yields after each try, with the number of runs that count. Throws what the signal was aborted with. */
export async function* measureSeries<Run>(order: SeriesOrder<Run>): AsyncGenerator<number, Series<Run>> {
  const { options, signal } = order;
  const needed = neededProcessors(options.freeProcessors);
  const runs: Run[] = [];
  const failures: string[] = [];
  const free: number[] = [];
  let lost = 0;
  for (let tries = 0; mayGoOn(order, { tries, runs, failures }); tries += 1) {
    signal.throwIfAborted();
    const others = watchOtherWork();
    const result = await order.once();
    signal.throwIfAborted();
    const left = others.freeProcessors();
    if ('why' in result) failures.push(result.why);
    else {
      if (left !== undefined) free.push(left);
      if (left !== undefined && left < needed) lost += 1;
      else runs.push(result.run);
    }
    yield runs.length;
  }
  const leastFree = free.length === 0 ? undefined : Math.min(...free);
  const why = whyTooFew(order, { runs: runs.length, failures, lost, leastFree, needed });
  return { runs, lost, leastFree, ...(why === undefined ? {} : { why }) };
}

/** Neither enough nor beyond what is allowed, and still of use: where too many tries were lost, the rest could not make up for them. */
function mayGoOn<Run>(order: SeriesOrder<Run>, { tries, runs, failures }: { tries: number; runs: readonly Run[]; failures: readonly string[] }): boolean {
  const { options, clock, untilMs } = order;
  const left = options.maxRuns - tries;
  return left > 0 && runs.length + left >= options.runs && failures.length < FAILURES && clock.monotonicMs() < untilMs && !isEnough(order, runs);
}

function isEnough<Run>({ options, figures }: SeriesOrder<Run>, runs: readonly Run[]): boolean {
  return runs.length >= options.runs && figures.every(({ of, steadiness }) => isSteady(runs.map(of), steadiness));
}

/** `wanted` is meant for two processors and more; of a single one it asks the same share. */
export function neededProcessors(wanted: number, processors: number = availableParallelism()): number {
  return (wanted / 2) * Math.min(2, processors);
}

interface Outcome {
  readonly runs: number;
  readonly failures: readonly string[];
  readonly lost: number;
  readonly leastFree: number | undefined;
  readonly needed: number;
}

function whyTooFew<Run>({ options, untilMs, clock }: SeriesOrder<Run>, { runs, failures, lost, leastFree = 0, needed }: Outcome): string | undefined {
  if (runs >= options.runs) return undefined;
  if (failures.length >= FAILURES) return failures.at(-1);
  const counted = `${runs} of ${options.runs} runs could be made`;
  if (lost > 0) return `${counted}; ${lost} were made beside other work, which left ${leastFree.toFixed(1)} processors (limit ${needed.toFixed(1)})`;
  if (clock.monotonicMs() >= untilMs) return `${counted} before the time for this check was used up`;
  return `${counted}${failures.length === 0 ? '' : `: ${failures.at(-1)}`}`;
}

/** Why one figure cannot be relied on: as for the whole series, or because its median is not known well enough. */
export function whyNot<Run>(series: Series<Run>, { name, of, steadiness }: Figure<Run>): string | undefined {
  return series.why ?? whyUnsteady(name, series.runs.map(of), steadiness);
}

/** Before a series: a machine that is busy now would cost runs that do not count. Bounded, and at once where the system does not tell. */
export async function waitForQuiet(wanted: number, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + QUIET_WAIT_MS;
  while (performance.now() < untilMs) {
    const others = watchOtherWork();
    await sleep(QUIET_SAMPLE_MS, undefined, { signal });
    const left = others.freeProcessors();
    if (left === undefined || left >= neededProcessors(wanted)) return;
  }
}
