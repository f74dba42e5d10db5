// A run on disk: its folder, its lock, its journal, its artifacts (DESIGN §4, §7). Used by run-gate, by view and by cli/.
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { GateError } from './model/errors.ts';
import { JOURNAL_VERSION, JournalEvent } from './model/events.ts';
import { type ChainContent, type ChainWriter, openChain, parseChain, readChain } from './chain.ts';
import { sha256 } from './digest.ts';
import type { Scrubber } from './scrub.ts';

export interface RunFolder {
  readonly path: string;
  readonly id: string;
}

export function runFolder(runsDirectory: string, id: string): RunFolder {
  return { path: join(runsDirectory, id), id };
}

export function createRunFolder(runsDirectory: string, id: string): RunFolder {
  const folder = runFolder(runsDirectory, id);
  try {
    mkdirSync(join(folder.path, 'artifacts'), { recursive: true });
  } catch (cause) {
    throw new GateError('DISK', `The run's folder ${folder.path} could not be made.`, { remedy: 'Give a writable folder with --runs DIR.', cause });
  }
  return folder;
}

/** Ids of the runs in a folder, oldest first: by the time in the journal, since a copy's file is younger than its run. */
export function listRuns(runsDirectory: string): string[] {
  if (!existsSync(runsDirectory)) return [];
  return readdirSync(runsDirectory)
    .filter((id) => existsSync(journalPath(runFolder(runsDirectory, id))))
    .map((id) => ({ id, began: beganAt(journalPath(runFolder(runsDirectory, id))) }))
    .sort((a, b) => (a.began < b.began ? -1 : a.began > b.began ? 1 : 0))
    .map(({ id }) => id);
}

/** A link's time stands within this. */
const HEAD_BYTES = 256;

/** ISO 8601. Where the first line does not tell it, when the file was made. */
function beganAt(path: string): string {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    const length = readSync(file, head, 0, HEAD_BYTES, 0);
    const [, at] = /^\{"seq":0,"at":"([^"]+)"/.exec(head.toString('utf8', 0, length)) ?? [];
    return at ?? fstatSync(file).birthtime.toISOString();
  } finally {
    closeSync(file);
  }
}

/** Throws UNKNOWN_RUN with the newest runs. */
export function findRun(runsDirectory: string, id: string): RunFolder {
  const folder = runFolder(runsDirectory, id);
  if (existsSync(journalPath(folder))) return folder;
  const known = listRuns(runsDirectory).slice(-5).reverse();
  throw new GateError('UNKNOWN_RUN', `No run "${id}" in ${runsDirectory}.`, {
    remedy: known.length === 0 ? 'There are no runs yet.' : `Newest: ${known.join(', ')}.`,
  });
}

export function journalPath(folder: RunFolder): string {
  return join(folder.path, 'run.ndjson');
}
export function ledgerPath(folder: RunFolder): string {
  return join(folder.path, 'ledger.ndjson');
}
function artifactPath(folder: RunFolder, digest: string): string {
  return join(folder.path, 'artifacts', digest);
}

export interface Journal extends ChainWriter {
  append(event: JournalEvent): ReturnType<ChainWriter['append']>;
  /** Bytes of a torn tail that opening cut off. */
  readonly droppedBytes: number;
}

/** Takes the run's lock and opens its journal. Throws RUN_LOCKED while another living process holds it. */
export function openJournal(
  folder: RunFolder,
  options: { now: () => Date; scrubber: Scrubber; processId: number; isAlive: (pid: number) => boolean },
): Journal {
  const release = takeLock(join(folder.path, 'run.lock'), options);
  const droppedBytes = existsSync(journalPath(folder)) ? readChain(journalPath(folder)).tornBytes : 0;
  const chain = openChain(journalPath(folder), { now: options.now, toText: options.scrubber.text });
  return {
    append: (event) => chain.append(event),
    sync: () => chain.sync(),
    close() {
      chain.close();
      release();
    },
    get head() {
      return chain.head;
    },
    droppedBytes,
  };
}

/**
 * Answers the function that releases it. A lock that a dead process left is taken over. Throws RUN_LOCKED, DISK.
 * The file appears with its content (a link to a file that is written already): between two steps another process would read it as empty.
 */
