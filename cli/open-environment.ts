// Opens the environment that a command names: a configured one, or the demo, whose twin is started. Called by the commands.
import { dirname } from 'node:path';
import { type DualWriters, GateError, type Environment, type SideName } from '../gates/model.ts';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { findBrowser } from './find-browser.ts';
import { naapSurface } from '../suites/naap-surface.ts';
import { digestOf } from '../gates/digest.ts';
import { atAddresses } from './config/addresses.ts';
import type { ReadConfig } from './config/read-config.ts';
import { demoWriters } from './demo-writers.ts';
import { resolveEnvironment, untrustedEffects } from './config/resolve-environment.ts';
import { nearest } from '../gates/nearest.ts';
import type { SetUpCommand } from './set-up-sessions.ts';

/** The name of the environment that needs no configuration. */
export const DEMO = 'demo';
/** The application limits credentials by the minute; who watches a demo would wait for two of them, so the twin does it by this, and says so. */
const DEMO_RATE_WINDOW_SECONDS = 1;

export interface OpenEnvironment {
  readonly environment: Environment;
  readonly secrets: readonly (readonly [string, string])[];
  /** Digest of what was declared: addresses and secrets that change from one start of the demo to the next are not in it. */
  readonly configDigest: string;
  /** Makes the sessions of its accounts. */
  readonly setUp?: SetUpCommand;
  /** Of the demo with its legacy side. */
  readonly dualWriters?: DualWriters | undefined;
  close(): Promise<void>;
}
export interface EnvironmentRequest {
  readonly name: string;
  readonly config: ReadConfig;
  readonly directory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Faults of the twin; only for the demo. */
  readonly faults: readonly string[];
  /** Multiplies the rows of the twin; only for the demo. Default 1. */
  readonly scale?: number | undefined;
  /** `web=URL` …: other addresses than the configured ones. */
  readonly urls: readonly string[];
  /** For a pull request from a fork: no secrets, and nothing but reading. */
  readonly untrusted: boolean;
  /** Sides of the twin to start, where not the target alone; only for the demo. */
  readonly sides?: readonly SideName[];
  readonly log: (text: string) => void;
}

/** Throws UNKNOWN_ENVIRONMENT, USAGE, SECRET_MISSING, CONFIG_INVALID, TWIN_FAILED, UNKNOWN_FAULT. */
export async function openEnvironment(request: EnvironmentRequest): Promise<OpenEnvironment> {
  const { name, config, faults, urls, untrusted } = request;
  const isDemo = config.config.environments[name] === undefined && name === DEMO;
  if (isDemo && urls.length > 0)
    throw new GateError('USAGE', '--url moves a configured environment; the demo runs where its twin does.', { remedy: 'Leave --url out.' });
  if (isDemo) return openDemo(request);
  const configured = atAddresses(name, config.config, urls);
  if (configured === undefined) throw unknownEnvironment(name, config);
  if (faults.length > 0) throw new GateError('USAGE', `--fault works on the demo only; ${name} is a real environment.`, { remedy: 'Use --env demo.' });
  if (request.scale !== undefined)
    throw new GateError('USAGE', `--scale makes rows for the demo; ${name} is a real environment.`, { remedy: 'Leave --scale out.' });
  const directory = config.path === undefined ? request.directory : dirname(config.path);
  const resolved = resolveEnvironment(name, configured, { directory, variables: request.variables, untrusted });
  const environment = { ...resolved.environment, ...findBrowser({ configured: configured.browser?.path, directory, variables: request.variables }) };
  return { ...resolved, environment, configDigest: digestOf({ name, configured, ...(untrusted ? { untrusted } : {}) }), close: async () => undefined };
}

function unknownEnvironment(name: string, config: ReadConfig): GateError {
  const known = [DEMO, ...Object.keys(config.config.environments)];
  const meant = nearest(name, known);
  return new GateError('UNKNOWN_ENVIRONMENT', `No environment "${name}". Known: ${known.join(', ')}.`, {
    remedy: `${meant === undefined ? '' : `Did you mean "${meant}"? `}Environments are defined in ${config.path ?? 'naap-gate.config.ts (there is none in this folder)'}.`,
  });
}

async function openDemo({ faults, scale = 1, log, variables, untrusted, sides = ['target'] }: EnvironmentRequest): Promise<OpenEnvironment> {
  const { startTwin } = await import('../fixtures/twin/start.ts');
  const twin = await startTwin({ cacheDir: cacheFolder({ env: variables }), faults, scale, sides, rateWindowSeconds: DEMO_RATE_WINDOW_SECONDS, log });
  const whole: Environment = {
    name: DEMO,
    target: twin.target,
    ...(twin.legacy === undefined ? {} : { legacy: twin.legacy }),
    identity: { path: '/api/health', expect: { status: 200 } },
    access: { headers: {}, ca: twin.ca },
    accounts: twin.accounts,
    expiredSession: twin.expiredSession,
    databases: {
      // The application goes there directly, without a pooler of its own.
      target: { url: twin.databases.target.url, pooled: twin.databases.target.url },
      scratch: twin.databases.scratch,
      ...(twin.legacy === undefined ? {} : { legacy: twin.databases.legacy }),
    },
    ...(twin.legacy === undefined ? {} : { mapping: twin.mapping, queries: [...twin.workload] }),
    ...findBrowser({ variables }),
    allow: ['read', 'write', 'load'],
    load: { maxRps: 4000, maxConnections: 20_000, approvedBy: 'the demo itself', window: 'always: the twin runs on this machine' },
    surface: naapSurface({ coldStart: twin.coldStart, auth: { quotaWindowSeconds: DEMO_RATE_WINDOW_SECONDS } }),
    notApplicable: {
      'phase1.deliverables.dual-write-day': {
        reason: 'The twin lives for as long as the command that starts it; how a day is watched is shown by minutes (dual-write-drift)',
        owner: 'the demo itself',
        until: '2099-12-31',
      },
    },
  };
  const passwords = Object.entries(twin.accounts).map(([account, { password }]) => [`password of ${account}`, password] as const);
  const legacyUrls = Object.entries(twin.databases.legacy).map(([database, { url }]) => [`URL of ${database}`, url] as const);
  const secrets = [
    ...passwords,
    ['expired session', twin.expiredSession] as const,
    ['database URL', twin.databases.target.url] as const,
    ['scratch URL', twin.databases.scratch.url] as const,
    ...legacyUrls,
  ];
  const environment = untrusted ? publicFacts(whole) : whole;
  return {
    environment,
    secrets,
    configDigest: digestOf({ name: DEMO, faults, ...(scale === 1 ? {} : { scale }), ...(untrusted ? { untrusted } : {}) }),
    dualWriters: await demoWriters(environment.databases, faults),
    close: () => twin.stop(),
  };
}

/** What a stranger's pull request may know of the twin, as of any environment. */
function publicFacts(whole: Environment): Environment {
  const withheld: NonNullable<Environment['untrusted']>['withheld'] = ['accounts', 'database:target', 'databases:legacy'];
  return { ...whole, accounts: {}, expiredSession: undefined, databases: {}, allow: untrustedEffects(whole.allow), untrusted: { withheld } };
}
