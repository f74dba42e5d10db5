// The configuration file's shape (DESIGN §7, "Config"). zod is the source; `defineConfig` gives people the type.
import { z } from 'zod';
import { Effect, LoadConsent, NotApplicable } from '../../gates/model.ts';

/** Secrets are named, never written. */
const Secret = z.strictObject({ env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'the name of an environment variable, such as STAGING_DB_URL') });
export type Secret = z.infer<typeof Secret>;

const httpUrl = z.url({ protocol: /^https?$/, error: 'an http or https URL, such as https://staging.naap.dev' });
const SideConfig = z.strictObject({ web: httpUrl, api: httpUrl.optional() });

const AccountConfig = z.strictObject({ email: z.union([z.email(), Secret]), password: Secret, role: z.string().optional() });

export const EnvironmentConfig = z.strictObject({
  target: SideConfig,
  legacy: SideConfig.optional(),
  identity: z.strictObject({ path: z.string().startsWith('/'), expect: z.strictObject({ status: z.int().min(100).max(599) }) }).optional(),
  access: z
    .strictObject({
      headers: z.record(z.string(), z.union([z.string(), Secret])).optional(),
      /** Path of a PEM file with an authority to trust besides the system's. */
      ca: z.string().optional(),
    })
    .optional(),
  auth: z.strictObject({ kind: z.literal('password'), accounts: z.record(z.string(), AccountConfig), expiredSession: Secret.optional() }).optional(),
  databases: z.strictObject({ target: z.strictObject({ url: Secret }).optional() }).optional(),
  allow: z.array(Effect),
  load: LoadConsent.strict().optional(),
  /** A whole surface (what `naapSurface()` answers), or the differences from it. */
  surface: z.record(z.string(), z.unknown()).optional(),
  notApplicable: z.record(z.string(), NotApplicable.strict()).optional(),
});
export type EnvironmentConfig = z.infer<typeof EnvironmentConfig>;

export const Config = z.strictObject({ environments: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'kebab-case'), EnvironmentConfig) });
export type Config = z.infer<typeof Config>;

/** Types a configuration file; validation comes when it is read. */
export function defineConfig(config: z.input<typeof Config>): z.input<typeof Config> {
  return config;
}
