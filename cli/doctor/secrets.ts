// Whether each secret that the configuration names is set: by name only, whatever it holds.
import { SHORTEST_SECRET } from '../../gates/scrub.ts';
import { type Look, missing, named, ok } from './finding.ts';
import type { NamedSecret } from './precondition.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export function isAbsent({ secret }: NamedSecret, variables: Variables): boolean {
  return (variables[secret] ?? '').length < SHORTEST_SECRET;
}

/** One for each name, with all the places that name it. */
export function lookAtSecrets(secrets: readonly NamedSecret[], variables: Variables): readonly Look[] {
  return [...Map.groupBy(secrets, ({ secret }) => secret)].map(([name, places]) => {
    const needed = `for ${places.map(({ place }) => place).join(', ')}`;
    const value = variables[name] ?? '';
    if (value === '') return named(name, missing('not set', needed, `Set ${name} in the environment of the command (in CI: hand the secret to the job).`));
    if (value.length < SHORTEST_SECRET)
      return named(
        name,
        missing(`set, and shorter than ${SHORTEST_SECRET} characters`, needed, 'A value this short cannot be kept out of reports: use a longer secret.'),
      );
    return named(name, ok('set', needed));
  });
}
