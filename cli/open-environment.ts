// Opens the environment that a command names: a configured one, or the demo, whose twin is started. Called by the commands.
import { dirname } from 'node:path';
import { GateError, type Environment } from '../gates/model.ts';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { naapSurface } from '../suites/naap-surface.ts';
import { digestOf } from '../gates/digest.ts';
import type { ReadConfig } from './config/read-config.ts';
import { resolveEnvironment } from './config/resolve-environment.ts';
import { nearest } from '../gates/nearest.ts';

/** The name of the environment that needs no configuration. */
export const DEMO = 'demo';

export interface OpenEnvironment {
  readonly environment: Environment;
  readonly secrets: readonly (readonly [string, string])[];
  /** Digest of what was declared: addresses and secrets that change from one start of the demo to the next are not in it. */
  readonly configDigest: string;
  close(): Promise<void>;
}
export interface EnvironmentRequest {
  readonly name: string;
  readonly config: ReadConfig;
  readonly directory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Faults of the twin; only for the demo. */
  readonly faults: readonly string[];
  readonly log: (text: string) => void;
}

/** Throws UNKNOWN_ENVIRONMENT, SECRET_MISSING, CONFIG_INVALID, TWIN_FAILED, UNKNOWN_FAULT. */
export async function openEnvironment(request: EnvironmentRequest): Promise<OpenEnvironment> {
  const { name, config, faults } = request;
  const configured = config.config.environments[name];
  if (configured === undefined && name === DEMO) return openDemo(request);
  if (configured === undefined) throw unknownEnvironment(name, config);
  if (faults.length > 0) throw new GateError('USAGE', `--fault works on the demo only; ${name} is a real environment.`, { remedy: 'Use --env demo.' });
  const directory = config.path === undefined ? request.directory : dirname(config.path);
  const resolved = resolveEnvironment(name, configured, { directory, variables: request.variables });
  return { ...resolved, configDigest: digestOf({ name, configured }), close: async () => undefined };
}

function unknownEnvironment(name: string, config: ReadConfig): GateError {
  const known = [DEMO, ...Object.keys(config.config.environments)];
  const meant = nearest(name, known);
  return new GateError('UNKNOWN_ENVIRONMENT', `No environment "${name}". Known: ${known.join(', ')}.`, {
    remedy: `${meant === undefined ? '' : `Did you mean "${meant}"? `}Environments are defined in ${config.path ?? 'naap-gate.config.ts (there is none in this folder)'}.`,
  });
}

async function openDemo({ faults, log, variables }: EnvironmentRequest): Promise<OpenEnvironment> {
  const { startTwin } = await import('../fixtures/twin/start.ts');
  const twin = await startTwin({ cacheDir: cacheFolder({ env: variables }), faults, log });
  const environment: Environment = {
    name: DEMO,
    target: twin.target,
    identity: { path: '/api/health', expect: { status: 200 } },
    access: { headers: {}, ca: twin.ca },
    accounts: twin.accounts,
    expiredSession: twin.expiredSession,
    databases: { target: { url: twin.databases.target.url } },
    allow: ['read', 'write', 'load'],
    load: { maxRps: 4000, maxConnections: 20_000, approvedBy: 'the demo itself', window: 'always: the twin runs on this machine' },
    surface: naapSurface(),
    notApplicable: {},
  };
  const passwords = Object.entries(twin.accounts).map(([account, { password }]) => [`password of ${account}`, password] as const);
  const secrets = [...passwords, ['expired session', twin.expiredSession] as const, ['database URL', twin.databases.target.url] as const];
  return { environment, secrets, configDigest: digestOf({ name: DEMO, faults }), close: () => twin.stop() };
}
