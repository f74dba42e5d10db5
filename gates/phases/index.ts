// The register of gates. A new gate is a file beside this one and a line here.
import type { Gate } from '../model/criterion.ts';
import { CHECKS_TO_COME } from './checks-to-come.ts';
import { coreDatabaseStages } from './core-database-cutover.ts';
import { cutoverStages } from './cutover.ts';
import { phase0 } from './phase0.ts';
import { phase1 } from './phase1.ts';
import { phase2 } from './phase2.ts';
import { phase3 } from './phase3.ts';
import { phase4 } from './phase4.ts';
import { phase5 } from './phase5.ts';
import { phase6 } from './phase6.ts';
import { phase7 } from './phase7.ts';
import { planApproval } from './plan-approval.ts';
import { success } from './success.ts';

export const gates: readonly Gate[] = [
  planApproval,
  phase0,
  phase1,
  phase2,
  phase3,
  phase4,
  phase5,
  phase6,
  phase7,
  ...coreDatabaseStages,
  ...cutoverStages,
  success,
];

/** Checks that criteria are bound to and that are not built yet: their rows are `error: NO_CHECK_YET`, never anything better. */
export const checksToCome: readonly string[] = Object.keys(CHECKS_TO_COME);
