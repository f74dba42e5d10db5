// Every precondition, in the order in which they are printed. A new one is an entry here and a function that answers what it saw.
import type { Environment } from '../../gates/model.ts';
import { findBrowser } from '../find-browser.ts';
import { lookAtAddresses, lookAtClocks, lookAtIdentity, lookAtLegacy } from './application.ts';
import { lookAtDatabases, readCatalogue } from './databases.ts';
import { type Look, unseen } from './finding.ts';
import { lookAtLogins, lookAtRoles } from './logins.ts';
import {
  connectionsOf,
  fileLimit,
  freeMiB,
  lookAtDisk,
  lookAtFiles,
  lookAtFolder,
  lookAtNode,
  lookAtPackages,
  lookAtProcessors,
  processors,
} from './machine.ts';
import { lookAtApprovers, lookAtConfigured, lookAtDeclarations, lookAtSigningKey, lookAtWaivers, rolesAskedBy } from './papers.ts';
import { absentBelow, type OpenedEnvironment, type Patient, type PlannedGate, plansFor, type Precondition } from './precondition.ts';
import { lookAtLoad, lookAtRows } from './rows.ts';
import { lookAtSecrets } from './secrets.ts';
import { lookAtChromium, lookAtK6, lookAtPgDump, lookAtSshKeygen } from './tools.ts';

type Looks = readonly Look[] | Promise<readonly Look[]>;

const inEnvironment =
  (look: (patient: Patient, opened: OpenedEnvironment) => Looks): Precondition['look'] =>
  (patient) =>
    typeof patient.opened === 'string' ? [unseen(patient.opened, 'an environment that can be opened')] : look(patient, patient.opened);

const ofGate =
  (look: (patient: Patient, planned: PlannedGate) => Looks): Precondition['look'] =>
  (patient) =>
    typeof patient.planned === 'string' ? [unseen(patient.planned, 'a gate')] : look(patient, patient.planned);

const planOf = ({ planned }: Patient) => (typeof planned === 'string' ? undefined : planned.plan);
const asked = ({ host, signal }: Patient) => ({ variables: host.env, signal });

export const MACHINE: readonly Precondition[] = [
  { group: 'This machine', name: 'Node', look: () => [lookAtNode(process.version)] },
  { group: 'This machine', name: 'npm packages', look: () => [lookAtPackages()] },
  {
    group: 'This machine',
    name: 'Cache folder',
    look: ({ cacheDir }) => [lookAtFolder(cacheDir, 'Set NAAP_GATE_CACHE to a folder that you may write to.')],
  },
  { group: 'This machine', name: 'Folder of runs', look: ({ runsDir }) => [lookAtFolder(runsDir, 'Name another folder with --runs DIR.')] },
  { group: 'This machine', name: 'Disk', look: ({ runsDir, cacheDir }) => disks(runsDir, cacheDir) },
  {
    group: 'This machine',
    name: 'Open files',
    look: (patient) => {
      const plan = planOf(patient);
      return [lookAtFiles(fileLimit(), plan === undefined ? { least: 0, most: 0 } : connectionsOf(plan))];
    },
  },
  {
    group: 'This machine',
    name: 'Processors',
    look: (patient) => [
      lookAtProcessors(
        ...processors(),
        plansFor(patient, ({ locks }) => locks.includes('machine')),
      ),
    ],
  },
];

/** The environment's own, else the one that any environment of this machine would be opened with. */
function browserOf({ opened, host }: Patient): Environment['browser'] {
  return (typeof opened === 'string' ? undefined : opened.environment.browser) ?? findBrowser({ variables: host.env }).browser;
}

export const TOOLS: readonly Precondition[] = [
  {
    group: 'Tools',
    name: 'pg_dump',
    look: async (patient) => [await lookAtPgDump(await serverMajor(patient), asksFor(patient, 'backup-restore'), asked(patient))],
  },
  {
    group: 'Tools',
    name: 'Chromium',
    look: async (patient) => [
      await lookAtChromium(
        browserOf(patient)?.path,
        plansFor(patient, ({ needs }) => needs.includes('browser')),
      ),
    ],
  },
  { group: 'Tools', name: 'k6', look: async (patient) => [await lookAtK6(patient.cacheDir, asked(patient))] },
  { group: 'Tools', name: 'ssh-keygen', look: async (patient) => [await lookAtSshKeygen(hasSshKeys(patient), asked(patient))] },
];

