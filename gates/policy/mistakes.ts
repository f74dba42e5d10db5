// What is wrong with the configured gates beyond their shape: names that nothing has, limits that could be several, rows that cannot change. Pure; called by cli/config.
import type { Check, MetricDeclaration } from '../model/check.ts';
import type { Binding, Criterion, Gate, Statistic } from '../model/criterion.ts';
import type { Shape } from '../model/measurement.ts';
import { nearest } from '../nearest.ts';
import { ownCriteria } from './configured-gates.ts';
import type { GateConfig, GatesConfig, LimitChange, OwnCriterion } from './gate-config.ts';
import { changesOf, limitsMeant, numericLimits } from './limit-changes.ts';

/** `path`: where in the gates' part of the configuration. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
export interface Known {
  readonly planGates: readonly Gate[];
  readonly checks: readonly Check[];
  /** Whether a gate of this name would hide a command. */
  isReserved(id: string): boolean;
}

/** All of them. `config` has its right shape. */
export function gateMistakes(config: GatesConfig, known: Known): readonly Mistake[] {
  return Object.entries(config).flatMap(([id, gateConfig]) => {
    const plan = known.planGates.find((gate) => gate.id === id);
    const found = plan === undefined ? ownGateMistakes(id, gateConfig, config, known) : planGateMistakes(plan, gateConfig, config, known);
    return found.map(({ path, message }) => ({ path: [id, ...path], message }));
  });
}

const meant = (name: string, candidates: readonly string[]): string => {
  const near = nearest(name, candidates);
  return near === undefined ? '' : `. Did you mean "${near}"?`;
};

function ownGateMistakes(id: string, gateConfig: GateConfig, config: GatesConfig, known: Known): Mistake[] {
  const ids = known.planGates.map((gate) => gate.id);
  if (known.isReserved(id)) return [{ path: [], message: `"${id}" is a command of naap-gate; give the gate another name` }];
  const mistakes: Mistake[] = (['limits', 'required', 'add'] as const)
    .filter((field) => gateConfig[field] !== undefined)
    .map((field) => ({ path: [field], message: `changes gates of the plan, and none of them is "${id}"${meant(id, ids)}` }));
  if (gateConfig.title === undefined || gateConfig.criteria === undefined) {
    const message = `the plan has no gate "${id}", and one of your own needs title and criteria${meant(id, ids)}`;
    return [...mistakes, ...(mistakes.length > 0 ? [] : [{ path: [], message }])];
  }
  return [...mistakes, ...criteriaMistakes(id, 'criteria', gateConfig.criteria, config, known)];
}

function planGateMistakes(gate: Gate, gateConfig: GateConfig, config: GatesConfig, known: Known): Mistake[] {
  const refused = (['title', 'objective', 'criteria', 'approvers'] as const)
    .filter((field) => gateConfig[field] !== undefined)
    .map((field): Mistake => ({ path: [field], message: `${gate.id} is a gate of the plan and keeps its own; what is added goes into add` }));
  return [
    ...refused,
    ...Object.keys(gateConfig.limits ?? {}).flatMap((id) => limitMistakes(gate, id, gateConfig)),
    ...Object.keys(gateConfig.required ?? {}).flatMap((id) => requiredMistakes(gate, id)),
    ...criteriaMistakes(gate.id, 'add', gateConfig.add ?? [], config, known),
  ];
}

function unknownRow(gate: Gate, id: string): string {
  return `${gate.id} has no criterion of this name${meant(
    id,
    gate.criteria.map((criterion) => criterion.id),
  )}`;
}

function requiredMistakes(gate: Gate, id: string): Mistake[] {
  const criterion = gate.criteria.find((one) => one.id === id);
  const path = ['required', id];
  if (criterion === undefined) return [{ path, message: unknownRow(gate, id) }];
  return criterion.required ? [{ path, message: 'the plan requires it already' }] : [];
}

function limitMistakes(gate: Gate, id: string, gateConfig: GateConfig): Mistake[] {
  const criterion = gate.criteria.find((one) => one.id === id);
  const path = ['limits', id];
  if (criterion === undefined) return [{ path, message: unknownRow(gate, id) }];
  if (numericLimits(criterion).length === 0) return [{ path, message: `${id} has no limit that is a number: ${kindWords(criterion)}` }];
  const changes = changesOf(gateConfig, id);
  const alone = changes.flatMap((change, index) => {
    const message = changeMistake(criterion, change);
    return message === undefined ? [] : [{ path: changes.length === 1 ? path : [...path, index], message }];
  });
  if (alone.length > 0) return alone;
  const indexes = changes.map((change) => limitsMeant(criterion, change)[0]?.index);
  return new Set(indexes).size === indexes.length ? [] : [{ path, message: 'two of these change the same limit' }];
}

