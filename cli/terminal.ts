// What the command line sees of the outside world; tests hand in their own. The only door to stdout, stderr and the process.
import type { ExitCode } from '../gates/model.ts';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}
/** The part of `process` that naap-gate uses. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly stdout: Output;
  readonly stderr: Output;
  cwd(): string;
  /** Called on the first Ctrl-C or SIGTERM; answers a function that takes the listener away. */
  onInterrupt(listener: () => void): () => void;
}

/** Runs a command and keeps its exit code for the process. */
export type Act = (run: () => Promise<ExitCode>) => Promise<void>;

export interface Style {
  readonly width: number;
  readonly colour: boolean;
}
const NARROWEST = 60;
const WIDEST = 160;
const PIPE_WIDTH = 120;

/** `NO_COLOR` and `CI` are honoured (no-color.org: any non-empty value). */
export function styleOf(output: Output, env: Host['env']): Style {
  const width = output.isTTY === true ? Math.min(WIDEST, Math.max(NARROWEST, output.columns ?? PIPE_WIDTH)) : PIPE_WIDTH;
  return { width, colour: output.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb' };
}

/** A live display needs a terminal that is not a CI's log. */
export function isLive(output: Output, env: Host['env']): boolean {
  return output.isTTY === true && (env['CI'] ?? '') === '' && env['TERM'] !== 'dumb';
}
