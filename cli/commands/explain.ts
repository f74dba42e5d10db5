// `naap-gate explain NAME`: a page of documentation on whatever naap-gate has a name for (DESIGN §7).
import type { Command } from 'commander';
import { EXIT, type ExitCode, type Gate, GateError } from '../../gates/model.ts';
import { gates } from '../../gates/phases/index.ts';
import { dayOf, gatesOf } from '../config/catalogue.ts';
import { readConfig } from '../config/read-config.ts';
import { readKnown } from '../explain/known.ts';
import { lookUp } from '../explain/look-up.ts';
import { pageText } from '../explain/page-text.ts';
import { errorText } from '../print-error.ts';
import { type Act, type Host, styleOf } from '../terminal.ts';

interface ExplainOptions {
  readonly config?: string;
  readonly json: boolean;
}

export function registerExplain(program: Command, host: Host, act: Act): void {
  program
    .command('explain <name...>')
    .description('a page on a criterion, gate, check, suite, metric, fault, risk, role, trigger, error code, reason code or state')
    .option('--config <path>', 'configuration file, for limits that it changes and for gates of your own')
    .option('--json', 'the pages as one document', false)
    .action((words: readonly string[], options: ExplainOptions) => act(() => explain(words.join(' '), options, host)));
}

/** `name` may be of several words: a role. Throws USAGE for a name that nothing has. */
async function explain(name: string, options: ExplainOptions, host: Host): Promise<ExitCode> {
  const pages = lookUp(name, await readKnown(await knownGates(options, host)));
  const style = styleOf(host.stdout, host.env);
  host.stdout.write(
    options.json ? `${JSON.stringify({ name, pages }, null, 2)}\n` : pages.map((page) => pageText(page, style)).join(`\n${'─'.repeat(20)}\n\n`),
  );
  return EXIT.pass;
}

/** Whoever has a broken configuration needs an explanation most: then the plan's own gates are explained, and that is said. */
async function knownGates({ config: path }: ExplainOptions, host: Host): Promise<readonly Gate[]> {
  try {
    const { config } = await readConfig(host.cwd(), path);
    return gatesOf(config, dayOf(new Date())).map(({ gate }) => gate);
  } catch (error) {
    if (!(error instanceof GateError) || path !== undefined) throw error;
    host.stderr.write(errorText(error.code, error.message, 'What follows is explained as the plan has it, without this configuration.'));
    return gates;
  }
}
