// The plan's gates as the configuration has them, and the gates that it adds (DESIGN §7). Pure; called by the commands that name gates or criteria.
import type { Criterion, Enforcement, Gate } from '../model/criterion.ts';
import { GateError } from '../model/errors.ts';
import type { Problem } from '../model/report.ts';
import type { GateConfig, GatesConfig, OwnCriterion } from './gate-config.ts';
import { withChangedLimits } from './limit-changes.ts';

export interface ConfiguredGate {
  readonly gate: Gate;
  /** As it is on the day that was asked for. */
  readonly enforcement: Enforcement;
  /** What of the configuration does not count any more. */
  readonly problems: readonly Problem[];
}

/** Where a criterion comes from that says nothing else. */
const OWN_SOURCE = 'configuration';
const OWN_SECTION = 'Own criteria';
export const REQUIRED_HERE = 'Optional in the plan; the configuration requires it.';

/** The plan's gates first, in their order, then those of one's own. The configuration is free of mistakes (mistakes.ts). `today`: UTC. */
export function configuredGates(planGates: readonly Gate[], config: GatesConfig | undefined, today: string): readonly ConfiguredGate[] {
  const own = Object.entries(config ?? {}).filter(([id]) => !planGates.some((gate) => gate.id === id));
  return [
    ...planGates.map((gate) => configuredGate(gate, config?.[gate.id] ?? {}, today)),
    ...own.map(([id, gateConfig]) => configuredGate(ownGate(id, gateConfig), { enforce: gateConfig.enforce }, today)),
  ];
}

/** Criteria that the configuration brings, of all gates. */
export function ownCriteria(config: GatesConfig | undefined): readonly OwnCriterion[] {
  return Object.values(config ?? {}).flatMap(({ add = [], criteria = [] }) => [...add, ...criteria]);
}

function configuredGate(gate: Gate, config: GateConfig, today: string): ConfiguredGate {
  const rows = gate.criteria.map((criterion) => withChangedLimits(requiredHere(criterion, config), config, today));
  const enforcement = enforcementOf(config, today);
  return {
    gate: { ...gate, criteria: [...rows.map(({ criterion }) => criterion), ...(config.add ?? []).map(criterionOf)] },
    enforcement: enforcement.now,
    problems: [...rows.flatMap(({ problems }) => problems), ...enforcement.problems],
  };
}

function requiredHere(criterion: Criterion, { required }: GateConfig): Criterion {
  if (required?.[criterion.id] === undefined || criterion.required) return criterion;
  return { ...criterion, required: true, note: criterion.note === undefined ? REQUIRED_HERE : `${criterion.note} ${REQUIRED_HERE}` };
}

function enforcementOf({ enforce = { mode: 'enforce' } }: GateConfig, today: string): { readonly now: Enforcement; readonly problems: readonly Problem[] } {
  if (enforce.mode === 'enforce' || enforce.until >= today) return { now: enforce, problems: [] };
  const { until, owner, reason } = enforce;
  const problem: Problem = {
    code: 'REPORT_MODE_EXPIRED',
    text: `The gate was in report mode until ${until} (${owner}: ${reason}) and enforces again.`,
    remedy: 'Take `enforce` out of the configuration, or renew it.',
    scope: 'nothing',
  };
  return { now: { mode: 'enforce' }, problems: [problem] };
}

function ownGate(id: string, { title = id, objective = '', approvers = [], criteria = [] }: GateConfig): Gate {
  return { id, title, objective, source: OWN_SOURCE, approvers, criteria: criteria.map(criterionOf) };
}

function criterionOf(own: OwnCriterion): Criterion {
  const { id, text, section = OWN_SECTION, source = OWN_SOURCE, required = true, profiles = ['pr', 'full'], note } = own;
  return { id, section, text, source, required, profiles, ...(note === undefined ? {} : { note }), kind: kindOf(own) };
}

function kindOf({ id, measured, evidence, attested }: OwnCriterion): Criterion['kind'] {
  if (measured !== undefined) return { measured };
  if (evidence !== undefined) return { evidence };
  if (attested !== undefined) return { attested };
  throw new GateError('INTERNAL', `The configured criterion ${id} is neither measured nor evidence nor attested.`);
}
