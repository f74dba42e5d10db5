// The options of the check web-vitals, and the least that a machine must have left for it. Read by all files of this suite.
import { z } from 'zod';

export const WebVitalsOptions = z.strictObject({
  /** Pages that Lighthouse opens: so many that stand for all, or all. */
  pages: z.union([z.literal('all'), z.int().min(1)]),
  /** Runs of each page and of each interaction, before the median is asked whether it is steady. */
  runs: z.int().min(1),
  /** Tries of each at the most, those that do not count among them. */
  maxRuns: z.int().min(1),
  /** How Lighthouse slows network and processor down: reckoned afterwards, or by the browser while the page loads. */
  throttling: z.enum(['simulate', 'devtools']),
  /** As Lighthouse emulates them: a phone of the middle class on slow 4G, or a laptop on a good line. */
  formFactor: z.enum(['mobile', 'desktop']),
  /** So many times slower is the processor while a person's interactions are played. */
  cpuSlowdown: z.number().min(1),
  /** A run counts where other work left so many processors of a machine that has two or more; of a single one the same share. */
  freeProcessors: z.number().min(0),
  /** No further run after it, ms. */
  budgetMs: z.int().positive(),
});
export type WebVitalsOptions = z.infer<typeof WebVitalsOptions>;

/** Five runs and their median: WEB-QUALITY.md, noise. Nine and fifteen are odd, so that the median is one of the runs. */
export const PR: WebVitalsOptions = {
  pages: 4,
  runs: 5,
  maxRuns: 9,
  throttling: 'simulate',
  formFactor: 'mobile',
  // The slowdown that Lighthouse has for a phone of the middle class.
  cpuSlowdown: 4,
  freeProcessors: 1.2,
  budgetMs: 900_000,
};
export const FULL: WebVitalsOptions = { ...PR, pages: 'all', maxRuns: 15, throttling: 'devtools', budgetMs: 3_600_000 };
