// Reads the policy that a replay asks about: a small JSON file with limits, or the gates' part of a configuration. Called by `replay`.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { GateError, type Plan, Waiver } from '../gates/model.ts';
import { GateConfig } from '../gates/policy/gate-config.ts';
import { gateMistakes } from '../gates/policy/mistakes.ts';
import { type OtherPolicy, recordedGate } from '../gates/policy/other-policy.ts';
import { waiverMistakes } from '../gates/policy/waiver-mistakes.ts';
import { checks } from '../suites/index.ts';
import { describe, mistakesIn, placeOf } from './config/mistakes.ts';
import { readConfig } from './config/read-config.ts';

const EXAMPLE = 'For example: { "limits": { "phase3.performance.p99-latency": { "value": 650, "reason": "…", "owner": "…", "until": "2026-12-31" } } }.';
const REMEDY = `Mend them all; nothing was judged. ${EXAMPLE}`;

const Part = GateConfig.pick({ limits: true, required: true, add: true, enforce: true });
/** A file of its own: the part of this gate, or of several gates by their ids; `waivers` in the place of the run's. */
const PolicyFile = Part.extend({ gates: z.record(z.string(), GateConfig).optional(), waivers: z.array(Waiver).optional() }).refine(
  ({ gates, waivers: _waivers, ...part }) => gates === undefined || Object.keys(part).length === 0,
  'either gates, or limits, required, add and enforce of the gate of the run',
);

/** The part that is about the gate of this plan. Throws CONFIG_NOT_FOUND, CONFIG_INVALID with all mistakes. */
export async function readPolicy(directory: string, file: string, plan: Plan): Promise<OtherPolicy> {
  const path = resolve(directory, file);
  if (!existsSync(path))
    throw new GateError('CONFIG_NOT_FOUND', `There is no ${path}.`, { remedy: 'Give a JSON file with limits, or a configuration file, to --policy.' });
  const { part, waivers, above } = isConfiguration(path) ? await ofConfiguration(directory, path, plan) : ofItsOwn(path, plan);
  if (Object.keys(part ?? {}).length === 0 && waivers === undefined)
    throw new GateError('CONFIG_INVALID', `${path} says nothing about ${plan.gate}, the gate of this run.`, {
      remedy: `Give limits, required, add, enforce or waivers, or the first four below gates: { "${plan.gate}": … }.`,
    });
  const policy = { gate: part ?? {}, ...(waivers === undefined ? {} : { waivers }) };
  const mistakes = [...partMistakes(policy, above, plan), ...waiversMistakes(policy, plan)];
  if (mistakes.length > 0) throw mistakesIn(path, mistakes, REMEDY);
  return policy;
}

function partMistakes({ gate }: OtherPolicy, above: readonly string[], plan: Plan): string[] {
  const found = gateMistakes({ [plan.gate]: gate }, { planGates: [recordedGate(plan)], checks, isReserved: () => false });
  return found.map(({ path, message }) => sentence([...above, ...path.slice(1)], message));
}

/** Of this gate on this environment: a waiver for another could change nothing. */
function waiversMistakes({ waivers = [] }: OtherPolicy, plan: Plan): string[] {
  const found = waiverMistakes(waivers, { gates: [recordedGate(plan)], environments: [plan.environment] });
  return found.map(({ path, message }) => sentence(['waivers', ...path], message));
}

function sentence(path: readonly PropertyKey[], message: string): string {
  return `${placeOf(path)}: ${message}${/[.?]$/.test(message) ? '' : '.'}`;
}

interface Parts {
  readonly part: GateConfig | undefined;
  readonly waivers?: readonly Waiver[] | undefined;
  readonly above: readonly string[];
}
function isConfiguration(path: string): boolean {
  return !path.endsWith('.json') || 'environments' in Object(contentOf(path));
}
async function ofConfiguration(directory: string, path: string, { gate }: Plan): Promise<Parts> {
  const { config } = await readConfig(directory, path);
  return { part: config.gates?.[gate], above: ['gates', gate] };
}
function ofItsOwn(path: string, { gate }: Plan): Parts {
  const parsed = PolicyFile.safeParse(contentOf(path));
  if (!parsed.success)
    throw mistakesIn(
      path,
      parsed.error.issues.flatMap((issue) => describe(issue, [], (place) => (place.length === 0 ? Object.keys(PolicyFile.shape) : []))),
      REMEDY,
    );
  const { gates, waivers, ...part } = parsed.data;
  return gates === undefined ? { part, waivers, above: [] } : { part: gates[gate], waivers, above: ['gates', gate] };
}

function contentOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new GateError('CONFIG_INVALID', `${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`, { remedy: EXAMPLE, cause });
  }
}
