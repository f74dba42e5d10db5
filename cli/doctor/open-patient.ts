// Brings together what the doctor looks at: configuration, environment, plan. What cannot be opened becomes a finding, so that the rest is looked at all the same.
import { resolve } from 'node:path';
import { GateError, type Profile, type SideName } from '../../gates/model.ts';
import { nearest } from '../../gates/nearest.ts';
import { neededSides } from '../../gates/needed-sides.ts';
import { checksToCome } from '../../gates/phases/index.ts';
import { makePlan } from '../../gates/plan.ts';
import type { ConfiguredGate } from '../../gates/policy/configured-gates.ts';
import { cacheFolder } from '../../scripts/cache-folder.mjs';
import { checks } from '../../suites/index.ts';
import { dayOf, gatesOf } from '../config/catalogue.ts';
import { readConfig, type ReadConfig } from '../config/read-config.ts';
import { secretPlaces } from '../config/resolve-environment.ts';
import { readWaivers } from '../config/waivers.ts';
import { openEnvironment } from '../open-environment.ts';
import { DEFAULT_RUNS, runPlace } from '../run-store/place.ts';
import type { Host } from '../terminal.ts';
import { type Look, missing, note, ok, unseen } from './finding.ts';
import type { NamedSecret, OpenedEnvironment, Patient, PlannedGate, Precondition } from './precondition.ts';
import { ENVIRONMENT, GATE, MACHINE, TOOLS, WAIVERS } from './preconditions.ts';
import { storeOfRuns } from './run-store.ts';
import { isAbsent } from './secrets.ts';

export interface DoctorRequest {
  readonly env?: string;
  readonly gate?: string;
  readonly profile: Profile;
  readonly config?: string;
  readonly url: readonly string[];
  readonly runs?: string;
}
export interface OpenedPatient {
  readonly patient: Patient;
  readonly preconditions: readonly Precondition[];
  close(): Promise<void>;
}

/** Stands in for a secret that is not set, so that the rest of the environment can be opened. Never sent: whatever hangs on it is not tried. */
const PLACEHOLDER = 'naap-gate-doctor-has-no-such-secret';
const NO_PROBLEM = { close: async (): Promise<void> => undefined };

/** Throws UNKNOWN_ENVIRONMENT, UNKNOWN_GATE, CONFIG_NOT_FOUND, USAGE: mistakes of the command line. */
export async function openPatient(request: DoctorRequest, host: Host, signal: AbortSignal, log: (text: string) => void): Promise<OpenedPatient> {
  const read = await tried(() => readConfig(host.cwd(), request.config), ['CONFIG_NOT_FOUND']);
  const config = 'value' in read ? read.value : undefined;
  const opened = await openNamed(request, config, host, log);
  const planned = planNamed(request, config, opened.environment);
  const place = runPlace(request.runs, host);
  const patient: Patient = {
    host,
    now: () => new Date(),
    signal,
    cacheDir: cacheFolder({ env: host.env }),
    runsDir: place.kind === 'folder' ? place.path : resolve(host.cwd(), DEFAULT_RUNS),
    config,
    profile: request.profile,
    opened: opened.environment,
    planned,
  };
  const about: readonly Precondition[] = [
    ...MACHINE,
    ...(place.kind === 'folder' ? [] : [storeOfRuns(place.url)]),
    { group: 'Configuration', name: 'File', look: () => [lookAtFile(read, config)] },
    ...(request.env === undefined
      ? [UNNAMED]
      : [...(opened.problem === undefined ? [] : [opened.problem]), ...(typeof opened.environment === 'string' ? [closed(opened.environment)] : ENVIRONMENT)]),
    ...TOOLS,
    ...(request.gate === undefined ? [] : GATE),
    ...(config === undefined ? [] : [WAIVERS(() => readWaivers(config, host.cwd(), today()).waivers)]),
  ];
  return { patient, preconditions: about, close: opened.close };
}

const UNNAMED: Precondition = {
  group: 'Configuration',
  name: 'Environment',
  look: () => [
    note('none was named, so no environment was looked at', 'nothing for the machine alone', 'naap-gate doctor --env NAME --gate GATE looks at everything.'),
  ],
};

