// `naap-gate evidence add CRITERION FILE|URL --run RUN`: a document for a row that waits for one.
import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import { nearest } from '../../gates/nearest.ts';
import { type Awaited, awaitedOf, judgeEvidence, kindOfAwaited, wordsOf } from '../../gates/paper/evidence.ts';
import type { Examined } from '../../gates/paper/examine.ts';
import type { EvidenceAdded, EvidenceSource } from '../../gates/paper/ledger-event.ts';
import { readArtifact, type RunFolder, storeArtifact } from '../../gates/run-folder.ts';
import { createScrubber } from '../../gates/scrub.ts';
import { readConfig } from '../config/read-config.ts';
import { secretsWithin } from '../config/secrets-within.ts';
import { addToRun, configuredApprovers, evidenceChecks, isFile, type PaperOptions } from '../papers.ts';
import { renewAfterAdding } from '../reports.ts';
import { runsOption } from '../run-store/place.ts';
import type { Act, Host } from '../terminal.ts';
import { whoRuns } from '../who.ts';

interface EvidenceOptions extends PaperOptions {
  readonly run: string;
  readonly rule?: string;
  readonly sha256?: string;
  readonly by?: string;
}

/** Kept in the run's folder and in every bundle of it. */
const MAX_BYTES = 64 * 1024 * 1024;
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.md': 'text/markdown',
  '.txt': 'text/plain',
  '.log': 'text/plain',
  '.html': 'text/html',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.tar': 'application/x-tar',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
};

export function registerEvidence(program: Command, host: Host, act: Act): void {
  program
    .command('evidence')
    .description('documents for the rows that wait for one')
    .command('add <criterion> <file-or-url>')
    .description('add a file, or the address of one, to a run')
    .requiredOption('--run <run>', 'the run')
    .option('--rule <number|kind>', 'which of the things that the row waits for, where they are several')
    .option('--sha256 <digest>', 'digest of what stands at an address; without it the address proves nothing')
    .option('--by <name>', 'who adds it (default: the name of your account)')
    .option('--config <path>', 'configuration file')
    .addOption(runsOption())
    .action((criterion: string, what: string, options: EvidenceOptions) => act(() => addEvidence(criterion, what, options, host)));
}

async function addEvidence(criterion: string, what: string, options: EvidenceOptions, host: Host): Promise<ExitCode> {
  const approvers = await configuredApprovers(options, host);
  const { config } = await readConfig(host.cwd(), options.config);
  return addToRun(options.run, options, host, async (ledger, folder) => {
    const { awaited, rule } = chooseRule(ledger.run, criterion, options.rule);
    const source = sourceOf(what, options.sha256, folder, (text) => secretsWithin(text, config, host.env), host);
    const added: EvidenceAdded = { type: 'evidence.added', criterion, rule, source, by: options.by ?? whoRuns(host.env) };
    const stale = ledger.run.ledger.filter(({ event }) => event.type === 'signoff').length;
    ledger.append(added);
    const { state, text } = judgeEvidence(awaited, added, evidenceChecks(approvers, ledger.at), (digest) => readArtifact(folder, digest));
    const verdict = { ok: 'ACCEPTED', failed: 'FAIL', awaited: 'PENDING' }[state];
    host.stdout.write(`${verdict}  ${criterion}  ${text}\n`);
    renewAfterAdding(folder, approvers, host);
    if (stale > 0) host.stdout.write(`${stale} earlier ${stale === 1 ? 'sign-off is' : 'sign-offs are'} stale now: whoever signed did not see this.\n`);
    return state === 'failed' ? EXIT.fail : EXIT.pass;
  });
}

/** Throws UNKNOWN_CRITERION, USAGE. */
function chooseRule({ plan, report }: Examined, id: string, asked: string | undefined): { readonly awaited: Awaited; readonly rule: number } {
  const rows = plan.criteria.map((planned) => ({ id: planned.criterion.id, awaited: awaitedOf(planned) })).filter(({ awaited }) => awaited.length > 0);
  const row = rows.find((one) => one.id === id);
  if (row === undefined) {
    const meant = nearest(
      id,
      rows.map((one) => one.id),
    );
    throw new GateError('UNKNOWN_CRITERION', `No row "${id}" of run ${report.run} waits for a document.`, {
      remedy: `${meant === undefined ? '' : `Did you mean "${meant}"? `}${rows.length === 0 ? 'None of its rows does.' : `These do: ${rows.map((one) => one.id).join(', ')}.`}`,
    });
  }
  const { awaited } = row;
  const fitting = awaited.flatMap((one, index) =>
    asked === undefined || asked === String(index + 1) || asked === kindOfAwaited(one) ? [{ awaited: one, rule: index }] : [],
  );
  const [only, ...more] = fitting;
  if (only !== undefined && more.length === 0) return only;
  const list = awaited.map((one, index) => `  ${index + 1}  ${kindOfAwaited(one)}: ${wordsOf(one)}`).join('\n');
  throw new GateError('USAGE', `${id} waits for ${awaited.length} things; which one is this?\n${list}`, { remedy: 'Say it with --rule and the number.' });
}

/** Throws EVIDENCE_UNUSABLE. Only the file is read; an address is not asked. */
function sourceOf(what: string, digest: string | undefined, folder: RunFolder, secretIn: (text: string) => string | undefined, host: Host): EvidenceSource {
  if (/^https?:\/\//i.test(what)) return address(what, digest);
  const path = what.startsWith('file:') ? fileURLToPath(what) : resolve(host.cwd(), what);
  const bytes = readEvidence(path);
  const secret = secretIn(bytes.toString('latin1'));
  if (secret !== undefined)
    throw unusable(`${path} holds the value of the secret ${secret}.`, 'Take it out and add the file again; if others have seen it, change the secret.');
  // As bytes, not as text: what is signed is the file as it is.
  const stored = storeArtifact(folder, createScrubber(), 'application/octet-stream', bytes);
  if (digest !== undefined && digest !== stored.sha256)
    throw unusable(`${path} has the SHA-256 ${stored.sha256}, not ${digest}.`, 'Is it the file that you mean?');
  return {
    kind: 'file',
    name: basename(path),
    sha256: stored.sha256,
    bytes: stored.bytes,
    mediaType: MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
  };
}

function readEvidence(path: string): Buffer {
  if (!isFile(path)) throw unusable(`There is no file ${path}.`, 'Give a file, or an http(s) address with --sha256.');
  const size = statSync(path).size;
  if (size === 0) throw unusable(`${path} is empty: it proves nothing.`, 'Give the document itself.');
  if (size > MAX_BYTES)
    throw unusable(`${path} has ${size} bytes; at most ${MAX_BYTES} are kept with a run.`, 'Put it where it stays and add its address with --sha256.');
  return readFileSync(path);
}

function address(what: string, digest: string | undefined): EvidenceSource {
  if (!URL.canParse(what) || new URL(what).username + new URL(what).password !== '')
    throw unusable(`"${what}" is no address, or one with a name or password in it.`, 'Give it without: reports show it.');
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
    throw unusable(`"${digest}" is no SHA-256.`, 'It has 64 hexadecimal digits in lower case: sha256sum FILE.');
  return { kind: 'url', url: what, ...(digest === undefined ? {} : { sha256: digest }) };
}

function unusable(message: string, remedy: string): GateError {
  return new GateError('EVIDENCE_UNUSABLE', message, { remedy });
}
