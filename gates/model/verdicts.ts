// The words a gate speaks: verdicts, states, effects and profiles (DESIGN §2). Read by every folder.
import { z } from 'zod';

/** Best to worst. The order *is* the lattice: `gates/lattice.ts` takes the worst by position. */
export const VERDICTS = ['pass', 'waived', 'warn', 'inconclusive', 'error', 'fail'] as const;
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.infer<typeof Verdict>;

/** A verdict, or a reason why there is none. */
export const STATES = [...VERDICTS, 'pending', 'deferred', 'not-applicable'] as const;
export const State = z.enum(STATES);
export type State = z.infer<typeof State>;

/** What a check does to the environment. `synthetic`: named canary accounts, listed paths, capped, cleaned up. */
export const EFFECTS = ['read', 'synthetic', 'write', 'load', 'disruptive'] as const;
export const Effect = z.enum(EFFECTS);
export type Effect = z.infer<typeof Effect>;

/** `pr`: minutes, on every migration pull request. `full`: what a gate meeting needs. */
export const Profile = z.enum(['pr', 'full']);
export type Profile = z.infer<typeof Profile>;

/** The application before the migration and after it. */
export const SideName = z.enum(['target', 'legacy']);
export type SideName = z.infer<typeof SideName>;