export const ENVIRONMENT: readonly Precondition[] = [
  { group: 'Configuration', name: 'Secrets', look: inEnvironment(({ host }, { named }) => lookAtSecrets(named, host.env)) },
  {
    group: 'Configuration',
    name: 'Not applicable',
    look: inEnvironment(({ planned, now }, { environment }) => [
      lookAtDeclarations(environment.notApplicable, typeof planned === 'string' ? undefined : planned.gate, now()),
    ]),
  },
  { group: 'Application', name: 'Addresses', look: inEnvironment(lookAtAddresses) },
  { group: 'Application', name: 'Legacy side', look: inEnvironment(lookAtLegacy) },
  { group: 'Application', name: 'Identity', look: inEnvironment(lookAtIdentity) },
  { group: 'Application', name: 'Clocks', look: inEnvironment(lookAtClocks) },
  { group: 'Accounts', name: 'Logins', look: inEnvironment(lookAtLogins) },
  { group: 'Accounts', name: 'Roles', look: inEnvironment((_, opened) => [lookAtRoles(opened)]) },
  { group: 'Databases', name: 'Databases', look: inEnvironment(lookAtDatabases) },
];

export const GATE: readonly Precondition[] = [
  {
    group: 'What the gate would do',
    name: 'Rows',
    look: ofGate(({ opened }, { plan }) => (plan === undefined ? [unseen(String(opened), 'the plan of the gate')] : lookAtRows(plan))),
  },
  {
    group: 'What the gate would do',
    name: 'Load',
    look: (patient) => {
      const plan = planOf(patient);
      return plan === undefined || typeof patient.opened === 'string' ? [] : lookAtLoad(plan, patient.opened);
    },
  },
  { group: 'What the gate would do', name: 'Changes', look: ofGate((_, { configured }) => lookAtConfigured(configured)) },
  {
    group: 'People and papers',
    name: 'Approvers',
    look: ofGate(({ config, now }, { gate }) => lookAtApprovers(rolesAskedBy(gate), config?.config.approvers, now())),
  },
  {
    group: 'People and papers',
    name: 'Your key',
    look: ofGate(({ config, host }, { gate }) => [lookAtSigningKey(rolesAskedBy(gate), config?.config.approvers, host)]),
  },
];

export const WAIVERS = (read: () => Parameters<typeof lookAtWaivers>[0]): Precondition => ({
  group: 'People and papers',
  name: 'Waivers',
  look: ({ opened, planned, now }) => [
    lookAtWaivers(read(), typeof opened === 'string' ? undefined : opened.environment.name, typeof planned === 'string' ? undefined : planned.gate, now()),
  ],
});

/** One where both folders are on the same disk. */
function disks(runsDir: string, cacheDir: string): readonly Look[] {
  const [runs, cache] = [freeMiB(runsDir), freeMiB(cacheDir)];
  return runs === cache ? [lookAtDisk(runs, runsDir)] : [lookAtDisk(runs, runsDir), lookAtDisk(cache, cacheDir)];
}

/** Whether a row of the gate is bound to it, built or not. */
function asksFor({ planned }: Patient, check: string): boolean {
  return (
    typeof planned !== 'string' && planned.gate.criteria.some(({ kind }) => 'measured' in kind && kind.measured.some((binding) => binding.check === check))
  );
}

/** Undefined where the database is not there; what is wrong with it is told by its own finding. */
async function serverMajor({ opened, signal }: Patient): Promise<number | undefined> {
  if (typeof opened === 'string' || opened.environment.databases.target === undefined || absentBelow(opened, 'databases.target').length > 0) return undefined;
  return readCatalogue(opened.environment.databases.target, signal).then(
    ({ major }) => major,
    () => undefined,
  );
}

function hasSshKeys({ config }: Patient): boolean {
  return Object.values(config?.config.approvers ?? {}).some(({ keys }) => keys.some((key) => 'ssh' in key));
}
