// Finds and ends the browsers of a run by the run's own folder, which stands on their command lines: they have groups of their own. Used by run-journeys.ts and main.ts.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Pids of processes, this one excepted, on whose command line the folder's name stands. `folder`: made by mkdtemp, so that nobody else has one of this name. */
export function processesIn(folder: string): readonly number[] {
  const name = basename(folder);
  const found = existsSync('/proc/self/cmdline') ? fromProc() : fromPs();
  return found.flatMap(({ pid, command }) => (command.includes(name) && pid !== process.pid ? [pid] : []));
}

/** Answers how many there were. */
export function killProcessesIn(folder: string): number {
  const pids = processesIn(folder);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It has ended meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return pids.length;
}

interface Process {
  readonly pid: number;
  readonly command: string;
}

function fromProc(): readonly Process[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      return [{ pid: Number(entry), command: readFileSync(`/proc/${entry}/cmdline`, 'utf8') }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** macOS. */
function fromPs(): readonly Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, command] = /^ *(\d+) (.*)$/.exec(line) ?? [];
    return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }];
  });
}
