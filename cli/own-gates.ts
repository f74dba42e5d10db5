// Gates that the configuration brings are commands too, so it is read before the command line is parsed — where the word is no command that is known. Called by the program.
import { type Gate, GateError } from '../gates/model.ts';
import { gates } from '../gates/phases/index.ts';
import { dayOf, gatesOf } from './config/catalogue.ts';
import { readConfig } from './config/read-config.ts';
import type { Host } from './terminal.ts';

/** Throws CONFIG_NOT_FOUND, CONFIG_INVALID where the word could be a gate of that file; help is given without them. */
export async function ownGates(commands: readonly string[], host: Host): Promise<readonly Gate[]> {
  const given = host.argv.slice(2);
  const [word = '--help'] = given;
  const isHelp = word.startsWith('-') || word === 'help';
  if (commands.includes(word)) return [];
  try {
    const { config } = await readConfig(host.cwd(), configNamed(given));
    const planIds = gates.map(({ id }) => id);
    return gatesOf(config, dayOf(new Date())).flatMap(({ gate }) => (planIds.includes(gate.id) ? [] : [gate]));
  } catch (error) {
    if (!isHelp || !(error instanceof GateError)) throw error;
    host.stderr.write(`Gates of the configuration are not listed: ${error.message}\n`);
    return [];
  }
}

/** The value of `--config`, as the parser will find it. */
function configNamed(given: readonly string[]): string | undefined {
  const at = given.indexOf('--config');
  return at >= 0 ? given[at + 1] : given.find((one) => one.startsWith('--config='))?.slice('--config='.length);
}
