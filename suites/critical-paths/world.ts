// What a journey knows of the environment: one file that the check critical-paths, or scripts/journeys-setup.ts, writes and every worker of Playwright reads.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Environment, GateError, JOURNEY_IDS, type JourneyId, type Session, StoredCookie, Surface } from '../../gates/model.ts';

/** Ours; a test of the user's own, by its absolute path; or why there is nobody to run it: it is then skipped with these words. */
export const JourneyKind = z.union([z.literal('ours'), z.strictObject({ spec: z.string().min(1) }), z.strictObject({ notRun: z.string().min(1) })]);
export type JourneyKind = z.infer<typeof JourneyKind>;

export const JourneyAccount = z.object({
  name: z.string(),
  role: z.string(),
  /** With `password`: logs in by itself. */
  email: z.string().optional(),
  password: z.string().optional(),
  /** Nobody else uses its session, so that logging it out harms nobody. */
  disposable: z.boolean().optional(),
  /** Opened before the journeys begin; shared by all but those that test credentials. */
  session: z.object({ email: z.string(), userId: z.string(), token: z.string().optional(), cookies: z.array(StoredCookie).optional() }),
});
export type JourneyAccount = z.infer<typeof JourneyAccount>;

export const JourneyWorld = z.object({
  /** Everything that is written begins with it: `naap-gate-<run>`. */
  tag: z.string().startsWith('naap-gate-'),
  surface: Surface,
  sides: z.object({ target: Environment.shape.target }),
  access: z.object({
    headers: z.record(z.string(), z.string()),
    /** PEM, for requests to the API. */
    ca: z.string().optional(),
    /** SHA-256 of the public keys that the browser may trust (instruments/browser/trusted-keys.ts). */
    trustedKeys: z.array(z.string()),
  }),
  /** Of the browser; absent: Playwright's own. */
  executablePath: z.string().optional(),
  /** In the order in which workers take them: the first worker is the first account. */
  accounts: z.array(JourneyAccount),
  /** One that is absent is not run. */
  journeys: z.partialRecord(z.enum(JOURNEY_IDS as readonly [JourneyId, ...JourneyId[]]), JourneyKind),
  /** Requests to the auth routes that all workers together may send in a window; `ledger`: file in which they count. */
  quota: z.object({ requests: z.int().positive(), windowSeconds: z.number().positive(), ledger: z.string() }),
});
export type JourneyWorld = z.infer<typeof JourneyWorld>;

/** Name of the variable that holds the path of the file. */
export const WORLD_VARIABLE = 'NAAP_GATE_WORLD';

/** Sessions and passwords are in it: readable by this user alone; whoever writes it removes it. */
export function writeWorld(path: string, world: JourneyWorld): void {
  writeFileSync(path, JSON.stringify(JourneyWorld.parse(world)), { mode: 0o600 });
}

/** Throws GateError INTERNAL for a file that is none, which no user can have caused. */
export function readWorld(path: string): JourneyWorld {
  try {
    return JourneyWorld.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new GateError('INTERNAL', `What the journeys must know could not be read from ${path}.`, {
      remedy: `${WORLD_VARIABLE} is set by naap-gate itself; leave it unset to run the journeys by hand.`,
      cause,
    });
  }
}

/** As the HTTP client and sessionCookies() take it. */
export function sessionOf({ name, role, session }: JourneyAccount): Session {
  return { account: name, role, ...session };
}
