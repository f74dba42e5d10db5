// An environment as the runner sees it: config validated, secrets resolved, demo twin started. Made by cli/, read by plan and checks.
import { z } from 'zod';
import { Effect } from './verdicts.ts';
import { Surface } from './surface.ts';

export const SideAddress = z.object({
  /** Origin of the pages: `https://staging.naap.dev`. */
  web: z.url(),
  /** Base of the API; `/api/…` paths of the surface go below it. Default `<web>/api`. */
  api: z.url(),
});
export type SideAddress = z.infer<typeof SideAddress>;

/** A database that a check may read. `url` is a secret. */
export const DatabaseAddress = z.object({ url: z.string(), schema: z.string().optional() });
export type DatabaseAddress = z.infer<typeof DatabaseAddress>;

export const Account = z.object({ email: z.string(), password: z.string(), /** Role in the surface's words. */ role: z.string() });
export type Account = z.infer<typeof Account>;

export const LoadConsent = z.object({
  maxRps: z.number().positive(),
  maxConnections: z.int().positive(),
  approvedBy: z.string(),
  window: z.string(),
});
export type LoadConsent = z.infer<typeof LoadConsent>;

export const NotApplicable = z.object({ reason: z.string().min(1), owner: z.string().min(1), until: z.iso.date() });
export type NotApplicable = z.infer<typeof NotApplicable>;

export const Environment = z.object({
  name: z.string(),
  target: SideAddress,
  legacy: SideAddress.optional(),
  identity: z.object({ path: z.string(), expect: z.object({ status: z.int() }) }),
  access: z.object({ headers: z.record(z.string(), z.string()), /** PEM of a certificate authority to trust besides the system's. */ ca: z.string().optional() }),
  /** By account name (`admin`, `member`, `other`). Empty: nobody can log in here. */
  accounts: z.record(z.string(), Account),
  /** A session token that the application once issued and that has expired; proves that expiry is enforced. */
  expiredSession: z.string().optional(),
  databases: z.object({ target: DatabaseAddress.optional() }),
  allow: z.array(Effect),
  load: LoadConsent.optional(),
  surface: Surface,
  notApplicable: z.record(z.string(), NotApplicable),
});
export type Environment = z.infer<typeof Environment>;
