// Hands the real process to the program and ends with its code; loaded by main.ts once compiled modules can be kept.
import process from 'node:process';
import { EXIT } from '../gates/model.ts';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';
import type { Host } from './terminal.ts';

const host: Host = {
  argv: process.argv,
  env: process.env,
  pid: process.pid,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: () => process.cwd(),
  onInterrupt,
};

/** A launcher and npm pass one Ctrl-C on as well: what comes within this time is the same one. */
const SAME_INTERRUPT_MS = 500;

/** First Ctrl-C: the run cleans up. Second: it leaves at once; child processes end by themselves when their parent is gone. */
function onInterrupt(listener: () => void): () => void {
  let askedAt: number | undefined;
  const handle = (): void => {
    if (askedAt !== undefined) {
      if (performance.now() - askedAt > SAME_INTERRUPT_MS) process.exit(EXIT.interrupted);
      return;
    }
    askedAt = performance.now();
    process.stderr.write('\nStopping and cleaning up; press Ctrl-C again to leave at once.\n');
    listener();
  };
  process.on('SIGINT', handle).on('SIGTERM', handle);
  return () => void process.off('SIGINT', handle).off('SIGTERM', handle);
}

/** A pipe that was closed (`| head`) is no defect. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.pass);
  throw error;
});

/** Sets the exit code; whatever is thrown is printed. */
export async function runProcess(): Promise<void> {
  try {
    process.exitCode = await runProgram(host);
  } catch (error) {
    process.exitCode = printError(error, process.stderr);
  }
}
