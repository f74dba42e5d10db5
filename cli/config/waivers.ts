// Finds and validates the file with the waivers; every mistake is reported at once, with its place. Called by the gate commands, `waive` and `list waivers`.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { GateError, Waiver } from '../../gates/model.ts';
import { type WaiverWorld, waiverMistakes } from '../../gates/policy/waiver-mistakes.ts';
import { DEMO } from '../open-environment.ts';
import { gatesOf } from './catalogue.ts';
import { describe, mistakesIn, placeOf } from './mistakes.ts';
import type { ReadConfig } from './read-config.ts';

const NAME = 'naap-gate.waivers.json';
const REMEDY = 'Mend them all; nothing was sent. docs/configuration.md describes the fields, and "naap-gate waive" writes an entry that fits.';

/** The file: a list, or an object that holds it. */
export const Waivers = z.union([z.array(Waiver), z.strictObject({ $schema: z.string().optional(), waivers: z.array(Waiver) })]);

export interface ReadWaivers {
  readonly path: string;
  /** Undefined where there is no file: then there are no waivers. */
  readonly text: string | undefined;
  readonly waivers: readonly Waiver[];
}

/** Beside the configuration file, or where it says. */
export function waiversPath({ path, config }: ReadConfig, directory: string): string {
  return resolve(path === undefined ? directory : dirname(path), config.waivers ?? NAME);
}

/** Throws CONFIG_NOT_FOUND for a named file that is not there, CONFIG_INVALID with all mistakes. `today`: UTC. */
export function readWaivers(config: ReadConfig, directory: string, today: string): ReadWaivers {
  const path = waiversPath(config, directory);
  if (!existsSync(path)) {
    if (config.config.waivers === undefined) return { path, text: undefined, waivers: [] };
    throw new GateError('CONFIG_NOT_FOUND', `There is no ${path}, which the configuration names as the file with the waivers.`, {
      remedy: 'Take `waivers` out of the configuration, or let "naap-gate waive" write the file.',
    });
  }
  const text = readFileSync(path, 'utf8');
  return { path, text, waivers: parseWaivers(path, text, waiverWorld(config, today)) };
}

export function waiverWorld({ config }: ReadConfig, today: string): WaiverWorld {
  return { gates: gatesOf(config, today).map(({ gate }) => gate), environments: [DEMO, ...Object.keys(config.environments)] };
}

/** Throws CONFIG_INVALID. */
export function parseWaivers(path: string, text: string, world: WaiverWorld): readonly Waiver[] {
  const parsed = Waivers.safeParse(parseJson(path, text));
  if (!parsed.success)
    throw mistakesIn(
      path,
      parsed.error.issues.flatMap((issue) => describe(issue, [], () => Object.keys(Waiver.shape))),
      REMEDY,
    );
  const isList = Array.isArray(parsed.data);
  const waivers = Array.isArray(parsed.data) ? parsed.data : parsed.data.waivers;
  const mistakes = waiverMistakes(waivers, world).map((mistake) => `${placeOf([...(isList ? [] : ['waivers']), ...mistake.path])}: ${mistake.message}`);
  if (mistakes.length > 0) throw mistakesIn(path, mistakes, REMEDY);
  return waivers;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GateError('CONFIG_INVALID', `${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      remedy: 'Mend it by hand, or restore it from the repository; nothing was sent and nothing was written.',
      cause,
    });
  }
}
