// Looks for the values of named secrets in what people add to a run. Called by `evidence add`.
import { createScrubber } from '../../gates/scrub.ts';
import type { Host } from '../terminal.ts';
import type { Config } from './schema.ts';

/** The first secret of the configuration whose value, in any of its forms, stands in the text. Secrets that are not set here cannot be looked for. */
export function secretsWithin(text: string, config: Config, env: Host['env']): string | undefined {
  const names = [...new Set(secretNames(config))];
  return names.find((name) => {
    const value = env[name] ?? '';
    if (value.length < SHORTEST) return false;
    const scrubber = createScrubber();
    scrubber.add(name, value);
    return scrubber.text(text) !== text;
  });
}

/** As the scrubber wants them; shorter ones stand in any text by chance. */
const SHORTEST = 4;

/** Every `{ env: NAME }`, wherever it stands. */
function secretNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { env } = value as { env?: unknown };
  return typeof env === 'string' ? [env] : Object.values(value).flatMap(secretNames);
}