function kindWords({ kind }: Criterion): string {
  if ('attested' in kind) return 'it waits for a signature';
  return 'evidence' in kind ? 'it waits for a document' : 'it expects cases, an empty set or what was before';
}

function changeMistake(criterion: Criterion, change: LimitChange): string | undefined {
  const limits = limitsMeant(criterion, change);
  const all = numericLimits(criterion)
    .map(({ check, expect }) => `{ check: '${check}', metric: '${expect.metric}', statistic: '${expect.statistic}' } (${expect.op} ${expect.value})`)
    .join(', ');
  if (limits.length === 0) return `the criterion has no such limit. It has ${all}`;
  if (limits.length > 1) return `the criterion has several limits; say which with check, metric or statistic: ${all}`;
  return limits[0]?.expect.value === change.value ? `${change.value} is the plan's own limit` : undefined;
}

function criteriaMistakes(gate: string, field: 'add' | 'criteria', criteria: readonly OwnCriterion[], config: GatesConfig, known: Known): Mistake[] {
  const planIds = known.planGates.flatMap((one) => one.criteria.map(({ id }) => id));
  const ownIds = ownCriteria(config).map(({ id }) => id);
  return criteria.flatMap((criterion, index) => {
    const at = (message: string): Mistake => ({ path: [field, index, 'id'], message });
    const { id } = criterion;
    return [
      ...(id.startsWith(`${gate}.`) ? [] : [at(`"${id}" does not begin with "${gate}."`)]),
      ...(planIds.includes(id) ? [at(`"${id}" is a row of the plan`)] : []),
      ...(ownIds.filter((one) => one === id).length > 1 ? [at(`"${id}" is there more than once`)] : []),
      ...(criterion.measured ?? []).flatMap((binding, position) =>
        bindingMistakes(binding, known.checks).map(({ path, message }) => ({ path: [field, index, 'measured', position, ...path], message })),
      ),
    ];
  });
}

function bindingMistakes(binding: Binding, checks: readonly Check[]): Mistake[] {
  const check = checks.find(({ id }) => id === binding.check);
  const ids = checks.map(({ id }) => id);
  if (check === undefined)
    return [{ path: ['check'], message: `there is no check "${binding.check}"${meant(binding.check, ids) || '.'} naap-gate list checks shows all` }];
  const { metric: name } = binding.expect;
  const metric = check.metrics[name];
  const names = Object.keys(check.metrics);
  const path = ['expect', 'metric'];
  if (metric === undefined) return [{ path, message: `${check.id} measures no "${name}"${meant(name, names)}. It measures ${names.join(', ')}` }];
  const misfit = expectationMisfit(binding, metric);
  return [...(misfit === undefined ? [] : [{ path: ['expect'], message: misfit }]), ...optionMistakes(binding, check)];
}

function expectationMisfit({ expect }: Binding, { shape }: MetricDeclaration): string | undefined {
  const needs = { limit: undefined, baseline: undefined, versus: undefined, cases: 'cases', none: 'set', 'no-new': 'set' }[expect.kind];
  if (needs !== undefined) return needs === shape ? undefined : `"${expect.kind}" is about a metric of the shape ${needs}; ${expect.metric} is a ${shape}`;
  if (!('statistic' in expect)) return undefined;
  const fitting = STATISTICS[shape];
  return fitting.includes(expect.statistic)
    ? undefined
    : `no ${expect.statistic} can be taken of ${expect.metric}, a ${shape}${fitting.length === 0 ? '' : `; one of ${fitting.join(', ')}`}`;
}

const OF_MANY: readonly Statistic[] = ['count', 'mean', 'min', 'max', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999'];
/** What statistics.ts can take of each shape. */
const STATISTICS: Readonly<Record<Shape, readonly Statistic[]>> = {
  samples: OF_MANY,
  histogram: OF_MANY,
  proportion: ['rate', 'count'],
  value: ['value'],
  set: [],
  cases: [],
};

function optionMistakes({ options }: Binding, check: Check): Mistake[] {
  if (options === undefined) return [];
  const parsed = Object.values(check.presets).map((preset) => check.options.safeParse({ ...(preset as object), ...options }));
  const known = Object.keys((parsed.find(({ success }) => success)?.data ?? {}) as object);
  const unknown = known.length === 0 ? [] : Object.keys(options).filter((key) => !known.includes(key));
  const failed = parsed.find(({ success }) => !success);
  return [
    ...unknown.map((key): Mistake => ({ path: ['options', key], message: `${check.id} has no option "${key}"${meant(key, known)}` })),
    ...(failed?.error?.issues ?? []).map(({ path, message }): Mistake => ({ path: ['options', ...path.map(String)], message })),
  ];
}
