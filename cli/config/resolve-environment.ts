// From a configured environment to what a run needs: secrets resolved, defaults filled in, surface validated. Called by open-environment.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type Environment, GateError, Surface, type Withheld } from '../../gates/model.ts';
import { SHORTEST_SECRET } from '../../gates/scrub.ts';
import { naapSurface } from '../../suites/naap-surface.ts';
import type { SetUpCommand } from '../set-up-sessions.ts';
import { withOwnJourneys } from './own-journeys.ts';
import { resolveAccounts } from './resolve-accounts.ts';
import type { EnvironmentConfig, Secret } from './schema.ts';

export interface ResolvedEnvironment {
  readonly environment: Environment;
  /** Name and value of every secret, for the scrubber. */
  readonly secrets: readonly (readonly [string, string])[];
  /** Makes the sessions of `auth.kind: 'setup'`. */
  readonly setUp?: SetUpCommand;
}

type Variables = Readonly<Record<string, string | undefined>>;
export interface ResolveOptions {
  /** Where relative paths of the config start. */
  readonly directory: string;
  readonly variables: Variables;
  /** Resolves no secret, reads no session, and allows no more than to read. */
  readonly untrusted: boolean;
}

/** Throws SECRET_MISSING naming every secret that is not set, CONFIG_INVALID for files and surfaces that are none. */
export function resolveEnvironment(name: string, config: EnvironmentConfig, options: ResolveOptions): ResolvedEnvironment {
  return options.untrusted ? withoutSecrets(name, config, options) : withSecrets(name, config, options);
}

function withSecrets(name: string, config: EnvironmentConfig, { directory, variables }: ResolveOptions): ResolvedEnvironment {
  const secrets = collectSecrets(name, config, variables);
  const value = (secret: string | Secret): string => (typeof secret === 'string' ? secret : (secrets.get(secret.env) ?? ''));
  const { auth } = config;
  const hosts = hostsOf(config);
  const environment: Environment = {
    ...publicPart(name, config, directory),
    access: {
      headers: Object.fromEntries(Object.entries(config.access?.headers ?? {}).map(([header, secret]) => [header, value(secret)])),
      ...authorityOf(name, config, directory),
    },
    accounts: resolveAccounts(auth, { directory, place: `environments.${name}.auth.accounts`, hosts, value }),
    ...(auth?.expiredSession === undefined ? {} : { expiredSession: value(auth.expiredSession) }),
    databases: databasesOf(config, value),
    allow: config.allow,
  };
  const setUp: SetUpCommand | undefined =
    auth?.kind === 'setup'
      ? { command: auth.command, directory, timeoutMs: (auth.timeoutSeconds ?? SET_UP_SECONDS) * 1000, accounts: Object.keys(auth.accounts), hosts, variables }
      : undefined;
  return { environment, secrets: [...secrets], ...(setUp === undefined ? {} : { setUp }) };
}

/** Time for a browser that goes through a provider's pages, s. */
const SET_UP_SECONDS = 60;

/** For pull requests from forks: whoever wrote the code that is judged may be after whatever this run knows. */
function withoutSecrets(name: string, config: EnvironmentConfig, { directory }: ResolveOptions): ResolvedEnvironment {
  const headers = Object.entries(config.access?.headers ?? {});
  const open = headers.flatMap(([header, value]): [string, string][] => (typeof value === 'string' ? [[header, value]] : []));
  const withheld: readonly (readonly [Withheld, boolean])[] = [
    ['access', open.length < headers.length],
    ['accounts', config.auth !== undefined],
    ['database:target', config.databases?.target !== undefined],
    ['databases:legacy', config.databases?.legacy !== undefined],
  ];
  const environment: Environment = {
    ...publicPart(name, config, directory),
    access: { headers: Object.fromEntries(open), ...authorityOf(name, config, directory) },
    accounts: {},
    databases: {},
    allow: untrustedEffects(config.allow),
    untrusted: { withheld: withheld.flatMap(([what, isWithheld]) => (isWithheld ? [what] : [])) },
  };
  return { environment, secrets: [] };
}

