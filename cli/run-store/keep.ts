// Keeps a run that is being written in step with the database: in the background, again and again where it cannot be reached, and once more at the end. Called by the PostgreSQL store.
import { GateError } from '../../gates/model.ts';
import type { HeldRun } from '../../gates/run-store.ts';
import { endLease, renewLease } from './lease.ts';
import { extentOf, push, type Push } from './push.ts';

export interface Timing {
  /** How often the folder is looked at, ms. */
  readonly everyMs: number;
  /** How often the lease is renewed while nothing is written, ms; several times within a lease. */
  readonly renewMs: number;
  /** Longest time between two attempts to reach a store that is away, ms. */
  readonly retryMs: number;
  /** How long the end waits for a store that is away, ms. */
  readonly lastTryMs: number;
}
export const TIMING: Timing = { everyMs: 1000, renewMs: 5000, retryMs: 15_000, lastTryMs: 10_000 };
const LAST_TRY_PAUSE_MS = 500;

export interface Keep extends Push {
  readonly timing: Timing;
  readonly tell: (text: string) => void;
  /** Called when the run was let go, stored or not. `leased`: the store could not be told, so that its lease still stands. */
  readonly ended: (leased: boolean) => void;
}

/** One closure of some ninety lines: everything in it turns on the same few facts (how far it got, since when the store is away, whether it refused). */
export function keepRun(keep: Keep): HeldRun {
  const { database, folder, lease, timing, tell } = keep;
  let extent = '';
  let renewedAt = performance.now();
  let lostAt: number | undefined;
  let pauseMs = timing.everyMs;
  /** What more trying would not mend: the lease was taken over, the store refuses what it is given. */
  let refused: GateError | undefined;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  async function bring(reports: boolean): Promise<void> {
    const now = extentOf(folder);
    if (reports || now !== extent) await push(keep, { reports });
    else if (performance.now() - renewedAt >= timing.renewMs) await renewLease(database.query, lease);
    else return;
    extent = now;
    renewedAt = performance.now();
  }

  /** One at a time. Never rejects. */
  function step(): Promise<void> {
    working = working.then(async () => {
      if (refused !== undefined) return;
      try {
        await bring(false);
        if (lostAt !== undefined) tell(`The store ${database.place} answers again; run ${folder.id} is in it up to here.`);
        lostAt = undefined;
        pauseMs = timing.everyMs;
      } catch (error) {
        lost(error);
      }
    });
    return working;
  }

  function lost(error: unknown): void {
    const known = error instanceof GateError ? error : new GateError('INTERNAL', String(error instanceof Error ? error.stack : error), { cause: error });
    if (known.code !== 'RUN_STORE_UNREACHABLE') refused = known;
    else pauseMs = Math.min(timing.retryMs, pauseMs * 2);
    if (lostAt === undefined)
      tell(
        `${known.code}  ${known.message} The run goes on in ${folder.path}${refused === undefined ? ', and is stored as soon as the store answers' : ', and is not stored any more'}.`,
      );
    lostAt ??= performance.now();
  }

  function schedule(): void {
    timer = setTimeout(() => void step().then(schedule), pauseMs);
    timer.unref();
  }
  schedule();

  async function bringAll(): Promise<void> {
    const until = performance.now() + timing.lastTryMs;
    for (;;) {
      try {
        if (refused !== undefined) throw refused;
        await bring(true);
        await endLease(database, lease);
        return;
      } catch (error) {
        if (!isAway(error) || performance.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, LAST_TRY_PAUSE_MS));
      }
    }
  }

  return {
    folder,
    settled: () => (lostAt === undefined ? step() : Promise.resolve()),
    async release() {
      clearTimeout(timer);
      await working;
      clearTimeout(timer);
      try {
        await bringAll();
        keep.ended(false);
      } catch (error) {
        // Nobody else need wait for the lease to end; where the store is away, it ends by itself.
        if (!isAway(error)) await endLease(database, lease).catch((): undefined => undefined);
        keep.ended(isAway(error));
        throw notStored(error, keep);
      }
    },
  };
}

function isAway(error: unknown): boolean {
  return error instanceof GateError && error.code === 'RUN_STORE_UNREACHABLE';
}

function notStored(error: unknown, { database, folder }: Keep): unknown {
  if (!(error instanceof GateError)) return error;
  const remedy =
    error.code === 'RUN_LOCKED' || error.code === 'RUN_CONFLICT'
      ? `Somebody else goes on with it; what stands in ${folder.path} alone stays there.`
      : `Nothing is lost: it is all in ${folder.path}. When the store answers: naap-gate runs push ${folder.id}`;
  return new GateError(error.code, `Run ${folder.id} is not, or not wholly, in the store ${database.place}. ${error.message}`, { remedy, cause: error });
}
