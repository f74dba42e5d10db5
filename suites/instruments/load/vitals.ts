// A load worker watches itself while the window is open: event-loop delay, garbage collections, CPU, time spent waiting for one.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import type { WorkerVitals } from './protocol.ts';

/** Sampling interval of the event-loop monitor, ms. The monitor reports the whole interval, so it is taken off again. */
const RESOLUTION_MS = 1;

export interface Watch {
  stop(): WorkerVitals;
}

export function watchVitals(): Watch {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let gcMaxMs = 0;
  const collections = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) gcMaxMs = Math.max(gcMaxMs, entry.duration);
  });
  collections.observe({ entryTypes: ['gc'] });
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const delayBefore = runDelayMs();
  loop.enable();
  return {
    stop: () => {
      loop.disable();
      for (const entry of collections.takeRecords()) gcMaxMs = Math.max(gcMaxMs, entry.duration);
      collections.disconnect();
      const used = process.cpuUsage(cpuBefore);
      const delayAfter = runDelayMs();
      return {
        eventLoopDelayP99Ms: delayMs(loop.count, loop.percentile(99)),
        eventLoopDelayMaxMs: delayMs(loop.count, loop.max),
        gcMaxMs,
        cpuCores: (used.user + used.system) / 1000 / (performance.now() - startedMs),
        runDelayMs: delayBefore === undefined || delayAfter === undefined ? undefined : delayAfter - delayBefore,
        rssMiB: process.memoryUsage.rss() / 2 ** 20,
      };
    },
  };
}

/** A monitor that never came to a turn has seen no delay of 0: NaN proves nothing. */
const delayMs = (count: number, nanoseconds: number): number => (count === 0 ? NaN : Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS));

/** Time that this process was ready to run and had no CPU, ms; undefined where the system does not tell (macOS). */
function runDelayMs(): number | undefined {
  const text = readProc('/proc/self/schedstat');
  const nanoseconds = Number(text?.split(' ')[1]);
  return Number.isFinite(nanoseconds) ? nanoseconds / 1e6 : undefined;
}

/** Share of time in which some process waited for a CPU, µs in all since boot; undefined where the system does not tell. */
export function cpuPressureUs(): number | undefined {
  const total = /^some .*total=(\d+)/m.exec(readProc('/proc/pressure/cpu') ?? '')?.[1];
  return total === undefined ? undefined : Number(total);
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // Only Linux has it, and not every kernel: it explains, it does not decide.
  }
}
