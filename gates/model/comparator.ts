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

/** Nothing to take a difference of: a side is missing, or a figure is no number. More rounds would not help. */
export const Incomparable = z.strictObject({ outcome: z.literal('undecided'), why: z.string() });
export type Incomparable = z.infer<typeof Incomparable>;

export const Comparison = z.union([Decision, Incomparable]);
export type Comparison = z.infer<typeof Comparison>;

export interface Comparator {
  /** Pure. `rounds` are complete and healthy, oldest first; none where all were sick. Undefined: there is no reference of this kind at all (NO_BASELINE). */
  decide(
    rounds: readonly (readonly Measurement[])[],
    expect: Extract<Expectation, { kind: 'baseline' | 'versus' | 'no-new' }>,
    metric: MetricDeclaration,
  ): Comparison | undefined;
}
