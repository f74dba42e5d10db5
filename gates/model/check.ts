// The contract between gates/ and suites/: what a check is, and the narrow world that it measures through (DESIGN §5).
import type { z } from 'zod';
import type { DataComparison, DataMapping } from './data-mapping.ts';
import type { Databases } from './databases.ts';
import type { BrowserProgram, StoredCookie } from './environment.ts';
import type { WorkloadStatement } from './queries.ts';
import type { Method, Surface } from './surface.ts';
import type { Effect, Profile, SideName } from './verdicts.ts';
import type { Expectation } from './criterion.ts';
import type { CheckEvent, Instrument, Payload, Shape, Unit } from './measurement.ts';
import type { Problem, Subject } from './report.ts';

export interface MetricDeclaration {
  readonly title: string;
  readonly unit: Unit;
  readonly shape: Shape;
  readonly better: 'lower' | 'higher';
  /** The same application gives the same figure each time (bytes of a file), so one round of it is a fact: it is compared without an interval. Default: it varies. */
  readonly repeatable?: boolean;
}

/** What must be there before a check can run; what is missing makes its criteria inconclusive at plan, with the remedy. */
export type Need = 'accounts' | 'database:target' | 'databases:legacy' | 'database:scratch' | 'database:pooled' | 'legacy' | 'k6' | 'cold-start' | 'browser';

/** What a check must have alone while it runs. `auth-quota`: the login rate limit of the target. */
export type Lock = 'machine' | 'target' | 'auth-quota' | 'browser';

/** What a person should know about a check: the text of `naap-gate explain` and of docs/reference.md. Whole sentences, in the present tense. */
export interface CheckAbout {
  /** What is known once it passes. */
  readonly proves: string;
  /** What it does to find out, in order, so that somebody could do it by hand. */
  readonly how: string;
  /** Where its own numbers (limits, sample sizes, times) come from. */
  readonly source: string;
  /** What a pass leaves open, and which check looks at that where one does. */
  readonly leavesOpen: string;
  /** Where to look first when it fails, and what most often is behind it. */
  readonly whenItFails: string;
}

export interface Check<Options = unknown> {
  /** A noun that names what is measured; equals the file's name before `.check.ts`. */
  readonly id: string;
  readonly title: string;
  readonly about: CheckAbout;
  /** Raised when figures before and after can no longer be compared. */
  readonly revision: number;
  readonly effects: readonly Effect[];
  readonly needs: readonly Need[];
  /** What it uses where it is there, and measures less without: a run that is kept from it (`--untrusted`) leaves the check out. */
  readonly wants?: readonly Need[];
  readonly locks: readonly Lock[];
  /** Check ids that must have finished first, where they run at all. */
  readonly after: readonly string[];
  readonly options: z.ZodType<Options>;
  /** Options of each profile; a binding's own options go over them. */
  readonly presets: Readonly<Record<Profile, Options>>;
  readonly metrics: Readonly<Record<string, MetricDeclaration>>;
  /** What `naap-gate check ID` judges by. */
  readonly defaultExpect: readonly Expectation[];
  /** Cost of one round, for the plan. Requests are upper bounds. */
  estimate(options: Options, surface: Surface): { readonly seconds: number; readonly requests: number };
  /** Highest rate it sends, req/s; held against the environment's load consent. Checks with the effect `load` must have it. */
  peakRps?(options: Options): number;
  /** Sides that it sends to; absent: the target alone. */
  sides?(options: Options): readonly SideName[];
  /** Options of each profile that make it measure target and legacy in every round, labelled by side; absent: it cannot. `--against legacy` uses them. */
  readonly versus?: Readonly<Record<Profile, Options>>;
  /** What must be there for `versus`; default: a live legacy side. */
  readonly versusNeeds?: readonly Need[];
  /** Longest time one round may take, a sick one repeated; where more rounds are planned the plan gives more. Beyond it the runner aborts and records CHECK_TIMEOUT. ms. */
  timeoutMs(options: Options, surface: Surface): number;
  /**
   * Measures, round by round, and never judges. The runner stops pulling when it has enough rounds,
   * so a check that can repeat yields rounds for ever. A throw becomes an `error` result.
   * `firstRound`: complete rounds from before a resume, which what depends on the round (a seed, an order) goes on from; absent: none.
   */
  measure(context: CheckContext, options: Options, firstRound?: number): AsyncIterable<CheckEvent>;
}

