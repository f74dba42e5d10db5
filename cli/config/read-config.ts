// Finds and validates the configuration file; every mistake is reported at once, with its path. Called by the commands.
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GateError } from '../../gates/model.ts';
import { mistakesIn, describe } from './mistakes.ts';
import { withOwnPackage } from './own-package.ts';
import { type Config, configSchema } from './schema.ts';

export const CONFIG_NAMES = ['naap-gate.config.ts', 'naap-gate.config.js', 'naap-gate.config.json'] as const;

export interface ReadConfig {
  /** Undefined where there is no file: then only `demo` is known. */
  readonly path: string | undefined;
  readonly config: Config;
}

/** Throws CONFIG_NOT_FOUND for a named file that is not there, CONFIG_INVALID with all mistakes. */
export async function readConfig(directory: string, named: string | undefined): Promise<ReadConfig> {
  const path = named === undefined ? CONFIG_NAMES.map((name) => join(directory, name)).find(existsSync) : isAbsolute(named) ? named : join(directory, named);
  if (path === undefined) return { path: undefined, config: { environments: {} } };
  if (!existsSync(path))
    throw new GateError('CONFIG_NOT_FOUND', `There is no ${path}.`, {
      remedy: `Name an existing file with --config, or leave it out: ${CONFIG_NAMES.join(', ')} are looked for in the current folder.`,
    });
  const content = await load(path);
  const parsed = configSchema(ownCriterionIds(content)).safeParse(content);
  if (parsed.success) return { path, config: parsed.data };
  throw mistakesIn(
    path,
    parsed.error.issues.flatMap((issue) => describe(issue)),
    'Mend them all; nothing was sent. The fields are described in docs/configuration.md.',
  );
}

/** Of a file that may have mistakes everywhere: whatever stands where an id of an own criterion stands. */
function ownCriterionIds(content: unknown): string[] {
  const fieldsOf = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : []);
  const gates = (content as { gates?: unknown } | null | undefined)?.gates;
  const criteria = fieldsOf(gates).flatMap((gate) => {
    const { add, criteria: own } = (gate ?? {}) as { add?: unknown; criteria?: unknown };
    return [...fieldsOf(add), ...fieldsOf(own)];
  });
  return criteria.flatMap((criterion) => {
    const { id } = (criterion ?? {}) as { id?: unknown };
    return typeof id === 'string' ? [id] : [];
  });
}

async function load(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'));
    const module = (await withOwnPackage(() => import(pathToFileURL(path).href))) as { default?: unknown };
    return module.default;
  } catch (cause) {
    throw new GateError('CONFIG_INVALID', `${path} could not be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
