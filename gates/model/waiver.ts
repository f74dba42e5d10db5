// A waiver as it stands in the repository, and what became of it in a run (DESIGN §2). Read by cli/, applied by the judge.
import { z } from 'zod';

export const Waiver = z.strictObject({
  criterion: z.string(),
  /** Name of the environment that it is for. */
  environment: z.string(),
  /** Who answers for it. */
  owner: z.string().min(1),
  reason: z.string().min(1),
  /** Last day, UTC. */
  until: z.iso.date(),
  /** Worst value that it covers, in the metric's unit, on the side to which the metric gets worse. Absent: any value. */
  max: z.number().optional(),
});
export type Waiver = z.infer<typeof Waiver>;

/** `unused`: the row needed none. `over-cap`: the value was worse than `max`. */
export const WaiverOutcome = Waiver.extend({ state: z.enum(['applied', 'unused', 'over-cap', 'expired', 'not-waivable']), text: z.string() });
export type WaiverOutcome = z.infer<typeof WaiverOutcome>;
