// The criteria that stand in every phase beside its checklist.
import type { Criterion } from '../model/criterion.ts';
import { section } from './rows.ts';

export const STANDING = 'Standing';

/** `previous`: number of the phase before; absent for phase 0. One `push` here adds a criterion to all phases. */
export function standing(gate: string, previous?: number): Criterion[] {
  const every = section(gate, 'plan §3: "Phase gate (review, test, sign-off)"', STANDING);
  const rows: Criterion[] = [];
  if (previous !== undefined) rows.push(every.attested({ row: 'previous-phase', text: `Phase ${previous} is signed` }, `approvers of phase ${previous}`));
  return rows;
}
