// Runs cases on a page: what fails is tried once more on the page opened anew, so that flaky is told from failed. Used by the checks of this suite.
import type { Case } from '../../gates/model.ts';
import { type Obstacle, troubleWords } from './arrive.ts';

/** What was expected and what was seen instead; undefined: as expected. */
export type Flaw = string | undefined;
/** The case cannot be put here. */
export interface NotPut {
  readonly notPut: string;
}
/** Cases that are told from one look. */
export interface Trial {
  readonly ids: readonly string[];
  /** Brings the page to where the look begins. */
  open(): Promise<Obstacle>;
  /** An answer for each id. */
  look(): Promise<Readonly<Record<string, Flaw | NotPut>>>;
}

type Outcome = Pick<Case, 'state' | 'detail'>;

/** `signal`: of the check; once it is aborted, what a page throws is no case any more. */
export async function runTrial(trial: Trial, signal: AbortSignal): Promise<readonly Case[]> {
  const first = await tryOnce(trial, signal);
  if ([...first.values()].every(({ state }) => state !== 'failed')) return trial.ids.map((id) => ({ id, ...outcomeOf(first, id) }));
  const second = await tryOnce(trial, signal);
  return trial.ids.map((id) => {
    const { state, detail } = outcomeOf(first, id);
    const isFlaky = state === 'failed' && outcomeOf(second, id).state === 'ok';
    return isFlaky ? { id, state: 'flaky', detail: `First: ${detail} As expected on the second try.` } : { id, state, detail };
  });
}

function outcomeOf(outcomes: ReadonlyMap<string, Outcome>, id: string): Outcome {
  return outcomes.get(id) ?? { state: 'not-run', detail: 'It was not looked at.' };
}

async function tryOnce({ ids, open, look }: Trial, signal: AbortSignal): Promise<ReadonlyMap<string, Outcome>> {
  const notRun = (detail: string): ReadonlyMap<string, Outcome> => new Map(ids.map((id) => [id, { state: 'not-run', detail }]));
  try {
    const obstacle = await open();
    if (obstacle !== undefined) return notRun(obstacle);
    return new Map(Object.entries(await look()).map(([id, seen]) => [id, toOutcome(seen)]));
  } catch (error) {
    signal.throwIfAborted();
    return notRun(troubleWords(error));
  }
}

function toOutcome(seen: Flaw | NotPut): Outcome {
  if (seen === undefined) return { state: 'ok', detail: '' };
  return typeof seen === 'string' ? { state: 'failed', detail: seen } : { state: 'not-run', detail: seen.notPut };
}
