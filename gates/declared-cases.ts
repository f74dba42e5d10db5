// Takes out of a row the cases that an environment declares not applicable: an application without wallets has no journey that connects one. Called by plan.ts.
import type { Binding, Criterion } from './model/criterion.ts';
import type { Environment, NotApplicable } from './model/environment.ts';

export interface DeclaredCase extends NotApplicable {
  /** Check and case: `critical-paths.wallet-connect`, as the environment writes it. */
  readonly criterion: string;
}
export interface CasesLeft {
  /** Undefined where nothing is left that the row could be measured by. */
  readonly criterion: Criterion | undefined;
  /** What was taken out. */
  readonly declared: readonly DeclaredCase[];
  /** Declarations whose last day has passed: nobody answers for them any more. */
  readonly expired: readonly DeclaredCase[];
}

/** `today`: a declaration holds through its last day. */
export function withoutDeclaredCases(criterion: Criterion, { notApplicable }: Pick<Environment, 'notApplicable'>, today: string): CasesLeft {
  if (!('measured' in criterion.kind)) return { criterion, declared: [], expired: [] };
  const found = criterion.kind.measured.flatMap((binding) => declaredIn(binding, notApplicable));
  if (found.length === 0) return { criterion, declared: [], expired: [] };
  const [declared, expired] = [found.filter(({ until }) => until >= today), found.filter(({ until }) => until < today)];
  const names = new Set(declared.map((one) => one.criterion));
  const measured = criterion.kind.measured.flatMap((binding) => withoutCases(binding, names));
  return { criterion: measured.length === 0 ? undefined : { ...criterion, kind: { measured } }, declared, expired };
}

function declaredIn(binding: Binding, notApplicable: Environment['notApplicable']): DeclaredCase[] {
  return requiredBy(binding).flatMap((id) => {
    const name = `${binding.check}.${id}`;
    const declaration = notApplicable[name];
    return declaration === undefined ? [] : [{ criterion: name, ...declaration }];
  });
}

function requiredBy({ expect }: Binding): readonly string[] {
  return expect.kind === 'cases' && expect.required !== 'all' ? expect.required : [];
}

/** Nothing where no case is left: a list without cases would pass by asking for none. */
function withoutCases(binding: Binding, names: ReadonlySet<string>): Binding[] {
  const { expect, check } = binding;
  if (expect.kind !== 'cases' || expect.required === 'all') return [binding];
  const required = expect.required.filter((id) => !names.has(`${check}.${id}`));
  return required.length === 0 ? [] : [{ ...binding, expect: { ...expect, required } }];
}
