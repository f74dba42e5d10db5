// A run on disk: its folder, its lock, its journal, its artifacts (DESIGN §4, §7). Used by run-gate, by view and by cli/.
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { GateError } from './model/errors.ts';
import { JournalEvent } from './model/events.ts';
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

/** Ids of the runs in a folder, oldest first. */
export function listRuns(runsDirectory: string): string[] {
  if (!existsSync(runsDirectory)) return [];
  const started = (id: string): number => statSync(journalPath(runFolder(runsDirectory, id))).birthtimeMs;
  return readdirSync(runsDirectory)
    .filter((id) => existsSync(journalPath(runFolder(runsDirectory, id))))
    .sort((a, b) => started(a) - started(b));
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

/** Answers the function that releases it. A lock that a dead process left is taken over. */
export function takeLock(path: string, owner: { processId: number; isAlive: (pid: number) => boolean }): () => void {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(owner.processId));
    closeSync(file);
  } catch (cause) {
    const holder = Number(existsSync(path) ? readFileSync(path, 'utf8') : Number.NaN);
    if (!Number.isInteger(holder) || holder <= 0 || holder === owner.processId || !owner.isAlive(holder)) {
      rmSync(path, { force: true });
      writeFileSync(path, String(owner.processId), { flag: 'wx' });
    } else {
      throw new GateError('RUN_LOCKED', `Process ${holder} is writing this run (${path}).`, {
        remedy: 'Wait until it ends, or end it; then try again.',
        cause,
      });
    }
  }
  return () => rmSync(path, { force: true });
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
      throw new GateError('JOURNAL_UNREADABLE', `${path}: line ${link.seq + 1} (${String(event['type'])}) is not an event that this version knows.`, {
        remedy: 'Read it with the version of naap-gate that wrote it (run.started names it).',
        cause: parsed.error,
      });
    }
    return { at: link.at, event: parsed.data };
  });
  return { events, chain };
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