export function takeLock(path: string, owner: { processId: number; isAlive: (pid: number) => boolean }): () => void {
  const release = (): void => rmSync(path, { force: true });
  const holder = placeLock(path, owner.processId);
  if (holder === undefined) return release;
  if (holder !== owner.processId && owner.isAlive(holder)) throw locked(path, holder);
  // Whoever moves the dead lock away may place its own; if it was another's living one by then, it goes back.
  const aside = `${path}.dead-${owner.processId}`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    throw locked(path, undefined, cause);
  }
  if (processOf(aside) !== holder) placeWhole(aside, path);
  rmSync(aside, { force: true });
  const other = placeLock(path, owner.processId);
  if (other !== undefined) throw locked(path, other);
  return release;
}

/** Undefined where it was placed, else who holds it. */
function placeLock(path: string, processId: number): number | undefined {
  const draft = `${path}.new-${processId}`;
  try {
    writeFileSync(draft, String(processId));
    placeWhole(draft, path);
    return undefined;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return processOf(path);
    throw new GateError('DISK', `The lock ${path} could not be written.`, { remedy: 'Is the folder writable? Give another one with --runs DIR.', cause });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A file system without links (exFAT, some mounts of virtual machines) takes the file in two steps. Throws EEXIST. */
function placeWhole(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    copyFileSync(draft, path, constants.COPYFILE_EXCL);
  }
}

/** 0, which no process has, where the file does not say. */
function processOf(path: string): number {
  const holder = Number(existsSync(path) ? readFileSync(path, 'utf8') : Number.NaN);
  return Number.isInteger(holder) && holder > 0 ? holder : 0;
}

function locked(path: string, holder: number | undefined, cause?: unknown): GateError {
  return new GateError('RUN_LOCKED', `${holder === undefined ? 'Another process' : `Process ${holder}`} is writing this run (${path}).`, {
    remedy: 'Wait until it ends, or end it; then try again.',
    cause,
  });
}

export interface JournalContent {
  readonly events: readonly { readonly at: string; readonly event: JournalEvent }[];
  readonly chain: ChainContent;
}

/** Reads, verifies and validates. Throws JOURNAL_DAMAGED, or JOURNAL_UNREADABLE for an event type that this version does not know. */
export function readJournal(folder: RunFolder): JournalContent {
  return parseJournal(readFileSync(journalPath(folder)), journalPath(folder));
}

/** `path` names the file in errors. */
export function parseJournal(bytes: Uint8Array, path: string): JournalContent {
  const chain = parseChain(bytes, path);
  const events = chain.entries.map(({ link, event }) => {
    const parsed = JournalEvent.safeParse(event);
    if (!parsed.success) {
      throw new GateError('JOURNAL_UNREADABLE', `${path}: line ${link.seq + 1} (${String(event['type'])}) ${whyUnknown(event)}.`, {
        remedy: 'Read it with the version of naap-gate that wrote it (run.started names it).',
        cause: parsed.error,
      });
    }
    return { at: link.at, event: parsed.data };
  });
  return { events, chain };
}

function whyUnknown({ journalVersion }: Record<string, unknown>): string {
  return typeof journalVersion === 'number' && journalVersion > JOURNAL_VERSION
    ? `is of a newer version of naap-gate (journal version ${journalVersion}; this one knows ${JOURNAL_VERSION})`
    : 'is not an event that this version knows';
}

export interface StoredArtifact {
  readonly sha256: string;
  readonly bytes: number;
}

/** Scrubs, hashes, stores under the digest. */
export function storeArtifact(folder: RunFolder, scrubber: Scrubber, mediaType: string, content: string | Uint8Array): StoredArtifact {
  const bytes = typeof content === 'string' ? Buffer.from(scrubber.text(content)) : scrubber.bytes(content, mediaType);
  const digest = sha256(bytes);
  const path = artifactPath(folder, digest);
  if (!existsSync(path)) {
    try {
      writeFileSync(`${path}.new`, bytes);
      renameSync(`${path}.new`, path);
    } catch (cause) {
      throw new GateError('DISK', `Artifact ${path} could not be written.`, {
        remedy: 'Free some space, or give another folder with --runs DIR; then --resume.',
        cause,
      });
    }
  }
  return { sha256: digest, bytes: bytes.length };
}

/** Undefined where it is missing, or where its bytes no longer have that digest. */
export function readArtifact(folder: RunFolder, digest: string): Uint8Array | undefined {
  const path = artifactPath(folder, digest);
  if (!/^[0-9a-f]{64}$/.test(digest) || !existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  return sha256(bytes) === digest ? bytes : undefined;
}
