// What the live legacy side adds to a gate: rows that must be "as before" are held against it, and by `--against legacy` every latency limit too. Pure; called by plan.
import type { Check } from './model/check.ts';
import type { Binding, Criterion, Rounds } from './model/criterion.ts';
import type { Environment } from './model/environment.ts';
import type { Profile } from './model/verdicts.ts';
import { isThere } from './skips.ts';

/** What a run is compared with. */
export type Against = 'legacy';

/** plan §1.3: "Query performance within 10% of baseline". */
const RATIO = 0.1;
/** Share of the plan's own limit that counts as before in any case: of "P99 < 500 ms" 5 ms, which is below the noise of a network. */
const FLOOR = 0.01;

/** Of a figure that is the same each time. */
const ONE_ROUND: Rounds = { min: 1, max: 1, budgetMs: 1 };

/**
 * At 95 % six rounds that agree can decide, then nine of ten, then twelve of fourteen (baselines/sequential-sign-test.ts):
 * `max` is one of these, because the rounds between them decide nothing.
 */
const ROUNDS: Readonly<Record<Profile, Rounds>> = {
  pr: { min: 6, max: 10, budgetMs: 150_000 },
  full: { min: 6, max: 14, budgetMs: 900_000 },
};

/** Adds a binding for each latency limit whose check can measure both sides; the limits themselves stay as they are. */
export function withComparison(criterion: Criterion, checks: readonly Check[], profile: Profile): Criterion {
  if (!('measured' in criterion.kind)) return criterion;
  const { measured } = criterion.kind;
  return { ...criterion, kind: { measured: [...measured, ...measured.flatMap((binding) => comparisonOf(binding, checks, profile))] } };
}

/**
 * "As before" is a stored baseline; where the legacy side is there and the check can measure it, it is the live legacy side, so that a fresh
 * clone needs no baseline (DESIGN §9).
 */
export function withLiveLegacy(criterion: Criterion, checks: readonly Check[], environment: Environment, profile: Profile): Criterion {
  if (!('measured' in criterion.kind)) return criterion;
  const measured = criterion.kind.measured.map((binding): Binding => {
    const check = checks.find((one) => one.id === binding.check);
    const { expect, options } = binding;
    const canCompare = check?.versus !== undefined && (check.versusNeeds ?? ['legacy']).every((need) => isThere(need, environment));
    if (!canCompare || expect.kind !== 'baseline') return binding;
    const versus = { ...(check.versus?.[profile] as Record<string, unknown>), ...options };
    return {
      ...binding,
      options: versus,
      expect: { ...expect, kind: 'versus', side: 'legacy' },
      rounds: binding.rounds ?? (check.metrics[expect.metric]?.repeatable === true ? ONE_ROUND : ROUNDS[profile]),
    };
  });
  return { ...criterion, kind: { measured } };
}

/** A latency is what a check measures in ms. A binding's own options stay above those that its check compares with. */
function comparisonOf({ check: id, expect, scope, options }: Binding, checks: readonly Check[], profile: Profile): Binding[] {
  const check = checks.find((one) => one.id === id);
  if (check?.versus === undefined || expect.kind !== 'limit' || scope === 'each' || check.metrics[expect.metric]?.unit !== 'ms') return [];
  const { metric, statistic, minSamples } = expect;
  return [
    {
      check: id,
      options: { ...(check.versus[profile] as Record<string, unknown>), ...options },
      expect: { kind: 'versus', side: 'legacy', metric, statistic, tolerance: { ratio: RATIO, atLeast: FLOOR * expect.value }, minSamples },
      rounds: ROUNDS[profile],
    },
  ];
}
