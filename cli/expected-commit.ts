// `--expect-commit SHA`: what was deployed must be what was meant, or nothing is measured. Called by the workbench's probe.
import type { Problem, Subject } from '../gates/model.ts';

/** As many digits as git abbreviates to; fewer may fit by chance. */
export const SHORTEST_COMMIT = 7;

/** Either may be abbreviated. A commit that is not told is not the expected one. */
export function findWrongCommit({ commit }: Subject, expected: string): Problem | undefined {
  const [told, wanted] = [commit?.toLowerCase() ?? '', expected.toLowerCase()];
  if (told.length >= SHORTEST_COMMIT && (told.startsWith(wanted) || wanted.startsWith(told))) return undefined;
  return {
    code: 'WRONG_COMMIT',
    text:
      commit === null
        ? `The application does not tell its commit, so it cannot be known to be ${expected}.`
        : `The application was built from commit ${commit}, expected ${expected}. Nothing was measured.`,
    remedy:
      commit === null
        ? 'Let its health answer tell the commit, and say where it stands there: `surface.health.commit`, a JSON pointer.'
        : 'Wait until the deployment of that commit is ready, or judge this one by leaving --expect-commit out.',
    scope: 'all',
  };
}