export interface HttpRequest {
  /** Path of the surface (`/api/…` goes to the API's base, anything else to the pages' origin). */
  readonly path: string;
  /** TRACE is for checks that it is refused. */
  readonly method?: Method | 'TRACE';
  /** Address of this machine to send from: to a limit by address another client. Default: as the system chooses. */
  readonly from?: string;
  readonly side?: SideName;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it stands, with `content-type: application/json` unless `headers` say otherwise; for bodies that are no JSON. */
  readonly rawBody?: string;
  /** Sent with the session's bearer token, or with those of its cookies that belong to the address. */
  readonly as?: Session;
  /** Default 10 000 ms. */
  readonly timeoutMs?: number;
}
export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; several of one name are joined by a newline for `set-cookie`, else by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON, or undefined where it is none. */
  readonly json: unknown;
  readonly durationMs: number;
}
/** Sends to the environment's own origins only, lists every request among the artifacts, follows no redirect. Throws GateError (TARGET_UNREACHABLE, FOREIGN_ORIGIN). */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>;
  readonly sent: number;
}

export interface Session {
  readonly account: string;
  readonly role: string;
  readonly email: string;
  readonly userId: string;
  /** Sent as `Authorization: Bearer`; absent where the session is one of cookies. */
  readonly token?: string;
  /** Sent where domain, path and Secure allow it; absent where the session is a token. */
  readonly cookies?: readonly StoredCookie[];
}
export interface Accounts {
  /** Names of accounts the environment has, in the config's order. */
  readonly names: readonly string[];
  roleOf(account: string): string;
  /** A session on a side (default: the target), shared by all checks, logged in once. Both sides know the same accounts. Throws GateError LOGIN_FAILED. */
  session(account: string, side?: SideName): Promise<Session>;
  /** Whether the account logs in with a password; otherwise its session was made elsewhere, and others use it. */
  hasPassword(account: string): boolean;
  /** Whether a check may end the account's given session, because nobody else uses it. */
  isDisposable(account: string): boolean;
  /** Throws GateError LOGIN_FAILED for an account without a password. */
  credentials(account: string): { readonly email: string; readonly password: string };
  /** Waits until one more request to the auth routes stays within the surface's quota, and counts it. */
  authQuota(signal: AbortSignal): Promise<void>;
  /** Waits until nothing that this run sent to the auth routes counts any more, then takes the whole quota: for a check that uses it up. */
  wholeAuthQuota(signal: AbortSignal): Promise<void>;
  /** Counts requests that somebody else sent to the auth routes just now: whoever asks for the quota next waits for them too. */
  countAuthRequests(count: number): void;
  /** A token that has expired, where the environment has one. */
  readonly expiredToken: string | undefined;
}

