// The command line's words (DESIGN §7): commands, options, help. Parsing only; the work is in commands/.
import { Argument, Command, CommanderError, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode, type Gate, GateError } from '../gates/model.ts';
import { gates } from '../gates/phases/index.ts';
import { registerCheck } from './commands/check.ts';
import { gateOptions, scaleNumber } from './commands/gate-options.ts';
import { type GateRunOptions, gateRun } from './commands/gate-run.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerExplain } from './commands/explain.ts';
import { registerList } from './commands/list.ts';
import { registerPaperCommands } from './commands/paper-commands.ts';
import { registerReplay } from './commands/replay.ts';
import { registerRuns } from './commands/runs.ts';
import { registerInit } from './commands/init.ts';
import { registerNewCheck } from './commands/new-check.ts';
import { twinUp } from './commands/twin-up.ts';
import { registerWaive } from './commands/waive.ts';
import { VERSION } from './machine.ts';
import { ownGates } from './own-gates.ts';
import { nearest } from '../gates/nearest.ts';
import type { Host } from './terminal.ts';

/** Parses and runs; answers the exit code. Throws GateError for what a person can mend. */
export async function runProgram(host: Host): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.pass;
  const program = new Command('naap-gate')
    .description('May this phase of the NaaP migration ship? One command, one verdict, with the evidence.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: (text) => void host.stdout.write(text), writeErr: () => undefined });
  for (const gate of gates.filter(({ id }) => !id.startsWith(CUTOVER))) {
    gateOptions(program.command(gate.id).description(`${gate.title}: ${gate.criteria.length} criteria`)).action(async (options: GateRunOptions) => {
      exitCode = await gateRun(gate, options, host);
    });
  }
  gateOptions(
    program
      .command('cutover')
      .description('the production cutover, stage by stage')
      .addArgument(new Argument('<stage>', 'stage of the cutover, in the order of the night').choices(STAGES)),
  ).action(async (stage: string, options: GateRunOptions) => {
    exitCode = await gateRun(stageGate(stage), options, host);
  });
  registerList(program, host, async (run) => void (exitCode = await run()));
  registerRuns(program, host, async (run) => void (exitCode = await run()));
  registerDoctor(program, host, async (run) => void (exitCode = await run()));
  registerExplain(program, host, async (run) => void (exitCode = await run()));
  registerCheck(program, host, async (run) => void (exitCode = await run()));
  registerInit(program, host, async (run) => void (exitCode = await run()));
  registerNewCheck(program, host, async (run) => void (exitCode = await run()));
  registerPaperCommands(program, host, async (run) => void (exitCode = await run()));
  registerReplay(program, host, async (run) => void (exitCode = await run()));
  registerWaive(program, host, async (run) => void (exitCode = await run()));
  const twin = program.command('twin').description('the demo application: a small NaaP on this machine');
  twin
    .command('up')
    .description('start it and leave it running')
    .option('--fault <id...>', 'switch faults on', [])
    .option('--port <n>', 'port of its HTTPS', portNumber)
    .option('--scale <n>', 'rows, times so many', scaleNumber)
    .option('--json', 'addresses and accounts as JSON', false)
    .action(async (options: { fault: string[]; port?: number; scale?: number; json: boolean }) => {
      exitCode = await twinUp(options, host);
    });
  const own = await ownGates(
    program.commands.map((command) => command.name()),
    host,
  );
  for (const gate of own) {
    gateOptions(program.command(gate.id).description(`${gate.title}: ${gate.criteria.length} criteria, of the configuration`)).action(
      async (options: GateRunOptions) => {
        exitCode = await gateRun(gate, options, host);
      },
    );
  }
  try {
    await program.parseAsync([...host.argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.pass;
    throw usage(
      error,
      host,
      program.commands.map((command) => command.name()),
      own,
    );
  }
  return exitCode;
}

/** A stage is a gate of its own; on the command line it follows the word `cutover`. */
const CUTOVER = 'cutover-';
const STAGES = gates.flatMap(({ id }) => (id.startsWith(CUTOVER) ? [id.slice(CUTOVER.length)] : []));

function stageGate(stage: string): Gate {
  const gate = gates.find(({ id }) => id === `${CUTOVER}${stage}`);
  if (gate === undefined) throw new GateError('UNKNOWN_GATE', `The cutover has no stage "${stage}".`, { remedy: `Stages: ${STAGES.join(', ')}.` });
  return gate;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('a port is a whole number from 1 to 65535.');
  return port;
}

function usage(error: CommanderError, host: Host, commands: readonly string[], own: readonly Gate[]): GateError {
  const [word = ''] = host.argv.slice(2);
  if (!commands.includes(word) && (error.code === 'commander.unknownCommand' || error.code === 'commander.excessArguments')) {
    const known = [...gates, ...own].map(({ id }) => (id.startsWith(CUTOVER) ? `cutover ${id.slice(CUTOVER.length)}` : id));
    const meant = nearest(word, [...known, ...commands]);
    return new GateError('UNKNOWN_GATE', `No gate or command "${word}". Gates: ${known.join(', ')}.`, {
      remedy: `${meant === undefined ? '' : `Did you mean "${meant}"? `}naap-gate --help lists all commands.`,
    });
  }
  if (error.code === 'commander.help')
    return new GateError('USAGE', 'A command is missing.', { remedy: 'For example: naap-gate phase3 --env demo. naap-gate --help lists all.' });
  return new GateError('USAGE', error.message.replace(/^error: /, ''), { remedy: `naap-gate ${word} --help lists the options.` });
}
