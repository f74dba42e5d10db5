// From a configured environment to what a run needs: secrets resolved, defaults filled in, surface validated. Called by open-environment.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { Environment, GateError, Surface } from '../../gates/model.ts';
import { naapSurface } from '../../suites/naap-surface.ts';
import type { EnvironmentConfig, Secret } from './schema.ts';

export interface ResolvedEnvironment {
  readonly environment: Environment;
  /** Name and value of every secret, for the scrubber. */
  readonly secrets: readonly (readonly [string, string])[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Throws SECRET_MISSING naming every secret that is not set. `directory`: where relative paths of the config start. */
export function resolveEnvironment(name: string, config: EnvironmentConfig, options: { directory: string; variables: Variables }): ResolvedEnvironment {
  const secrets = collectSecrets(name, config, options.variables);
  const value = (secret: string | Secret): string => (typeof secret === 'string' ? secret : (secrets.get(secret.env) ?? ''));
  const environment: Environment = {
    name,
    target: side(config.target),
    ...(config.legacy === undefined ? {} : { legacy: side(config.legacy) }),
    identity: config.identity ?? { path: '/api/health', expect: { status: 200 } },
    access: {
      headers: Object.fromEntries(Object.entries(config.access?.headers ?? {}).map(([header, secret]) => [header, value(secret)])),
      ...(config.access?.ca === undefined ? {} : { ca: readAuthority(name, options.directory, config.access.ca) }),
    },
    accounts: Object.fromEntries(
      Object.entries(config.auth?.accounts ?? {}).map(([account, { email, password, role }]) => [
        account,
        { email: value(email), password: value(password), role: role ?? account },
      ]),
    ),
    ...(config.auth?.expiredSession === undefined ? {} : { expiredSession: value(config.auth.expiredSession) }),
    databases: config.databases?.target === undefined ? {} : { target: { url: value(config.databases.target.url) } },
    allow: config.allow,
    ...(config.load === undefined ? {} : { load: config.load }),
    surface: surfaceOf(name, config.surface),
    notApplicable: config.notApplicable ?? {},
  };
  return { environment, secrets: [...secrets] };
}

function side({ web, api }: { web: string; api?: string | undefined }): Environment['target'] {
  return { web, api: api ?? `${web.replace(/\/$/, '')}/api` };
}

function surfaceOf(name: string, configured: Record<string, unknown> | undefined): Surface {
  if (configured === undefined) return naapSurface();
  if (!Array.isArray(configured['endpoints'])) return naapSurface(configured);
  const parsed = Surface.safeParse(configured);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `  - environments.${name}.surface.${path.join('.')}: ${message}`);
  throw new GateError('CONFIG_INVALID', `The surface of ${name} has ${mistakes.length} mistakes:\n${mistakes.join('\n')}`, {
    remedy: 'naapSurface({…}) takes differences only and fills in the rest.',
  });
}

function readAuthority(name: string, directory: string, path: string): string {
  const absolute = isAbsolute(path) ? path : join(directory, path);
  try {
    return readFileSync(absolute, 'utf8');
  } catch (cause) {
    throw new GateError('CONFIG_INVALID', `environments.${name}.access.ca: ${absolute} could not be read.`, { remedy: 'Give the path of a PEM file.', cause });
  }
}

function collectSecrets(name: string, config: EnvironmentConfig, variables: Variables): Map<string, string> {
  const places = secretPlaces(config, `environments.${name}`);
  const missing = places.filter(({ secret }) => (variables[secret] ?? '') === '');
  if (missing.length > 0) {
    throw new GateError(
      'SECRET_MISSING',
      `${missing.length === 1 ? 'A secret is' : 'Secrets are'} not set:\n${missing.map(({ secret, place }) => `  - ${secret} (${place})`).join('\n')}`,
      {
        remedy: `Set ${missing.length === 1 ? 'it' : 'them'} in the environment of the command: ${missing.map(({ secret }) => `${secret}=…`).join(' ')}`,
      },
    );
  }
  return new Map(places.map(({ secret }) => [secret, variables[secret] ?? '']));
}

/** Every `{ env: NAME }` below a value, with its path. The surface holds none. */
function secretPlaces(value: unknown, place: string): { secret: string; place: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { env } = value as { env?: unknown };
  if (typeof env === 'string') return [{ secret: env, place }];
  return Object.entries(value).flatMap(([key, field]) => (key === 'surface' ? [] : secretPlaces(field, `${place}.${key}`)));
}