/** Read-only: each call is one read-only transaction with timeouts (DESIGN §8). */
export interface SqlClient {
  query(database: 'target', sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
}

/** A request template of a load mix; headers include the session where it has one. */
export interface LoadRequest {
  readonly route: string;
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly weight: number;
  /** Statuses that count as served. */
  readonly ok: readonly number[];
}
/** Open model, constant arrival rate: arrivals are scheduled by the clock, whatever the server does. */
export interface Workload {
  readonly requests: readonly LoadRequest[];
  /** Arrivals a second. */
  readonly rateRps: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  /** A request not answered by then, counted from its intended send time, is failed. */
  readonly timeoutMs: number;
  /** PEM to trust. */
  readonly ca?: string;
  /** Seeds the order of the mix, so that a run can be repeated. */
  readonly seed: number;
  /** Rates one after another inside the window; absent: `rateRps` all through. Their durations add up to `durationMs`. */
  readonly stages?: readonly { readonly durationMs: number; readonly rateRps: number }[];
  /** Connections to open before the start, without sending anything; absent: as many as half a second without an answer needs. */
  readonly reserve?: number;
}
/** What became of the requests that were due in one stretch of the window. */
export interface LoadBucket {
  /** Start of the stretch, ms after the start of the window. */
  readonly atMs: number;
  /** Requests settled, served or not. */
  readonly n: number;
  readonly failed: number;
  /** Latency from the intended send time, ms. */
  readonly meanMs: number;
  readonly maxMs: number;
}
export interface LoadResult {
  /** Latency from the *intended* send time, µs recorded for ms: the figure of record. Whole mix. */
  readonly latency: Payload;
  /** From the real send time: what closed-loop tools report. Never judged. */
  readonly service: Payload;
  readonly perRoute: Readonly<Record<string, { readonly latency: Payload; readonly answered: number; readonly failed: number }>>;
  readonly scheduled: number;
  readonly sent: number;
  readonly answered: number;
  /** Not served: transport errors, timeouts, statuses outside `ok`. */
  readonly failed: number;
  /** `status 503` → 12, `timeout` → 3 … */
  readonly failures: Readonly<Record<string, number>>;
  /** Requests in flight, sampled: mean and maximum. */
  readonly inFlight: { readonly mean: number; readonly max: number };
  /** By intended send time, in equal stretches; those without a request are left out. */
  readonly timeline: readonly LoadBucket[];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly instrument: Instrument;
  /** Kept among the artifacts: the script that an engine ran, for example. */
  readonly attachments?: readonly LoadAttachment[];
}
export interface LoadAttachment {
  readonly name: string;
  readonly mediaType: string;
  readonly content: string;
}
export interface LoadEngine {
  readonly name: string;
  run(workload: Workload, onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<LoadResult>;
}

export interface ArtifactStore {
  /**
   * Scrubs, hashes, stores; answers the SHA-256. `name` is what a person sees. `secrets`: values that came up while measuring (a session that a
   * journey opened); they are kept out of this and of everything that the run stores after it.
   */
  put(name: string, mediaType: string, bytes: string | Uint8Array, secrets?: readonly string[]): Promise<string>;
}

/** What an interrupted execution leaves for the one that goes on with it (`--resume`). Never a result: those are measurements. */
export interface Checkpoint {
  /** What was written last, as JSON gives it back; undefined: there is nothing to go on with. */
  read(): unknown;
  /** Replaces what was written before. Throws GateError DISK. */
  write(value: unknown): void;
}

/** Users that are not there by themselves: the demo's, who write to both sides while somebody watches. */
export interface DualWriters {
  /** They write until stopped. `stop` answers how many writes there were. */
  start(): Promise<{ stop(): Promise<number> }>;
}

export interface CheckContext {
  readonly profile: Profile;
  /** `naap-gate-<run-id>`: everything that a check writes carries it. */
  readonly tag: string;
  readonly surface: Surface;
  readonly http: HttpClient;
  readonly sql: SqlClient;
  readonly databases: Databases;
  /** Where each legacy table went; undefined: by convention alone. */
  readonly mapping: DataMapping | undefined;
  /** How the environment wants its rows compared; undefined: as the check's options say. */
  readonly data?: DataComparison | undefined;
  /** The application's own statements, where the environment names them. */
  readonly queries?: readonly WorkloadStatement[] | undefined;
  readonly accounts: Accounts;
  readonly load: LoadEngine;
  /** Absolute URL of a path of the surface on a side. Throws FOREIGN_ORIGIN for a side the environment has not. */
  url(path: string, side?: SideName): string;
  /** Undefined where none was found; checks that need it are not run then. */
  readonly browser?: BrowserProgram | undefined;
  /** Headers of every request to the environment's origins, and the authority to trust. */
  readonly access: { readonly headers: Readonly<Record<string, string>>; readonly ca: string | undefined };
  readonly allow: readonly Effect[];
  /** Cases that the environment declares not applicable, by check: `critical-paths.wallet-connect`. The plan asks for none of them; default: none is. */
  readonly notApplicable?: readonly string[];
  /** Runs when the check has ended, however it ended, last added first. */
  cleanup(what: string, undo: () => Promise<void>): void;
  readonly clock: { now(): Date; monotonicMs(): number };
  /** Aborted on timeout and on Ctrl-C; cleanups run afterwards and must not listen to it. */
  readonly signal: AbortSignal;
  readonly artifacts: ArtifactStore;
  readonly checkpoint: Checkpoint;
  /** Undefined: the environment has users of its own, or nobody writes. */
  readonly dualWriters?: DualWriters | undefined;
  log(text: string): void;
}

/** What gates/ gives a check on top of the instruments, for one execution. */
export interface ExecutionScope {
  readonly execution: string;
  readonly signal: AbortSignal;
  readonly artifacts: ArtifactStore;
  readonly checkpoint: Checkpoint;
  cleanup(what: string, undo: () => Promise<void>): void;
  log(text: string): void;
}
/** A check's context, and what it has asked of the environment so far. */
export interface OpenContext {
  readonly context: CheckContext;
  requests(): number;
  /** Stores the list of requests as an artifact and frees what the context held. After it the context is dead. */
  close(): Promise<void>;
}
/** What drives the instruments; declared here, built by cli/, used by run-gate. */
export interface Workbench {
  /** Who is there, and is it the application? Never throws: what is wrong is in `problems`. */
  probe(signal: AbortSignal): Promise<{ readonly subject: Subject; readonly problems: readonly Problem[] }>;
  open(scope: ExecutionScope): OpenContext;
  /**
   * Resolves when nothing that this run does beside its checks (it may build a tool) would disturb a check with these locks;
   * absent: at once. Awaited before the check's time begins. Never rejects: an abort resolves it.
   */
  undisturbed?(locks: readonly string[]): Promise<void>;
}
