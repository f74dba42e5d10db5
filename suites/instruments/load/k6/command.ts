// Runs a command to its end for finding, building and unpacking k6: output collected, ended with all it started when told to.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** At the lowest priority, with everything that it starts. */
  readonly idle?: boolean;
}
export interface Ended {
  readonly ok: boolean;
  /** Both streams; the last 4000 characters. */
  readonly output: string;
}

/** Never throws: a command that is not there, or was ended, is not ok and says so in `output`. */
export function runCommand(command: string, args: readonly string[], { cwd, env, timeoutMs, signal, idle = false }: CommandOptions): Promise<Ended> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ok: false, output: 'interrupted' });
    // A group of its own, so that ending it ends the compilers that it has started.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let why = '';
    const end = (reason: string): void => {
      why = `\n${reason}`;
      if (child.pid !== undefined) endGroup(child.pid);
    };
    const onAbort = (): void => end('interrupted');
    const timer = setTimeout(() => end(`stopped after ${timeoutMs / 1000} s`), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = (ok: boolean, more: string): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve({ ok, output: (output + more).trim() });
    };
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => settle(false, error.message));
    child.on('close', (code, by) => settle(code === 0 && why === '', why === '' && by !== null ? `\nended by ${by}` : why));
    if (idle && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: all of it is gone already.
  }
}
