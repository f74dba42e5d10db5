// What a run for an untrusted pull request leaves out (`--untrusted`), and why. Pure; called by plan.
import type { Check, Need } from './model/check.ts';
import type { Environment, Withheld } from './model/environment.ts';

const WORDS: Readonly<Record<Withheld, string>> = {
  access: 'access headers that are secret',
  accounts: 'accounts',
  'database:target': 'the target database',
  'databases:legacy': 'the legacy databases',
};

/** Why the check is left out, or undefined: it would need a secret, do more than read, or load what is not on this machine. */
export function untrustedReason(check: Check, needs: readonly Need[], { untrusted }: Environment, isOnLoopback: boolean): string | undefined {
  if (untrusted === undefined) return undefined;
  const missing = untrusted.withheld.find((what) => what === 'access' || needs.includes(what) || check.wants?.includes(what));
  if (missing !== undefined)
    return `"${check.id}" uses ${WORDS[missing]}, and an untrusted run knows no secrets. Run without --untrusted once the code has been reviewed.`;
  const effect = check.effects.find((one) => one !== 'read' && one !== 'load');
  if (effect !== undefined)
    return `"${check.id}" has the effect "${effect}", and an untrusted run only reads. Run without --untrusted once the code has been reviewed.`;
  if (check.effects.includes('load') && !isOnLoopback) return `"${check.id}" sends load, and an untrusted run loads loopback only.`;
  return undefined;
}