/** No more than to read; load the plan allows on loopback only. */
export function untrustedEffects(allow: Environment['allow']): Environment['allow'] {
  return allow.filter((effect) => effect === 'read' || effect === 'load');
}

function publicPart(name: string, config: EnvironmentConfig, directory: string): Omit<Environment, 'access' | 'accounts' | 'databases' | 'allow'> {
  const surface = withOwnJourneys(name, surfaceOf(name, config.surface), directory);
  return {
    name,
    target: side(config.target),
    ...(config.legacy === undefined ? {} : { legacy: side(config.legacy) }),
    identity: config.identity ?? { ...(isAddressAlone(config) ? { isAssumed: true } : {}), path: surface.health.path, expect: { status: 200 } },
    ...(config.load === undefined ? {} : { load: config.load }),
    surface,
    ...(config.mapping === undefined ? {} : { mapping: config.mapping }),
    ...(config.queries === undefined ? {} : { queries: config.queries }),
    ...(config.data === undefined ? {} : { data: config.data }),
    notApplicable: config.notApplicable ?? {},
  };
}

/** A site that nothing is known of. */
function isAddressAlone({ identity, surface, auth, databases, access }: EnvironmentConfig): boolean {
  return [identity, surface, auth, databases, access].every((part) => part === undefined);
}

function databasesOf({ databases = {} }: EnvironmentConfig, value: (secret: Secret) => string): Environment['databases'] {
  const { target, legacy, scratch } = databases;
  return {
    ...(target === undefined ? {} : { target: { url: value(target.url), ...(target.pooled === undefined ? {} : { pooled: value(target.pooled) }) } }),
    ...(legacy === undefined ? {} : { legacy: Object.fromEntries(Object.entries(legacy).map(([database, { url }]) => [database, { url: value(url) }])) }),
    ...(scratch === undefined ? {} : { scratch: { url: value(scratch.url) } }),
  };
}

function side({ web, api }: EnvironmentConfig['target']): Environment['target'] {
  return { web, api: api ?? `${web.replace(/\/$/, '')}/api` };
}

function hostsOf({ target, legacy }: EnvironmentConfig): string[] {
  const addresses = [target.web, target.api, legacy?.web, legacy?.api].filter((url) => url !== undefined);
  return [...new Set(addresses.map((url) => new URL(url).hostname))];
}

/** Throws CONFIG_INVALID. */
export function surfaceOf(name: string, configured: Record<string, unknown> | undefined): Surface {
  if (configured === undefined) return naapSurface();
  if (!Array.isArray(configured['endpoints'])) return naapSurface(configured);
  const parsed = Surface.safeParse(configured);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `  - environments.${name}.surface.${path.join('.')}: ${message}`);
  throw new GateError('CONFIG_INVALID', `The surface of ${name} has ${mistakes.length} mistakes:\n${mistakes.join('\n')}`, {
    remedy: 'naapSurface({…}) takes differences only and fills in the rest.',
  });
}

function authorityOf(name: string, { access }: EnvironmentConfig, directory: string): { readonly ca?: string } {
  if (access?.ca === undefined) return {};
  return { ca: readAuthority(name, directory, access.ca) };
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
  const short = places.filter(({ secret }) => (variables[secret] ?? '').length < SHORTEST_SECRET);
  if (short.length > 0) {
    throw new GateError('CONFIG_INVALID', `Too short to be kept out of reports:\n${short.map(({ secret, place }) => `  - ${secret} (${place})`).join('\n')}`, {
      remedy: `A secret has at least ${SHORTEST_SECRET} characters.`,
    });
  }
  return new Map(places.map(({ secret }) => [secret, variables[secret] ?? '']));
}

/** Every `{ env: NAME }` below a value, with its path. The surface holds none. */
export function secretPlaces(value: unknown, place: string): { secret: string; place: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { env } = value as { env?: unknown };
  if (typeof env === 'string') return [{ secret: env, place }];
  return Object.entries(value).flatMap(([key, field]) => (key === 'surface' ? [] : secretPlaces(field, `${place}.${key}`)));
}
