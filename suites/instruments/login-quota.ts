// Paces requests to the auth routes below the application's own rate limit; one for a run, shared by all its checks.

/** The passing of time, so that tests need not wait. */
export interface PacingClock {
  monotonicMs(): number;
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A minute, and a second for requests that travel for unequal times. */
export const WINDOW_MS = 61_000;

export interface LoginQuota {
  /** Resolves when one more request stays within the quota, and counts it. First come, first served. */
  take(signal: AbortSignal): Promise<void>;
}

/**
 * At most `quotaPerMinute - 1` requests in any sliding minute: one is spared for whatever else this client's address asks for.
 * `quotaPerMinute` ≥ 1; a quota of one is used whole.
 */
export function createLoginQuota(quotaPerMinute: number, clock: PacingClock): LoginQuota {
  const allowed = Math.max(1, quotaPerMinute - 1);
  const taken: number[] = [];
  let queue: Promise<void> = Promise.resolve();

  async function wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (;;) {
      const now = clock.monotonicMs();
      while (taken[0] !== undefined && taken[0] <= now - WINDOW_MS) taken.shift();
      if (taken[0] === undefined || taken.length < allowed) break;
      await clock.sleep(taken[0] + WINDOW_MS - now, signal);
    }
    taken.push(clock.monotonicMs());
  }

  return {
    take(signal) {
      const turn = queue.then(() => wait(signal));
      // Whoever waits behind must get their turn also when this one is aborted; the caller sees the rejection itself.
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}
