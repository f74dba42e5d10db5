// `naap-gate evidence add CRITERION FILE|URL --run RUN`: a document for a row that waits for one, and at once what a machine thinks of it.
import type { Command } from 'commander';
import { EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import type { LedgerWriter } from '../../gates/ledger.ts';
import { awaitedOf, judgeEvidence, kindOfAwaited } from '../../gates/paper/evidence.ts';
import type { EvidenceAdded } from '../../gates/paper/ledger-event.ts';
import { type RunFolder, storeArtifact } from '../../gates/run-folder.ts';
import { createScrubber } from '../../gates/scrub.ts';
import { type Chosen, chooseAwaited, howToGet, VERDICT_OF } from '../awaited.ts';
import { readConfig } from '../config/read-config.ts';
import { type EvidenceFile, isAddress, readAddress, readEvidence, unusable } from '../evidence-file.ts';
import { addToRun, configuredApprovers, evidenceChecks, type PaperOptions } from '../papers.ts';
import { renewAfterAdding } from '../reports.ts';
import { runsOption } from '../run-store/place.ts';
import type { Act, Host } from '../terminal.ts';
import { whoRuns } from '../who.ts';
import { registerEvidenceCheck } from './evidence-check.ts';

interface EvidenceOptions extends PaperOptions {
  readonly run: string;
  readonly rule?: string;
  readonly sha256?: string;
  readonly by?: string;
  readonly force: boolean;
  readonly json: boolean;
}

export function registerEvidence(program: Command, host: Host, act: Act): void {
  const evidence = program.command('evidence').description('documents for the rows that wait for one');
  evidence
    .command('add <criterion> <file-or-url>')
    .description('add a file, or the address of one, to a run, and say what a machine thinks of it')
    .requiredOption('--run <run>', 'the run')
    .option('--rule <number|kind>', 'which of the things that the row waits for, where they are several')
    .option('--sha256 <digest>', 'digest of what stands at an address; without it the address proves nothing')
    .option('--by <name>', 'who adds it (default: the name of your account)')
    .option('--force', 'record it although a machine can make nothing of it; the row then fails', false)
    .option('--config <path>', 'configuration file')
    .addOption(runsOption())
    .option('--json', 'what was recorded, as one document', false)
    .action((criterion: string, what: string, options: EvidenceOptions) => act(() => addEvidence(criterion, what, options, host)));
  registerEvidenceCheck(evidence, host, act);
}

async function addEvidence(criterion: string, what: string, options: EvidenceOptions, host: Host): Promise<ExitCode> {
  const approvers = await configuredApprovers(options, host);
  const { config } = await readConfig(host.cwd(), options.config);
  return addToRun(options.run, options, host, async (ledger, folder) => {
    const rows = ledger.run.plan.criteria.map((planned) => ({ id: planned.criterion.id, awaited: awaitedOf(planned) }));
    const chosen = chooseAwaited(rows, criterion, options.rule, `run ${ledger.run.report.run}`);
    const file = isAddress(what) ? undefined : readEvidence(what, config, host);
    const added: EvidenceAdded = {
      type: 'evidence.added',
      criterion,
      rule: chosen.rule,
      source: file?.source ?? readAddress(what, options.sha256),
      by: options.by ?? whoRuns(host.env),
    };
    if (file !== undefined) requireDigest(file, options.sha256);
    const { state, text, isUnreadable } = judgeEvidence(chosen.awaited, added, evidenceChecks(approvers, ledger.at), () => file?.bytes);
    if (isUnreadable === true && !options.force) throw unreadable(criterion, text, chosen);
    const stale = ledger.run.ledger.filter(({ event }) => event.type === 'signoff').length;
    record(ledger, folder, added, file);
    tell(added, { state, text }, chosen, stale, options.json, host);
    // With --json nothing else may stand on stdout.
    renewAfterAdding(folder, approvers, options.json ? { ...host, stdout: host.stderr } : host);
    return state === 'failed' ? EXIT.fail : EXIT.pass;
  });
}

function requireDigest({ source, path }: EvidenceFile, asked: string | undefined): void {
  if (asked !== undefined && asked !== source.sha256)
    throw unusable(`${path} has the SHA-256 ${source.sha256}, not ${asked}.`, 'Is it the file that you mean?');
}

/** What cannot be read is most often the wrong file: what was added before it stays what counts. */
function unreadable(criterion: string, text: string, { awaited }: Chosen): GateError {
  return unusable(
    `Nothing was recorded for ${criterion}, which waits for ${kindOfAwaited(awaited)}. ${text}.`,
    `${howToGet(awaited) ?? ''} With --force it is recorded, and the row fails.`.trim(),
  );
}

/** As bytes, not as text: what is signed is the file as it is. */
function record(ledger: LedgerWriter, folder: RunFolder, added: EvidenceAdded, file: EvidenceFile | undefined): void {
  if (file !== undefined) storeArtifact(folder, createScrubber(), 'application/octet-stream', file.bytes);
  ledger.append(added);
}

function tell(
  added: EvidenceAdded,
  { state, text }: { readonly state: keyof typeof VERDICT_OF; readonly text: string },
  { awaited }: Chosen,
  stale: number,
  isJson: boolean,
  host: Host,
): void {
  const { criterion, rule, source, by } = added;
  if (isJson) {
    host.stdout.write(
      `${JSON.stringify({ criterion, rule: rule + 1, kind: kindOfAwaited(awaited), state, text, source, by, staleSignOffs: stale }, null, 2)}\n`,
    );
    return;
  }
  const remedy = state === 'failed' ? howToGet(awaited) : undefined;
  host.stdout.write(`${VERDICT_OF[state]}  ${criterion}  ${text}\n`);
  if (remedy !== undefined) host.stdout.write(`It is recorded, and the row fails until a better one is added. ${remedy}\n`);
  if (stale > 0) host.stdout.write(`${stale} earlier ${stale === 1 ? 'sign-off is' : 'sign-offs are'} stale now: whoever signed did not see this.\n`);
}
