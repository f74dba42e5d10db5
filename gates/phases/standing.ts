// The criteria that stand in every phase beside its checklist.
import type { Criterion } from '../model/criterion.ts';
import { section } from './rows.ts';

export const STANDING = 'Standing';

/** `previous`: number of the phase before; absent for phase 0. One line here adds a criterion to all phases. */
export function standing(gate: string, previous?: number): Criterion[] {
  const gates = section(gate, 'plan §3: "Phase gate (review, test, sign-off)"', STANDING);
  return [
    ...(previous === undefined ? [] : [gates.attested({ row: 'previous-phase', text: `Phase ${previous} is signed` }, `approvers of phase ${previous}`)]),
  ];
}
