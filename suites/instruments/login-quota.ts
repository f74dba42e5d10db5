// Paces requests to the auth routes below the application's own rate limit; one for a run, shared by all its checks.

/** The passing of time, so that tests need not wait. */
export interface PacingClock {
  monotonicMs(): number;
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Requests travel for unequal times, so a window is over for us a second later than for the application. */
const TRAVEL_MS = 1000;
/** A window of a minute, the default, as we keep to it. */
export const WINDOW_MS = 60_000 + TRAVEL_MS;

export interface LoginQuota {
  /** Resolves when one more request stays within the quota, and counts it. First come, first served. */
  take(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing that was counted counts any more, and counts a whole quota: whoever takes next waits for a window. */
  takeAll(signal: AbortSignal): Promise<void>;
  /** Counts requests that were sent by somebody else, as sent now. */
  count(requests: number): void;
}

/**
 * At most `quota - 1` requests in any sliding window: one is spared for whatever else this client's address asks for.
 * `quota` ≥ 1; a quota of one is used whole. `windowSeconds`: default a minute.
 */
export function createLoginQuota(quota: number, clock: PacingClock, windowSeconds = 60): LoginQuota {
  const allowed = Math.max(1, quota - 1);
  const windowMs = windowSeconds * 1000 + TRAVEL_MS;
  const taken: number[] = [];
  let queue: Promise<void> = Promise.resolve();

  /** Takes `count` once no more than `left` of what was taken before still count. */
  async function wait(left: number, count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (;;) {
      const now = clock.monotonicMs();
      while (taken[0] !== undefined && taken[0] <= now - windowMs) taken.shift();
      if (taken[0] === undefined || taken.length <= left) break;
      await clock.sleep(taken[0] + windowMs - now, signal);
    }
    for (let index = 0; index < count; index += 1) taken.push(clock.monotonicMs());
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = queue.then(work);
    // Whoever waits behind must get their turn also when this one is aborted; the caller sees the rejection itself.
    queue = turn.catch(() => undefined);
    return turn;
  }

  return {
    take: (signal) => inTurn(() => wait(allowed - 1, 1, signal)),
    takeAll: (signal) => inTurn(() => wait(0, allowed, signal)),
    count: (requests) => void taken.push(...Array<number>(requests).fill(clock.monotonicMs())),
  };
}
