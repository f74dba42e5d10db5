// The criteria that stand in every phase beside its checklist.
import type { Criterion } from '../model/criterion.ts';
import { criticalPaths } from './measures.ts';
import { section } from './rows.ts';

export const STANDING = 'Standing';

/** `previous`: number of the phase before; absent for phase 0. One `push` here adds a criterion to all phases. */
export function standing(gate: string, previous?: number): Criterion[] {
  const rows: Criterion[] = [
    section(gate, 'plan §0.1.3', STANDING).measured(
      {
        row: 'critical-paths',
        text: 'Critical user journeys that MUST pass before any phase completion',
        note: 'The ten of plan §0.1.3, in a real browser. A journey that the application cannot have is declared not applicable by its name (`critical-paths.wallet-connect`).',
      },
      criticalPaths(),
    ),
  ];
  if (previous !== undefined) {
    const review = section(gate, 'plan §3: "Phase gate (review, test, sign-off)"', STANDING);
    rows.push(review.attested({ row: 'previous-phase', text: `Phase ${previous} is signed` }, `approvers of phase ${previous}`));
  }
  return rows;
}
