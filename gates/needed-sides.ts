// Which sides an environment must have for what is selected, known before it is opened: the demo starts no more than these. Pure; called by cli/.
import type { Against } from './against.ts';
import type { Check } from './model/check.ts';
import type { Binding, Gate } from './model/criterion.ts';
import type { Profile, SideName } from './model/verdicts.ts';
import { isSelected } from './plan.ts';
import { needsOf } from './skips.ts';

export interface SidesRequest {
  readonly gate: Gate;
  readonly checks: readonly Check[];
  readonly profile: Profile;
  readonly only: readonly string[];
  readonly against?: Against;
  /** Such a run knows no databases, so it compares none. */
  readonly untrusted: boolean;
}

/** The legacy side too where something is compared with it, or a check that would run needs it or its databases. */
export function neededSides({ gate, checks, profile, only, against, untrusted }: SidesRequest): readonly SideName[] {
  const both: readonly SideName[] = ['target', 'legacy'];
  if (against !== undefined) return both;
  if (untrusted) return ['target'];
  const bindings = gate.criteria
    .filter((criterion) => criterion.profiles.includes(profile) && isSelected(criterion, only))
    .flatMap(({ kind }) => ('measured' in kind ? kind.measured : []));
  return bindings.some((binding) => usesLegacy(binding, checks, profile)) ? both : ['target'];
}

function usesLegacy(binding: Binding, checks: readonly Check[], profile: Profile): boolean {
  const check = checks.find(({ id }) => id === binding.check);
  if (check === undefined) return false;
  if (binding.expect.kind === 'baseline' && check.versus !== undefined) return true;
  const options: unknown = check.options.parse({ ...(check.presets[profile] as object), ...binding.options });
  return [...needsOf(check, options), ...(check.wants ?? [])].some((need) => need === 'legacy' || need === 'databases:legacy');
}
