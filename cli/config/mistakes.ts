// Mistakes of a file that people write, one line each with its place. Called where the configuration and the waivers are read.
import type { z } from 'zod';
import { GateError } from '../../gates/model.ts';
import { nearest } from '../../gates/nearest.ts';
import { GateConfig, LimitChange, OwnCriterion } from '../../gates/policy/gate-config.ts';
import { EnvironmentConfig } from './schema.ts';

/** CONFIG_INVALID with all of them. */
export function mistakesIn(path: string, mistakes: readonly string[], remedy: string): GateError {
  const count = `${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}`;
  return new GateError('CONFIG_INVALID', `${path} has ${count}:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`, { remedy });
}

/** `environments.staging.allow[2]`; empty for the whole. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`), '');
}

type Fields = (path: readonly PropertyKey[]) => readonly string[];

/** `environments.staging.allow[2]: …`, one line for each unknown key. `above`: the path to what was parsed; `fields`: what is known at a path. */
export function describe(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = [], fields: Fields = configFields): string[] {
  const path = [...above, ...issue.path];
  const place = placeOf(path) || 'the file';
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(place, key, fields(path)));
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => sentence(place, message));
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options))
    return [`${place}: one of ${issue.options.map(String).join(', ')} was expected.`];
  if (issue.code === 'invalid_union') {
    const branch = likeliest(issue.errors);
    if (branch !== undefined) return branch.flatMap((one) => describe(one, path, fields));
  }
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid ')) return [`${place}: one of ${issue.values.map(String).join(', ')} was expected.`];
  return [sentence(place, issue.message)];
}

function sentence(place: string, message: string): string {
  return `${place}: ${message}${/[.?]$/.test(message) ? '' : '.'}`;
}

/** The alternative that has the type of what was given, if one has: its mistakes are those to tell. */
function likeliest(alternatives: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  return alternatives.find((issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0));
}

function unknownKey(place: string, key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `${place}: "${key}" is not known here.${meant === undefined ? '' : ` Did you mean "${meant}"?`}${known.length === 0 ? '' : ` Known: ${known.join(', ')}.`}`;
}

/** Fields that people write often enough to mistype them; empty elsewhere. */
function configFields(path: readonly PropertyKey[]): readonly string[] {
  const [part, , field, name] = path;
  if (part === 'environments') return path.length === 2 ? Object.keys(EnvironmentConfig.shape) : [];
  if (part !== 'gates') return [];
  if (path.length === 2) return Object.keys(GateConfig.shape);
  if (field === 'limits' && name !== undefined) return Object.keys(LimitChange.shape);
  return path.length === 4 && (field === 'add' || field === 'criteria') ? Object.keys(OwnCriterion.shape) : [];
}
