// Which criteria, checks, order, locks, effects and cost a run has, and what is missing. Pure and free: `--dry-run` stops after it.
import type { Check } from './model/check.ts';
import type { Binding, Criterion, Enforcement, Gate } from './model/criterion.ts';
import type { Environment } from './model/environment.ts';
import { GateError } from './model/errors.ts';
import type { Plan, PlannedCriterion, PlannedExecution } from './model/events.ts';
import type { PolicyFiles, Problem } from './model/report.ts';
import type { Profile } from './model/verdicts.ts';
import type { Waiver } from './model/waiver.ts';
import { type Against, withComparison, withLiveLegacy } from './against.ts';
import { canonicalJson, digestOf } from './digest.ts';
import { type CasesLeft, type DeclaredCase, withoutDeclaredCases } from './declared-cases.ts';
import { withDocumentedRoutes } from './documented-routes.ts';
import { needsOf, settle, type Skip, skipReason } from './skips.ts';

export interface PlanRequest {
  readonly gate: Gate;
  readonly environment: Environment;
  readonly checks: readonly Check[];
  /** Ids that are allowed to be missing; they give NO_CHECK_YET. */
  readonly checksToCome: readonly string[];
  readonly profile: Profile;
  /** Globs over criterion ids, check ids and aliases; empty selects all. */
  readonly only: readonly string[];
  /** Compares latencies with the live legacy side as well. */
  readonly against?: Against;
  /** Day of the run, `2026-11-23`: a declaration of not-applicable ends with its date. */
  readonly today: string;
  /** Of all gates and environments; those of this one are kept. Default none. */
  readonly waivers?: readonly Waiver[];
  /** Default: the gate enforces. */
  readonly enforcement?: Enforcement;
  /** What of the gate's configuration does not count any more. */
  readonly problems?: readonly Problem[];
  /** Where configuration and waivers were read from. */
  readonly files?: PolicyFiles;
}

/** Throws NOTHING_SELECTED where `only` matches nothing, or where nothing of what is selected can be compared as `against` asks. */
export function makePlan(request: PlanRequest): Plan {
  const { gate, environment, profile } = request;
  const executions = new Map<string, PlannedExecution>();
  const before = gate.criteria.map((criterion) => withLiveLegacy(criterion, request.checks, environment, profile));
  const asked = request.against === undefined ? before : before.map((criterion) => withComparison(criterion, request.checks, profile));
  const criteria = asked.map((criterion) => planCriterion(criterion, request, executions));
  if (request.only.length > 0 && criteria.every(({ settled }) => settled?.reason.code === 'NOT_SELECTED')) {
    throw new GateError('NOTHING_SELECTED', `--only ${request.only.join(' ')} matches none of the ${criteria.length} criteria of ${gate.id}.`, {
      remedy: `For example: --only '${gate.criteria[0]?.id ?? '*'}' or --only 'api-*'. "naap-gate ${gate.id} --env ${environment.name} --dry-run" lists them.`,
    });
  }
  if (request.against !== undefined && !criteria.some(({ bindings }) => bindings.some(({ binding }) => binding.expect.kind === 'versus'))) {
    throw new GateError(
      'NOTHING_SELECTED',
      `--against ${request.against} compares nothing: none of the selected criteria of ${gate.id} limits a latency that can be measured on both sides.`,
      {
        remedy: 'Leave --against out, or select a latency row.',
      },
    );
  }
  const notApplicable = criteria.flatMap(({ criterion, settled }) => {
    const declared = environment.notApplicable[criterion.id];
    return declared !== undefined && settled?.state === 'not-applicable' ? [{ criterion: criterion.id, ...declared }] : [];
  });
  const cases = asked.flatMap((criterion) => (settledAtPlan(criterion, request) === undefined ? casesLeft(criterion, request).declared : []));
  return {
    gate: gate.id,
    title: gate.title,
    environment: environment.name,
    target: environment.target.web,
    profile,
    criteria,
    executions: inOrder([...executions.values()]),
    notApplicable: [...notApplicable, ...eachOnce(cases)],
    waivers: (request.waivers ?? []).filter(
      (waiver) => waiver.environment === environment.name && criteria.some(({ criterion }) => criterion.id === waiver.criterion),
    ),
    enforcement: request.enforcement ?? { mode: 'enforce' },
    ...(request.problems === undefined || request.problems.length === 0 ? {} : { problems: [...request.problems] }),
    ...(request.files === undefined ? {} : { files: request.files }),
    today: request.today,
  };
}

