// A waiver as it stands in the repository, and what became of it in a run (DESIGN §2). Read by cli/, applied by the judge.
import { z } from 'zod';

export const Waiver = z.strictObject({
  criterion: z.string(),
  /** Name of the environment that it is for. */
  environment: z.string(),
  /** Who answers for it. */
  owner: z.string().trim().min(1, 'a text was expected'),
  reason: z.string().trim().min(1, 'a text was expected'),
  /** Last day, UTC. */
  until: z.iso.date('a day such as 2026-12-31 was expected'),
  /** Worst value that it covers, in the metric's unit, on the side to which the metric gets worse. Absent: any value. */
  max: z.number().optional(),
  /** The metric that `max` is about, where the criterion limits several. */
  metric: z.string().optional(),
});
export type Waiver = z.infer<typeof Waiver>;

/**
 * `unused`: the row needed none. `over-cap`: the value was worse than `max`. `not-waivable`: the row has no verdict, is an error,
 * or nothing shows that the cap holds.
 */
export const WaiverOutcome = Waiver.extend({ state: z.enum(['applied', 'unused', 'over-cap', 'expired', 'not-waivable']), text: z.string() });
export type WaiverOutcome = z.infer<typeof WaiverOutcome>;
