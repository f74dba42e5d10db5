// `naap-gate bundle RUN -o FILE`: everything that a run stands on, in one file.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import { sha256 } from '../../gates/digest.ts';
import { makeBundle } from '../../gates/paper/bundle.ts';
import { addToRun, configuredApprovers, type PaperOptions } from '../papers.ts';
import { runsOption } from '../run-store/place.ts';
import type { Act, Host } from '../terminal.ts';

interface BundleOptions extends PaperOptions {
  readonly output: string;
}

export function registerBundle(program: Command, host: Host, act: Act): void {
  program
    .command('bundle <run>')
    .description('put report, journal, ledger, policy, public keys and evidence into one file')
    .requiredOption('-o, --output <file>', 'the file to write: a tar, readable everywhere')
    .option('--config <path>', 'configuration file, which names the approvers')
    .addOption(runsOption())
    .action((run: string, options: BundleOptions) => act(() => bundle(run, options, host)));
}

async function bundle(run: string, options: BundleOptions, host: Host): Promise<ExitCode> {
  const approvers = (await configuredApprovers(options, host)) ?? {};
  const bytes = await addToRun(run, options, host, async (ledger) => makeBundle(ledger.run, approvers));
  const path = resolve(host.cwd(), options.output);
  try {
    writeFileSync(path, bytes);
  } catch (cause) {
    throw new GateError('DISK', `${path} could not be written.`, { remedy: 'Give another file with -o.', cause });
  }
  host.stdout.write(
    `${path}: ${bytes.length} bytes, SHA-256 ${sha256(bytes)}\nWrite the digest down elsewhere: nothing within the file can say that its last line was taken away.\n`,
  );
  return EXIT.pass;
}
