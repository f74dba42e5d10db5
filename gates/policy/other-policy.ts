// The plan of a run under another policy: other limits, further required rows, criteria of one's own over what was measured. Pure; called by `replay --policy`.
import type { Check } from '../model/check.ts';
import type { Binding, Criterion, Gate } from '../model/criterion.ts';
import type { Plan, PlannedCriterion, PlannedExecution } from '../model/events.ts';
import type { Waiver } from '../model/waiver.ts';
import { canonicalJson, digestOf } from '../digest.ts';
import type { Profile } from '../model/verdicts.ts';
import { configuredGates } from './configured-gates.ts';
import type { GateConfig } from './gate-config.ts';

/** The recorded gate with its limits as they were before the configuration of that day changed them: what `from` names stays the plan's own. */
export function recordedGate(plan: Plan): Gate {
  return { id: plan.gate, title: plan.title, objective: '', source: '', approvers: [], criteria: plan.criteria.map(({ criterion }) => criterion) };
}

export interface OtherPolicy {
  readonly gate: GateConfig;
  /** In the place of the run's. Absent: the run's own. */
  readonly waivers?: readonly Waiver[];
}

/** The policy goes over the recorded plan and is free of mistakes; what it does not name stays as recorded. Days are held against the day of the run. */
export function underOtherPolicy(plan: Plan, { gate: config, waivers = plan.waivers }: OtherPolicy, checks: readonly Check[]): Plan {
  const gate = recordedGate(plan);
  const changed = new Set(Object.keys(config.limits ?? {}));
  const base: Gate = { ...gate, criteria: gate.criteria.map((criterion) => (changed.has(criterion.id) ? withOwnLimits(criterion) : criterion)) };
  const [configured] = configuredGates([base], { [plan.gate]: config }, plan.today);
  if (configured === undefined) return plan;
  const missing = new Map<string, PlannedExecution>();
  const criteria = configured.gate.criteria.map((criterion, index) => {
    const planned = plan.criteria[index];
    return planned === undefined ? added(criterion, plan, checks, missing) : { ...planned, criterion, bindings: rebound(planned, criterion) };
  });
  return {
    ...plan,
    criteria,
    waivers: [...waivers],
    problems: [...configured.problems],
    executions: [...plan.executions, ...missing.values()],
    ...(config.enforce === undefined ? {} : { enforcement: configured.enforcement }),
  };
}

function withOwnLimits(criterion: Criterion): Criterion {
  if (!('measured' in criterion.kind)) return criterion;
  return { ...criterion, kind: { measured: criterion.kind.measured.map(withOwnLimit) } };
}
function withOwnLimit(binding: Binding): Binding {
  if (binding.expect.kind !== 'limit' || binding.expect.changed === undefined) return binding;
  const { changed, ...expect } = binding.expect;
  return { ...binding, expect: { ...expect, value: changed.from } };
}

function rebound({ bindings }: PlannedCriterion, { kind }: Criterion): PlannedCriterion['bindings'] {
  return 'measured' in kind ? bindings.map(({ binding, execution }, index) => ({ binding: kind.measured[index] ?? binding, execution })) : bindings;
}

function added(criterion: Criterion, plan: Plan, checks: readonly Check[], missing: Map<string, PlannedExecution>): PlannedCriterion {
  const base = { criterion, gate: plan.gate };
  if ('evidence' in criterion.kind)
    return { ...base, bindings: [], settled: { state: 'pending', reason: { code: 'AWAITS_EVIDENCE', text: 'Would wait for a document.' } } };
  if ('attested' in criterion.kind)
    return {
      ...base,
      bindings: [],
      settled: { state: 'pending', reason: { code: 'AWAITS_SIGNATURE', text: `Would wait for the signature of the ${criterion.kind.attested}.` } },
    };
  return { ...base, bindings: criterion.kind.measured.map((binding) => ({ binding, execution: executionOf(binding, plan, checks, missing) })) };
}

/** The execution that measured it in the run; else one that says that it was not measured, so that nothing is proved by it. */
function executionOf({ check: id, options, expect }: Binding, plan: Plan, checks: readonly Check[], missing: Map<string, PlannedExecution>): string {
  const check = checks.find((one) => one.id === id);
  const asked = check === undefined ? undefined : optionsOf(check, options, plan.profile);
  const measured = plan.executions.find((one) => one.check === id && expect.metric in one.metrics && canonicalJson(one.options) === canonicalJson(asked));
  if (measured !== undefined) return measured.id;
  const execution = `${id}@not-measured-${digestOf(asked ?? null).slice(0, 8)}`;
  missing.set(execution, notMeasured(execution, id, check, asked));
  return execution;
}

/** As a plan makes them: the preset of the profile under the binding's own. */
function optionsOf(check: Check, options: Binding['options'], profile: Profile): unknown {
  return check.options.parse({ ...(check.presets[profile] as object), ...options });
}

function notMeasured(id: string, check: string, declared: Check | undefined, options: unknown): PlannedExecution {
  const text = `The run did not measure this: it had no "${check}" with these options and this metric.`;
  return {
    id,
    check,
    options: options ?? {},
    rounds: { min: 1, max: 1, budgetMs: 1 },
    seconds: 0,
    requests: 0,
    locks: [],
    after: [],
    needs: [],
    timeoutMs: 1,
    metrics: { ...declared?.metrics },
    skip: { state: 'inconclusive', reason: { code: 'NO_DATA', text } },
  };
}