/**
 * What decides, apart from the measurements: the criteria with their expectations, the revisions of the checks, the waivers, and whether the gate
 * blocks. Not the day itself: a policy changes with it only where something of it ends.
 */
export function policyDigest(plan: Plan, checks: readonly Check[]): string {
  const revisions = Object.fromEntries(checks.map(({ id, revision }) => [id, revision]));
  const waivers = plan.waivers.map((waiver) => ({ ...waiver, isInForce: waiver.until >= plan.today }));
  return digestOf({ criteria: plan.criteria, revisions, profile: plan.profile, waivers, enforcement: plan.enforcement });
}

function planCriterion(asked: Criterion, request: PlanRequest, executions: Map<string, PlannedExecution>): PlannedCriterion {
  const left = casesLeft(asked, request);
  const criterion = left.criterion ?? asked;
  const settled = settledAtPlan(asked, request) ?? settledByCases(left);
  const base = { criterion: withDocumentedRoutes(criterion, request.environment.surface), gate: request.gate.id };
  if (settled !== undefined || !('measured' in criterion.kind)) return { ...base, bindings: [], ...(settled === undefined ? {} : { settled }) };
  const bindings = criterion.kind.measured.map((binding) => ({ binding, execution: planBinding(binding, request, executions) }));
  return { ...base, bindings };
}

function casesLeft(criterion: Criterion, { environment, today }: PlanRequest): CasesLeft {
  return withoutDeclaredCases(criterion, environment, today);
}

/** A row that is left without its cases, or whose cases nobody answers for any more. */
function settledByCases({ criterion, declared, expired }: CasesLeft): Skip | undefined {
  if (expired.length > 0) {
    const words = expired.map(({ criterion: name, until, reason, owner }) => `${name} until ${until}: ${reason} (${owner})`);
    return settle(
      'inconclusive',
      'NOT_APPLICABLE_EXPIRED',
      `Was declared not applicable: ${words.join('; ')}. Renew the declaration in the config, or let it be measured.`,
    );
  }
  if (criterion !== undefined) return undefined;
  return settle(
    'not-applicable',
    'DECLARED_NOT_APPLICABLE',
    declared.map(({ criterion: name, reason, owner, until }) => `${name}: ${reason} (${owner}, until ${until})`).join('; '),
  );
}

function eachOnce(cases: readonly DeclaredCase[]): DeclaredCase[] {
  return [...new Map(cases.map((one) => [one.criterion, one])).values()];
}

function settledAtPlan(criterion: Criterion, request: PlanRequest): Skip | undefined {
  const declared = request.environment.notApplicable[criterion.id];
  if (declared !== undefined) {
    const text = `${declared.reason} (${declared.owner}, until ${declared.until})`;
    return declared.until >= request.today
      ? settle('not-applicable', 'DECLARED_NOT_APPLICABLE', text)
      : settle(
          'inconclusive',
          'NOT_APPLICABLE_EXPIRED',
          `Was declared not applicable until ${declared.until}: ${declared.reason}. Renew the declaration in the config (owner: ${declared.owner}), or let it be measured.`,
        );
  }
  if (!isSelected(criterion, request.only)) return settle('deferred', 'NOT_SELECTED', `Left out by --only ${request.only.join(' ')}.`);
  if (!criterion.profiles.includes(request.profile))
    return settle('deferred', 'NOT_IN_PROFILE', `Not part of the profile "${request.profile}"; run with --profile full.`);
  if ('evidence' in criterion.kind)
    return settle('pending', 'AWAITS_EVIDENCE', `Waits for a document: ${criterion.kind.evidence.map(({ describe }) => describe).join(' ')}`);
  if ('attested' in criterion.kind) return settle('pending', 'AWAITS_SIGNATURE', `Waits for the signature of the ${criterion.kind.attested}.`);
  return undefined;
}

