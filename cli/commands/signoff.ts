// `naap-gate signoff RUN --role ROLE`: an approver signs, or rejects with a reason.
import type { Command } from 'commander';
import { EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import { withLedger } from '../../gates/ledger.ts';
import { trustedApprovers } from '../../gates/paper/approvers.ts';
import { makeSignOff } from '../../gates/paper/sign-off.ts';
import { configuredApprovers, evidenceChecks, ledgerOwner, type PaperOptions, runNamed } from '../papers.ts';
import { signingKey } from '../signing-key.ts';
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
    .option('--runs <dir>', 'folder of the runs', '.naap-gate/runs')
    .action((run: string, options: SignOffOptions) => act(() => signoff(run, options, host)));
}

async function signoff(run: string, options: SignOffOptions, host: Host): Promise<ExitCode> {
  if (options.reject !== (options.reason !== undefined))
    throw new GateError('USAGE', options.reject ? 'A rejection needs its reason.' : 'A reason belongs to a rejection.', {
      remedy: 'Use --reject --reason "what is missing".',
    });
  const approvers = (await configuredApprovers(options, host)) ?? {};
  const folder = runNamed(run, options, host);
  const trusted = trustedApprovers(approvers);
  const event = await withLedger(folder, ledgerOwner(host), async (ledger) => {
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
    return made;
  });
  const until = event.expiresAt === null ? '' : ` It expires on ${event.expiresAt.slice(0, 10)}.`;
  host.stdout.write(
    `${event.decision === 'approve' ? 'Approved' : 'Rejected'} as ${event.role} with ${event.keyId}: ${event.criteria.join(', ')}.${until}\nnaap-gate verify ${run} shows what still waits.\n`,
  );
  return EXIT.pass;
}
