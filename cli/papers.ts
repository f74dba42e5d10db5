// What the commands after the seal share: the run or bundle that is named, who may sign, how its papers are verified. Called by evidence, signoff, decide, bundle and verify.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { GateError } from '../gates/model.ts';
import { type LedgerOwner, type LedgerWriter, withLedger } from '../gates/ledger.ts';
import { type Approvers, parseApprovers } from '../gates/paper/approvers.ts';
import { isOpen, type OpenBundle, openBundle } from '../gates/paper/bundle.ts';
import type { EvidenceChecks } from '../gates/paper/evidence.ts';
import type { Finding } from '../gates/paper/finding.ts';
import { runInFolder } from '../gates/paper/sealed-run.ts';
import { type Verification, verify } from '../gates/paper/verify.ts';
import { policyDigest } from '../gates/plan.ts';
import { readArtifact, type RunFolder } from '../gates/run-folder.ts';
import { viewOf } from '../gates/view.ts';
import { json } from '../reporters/json.ts';
import { documentChecks } from '../suites/documents/index.ts';
import { checks } from '../suites/index.ts';
import { readConfig } from './config/read-config.ts';
import { isAlive } from '../suites/instruments/is-alive.ts';
import { VERSION } from './machine.ts';
import { whileHeld, withRunStore } from './run-store/open-store.ts';
import type { Host } from './terminal.ts';

export interface PaperOptions {
  readonly runs?: string;
  readonly config?: string;
}
const TOOL = `naap-gate ${VERSION}`;

function ledgerOwner(host: Host): LedgerOwner {
  return { processId: host.pid, isAlive, now: () => new Date(), warn: (text) => void host.stderr.write(`${text}\n`) };
}

/** A run to read: by its id in the store of the runs, or by the path of its own folder. Throws UNKNOWN_RUN. */
export async function runNamed(name: string, { runs }: PaperOptions, host: Host): Promise<RunFolder> {
  return folderNamed(name, host) ?? withRunStore(runs, host, (store) => store.open(name));
}

/** Adds to the run that is named, and stores what was added: nobody else writes to it meanwhile. Throws UNKNOWN_RUN, and what withLedger throws. */
export async function addToRun<Result>(
  name: string,
  { runs }: PaperOptions,
  host: Host,
  work: (ledger: LedgerWriter, folder: RunFolder) => Promise<Result>,
): Promise<Result> {
  const add = (folder: RunFolder): Promise<Result> => withLedger(folder, ledgerOwner(host), (ledger) => work(ledger, folder));
  const folder = folderNamed(name, host);
  return folder === undefined ? withRunStore(runs, host, (store) => whileHeld(store, name, host, add)) : add(folder);
}

/** A folder that is named by its path and is no run is not looked for among the runs. */
function folderNamed(name: string, host: Host): RunFolder | undefined {
  const path = resolve(host.cwd(), name);
  if (existsSync(join(path, 'run.ndjson'))) return { path, id: basename(path) };
  if (!/[/\\]/.test(name) || !existsSync(path)) return undefined;
  throw new GateError('UNKNOWN_RUN', `${path} is no run: it has no run.ndjson.`, {
    remedy: 'Give the id of a run, the folder of one, or a bundle where the command takes bundles.',
  });
}

/** `file`: an approvers file in place of the configuration's. Undefined where nobody is configured. */
export async function configuredApprovers(options: PaperOptions, host: Host, file?: string): Promise<Approvers | undefined> {
  if (file === undefined) return (await readConfig(host.cwd(), options.config)).config.approvers;
  const path = resolve(host.cwd(), file);
  if (!existsSync(path)) throw new GateError('CONFIG_NOT_FOUND', `There is no ${path}.`, { remedy: 'Give the JSON file with the approvers.' });
  return parseApprovers(readFileSync(path, 'utf8'), path);
}

export function verifyFolder(folder: RunFolder, approvers: Approvers | undefined, now: Date): Verification {
  return verify({ ...common(approvers, now), run: runInFolder(folder), render: () => reportAgain(folder) });
}

/** Findings where it is no bundle, or was changed. */
export function verifyBundle(bytes: Uint8Array, place: string, approvers: Approvers | undefined, now: Date): Verification | readonly Finding[] {
  const bundle = openBundle(bytes, place);
  if (!isOpen(bundle)) return bundle;
  return verify({ ...common(approvers, now), run: bundle.source, render: () => reportOfBundle(bundle) });
}

/** Works in a run's own folder, or in a temporary one that a bundle is unpacked into. Throws UNKNOWN_RUN, PAPERS_DAMAGED. */
export async function inRunOrBundle<Result>(name: string, options: PaperOptions, host: Host, work: (folder: RunFolder) => Promise<Result>): Promise<Result> {
  const path = resolve(host.cwd(), name);
  if (!isFile(path)) return work(await runNamed(name, options, host));
  const bundle = openBundle(readFileSync(path), path);
  if (isOpen(bundle)) {
    const folder = unpacked(bundle);
    try {
      return await work(folder);
    } finally {
      rmSync(folder.path, { recursive: true, force: true });
    }
  }
  throw new GateError('PAPERS_DAMAGED', `${path}:\n${bundle.map(({ text }) => `  - ${text}`).join('\n')}`, {
    remedy: 'Give the id of a run, its folder, or a bundle as `naap-gate bundle` wrote it.',
  });
}

function common(approvers: Approvers | undefined, now: Date) {
  return {
    approvers,
    now,
    evidence: evidenceChecks(approvers, now),
    tool: TOOL,
    policyOf: (plan: Parameters<typeof policyDigest>[0]) => policyDigest(plan, checks),
  };
}

function reportAgain(folder: RunFolder): string {
  const text = json.render(viewOf(folder), (digest) => readArtifact(folder, digest));
  return typeof text === 'string' ? text : new TextDecoder().decode(text);
}

/** The names in an opened bundle are those that `makeBundle` gives, so none of them leads out of the folder. */
function unpacked({ files }: OpenBundle): RunFolder {
  const path = mkdtempSync(join(tmpdir(), 'naap-gate-bundle-'));
  for (const { name, bytes } of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return { path, id: basename(path) };
}

function reportOfBundle(bundle: OpenBundle): string {
  const folder = unpacked(bundle);
  try {
    return reportAgain(folder);
  } finally {
    rmSync(folder.path, { recursive: true, force: true });
  }
}

/** A machine's looks at documents. The bundle of the previous gate is verified with the same approvers, as of its own decision where it has one. */
export function evidenceChecks(approvers: Approvers | undefined, now: Date): EvidenceChecks {
  return {
    ...documentChecks,
    'signed-run': (bytes, gate) => {
      const verification = verifyBundle(bytes, `the bundle of ${gate}`, approvers, now);
      if (!isVerification(verification)) return { ok: false, text: verification.map(({ text }) => text).join(' ') };
      const { report, asOfDecision, now: today } = verification;
      if (report?.gate !== gate) return { ok: false, text: `It is a run of ${report?.gate ?? 'no gate'}, not of ${gate}.` };
      const answer = asOfDecision ?? today;
      const against = answer.findings.filter(({ level }) => level !== 'note').map(({ text }) => text);
      return answer.holds
        ? { ok: true, text: `The run ${report.run} of ${gate} is signed and holds as of ${answer.at}.` }
        : { ok: false, text: `The run ${report.run} does not hold: ${against.join(' ')}` };
    },
  };
}

export function isVerification(result: Verification | readonly Finding[]): result is Verification {
  return !Array.isArray(result);
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
