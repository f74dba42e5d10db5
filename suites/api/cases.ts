// Runs functional cases: retries a failure once, tells flaky from failed. Used by the API checks.
import { GateError } from '../../gates/model.ts';
import type { Case } from '../../gates/model.ts';
import { NotRun } from './asking.ts';

export { runParallel } from '../instruments/run-parallel.ts';

/** One try of a case: what is wrong, or undefined when all is as specified. */
export type Attempt = () => Promise<string | undefined>;

type Outcome = { readonly state: 'ok' } | { readonly state: 'failed' | 'not-run'; readonly detail: string };

async function tryOnce(attempt: Attempt): Promise<Outcome> {
  try {
    const flaw = await attempt();
    return flaw === undefined ? { state: 'ok' } : { state: 'failed', detail: flaw };
  } catch (error) {
    if (error instanceof NotRun) return { state: 'not-run', detail: error.message };
    if (error instanceof GateError && (error.code === 'TARGET_UNREACHABLE' || error.code === 'TARGET_NOT_THE_APP'))
      return { state: 'failed', detail: error.message };
    throw error;
  }
}

/**
 * Any failure is tried once more: a pass then is `flaky`, never `ok`.
 * `once`: no second try, for routes with a rate limit that a retry would eat.
 */
export async function runCase(id: string, attempt: Attempt, once = false): Promise<Case> {
  const first = await tryOnce(attempt);
  if (first.state === 'ok') return { id, state: 'ok', detail: '' };
  if (first.state === 'not-run' || once) return { id, ...first };
  const second = await tryOnce(attempt);
  if (second.state === 'ok') return { id, state: 'flaky', detail: `first: ${first.detail}; as specified on the second try` };
  return { id, state: 'failed', detail: second.detail === first.detail ? first.detail : `${first.detail}; second try: ${second.detail}` };
}

export function skipCase(id: string, why: string): Case {
  return { id, state: 'not-run', detail: why };
}
