// Finds and validates the configuration file; every mistake is reported at once, with its path. Called by the commands.
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { GateError } from '../../gates/model.ts';
import { nearest } from '../../gates/nearest.ts';
import { Config, EnvironmentConfig } from './schema.ts';

const NAMES = ['naap-gate.config.ts', 'naap-gate.config.js', 'naap-gate.config.json'] as const;

export interface ReadConfig {
  /** Undefined where there is no file: then only `demo` is known. */
  readonly path: string | undefined;
  readonly config: Config;
}

/** Throws CONFIG_NOT_FOUND for a named file that is not there, CONFIG_INVALID with all mistakes. */
export async function readConfig(directory: string, named: string | undefined): Promise<ReadConfig> {
  const path = named === undefined ? NAMES.map((name) => join(directory, name)).find(existsSync) : isAbsolute(named) ? named : join(directory, named);
  if (path === undefined) return { path: undefined, config: { environments: {} } };
  if (!existsSync(path))
    throw new GateError('CONFIG_NOT_FOUND', `There is no ${path}.`, {
      remedy: `Name an existing file with --config, or leave it out: ${NAMES.join(', ')} are looked for in the current folder.`,
    });
  const parsed = Config.safeParse(await load(path));
  if (parsed.success) return { path, config: parsed.data };
  const mistakes = parsed.error.issues.flatMap(describe);
  throw new GateError(
    'CONFIG_INVALID',
    `${path} has ${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`,
    {
      remedy: 'Mend them all; nothing was sent. The fields are described in docs/configuration.md.',
    },
  );
}

async function load(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'));
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return module.default;
  } catch (cause) {
    throw new GateError('CONFIG_INVALID', `${path} could not be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** `environments.staging.allow[2]: …`, one line for each unknown key. */
function describe(issue: z.core.$ZodIssue): string[] {
  const place =
    issue.path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`), '') ||
    'the file';
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 2 && issue.path[0] === 'environments' ? Object.keys(EnvironmentConfig.shape) : [];
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      return `${place}: "${key}" is not known here.${meant === undefined ? '' : ` Did you mean "${meant}"?`}${known.length === 0 ? '' : ` Known: ${known.join(', ')}.`}`;
    });
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${place}: ${message}.`);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options))
    return [`${place}: one of ${issue.options.map(String).join(', ')} was expected.`];
  if (issue.code === 'invalid_value') return [`${place}: one of ${issue.values.map(String).join(', ')} was expected.`];
  return [`${place}: ${issue.message}.`];
}
