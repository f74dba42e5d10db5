// Tells how many processors other work left to a measurement: CLS and LCP are read wrongly where the browser has none. Used by series.ts.
import { readFileSync, readdirSync } from 'node:fs';

/** Processor time since boot, in the kernel's ticks. */
interface Ticks {
  readonly all: number;
  readonly idle: number;
  /** Of this process and of all that it started, the browser and the demo's servers among them. */
  readonly own: number;
}

export interface OtherWork {
  /** Processors that were idle or worked for us since the watch began; undefined where the system does not tell (macOS). */
  freeProcessors(): number | undefined;
}

export function watchOtherWork(): OtherWork {
  const before = readTicks();
  return {
    freeProcessors() {
      const after = readTicks();
      return before === undefined || after === undefined ? undefined : freeBetween(before, after);
    },
  };
}

function freeBetween(before: { ticks: Ticks; processors: number }, { ticks: after, processors }: { ticks: Ticks; processors: number }): number | undefined {
  const all = after.all - before.ticks.all;
  if (all <= 0) return undefined;
  // What ended and was waited for by nobody of ours takes its ticks along, so our own may seem to shrink.
  const own = Math.max(0, after.own - before.ticks.own);
  return Math.min(1, (after.idle - before.ticks.idle + own) / all) * processors;
}

function readTicks(): { ticks: Ticks; processors: number } | undefined {
  try {
    const text = readFileSync('/proc/stat', 'utf8');
    return { ...machineTicks(text, ownTicks(readProcesses(), process.pid)), processors: text.match(/^cpu\d+ /gm)?.length ?? 1 };
  } catch {
    return undefined; // Only Linux has it: elsewhere nothing is said about other work.
  }
}

/** `stat`: /proc/stat. Time in guests is part of the user's already. */
export function machineTicks(stat: string, own: number): { ticks: Ticks } {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = (stat.split('\n')[0] ?? '').split(/\s+/).slice(1).map(Number);
  return { ticks: { all: user + nice + system + idle + iowait + irq + softirq + steal, idle: idle + iowait, own } };
}

export interface ProcessTicks {
  readonly pid: number;
  readonly parent: number;
  /** Its own and those of its children that have ended. */
  readonly ticks: number;
}

function readProcesses(): readonly ProcessTicks[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [processTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

/** `stat`: /proc/PID/stat. The name in parentheses may hold anything, parentheses too. */
export function processTicks(stat: string): ProcessTicks {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15).map(Number);
  return { pid: Number.parseInt(stat, 10), parent: Number(fields[1]), ticks: utime + stime + cutime + cstime };
}

/** Of `root` and of all that descend from it. */
export function ownTicks(processes: readonly ProcessTicks[], root: number): number {
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const ofTree = (one: ProcessTicks): number => one.ticks + (children.get(one.pid) ?? []).reduce((sum, child) => sum + ofTree(child), 0);
  return processes.filter(({ pid }) => pid === root).reduce((sum, one) => sum + ofTree(one), 0);
}
