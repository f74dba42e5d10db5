// Tells how long our own process stood still, which would be counted as the application's time. Used by checks that time single requests.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** A longer stall of ours spoils a figure, ms (INSTRUMENTS.md, "Proof of innocence": event-loop delay max < 100). */
export const OWN_STALL_LIMIT_MS = 100;

export interface OwnStalls {
  /** The longest stall since the last call, ms. */
  take(): number;
  stop(): void;
}

export function watchOwnStalls(): OwnStalls {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  return {
    take() {
      const longestMs = delays.max / 1e6;
      delays.reset();
      return longestMs;
    },
    stop: () => void delays.disable(),
  };
}
