// Runs a peer's program to its end, its output thrown away: how long it took, and the most memory it had. Used by tools.ts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Ran {
  readonly seconds: number;
  /** Of the program itself, MiB; null where the system does not tell (anything but Linux). */
  readonly peakMemoryMiB: number | null;
}

const LOOK_EVERY_MS = 50;
/** Of what a failing program says, so much is repeated. */
const WORDS = 500;

/** Throws where it cannot be started or does not end well. */
export async function runProgram(program: string, arguments_: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const started = performance.now();
  const child = spawn(program, arguments_, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...environment } });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = `${words}${chunk.toString('utf8')}`.slice(-WORDS);
  });
  let peak: number | null = null;
  const look = (): void => {
    const seen = highWaterMiB(child.pid);
    if (seen !== null) peak = Math.max(peak ?? 0, seen);
  };
  const looking = setInterval(look, LOOK_EVERY_MS);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${words}`);
    return { seconds: (performance.now() - started) / 1000, peakMemoryMiB: peak };
  } finally {
    clearInterval(looking);
  }
}

/** proc(5): VmHWM, "peak resident set size". */
function highWaterMiB(pid: number | undefined): number | null {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? null : Number(found[1]) / 1024;
  } catch {
    return null;
  }
}
