// Main file of the process that runs k6: reads its points as they come, tells the figures at the end, and takes k6 with it when its parent is gone.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { openK6Folder } from './environment.ts';
import { pointReader } from './points.ts';
import type { FromK6Process, K6Order, K6Use } from './protocol.ts';
import { METRICS, openRecorder } from './record.ts';

const PROGRESS_EVERY_MS = 250;
const STDERR_CHARACTERS = 2000;
/** Without thresholds: the script has them for a person, and dropped arrivals are counted here. */
const ARGUMENTS = ['run', '--no-thresholds', '--quiet', '--no-usage-report', '--no-color', '--summary-mode=disabled', '--address=', '--out=json=-'];

/** Ends k6, removes its folder and tells when k6 is gone. */
let clear = (gone: () => void): void => gone();

function tell(message: FromK6Process): void {
  process.send?.(message);
}

function fail(code: 'TOOL_MISSING' | 'INTERNAL', error: Error): void {
  clear(() => tell({ type: 'failed', code, message: error.message }));
}

function run({ k6, script, workload }: K6Order): void {
  const folder = openK6Folder(script, workload.ca);
  const child = spawn(k6, [...ARGUMENTS, folder.script], { env: folder.environment, stdio: ['ignore', 'pipe', 'pipe'] });
  clear = (gone) => {
    folder.remove();
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return gone();
    child.once('exit', gone);
    child.kill('SIGKILL');
  };
  const recorder = openRecorder(workload);
  const read = pointReader(METRICS, recorder.take);
  let stderr = '';
  let use: K6Use = {};
  const ticking = setInterval(() => {
    tell({ type: 'progress', done: recorder.done });
    use = useOf(child.pid) ?? use;
  }, PROGRESS_EVERY_MS);
  child.on('spawn', () => tell({ type: 'started', pid: child.pid ?? 0 }));
  child.on('error', (error) => {
    clearInterval(ticking);
    fail('TOOL_MISSING', error);
  });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    try {
      read(chunk);
    } catch (error) {
      fail('INTERNAL', error as Error);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-STDERR_CHARACTERS);
  });
  child.on('close', (code, signal) => {
    clearInterval(ticking);
    folder.remove();
    if (child.pid !== undefined) tell({ type: 'ended', recorded: recorder.result(), code, signal, stderr, use });
  });
}

/** CPU and memory of a process so far; undefined where /proc does not tell. */
function useOf(pid: number | undefined): K6Use | undefined {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ');
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return peak === undefined ? undefined : { cpuSeconds: ((user ?? NaN) + (system ?? NaN)) / TICKS_PER_SECOND, peakRssMiB: Number(peak) / 1024 };
  } catch {
    return undefined; // Only Linux has it, and it is gone when k6 is: it explains, it does not decide.
  }
}
/** Linux tells CPU time in these, whatever the kernel's own (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100;

const leave = (): void => clear(() => process.exit(0));
process.on('disconnect', leave);
process.on('SIGTERM', leave);
process.once('message', run);
