// The configuration file's shape (DESIGN §7, "Config"). zod is the source; `defineConfig` gives people the type.
import { z } from 'zod';
import { DataComparison, DataMapping, Effect, Environment, JOURNEY_IDS, LoadConsent, NotApplicable, WorkloadStatement } from '../../gates/model.ts';
import { gates } from '../../gates/phases/index.ts';
import { nearest } from '../../gates/nearest.ts';
import { Approvers } from '../../gates/paper/approvers.ts';
import { GateConfig } from '../../gates/policy/gate-config.ts';
import { gateMistakes } from '../../gates/policy/mistakes.ts';
import { checks } from '../../suites/index.ts';
import { isCommand } from '../command-names.ts';

/** Secrets are named, never written. */
const secretWords = 'the name of a secret, { "env": "NAME_OF_A_VARIABLE" }';
const Secret = z.strictObject(
  { env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'the name of an environment variable, such as STAGING_DB_URL') },
  { error: ({ code }) => (code === 'invalid_type' ? `${secretWords}, was expected; secrets are never written here` : undefined) },
);
export type Secret = z.infer<typeof Secret>;

/** Names and passwords do not belong into an address: reports show it. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'an http or https URL, such as https://staging.naap.dev' })
  .refine((url) => !URL.canParse(url) || new URL(url).username + new URL(url).password === '', 'an address without name and password in it');
const SideConfig = z.strictObject({ web: httpUrl, api: httpUrl.optional() });

/** In the surface's words; default: the account's name. */
const role = z.string().optional();
/** Nobody else uses the session, so the logout cases may end it. Default false: then they are not run. */
const disposable = z.boolean().optional();
const accounts = <Fields extends z.ZodRawShape>(fields: Fields) => z.record(z.string(), z.strictObject({ role, ...fields }));

/** A session token that the application once issued and that has expired. */
const expiredSession = Secret.optional();
const AuthConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('password'),
    accounts: accounts({ email: z.union([z.email(), Secret], `an address, or ${secretWords}`), password: Secret }),
    expiredSession,
  }),
  /** Bearer tokens of the target. */
  z.strictObject({ kind: z.literal('token'), accounts: accounts({ token: Secret, disposable }), expiredSession }),
  /** `path`: a storage state as Playwright saves it, relative to the config file. */
  z.strictObject({ kind: z.literal('storageState'), accounts: accounts({ path: z.string().min(1), disposable }), expiredSession }),
  /** A command that logs in and prints JSON: each account's name with `{token}`, `{cookies}` or `{storageState}`. Run without a shell, where the config file is. */
  z.strictObject({
    kind: z.literal('setup'),
    command: z.array(z.string().min(1)).min(1),
    accounts: accounts({ disposable }),
    /** Longest time it may take, s. Default 60; not more than a check may wait. */
    timeoutSeconds: z.int().min(1).max(120).optional(),
    expiredSession,
  }),
]);
export type AuthConfig = z.infer<typeof AuthConfig>;

const { status, body } = Environment.shape.identity.shape.expect.shape;
const pointers = 'a text that the body contains, or values by JSON pointer, such as { "/status": "ok" }';
const IdentityConfig = z.strictObject({
  path: z.string().startsWith('/'),
  expect: z.strictObject({
    status: status.min(100).max(599),
    body: body.refine((expected) => typeof expected !== 'object' || Object.keys(expected).every((pointer) => pointer.startsWith('/')), pointers),
  }),
});

const planIds = gates.flatMap(({ criteria }) => criteria.map(({ id }) => id));
/** A criterion of the plan, one of its ten journeys (`critical-paths.wallet-connect`), or a criterion of the configuration's own. */
const criterionId = (own: readonly string[]) => {
  const known = [...planIds, ...JOURNEY_IDS.map((id) => `critical-paths.${id}`), ...own];
  return z.string().refine((id) => known.includes(id), {
    error: ({ input }) => {
      const meant = nearest(String(input), known);
      return `no gate has a criterion of this name.${meant === undefined ? '' : ` Did you mean "${meant}"?`} naap-gate list criteria shows all`;
    },
  });
};

const DatabaseConfig = z.strictObject({ url: Secret });

export const EnvironmentConfig = z.strictObject({
  target: SideConfig,
  legacy: SideConfig.optional(),
  identity: IdentityConfig.optional(),
  access: z
    .strictObject({
      headers: z.record(z.string(), z.union([z.string(), Secret], `a text, or ${secretWords}`)).optional(),
      /** Path of a PEM file with an authority to trust besides the system's. */
      ca: z.string().optional(),
    })
    .optional(),
  auth: AuthConfig.optional(),
  /** Path of the Chromium's executable, relative to the config file. Default: one that Playwright installed, else one on the system. */
  browser: z.strictObject({ path: z.string().min(1) }).optional(),
  databases: z
    .strictObject({
      target: DatabaseConfig.extend({ /** The way to it through its pooler, as the application goes. */ pooled: Secret.optional() }).optional(),
      /** By name of the database: `naap_base`. */
      legacy: z.record(z.string().min(1), DatabaseConfig).optional(),
      /** Any database of a server where a dump of the target may be restored into a new database, which is removed afterwards. */
      scratch: DatabaseConfig.optional(),
    })
    .optional(),
  /** Where each legacy table went, where it is not by the plan's convention. */
  mapping: DataMapping.optional(),
  /** Statements of the workload; default: those that pg_stat_statements counted in the legacy databases. */
  queries: z
    .array(WorkloadStatement)
    .min(1)
    .refine((queries) => new Set(queries.map(({ id }) => id)).size === queries.length, 'statements whose ids differ')
    .optional(),
  /** How rows are compared, where it is not by cost. */
  data: DataComparison.optional(),
  allow: z.array(Effect),
  load: LoadConsent.strict().optional(),
  /** A whole surface (what `naapSurface()` answers), or the differences from it. */
  surface: z.record(z.string(), z.unknown()).optional(),
  notApplicable: z.record(criterionId([]), NotApplicable.strict()).optional(),
});
export type EnvironmentConfig = z.infer<typeof EnvironmentConfig>;
/** As a configuration writes it. */
export type EnvironmentInput = z.input<typeof EnvironmentConfig>;

const Gates = z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'kebab-case'), GateConfig).superRefine((config, context) => {
  for (const { path, message } of gateMistakes(config, { planGates: gates, checks, isReserved: isCommand }))
    context.addIssue({ code: 'custom', path: [...path], message });
});

/** `ownCriterionIds`: ids of the criteria that the same file brings, so that they can be declared not applicable. */
export const configSchema = (ownCriterionIds: readonly string[]) =>
  z.strictObject({
    environments: z.record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, 'kebab-case'),
      EnvironmentConfig.extend({ notApplicable: z.record(criterionId(ownCriterionIds), NotApplicable.strict()).optional() }),
    ),
    /** What differs from the plan's gates, and gates of one's own. */
    gates: Gates.optional(),
    /** Path of the file with the waivers, relative to this one. Default: `naap-gate.waivers.json`, where it is there. */
    waivers: z.string().min(1).optional(),
    /** Who may sign for which role. */
    approvers: Approvers.optional(),
  });
export const Config = configSchema([]);
export type Config = z.infer<typeof Config>;

/** Types a configuration file; validation comes when it is read. */
export function defineConfig(config: z.input<typeof Config>): z.input<typeof Config> {
  return config;
}