/** One line in the place of all that an environment would be looked at for. */
const closed = (why: string): Precondition => ({
  group: 'Application',
  name: 'Application, accounts, databases',
  look: () => [unseen(why, 'an environment that can be opened')],
});

const today = (): string => dayOf(new Date());

type Tried<Value> = { readonly value: Value } | { readonly error: GateError };

/** What a person can mend becomes a finding, but for the codes that mean that the command itself is wrong. */
async function tried<Value>(work: () => Promise<Value>, wrongCommand: readonly string[]): Promise<Tried<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof GateError) || wrongCommand.includes(error.code)) throw error;
    return { error };
  }
}

function lookAtFile(read: Tried<ReadConfig>, config: ReadConfig | undefined): Look {
  const needed = 'a configuration without mistakes; the demo needs none';
  if ('error' in read) return missing(`${read.error.code}: ${read.error.message}`, needed, read.error.remedy ?? 'docs/configuration.md describes the fields.');
  return config?.path === undefined ? note('there is none in this folder', needed) : ok(config.path, needed);
}

interface Named {
  readonly environment: OpenedEnvironment | string;
  /** What is wrong with the environment as a whole. */
  readonly problem?: Precondition;
  close(): Promise<void>;
}

async function openNamed(asked: DoctorRequest, config: ReadConfig | undefined, host: Host, log: (text: string) => void): Promise<Named> {
  const { env, url } = asked;
  if (env === undefined) return { ...NO_PROBLEM, environment: 'no environment was named (--env NAME)' };
  if (config === undefined) return { ...NO_PROBLEM, environment: 'the configuration could not be read' };
  const configured = config.config.environments[env];
  const named = secretPlaces(configured, `environments.${env}`);
  const absent = named.filter((one) => isAbsent(one, host.env));
  const variables = { ...host.env, ...Object.fromEntries(absent.map(({ secret }: NamedSecret) => [secret, PLACEHOLDER])) };
  const request = { name: env, config, directory: host.cwd(), variables, faults: [], urls: url, untrusted: false, sides: sidesOf(asked, config), log };
  const opened = await tried(() => openEnvironment(request), ['UNKNOWN_ENVIRONMENT', 'USAGE']);
  if ('error' in opened) {
    const { code, message, remedy = `naap-gate explain ${opened.error.code} tells more.` } = opened.error;
    const look = (): Look[] => [missing(`${code}: ${message}`, 'an environment that can be opened', remedy)];
    return { ...NO_PROBLEM, environment: 'the environment could not be opened', problem: { group: 'Configuration', name: 'Environment', look } };
  }
  const { environment, setUp, close } = opened.value;
  return { environment: { environment, setUp, named, absent }, close };
}

/** Those that the gate needs; without a gate the target alone. */
function sidesOf({ gate: name, profile }: DoctorRequest, config: ReadConfig): readonly SideName[] {
  if (name === undefined) return ['target'];
  const { gate } = findGate(name, gatesOf(config.config, today()));
  return neededSides({ gate, checks, profile, only: [], untrusted: false });
}

function planNamed({ gate: name, profile }: DoctorRequest, config: ReadConfig | undefined, opened: OpenedEnvironment | string): PlannedGate | string {
  if (name === undefined) return 'no gate was named (--gate GATE)';
  const all = gatesOf(config?.config ?? { environments: {} }, today());
  const configured = findGate(name, all);
  const { gate } = configured;
  if (typeof opened === 'string') return { gate, configured, plan: undefined };
  const plan = makePlan({ ...configured, environment: opened.environment, checks, checksToCome, profile, only: [], waivers: [], today: today() });
  return { gate, configured, plan };
}

/** `t-0` and `cutover t-0` mean the gate `cutover-t-0`. */
function findGate(name: string, all: readonly ConfiguredGate[]): ConfiguredGate {
  const id = name.trim().replace(/^cutover /, 'cutover-');
  const found = all.find(({ gate }) => gate.id === id || gate.id === `cutover-${id}`);
  if (found !== undefined) return found;
  const known = all.map(({ gate }) => gate.id);
  const meant = nearest(id, known);
  throw new GateError('UNKNOWN_GATE', `No gate "${name}". Gates: ${known.join(', ')}.`, {
    remedy: meant === undefined ? 'naap-gate list gates shows them.' : `Did you mean "${meant}"?`,
  });
}