/** Whether `--only` takes the criterion, by its own name or by that of one of its checks. */
export function isSelected(criterion: Criterion, only: readonly string[]): boolean {
  if (only.length === 0) return true;
  const checks = 'measured' in criterion.kind ? criterion.kind.measured.map(({ check }) => check) : [];
  const names = [criterion.id, ...(criterion.aliases ?? []), ...checks];
  return only.some((glob) => names.some((name) => matches(glob, name)));
}

/** `*` stands for any characters; nothing else is special. */
export function matches(glob: string, name: string): boolean {
  const pattern = glob
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(name);
}

/** Answers the id of the execution, or null where there is no such check yet. */
function planBinding(binding: Binding, request: PlanRequest, executions: Map<string, PlannedExecution>): string | null {
  const check = request.checks.find(({ id }) => id === binding.check);
  if (check === undefined) {
    if (request.checksToCome.includes(binding.check)) return null;
    throw new GateError('INTERNAL', `A criterion is bound to the check "${binding.check}", which is not registered.`, {
      remedy: 'Add it to suites/index.ts, or to checksToCome in gates/phases/index.ts.',
    });
  }
  const options: unknown = check.options.parse({ ...(check.presets[request.profile] as object), ...binding.options });
  const id = `${check.id}@${digestOf(options).slice(0, 8)}`;
  const known = executions.get(id);
  const rounds = widest(known?.rounds, binding.rounds ?? { min: 1, max: 1, budgetMs: check.timeoutMs(options, request.environment.surface) });
  executions.set(id, planExecution(id, check, options, rounds, request));
  return id;
}

function widest(a: PlannedExecution['rounds'] | undefined, b: PlannedExecution['rounds']): PlannedExecution['rounds'] {
  return a === undefined ? b : { min: Math.max(a.min, b.min), max: Math.max(a.max, b.max), budgetMs: Math.max(a.budgetMs, b.budgetMs) };
}

function planExecution(id: string, check: Check, options: unknown, rounds: PlannedExecution['rounds'], request: PlanRequest): PlannedExecution {
  const estimate = check.estimate(options, request.environment.surface);
  const needs = needsOf(check, options);
  const skip = skipReason(check, options, needs, request);
  return {
    id,
    check: check.id,
    options,
    rounds,
    seconds: estimate.seconds * rounds.min,
    requests: Math.ceil(estimate.requests * rounds.min),
    locks: [...check.locks],
    after: [...check.after],
    needs,
    timeoutMs: timeoutOf(check.timeoutMs(options, request.environment.surface), rounds),
    metrics: { ...check.metrics },
    ...(skip === undefined ? {} : { skip }),
  };
}

/** Rounds go on until the budget is used up, so the last of them may begin just before it. */
function timeoutOf(roundMs: number, { min, max, budgetMs }: PlannedExecution['rounds']): number {
  return max === 1 ? roundMs : Math.max(min * roundMs, budgetMs + roundMs);
}

/** Topological by `after`; ties by id, so that equal inputs give equal plans. A circle throws INTERNAL. */
function inOrder(executions: readonly PlannedExecution[]): PlannedExecution[] {
  const rest = [...executions].sort((a, b) => (canonicalJson(a.id) < canonicalJson(b.id) ? -1 : 1));
  const ordered: PlannedExecution[] = [];
  while (rest.length > 0) {
    const next = rest.findIndex(({ after }) => !rest.some((other) => after.includes(other.check)));
    const [taken] = next < 0 ? [] : rest.splice(next, 1);
    if (taken === undefined) throw new GateError('INTERNAL', `These checks wait for each other: ${rest.map(({ check }) => check).join(', ')}.`);
    ordered.push(taken);
  }
  return ordered;
}
