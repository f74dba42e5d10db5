// An environment as the runner sees it: config validated, secrets resolved, demo twin started. Made by cli/, read by plan and checks.
import { z } from 'zod';
import { Effect } from './verdicts.ts';
import { DataComparison, DataMapping } from './data-mapping.ts';
import { WorkloadStatement } from './queries.ts';
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

/** A cookie as Playwright writes it into a storage state. */
export const StoredCookie = z.object({
  name: z.string().min(1),
  value: z.string(),
  /** `naap.dev`, or `.naap.dev` for its subdomains too. */
  domain: z.string().min(1),
  path: z.string().startsWith('/'),
  /** Seconds since 1970; -1: ends with the browser. */
  expires: z.number(),
  httpOnly: z.boolean(),
  secure: z.boolean(),
  sameSite: z.enum(['Strict', 'Lax', 'None']),
});
export type StoredCookie = z.infer<typeof StoredCookie>;

/** A session that was made elsewhere: a bearer token of the target, or cookies that are sent where they belong. Secret. */
export const GivenSession = z.union([z.object({ token: z.string().min(1) }), z.object({ cookies: z.array(StoredCookie).min(1) })]);
export type GivenSession = z.infer<typeof GivenSession>;

/** Who logs in with a password, or whose session is given. */
export const Account = z.union([
  z.object({ email: z.string(), password: z.string(), /** Role in the surface's words. */ role: z.string() }),
  z.object({
    role: z.string(),
    /** Absent: the environment's set-up command makes it when it is first needed. */
    session: GivenSession.optional(),
    /** Nobody else uses the session, so that a check may log it out. */
    disposable: z.boolean(),
  }),
]);
export type Account = z.infer<typeof Account>;

/** What a run for an untrusted pull request goes without, because it is secret. `access`: headers that every request needs. */
export const Withheld = z.enum(['access', 'accounts', 'database:target', 'databases:legacy']);
export type Withheld = z.infer<typeof Withheld>;

export const LoadConsent = z.object({
  maxRps: z.number().positive(),
  maxConnections: z.int().positive(),
  approvedBy: z.string(),
  window: z.string(),
});
export type LoadConsent = z.infer<typeof LoadConsent>;

/** A Chromium of this machine. `path`: of its executable file. */
export const BrowserProgram = z.object({ path: z.string() });
export type BrowserProgram = z.infer<typeof BrowserProgram>;

export const NotApplicable = z.object({ reason: z.string().min(1), owner: z.string().min(1), until: z.iso.date() });
export type NotApplicable = z.infer<typeof NotApplicable>;

export const Environment = z.object({
  name: z.string(),
  target: SideAddress,
  legacy: SideAddress.optional(),
  /** The request that tells the application from whatever else may answer at its address. */
  identity: z.object({
    /** Nothing but an address was configured: what does not answer there as the default says is looked at all the same, and decides nothing. */
    isAssumed: z.boolean().optional(),
    path: z.string(),
    expect: z.object({
      status: z.int(),
      /** A text that the body contains, or values by JSON pointer (RFC 6901). */
      body: z.union([z.string().min(1), z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))]).optional(),
    }),
  }),
  access: z.object({
    headers: z.record(z.string(), z.string()),
    /** PEM of a certificate authority to trust besides the system's. */ ca: z.string().optional(),
  }),
  /** By account name (`admin`, `member`, `other`). Empty: nobody can log in here. */
  accounts: z.record(z.string(), Account),
  /** A session token that the application once issued and that has expired; proves that expiry is enforced. */
  expiredSession: z.string().optional(),
  databases: z.object({
    target: DatabaseAddress.extend({ /** The way to it through its pooler. A secret. */ pooled: z.string().optional() }).optional(),
    /** By name: `naap_base`. */ legacy: z.record(z.string(), DatabaseAddress).optional(),
    /** Any database of a server where others may be made and removed. */ scratch: DatabaseAddress.optional(),
  }),
  /** Where each legacy table went. */
  mapping: DataMapping.optional(),
  /** How rows are compared, where it is not by the check's own choice. */
  data: DataComparison.optional(),
  /** The workload's statements; absent: those that the legacy databases counted (pg_stat_statements). */
  queries: z.array(WorkloadStatement).optional(),
  /** What pages are opened with; absent: none was found. */
  browser: BrowserProgram.optional(),
  allow: z.array(Effect),
  load: LoadConsent.optional(),
  surface: Surface,
  notApplicable: z.record(z.string(), NotApplicable),
  /** Set by `--untrusted`: no secret was resolved. Names what the configuration has and this run has not. */
  untrusted: z.object({ withheld: z.array(Withheld) }).optional(),
});
export type Environment = z.infer<typeof Environment>;
