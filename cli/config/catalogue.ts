// All gates as a configuration has them: the plan's with what it changes, and its own. Called by the commands that name gates or criteria.
import type { Gate } from '../../gates/model.ts';
import { gates } from '../../gates/phases/index.ts';
import { type ConfiguredGate, configuredGates } from '../../gates/policy/configured-gates.ts';
import type { Config } from './schema.ts';

/** The plan's gates first. `today`: UTC, `2026-11-23`. */
export function gatesOf(config: Config, today: string): readonly ConfiguredGate[] {
  return configuredGates(gates, config.gates, today);
}

/** The gate as the configuration has it; one that no register knows (a single check) stays as it is. */
export function asConfigured(gate: Gate, config: Config, today: string): ConfiguredGate {
  return gatesOf(config, today).find((one) => one.gate.id === gate.id) ?? { gate, enforcement: { mode: 'enforce' }, problems: [] };
}

/** The day in UTC, against which whatever has an expiry is held. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}
