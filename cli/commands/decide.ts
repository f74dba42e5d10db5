// `naap-gate decide RUN --go|--no-go|--conditional …`: records what the meeting decided, and `naap-gate note`: words for the record.
import type { Command } from 'commander';
import { EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import { type Approvers, trustedApprovers } from '../../gates/paper/approvers.ts';
import { makeDecision } from '../../gates/paper/decision.ts';
import { Condition, type Outcome } from '../../gates/paper/ledger-event.ts';
import { addToRun, configuredApprovers, type PaperOptions, verifyFolder } from '../papers.ts';
import { signingKey } from '../signing-key.ts';
import { renewAfterAdding } from '../reports.ts';
import { runsOption } from '../run-store/place.ts';
import type { Act, Host } from '../terminal.ts';
import { whoRuns } from '../who.ts';

interface DecideOptions extends PaperOptions {
  readonly go?: boolean;
  readonly conditional: boolean;
  readonly condition: readonly string[];
  readonly owner: readonly string[];
  readonly due: readonly string[];
  readonly by?: string;
  readonly role?: string;
  readonly key?: string;
}

const every = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

export function registerDecide(program: Command, host: Host, act: Act): void {
  program
    .command('decide <run>')
    .description("record the meeting's decision")
    .option('--go', 'it ships; refused while verification finds something', undefined)
    .option('--no-go', 'it does not ship')
    .option('--conditional', 'it ships when the conditions are met', false)
    .option('--condition <text>', 'what is still to be done; repeat it with its --owner and --due', every, [])
    .option('--owner <who>', 'who does it', every, [])
    .option('--due <date>', 'its last day, 2026-12-01', every, [])
    .option('--by <name>', 'who records it (default: the name of your account)')
    .option('--role <role>', 'sign the decision as this role; without it, it carries a name only')
    .option('--key <path>', 'the key that signs, as for signoff')
    .option('--config <path>', 'configuration file, which names the approvers')
    .addOption(runsOption())
    .action((run: string, options: DecideOptions) => act(() => decide(run, options, host)));
  program
    .command('note <run> <text>')
    .description('add words to the record of a run')
    .option('--by <name>', 'whose words (default: the name of your account)')
    .option('--config <path>', 'configuration file, which names the approvers')
    .addOption(runsOption())
    .action((run: string, text: string, options: PaperOptions & { by?: string }) => act(() => addNote(run, text, options, host)));
}

async function decide(run: string, options: DecideOptions, host: Host): Promise<ExitCode> {
  const outcome = outcomeOf(options);
  const conditions = conditionsOf(options, outcome);
  const approvers = await configuredApprovers(options, host);
  await addToRun(run, options, host, async (ledger, folder) => {
    const { findings } = verifyFolder(folder, approvers, ledger.at).now;
    const signing = options.role === undefined ? {} : { signing: signingOf(options.role, options.key, approvers ?? {}, host) };
    const made = await makeDecision({ run: ledger.run, outcome, conditions, by: options.by ?? whoRuns(host.env), at: ledger.at, findings, ...signing });
    ledger.append(made);
    const signature = made.signed === undefined ? 'not signed (--role signs it)' : `signed by the ${made.signed.role}`;
    host.stdout.write(`Decision "${made.outcome}" of ${folder.id} recorded by ${made.by}, ${signature}.\n`);
    renewAfterAdding(folder, approvers, host);
  });
  host.stdout.write(`naap-gate bundle ${run} -o FILE puts everything into one file.\n`);
  return EXIT.pass;
}

function signingOf(role: string, key: string | undefined, approvers: Approvers, host: Host) {
  const trusted = trustedApprovers(approvers);
  return { role, trusted, signer: signingKey(key, trusted.get(role), host) };
}

function outcomeOf({ go, conditional }: DecideOptions): Outcome {
  const said = [...(go === true ? ['go'] : []), ...(go === false ? ['no-go'] : []), ...(conditional ? ['conditional'] : [])] as Outcome[];
  const [outcome, ...more] = said;
  if (outcome === undefined || more.length > 0)
    throw new GateError('USAGE', 'One of --go, --no-go and --conditional is needed.', { remedy: 'For example: naap-gate decide RUN --go' });
  return outcome;
}

function conditionsOf({ condition, owner, due }: DecideOptions, outcome: Outcome): Condition[] {
  const remedy = 'For example: --conditional --condition "Runbook reviewed" --owner "Platform Lead" --due 2026-12-01';
  if ((outcome === 'conditional') !== condition.length > 0)
    throw new GateError('USAGE', outcome === 'conditional' ? 'A conditional decision needs its conditions.' : 'Conditions belong to --conditional.', {
      remedy,
    });
  if (owner.length !== condition.length || due.length !== condition.length)
    throw new GateError('USAGE', `Each --condition needs its --owner and its --due: there are ${condition.length}, ${owner.length} and ${due.length}.`, {
      remedy,
    });
  return condition.map((text, index) => {
    const parsed = Condition.safeParse({ text, owner: owner[index], due: due[index] });
    if (parsed.success) return parsed.data;
    throw new GateError('USAGE', `The condition "${text}" is wrong at ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}.`, { remedy });
  });
}

async function addNote(run: string, text: string, options: PaperOptions & { readonly by?: string }, host: Host): Promise<ExitCode> {
  const by = options.by ?? whoRuns(host.env);
  const approvers = await configuredApprovers(options, host);
  await addToRun(run, options, host, async (ledger, folder) => {
    ledger.append({ type: 'note', text, by });
    host.stdout.write(`Noted by ${by}.\n`);
    renewAfterAdding(folder, approvers, host);
  });
  return EXIT.pass;
}
