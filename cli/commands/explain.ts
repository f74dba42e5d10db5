// `naap-gate explain NAME`: a page of documentation on whatever naap-gate has a name for (DESIGN §7).
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../gates/model.ts';
import { readKnown } from '../explain/known.ts';
import { lookUp } from '../explain/look-up.ts';
import { pageText } from '../explain/page-text.ts';
import { type Act, type Host, styleOf } from '../terminal.ts';

export function registerExplain(program: Command, host: Host, act: Act): void {
  program
    .command('explain <name...>')
    .description('a page on a criterion, gate, check, suite, metric, fault, risk, role, trigger, error code, reason code or state')
    .option('--json', 'the pages as one document', false)
    .action((words: readonly string[], options: { readonly json: boolean }) => act(() => explain(words.join(' '), options, host)));
}

/** `name` may be of several words: a role. Throws USAGE for a name that nothing has. */
async function explain(name: string, { json }: { readonly json: boolean }, host: Host): Promise<ExitCode> {
  const pages = lookUp(name, await readKnown());
  const style = styleOf(host.stdout, host.env);
  host.stdout.write(json ? `${JSON.stringify({ name, pages }, null, 2)}\n` : pages.map((page) => pageText(page, style)).join(`\n${'─'.repeat(20)}\n\n`));
  return EXIT.pass;
}
