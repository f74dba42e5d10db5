// What every precondition looks at, and the list's type. Filled by examine.ts; a new precondition is one entry in preconditions.ts.
import type { Environment, Gate, Plan, Profile } from '../../gates/model.ts';
import type { ConfiguredGate } from '../../gates/policy/configured-gates.ts';
import type { ReadConfig } from '../config/read-config.ts';
import type { SetUpCommand } from '../set-up-sessions.ts';
import type { Host } from '../terminal.ts';
import type { Group, Look } from './finding.ts';

/** A secret that the configuration names, with the path where it does. */
export interface NamedSecret {
  readonly secret: string;
  readonly place: string;
}

export interface OpenedEnvironment {
  readonly environment: Environment;
  readonly setUp: SetUpCommand | undefined;
  readonly named: readonly NamedSecret[];
  /** Those of `named` that are not set, or too short to be kept out of reports: what hangs on them is not tried. */
  readonly absent: readonly NamedSecret[];
}
export interface PlannedGate {
  readonly gate: Gate;
  readonly configured: ConfiguredGate;
  /** Undefined where no environment could be opened. */
  readonly plan: Plan | undefined;
}

export interface Patient {
  readonly host: Host;
  readonly now: () => Date;
  /** Aborted at the overall bound and on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly cacheDir: string;
  /** Absolute. */
  readonly runsDir: string;
  /** Undefined: as `--config` and the folder have it, and it could not be read. */
  readonly config: ReadConfig | undefined;
  readonly profile: Profile;
  /** A text: why there is none. */
  readonly opened: OpenedEnvironment | string;
  readonly planned: PlannedGate | string;
}

export interface Precondition {
  readonly group: Group;
  readonly name: string;
  /** A throw is a finding too: not looked at, with the error's words. */
  look(patient: Patient): Promise<readonly Look[]> | readonly Look[];
}

/** Names of absent secrets at or below a path of the environment: `auth.accounts.admin`. */
export function absentBelow({ environment, absent }: OpenedEnvironment, path: string): readonly string[] {
  const place = `environments.${environment.name}.${path}`;
  return absent.filter((one) => one.place === place || one.place.startsWith(`${place}.`)).map(({ secret }) => secret);
}

/** Whether one of the planned checks needs or has this; false where no gate was planned. */
export function plansFor({ planned }: Patient, wants: (execution: Plan['executions'][number]) => boolean): boolean {
  return (
    typeof planned !== 'string' && planned.plan !== undefined && planned.plan.executions.some((execution) => execution.skip === undefined && wants(execution))
  );
}
