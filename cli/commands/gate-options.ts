// The options of every command that runs a gate: one list, so that a phase, a stage of the cutover and a single check take the same. Called by the program.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Profile } from '../../gates/model.ts';
import { SHORTEST_COMMIT } from '../expected-commit.ts';
import { LOAD_ENGINES } from '../load-engine.ts';
import { runsOption } from '../run-store/place.ts';

export function gateOptions(command: Command): Command {
  return command
    .requiredOption('--env <name>', 'environment to judge (demo needs no configuration)')
    .addOption(new Option('--profile <name>', 'pr: minutes; full: what a gate meeting needs').choices(Profile.options).default('full'))
    .option('--only <glob...>', 'only criteria or checks that match; the run is then partial', [])
    .option('--fault <id...>', 'faults of the twin (demo only)', [])
    .option('--scale <n>', 'rows of the twin, times so many (demo only)', scaleNumber)
    .option('--config <path>', 'configuration file (default naap-gate.config.ts or .json)')
    .option('--url <place=url...>', 'other addresses for the environment (a preview deployment): web=, api=, legacy.web=, legacy.api=', [])
    .option('--expect-commit <sha>', 'measure nothing unless the application was built from this commit', commitSha)
    .option('--untrusted', 'for a pull request from a fork: use no secrets, only read, load loopback only', false)
    .addOption(new Option('--against <side>', 'latency rows must also hold against the live legacy side').choices(['legacy']))
    .addOption(new Option('--load-engine <name>', 'what sends the load (autocannon: for capacity, never a pass)').choices(LOAD_ENGINES).default('built-in'))
    .addOption(runsOption())
    .option('--dry-run', 'print the plan and stop', false)
    .option('--resume [run]', 'go on with an unfinished run (the newest where none is named)')
    .option('--require-signoff', 'pending rows decide too: exit 4 while people are awaited', false)
    .option('--json', 'report.json on stdout, and nothing else there', false)
    .option('--quiet', 'no progress', false);
}

/** Beyond this the rows that PostgreSQL makes for it fill a laptop's disk. */
const LARGEST_SCALE = 10_000;

export function scaleNumber(text: string): number {
  const scale = Number(text);
  if (!Number.isInteger(scale) || scale < 1 || scale > LARGEST_SCALE) throw new InvalidArgumentError(`a whole number from 1 to ${LARGEST_SCALE}.`);
  return scale;
}

function commitSha(text: string): string {
  if (!new RegExp(`^[0-9a-f]{${SHORTEST_COMMIT},64}$`, 'i').test(text))
    throw new InvalidArgumentError(`a commit has ${SHORTEST_COMMIT} to 64 hexadecimal digits.`);
  return text;
}
