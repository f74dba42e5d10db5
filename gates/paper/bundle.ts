// One file with everything that a run stands on: report, journal, ledger, plan, artifacts, evidence, approvers. Made by `bundle`, opened by verify.
import { sha256 } from '../digest.ts';
import { GateError } from '../model/errors.ts';
import { type Approvers, parseApprovers } from './approvers.ts';
import { type Examined, examine, isExamined, journalArtifacts } from './examine.ts';
import { broken, Damage, type Finding } from './finding.ts';
import { RUN_FILES, type SealedRun } from './sealed-run.ts';
import { readTar, type TarFile, writeTar } from './tar.ts';

const MANIFEST = 'manifest.json';
const APPROVERS = 'approvers.json';
const ARTIFACTS = 'artifacts/';

export interface OpenBundle {
  readonly source: SealedRun;
  /** As the configuration named them when the bundle was made. They vouch for themselves only: trust them by another way, or not. */
  readonly approvers: Approvers;
  readonly files: readonly TarFile[];
}

/** The same run and approvers give the same bytes. */
export function makeBundle(run: Examined, approvers: Approvers): Uint8Array {
  return writeTar(bundleFiles(run, approvers));
}

function bundleFiles(run: Examined, approvers: Approvers): TarFile[] {
  const artifacts = [...namedArtifacts(run)].sort(([a], [b]) => (a < b ? -1 : 1));
  const described = [
    ...RUN_FILES.map((name) => ({ name, what: WHAT[name], bytes: run.source.file(name) ?? new Uint8Array() })),
    {
      name: APPROVERS,
      what: 'who may sign, as configured when the bundle was made; not to be trusted for standing here',
      bytes: Buffer.from(`${JSON.stringify(approvers, null, 2)}\n`),
    },
    ...artifacts.map(([digest, what]) => ({ name: `${ARTIFACTS}${digest}`, what, bytes: run.source.artifact(digest) ?? new Uint8Array() })),
  ];
  return [{ name: MANIFEST, bytes: manifest(run, described) }, ...described];
}

const WHAT = {
  'report.json': 'the report that was signed',
  'run.ndjson': 'the journal of the run',
  'ledger.ndjson': 'what people added: evidence, sign-offs, decisions',
} as const;

function manifest(run: Examined, files: readonly (TarFile & { readonly what: string })[]): Uint8Array {
  const listed = files.map(({ name, what, bytes }) => ({ name, what, bytes: bytes.length, sha256: sha256(bytes) }));
  return Buffer.from(`${JSON.stringify({ bundleVersion: 1, run: run.report.run, files: listed }, null, 2)}\n`);
}

/** By digest, what it is. */
function namedArtifacts(run: Examined): Map<string, string> {
  const evidence = run.ledger.flatMap(({ event }) =>
    event.type === 'evidence.added' && event.source.kind === 'file'
      ? [[event.source.sha256, `evidence for ${event.criterion}: ${event.source.name}`] as const]
      : [],
  );
  return new Map([...journalArtifacts(run.journal).map(({ sha256: digest, name }) => [digest, name] as const), ...evidence]);
}

/** Findings where a byte is not as `makeBundle` wrote it, or where the run within does not hold. */
export function openBundle(bytes: Uint8Array, place: string): OpenBundle | readonly Finding[] {
  try {
    const files = tarFiles(bytes);
    const opened = { files, approvers: approversOf(files), source: sourceOf(files, place) };
    const run = examine(opened.source);
    if (!isExamined(run)) return run;
    if (!writeTar(bundleFiles(run, opened.approvers)).equals(bytes)) return [damaged('holds something else than what its run needs')];
    return opened;
  } catch (error) {
    if (error instanceof Damage) return error.findings;
    throw error;
  }
}

export function isOpen(opened: OpenBundle | readonly Finding[]): opened is OpenBundle {
  return !Array.isArray(opened);
}

function damaged(what: string): Finding {
  return broken('BUNDLE_DAMAGED', `The bundle ${what}.`);
}

function tarFiles(bytes: Uint8Array): TarFile[] {
  try {
    const files = readTar(bytes);
    const wrong = wrongDigests(files);
    if (wrong.length > 0) throw new Damage(...wrong.map((name) => damaged(`was changed: ${name} is not what its manifest lists`)));
    return files;
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) throw new Damage(damaged(`cannot be read: ${error.message}`));
    throw error;
  }
}

/** Names of files whose digest is not in the manifest: an accident is named here, before anything within is looked at. */
function wrongDigests(files: readonly TarFile[]): string[] {
  const [first, ...rest] = files;
  if (first?.name !== MANIFEST) return [MANIFEST];
  const listed = Buffer.from(first.bytes).toString();
  return rest.filter(({ bytes }) => !listed.includes(sha256(bytes))).map(({ name }) => name);
}

function approversOf(files: readonly TarFile[]): Approvers {
  const bytes = files.find(({ name }) => name === APPROVERS)?.bytes;
  if (bytes === undefined) throw new Damage(damaged(`lacks ${APPROVERS}`));
  try {
    return parseApprovers(Buffer.from(bytes).toString(), APPROVERS);
  } catch (error) {
    if (error instanceof GateError) throw new Damage(damaged(`cannot be read: ${error.message}`));
    throw error;
  }
}

function sourceOf(files: readonly TarFile[], place: string): SealedRun {
  const byName = new Map(files.map(({ name, bytes }) => [name, bytes]));
  return {
    place,
    file: (name) => byName.get(name),
    artifact: (digest) => {
      const bytes = byName.get(`${ARTIFACTS}${digest}`);
      return bytes !== undefined && sha256(bytes) === digest ? bytes : undefined;
    },
  };
}
