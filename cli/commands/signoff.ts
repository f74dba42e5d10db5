// `naap-gate signoff RUN --role ROLE`: an approver signs, or rejects with a reason.
import type { Command } from 'commander';
import { EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import { trustedApprovers } from '../../gates/paper/approvers.ts';
import { makeSignOff } from '../../gates/paper/sign-off.ts';
import { addToRun, configuredApprovers, evidenceChecks, type PaperOptions } from '../papers.ts';
import { signingKey } from '../signing-key.ts';
import { renewAfterAdding } from '../reports.ts';
import { runsOption } from '../run-store/place.ts';
import type { Act, Host } from '../terminal.ts';

interface SignOffOptions extends PaperOptions {
  readonly role: string;
  readonly criterion: readonly string[];
  readonly reject: boolean;
  readonly reason?: string;
  readonly key?: string;
}

export function registerSignoff(program: Command, host: Host, act: Act): void {
  program
    .command('signoff <run>')
    .description('sign a run as one of its approvers')
    .requiredOption('--role <role>', 'the role that you sign as, in the words of the gate: "Security Lead"')
    .option('--criterion <id...>', 'only these rows of the role (default: all of them)', [])
    .option('--reject', 'reject, with --reason', false)
    .option('--reason <why>', 'why you reject')
    .option(
      '--key <path>',
      'SSH key (private, or .pub of a key in your agent) or PEM with an Ed25519 key; default: the one in ~/.ssh that the configuration knows',
    )
    .option('--config <path>', 'configuration file, which names the approvers')
    .addOption(runsOption())
    .action((run: string, options: SignOffOptions) => act(() => signoff(run, options, host)));
}

async function signoff(run: string, options: SignOffOptions, host: Host): Promise<ExitCode> {
  if (options.reject !== (options.reason !== undefined))
    throw new GateError('USAGE', options.reject ? 'A rejection needs its reason.' : 'A reason belongs to a rejection.', {
      remedy: 'Use --reject --reason "what is missing".',
    });
  const approvers = (await configuredApprovers(options, host)) ?? {};
  const trusted = trustedApprovers(approvers);
  await addToRun(run, options, host, async (ledger, folder) => {
    const signer = signingKey(options.key, trusted.get(options.role), host);
    const evidence = evidenceChecks(approvers, ledger.at);
    const made = await makeSignOff({
      run: ledger.run,
      trusted,
      evidence,
      role: options.role,
      criteria: options.criterion,
      rejection: options.reason,
      signer,
      at: ledger.at,
    });
    ledger.append(made);
    const until = made.expiresAt === null ? '' : ` It expires on ${made.expiresAt.slice(0, 10)}.`;
    host.stdout.write(`${made.decision === 'approve' ? 'Approved' : 'Rejected'} as ${made.role} with ${made.keyId}: ${made.criteria.join(', ')}.${until}\n`);
    renewAfterAdding(folder, approvers, host);
  });
  host.stdout.write(`naap-gate verify ${run} shows what still waits.\n`);
  return EXIT.pass;
}
