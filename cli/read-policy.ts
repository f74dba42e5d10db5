// Reads the policy that a replay asks about: a small JSON file with limits, or the gates' part of a configuration. Called by `replay`.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { GateError, type Plan } from '../gates/model.ts';
import { GateConfig } from '../gates/policy/gate-config.ts';
import { gateMistakes } from '../gates/policy/mistakes.ts';
import { recordedGate } from '../gates/policy/other-policy.ts';
import { checks } from '../suites/index.ts';
import { describe, mistakesIn, placeOf } from './config/mistakes.ts';
import { readConfig } from './config/read-config.ts';

const REMEDY =
  'Mend them all; nothing was judged. For example: { "limits": { "phase3.performance.p99-latency": { "value": 650, "reason": …, "owner": …, "until": "2026-12-31" } } }.';

/** What stands in a file of its own: the part of one gate, or of several by their ids. */
const PolicyFile = z.union([
  z.strictObject({ gates: z.record(z.string(), GateConfig) }),
  GateConfig.pick({ limits: true, required: true, add: true, enforce: true }),
]);

/** The part that is about the gate of this plan. Throws CONFIG_NOT_FOUND, CONFIG_INVALID with all mistakes. */
export async function readPolicy(directory: string, file: string, plan: Plan): Promise<GateConfig> {
  const path = resolve(directory, file);
  if (!existsSync(path))
    throw new GateError('CONFIG_NOT_FOUND', `There is no ${path}.`, { remedy: 'Give a JSON file with limits, or a configuration file, to --policy.' });
  const { part, above } = isConfiguration(path)
    ? { part: (await readConfig(directory, path)).config.gates?.[plan.gate], above: ['gates', plan.gate] }
    : ofItsOwn(path, plan);
  if (part === undefined || Object.keys(part).length === 0)
    throw new GateError('CONFIG_INVALID', `${path} says nothing about ${plan.gate}, the gate of this run.`, {
      remedy: 'Give limits, required, add or enforce, or the same below gates: { "' + plan.gate + '": … }.',
    });
  const mistakes = gateMistakes({ [plan.gate]: part }, { planGates: [recordedGate(plan)], checks, isReserved: () => false });
  if (mistakes.length > 0)
    throw mistakesIn(
      path,
      mistakes.map(({ path: place, message }) => `${placeOf([...above, ...place.slice(1)])}: ${message}.`),
      REMEDY,
    );
  return part;
}

function isConfiguration(path: string): boolean {
  return !path.endsWith('.json') || 'environments' in Object(contentOf(path));
}

function ofItsOwn(path: string, plan: Plan): { readonly part: GateConfig | undefined; readonly above: readonly string[] } {
  const content = contentOf(path);
  const hasGates = 'gates' in Object(content);
  const parsed = PolicyFile.options[hasGates ? 0 : 1].safeParse(content);
  if (!parsed.success)
    throw mistakesIn(
      path,
      parsed.error.issues.flatMap((issue) => describe(issue)),
      REMEDY,
    );
  if (!('gates' in parsed.data)) return { part: parsed.data, above: [] };
  return { part: parsed.data.gates[plan.gate], above: ['gates', plan.gate] };
}

function contentOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new GateError('CONFIG_INVALID', `${path} could not be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { remedy: REMEDY, cause });
  }
}
