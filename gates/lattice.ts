// The verdict lattice: how criteria become one verdict, one exit code and a headline that never overclaims (DESIGN §2). Pure.
import { EXIT, type ExitCode } from './model/errors.ts';
import type { Enforcement } from './model/criterion.ts';
import type { CriterionReport } from './model/report.ts';
import { STATES, type State, VERDICTS, type Verdict } from './model/verdicts.ts';

export function isVerdict(state: State): state is Verdict {
  return (VERDICTS as readonly string[]).includes(state);
}

/** Undefined for an empty list: nothing judged is not a verdict. */
export function worst(verdicts: readonly Verdict[]): Verdict | undefined {
  const position = Math.max(-1, ...verdicts.map((verdict) => VERDICTS.indexOf(verdict)));
  return VERDICTS[position];
}

/** The worst required verdict; an optional criterion contributes `warn` at the most; none at all is `error`. */
export function gateVerdict(criteria: readonly CriterionReport[]): Verdict {
  const contributions = criteria.flatMap(({ state, required }) => {
    if (!isVerdict(state)) return [];
    return [required || VERDICTS.indexOf(state) <= VERDICTS.indexOf('warn') ? state : 'warn'];
  });
  return worst(contributions) ?? 'error';
}

/** In report mode a gate blocks nobody: `exitCode` is 0, and `enforcedExitCode` what it would be. Verdict and headline stay what they are. */
export function exitCodesOf(
  verdict: Verdict,
  pending: number,
  { requireSignoff, enforcement }: { readonly requireSignoff: boolean; readonly enforcement: Enforcement },
): { readonly exitCode: ExitCode; readonly enforcedExitCode?: ExitCode } {
  const enforced = exitCodeOf(verdict, pending, requireSignoff);
  return enforcement.mode === 'report' ? { exitCode: EXIT.pass, enforcedExitCode: enforced } : { exitCode: enforced };
}

/** Where the gate enforces. `pending` matters only with `--require-signoff`. */
export function exitCodeOf(verdict: Verdict, pending: number, requireSignoff: boolean): ExitCode {
  switch (verdict) {
    case 'pass':
    case 'waived':
    case 'warn':
      return requireSignoff && pending > 0 ? EXIT.pending : EXIT.pass;
    case 'fail':
      return EXIT.fail;
    case 'inconclusive':
    case 'error':
      return EXIT.undecided;
    default:
      return verdict satisfies never;
  }
}

export function countStates(criteria: readonly CriterionReport[]): Record<State, number> {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  for (const { state } of criteria) counts[state] += 1;
  return counts;
}

/** Rows left out on purpose make a run partial: it can be neither signed nor promoted. */
export function scopeOf(criteria: readonly CriterionReport[]): 'complete' | 'partial' {
  return criteria.some(({ state }) => state === 'deferred') ? 'partial' : 'complete';
}

/** "4 of 12 measured passed, 1 failed, 7 have no check yet, 3 deferred, 9 wait for people". */
export function headlineOf(criteria: readonly CriterionReport[]): string {
  const measured = criteria.filter(({ state }) => isVerdict(state));
  const counts = countStates(criteria);
  const without = measured.filter(({ reason }) => reason.code === 'NO_CHECK_YET').length;
  const parts: readonly (readonly [number, string])[] = [
    [counts.waived, 'waived'],
    [counts.warn, 'with warnings'],
    [counts.fail, 'failed'],
    [counts.inconclusive, 'inconclusive'],
    [counts.error - without, 'could not be measured'],
    [without, 'without a check yet'],
    [counts.deferred, 'deferred'],
    [counts['not-applicable'], 'declared not applicable'],
    [counts.pending, counts.pending === 1 ? 'waits for people' : 'wait for people'],
  ];
  const rest = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  const head = measured.length === 0 ? 'nothing was measured' : `${counts.pass} of ${measured.length} measured passed`;
  return [head, ...rest].join(', ');
}
