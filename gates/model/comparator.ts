// What "as before" means is decided behind this interface: declared here, implemented in baselines/, wired by cli/.
import { z } from 'zod';
import type { Expectation } from './criterion.ts';
import type { Measurement } from './measurement.ts';
import type { MetricDeclaration } from './check.ts';

export const Decision = z.object({
  outcome: z.enum(['within', 'beyond', 'undecided']),
  /** Size of the difference in the failing direction, in the metric's unit; positive is worse. */
  effect: z.number(),
  interval: z.object({ low: z.number(), high: z.number(), level: z.number() }),
  /** SHA-256 of what it was compared with. */
  reference: z.string(),
  why: z.string(),
});
export type Decision = z.infer<typeof Decision>;

export interface Comparator {
  /** Pure. `rounds` are complete and healthy, oldest first. */
  decide(
    rounds: readonly (readonly Measurement[])[],
    expect: Extract<Expectation, { kind: 'baseline' | 'versus' | 'no-new' }>,
    metric: MetricDeclaration,
  ): Decision;
}
