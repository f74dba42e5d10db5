// Where runs are kept: a folder, or a database that a team shares (DESIGN §7, `--runs`). Declared here; files in file-store.ts, PostgreSQL in cli/run-store/.
import type { RunFolder } from './run-folder.ts';
import type { ChainScan } from './scan-chain.ts';

/**
 * While a run is written its folder is the truth: the journal is appended there, synchronously, whatever becomes of a network.
 * A store brings a run's files into a folder and keeps what was added to them; it never changes a line that it has.
 */
export interface RunStore {
  /** For people: a folder's path, or `user@host:port/database`; never a password. */
  readonly place: string;
  /** A new run, held by this process. Throws DISK, RUN_STORE_UNREACHABLE. */
  begin(id: string): Promise<HeldRun>;
  /** A run to write to, with all of its files. Throws UNKNOWN_RUN, RUN_LOCKED while somebody else writes it, RUN_STORE_UNREACHABLE. */
  hold(id: string): Promise<HeldRun>;
  /** A run to read, with all of its files. Throws UNKNOWN_RUN, RUN_STORE_UNREACHABLE. */
  open(id: string): Promise<RunFolder>;
  /** All runs, or those with these ids, in no order: the lines that are asked for, and whether the chains around them hold. */
  scan(wanted: WantedLines): Promise<readonly RunLines[]>;
  close(): Promise<void>;
}

export interface HeldRun {
  readonly folder: RunFolder;
  /** Resolves when nothing waits to be stored, or cannot be; never rejects. For work that storing would disturb. */
  settled(): Promise<void>;
  /** Stores what is left and lets go. Throws RUN_STORE_UNREACHABLE, RUN_LOCKED or RUN_CONFLICT where the store has not everything; the folder has. */
  release(): Promise<void>;
}

/** Types of journal lines. Of the ledger all lines come. */
export interface WantedLines {
  readonly types: readonly string[];
  /** Judgements too: of this criterion, or all. */
  readonly judged?: string | true;
  readonly ids?: readonly string[];
}

export interface RunLines {
  readonly id: string;
  readonly journal: ChainScan;
  readonly ledger: ChainScan;
}

/** What a judgement's line holds somewhere if it is about this criterion: a store looks for it where it does not read the line. */
export function criterionMark(criterion: string): string {
  return `"id":${JSON.stringify(criterion)}`;
}
