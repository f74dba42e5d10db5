// Long read-only sessions on both sides' databases, for checks that compare data. Implemented in suites/instruments/database/, handed over by cli/.

/** `target`, or a legacy database by its name. */
export type DatabasePlace = 'target' | { readonly legacy: string };

/** The bytes of a COPY … TO STDOUT, framed as the server sent them: `d`, length, one row. Undefined at the end. */
export interface CopyOut {
  next(): Promise<Buffer | undefined>;
  /** Settles when the session is free again. */
  readonly done: Promise<void>;
}

/** One connection in one `REPEATABLE READ READ ONLY` transaction: everything it sees is of one moment. One statement at a time. */
export interface DatabaseSession {
  readonly place: DatabasePlace;
  /** `150018`: as server_version_num says. */
  readonly version: number;
  /** Values as the server's own text, null as null. Throws pg's error with its SQLSTATE, or GateError DATABASE_UNREACHABLE. */
  rows(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, string | null>[]>;
  /** `statement`: a whole `COPY (…) TO STDOUT (FORMAT binary)`. */
  copy(statement: string): CopyOut;
  /** For other sessions of this database to see the very same moment; good as long as this session is open. */
  exportSnapshot(): Promise<string>;
  /** Ends the transaction and begins another: what follows sees the moment of its first statement, or that of `snapshot`. Until then it holds back no vacuum. */
  renew(snapshot?: string): Promise<void>;
  close(): Promise<void>;
}

/** Something of the dump that could not be restored. */
export interface RestoreComplaint {
  /** `TABLE DATA PostTag naap`, as the dump's table of contents calls it. */
  readonly object: string;
  readonly text: string;
}
/** Why there is no copy, with what would change that. */
export interface NoCopy {
  readonly why: string;
}
/** The target as its dump gives it back, in a database of its own. */
export interface RestoredCopy {
  /** `pg_dump (PostgreSQL) 15.18` */
  readonly tool: string;
  /** Level that the dump was compressed with. */
  readonly compression: number;
  readonly dumpSeconds: number;
  readonly dumpBytes: number;
  readonly restoreSeconds: number;
  readonly complaints: readonly RestoreComplaint[];
  /** Roles that the scratch server has not: owners and grants to them are lost there, and nowhere else. */
  readonly missingRoles: readonly string[];
  /** What pg_restore said. */
  readonly log: string;
  open(options?: { readonly snapshot?: string; readonly statementTimeoutMs?: number }): Promise<DatabaseSession>;
  /** May be called again. */
  remove(): Promise<void>;
}
export interface RestoreRequest {
  /** A session of the target, open until the dump is done. */
  readonly holder: DatabaseSession;
  /** Of the holder: the moment that is dumped. */
  readonly snapshot: string;
  /** Takes how to remove what is made, before it is made. */
  cleanup(what: string, undo: () => Promise<void>): void;
  onProgress(text: string): void;
}

/** A connection as an application has it: in no transaction of ours, and through the pooler. Values as text. */
export interface PooledConnection {
  /** Throws pg's error. `name`: prepared under it once, as drivers do. */
  query(sql: string, options?: { readonly values?: readonly unknown[]; readonly name?: string }): Promise<readonly Record<string, string | null>[]>;
  close(): Promise<void>;
}

export interface Databases {
  /** Names of the legacy databases that the environment has. */
  readonly legacy: readonly string[];
  readonly hasTarget: boolean;
  /** `snapshot`: of `exportSnapshot`. Throws GateError DATABASE_UNREACHABLE. */
  open(place: DatabasePlace, options?: { readonly snapshot?: string; readonly statementTimeoutMs?: number }): Promise<DatabaseSession>;
  /** Absent: the environment names no pooled way to the target. Throws GateError DATABASE_UNREACHABLE. */
  openPooled?(): Promise<PooledConnection>;
  /** Dumps the target and restores the dump; absent: the environment has no scratch server. */
  restore?(request: RestoreRequest): Promise<RestoredCopy | NoCopy>;
}
