// Which limit of a criterion a change means, and what becomes of it (DESIGN §7: "plan 500, here 650"). Pure; called by configured-gates.ts and mistakes.ts.
import type { Binding, Criterion, Expectation } from '../model/criterion.ts';
import type { Problem } from '../model/report.ts';
import type { GateConfig, LimitChange } from './gate-config.ts';

type LimitExpectation = Extract<Expectation, { kind: 'limit' }>;
export interface NumericLimit {
  readonly index: number;
  readonly check: string;
  readonly expect: LimitExpectation;
}

/** Bindings of a criterion that hold a number against a limit. */
export function numericLimits({ kind }: Criterion): readonly NumericLimit[] {
  if (!('measured' in kind)) return [];
  return kind.measured.flatMap(({ check, expect }, index) => (expect.kind === 'limit' ? [{ index, check, expect }] : []));
}

export function limitsMeant(criterion: Criterion, change: LimitChange): readonly NumericLimit[] {
  return numericLimits(criterion).filter(
    ({ check, expect }) =>
      (change.check ?? check) === check && (change.metric ?? expect.metric) === expect.metric && (change.statistic ?? expect.statistic) === expect.statistic,
  );
}

/** The changes of one criterion, one or many. */
export function changesOf(config: GateConfig, criterion: string): readonly LimitChange[] {
  const configured = config.limits?.[criterion];
  if (configured === undefined) return [];
  return Array.isArray(configured) ? configured : [configured];
}

/** A change counts through its last day; after it the plan's limit counts again, and that is a problem to tell. */
export function withChangedLimits(
  criterion: Criterion,
  config: GateConfig,
  today: string,
): { readonly criterion: Criterion; readonly problems: readonly Problem[] } {
  const changes = changesOf(config, criterion.id);
  if (changes.length === 0 || !('measured' in criterion.kind)) return { criterion, problems: [] };
  const inForce = changes.filter(({ until }) => until >= today);
  const measured = criterion.kind.measured.map((binding, index) => changedBinding(binding, changeOf(criterion, inForce, index)));
  const problems = changes.filter((change) => !inForce.includes(change)).map((change) => expired(criterion, change));
  return { criterion: { ...criterion, kind: { measured } }, problems };
}

function changeOf(criterion: Criterion, changes: readonly LimitChange[], index: number): LimitChange | undefined {
  return changes.find((change) => limitsMeant(criterion, change).some((limit) => limit.index === index));
}

function changedBinding(binding: Binding, change: LimitChange | undefined): Binding {
  if (change === undefined || binding.expect.kind !== 'limit') return binding;
  const { value, reason, owner, until } = change;
  return { ...binding, expect: { ...binding.expect, value, changed: { from: binding.expect.value, reason, owner, until } } };
}

function expired(criterion: Criterion, change: LimitChange): Problem {
  const [limit] = limitsMeant(criterion, change);
  const plan = limit === undefined ? '' : `: ${limit.expect.statistic} of ${limit.expect.metric} ${limit.expect.op} ${limit.expect.value}`;
  return {
    code: 'LIMIT_CHANGE_EXPIRED',
    text: `The changed limit of ${criterion.id} (${change.value}) ended on ${change.until}, so the plan's counts again${plan}.`,
    remedy: `Renew it in the configuration, or take it out (owner: ${change.owner}; reason: ${change.reason}).`,
    scope: 'nothing',
  };
}
