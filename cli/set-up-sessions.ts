// Runs the command of `auth.kind: 'setup'`, which logs in and prints sessions. Called by the workbench, when the first of them is needed.
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { GateError, type GivenSession, StoredCookie } from '../gates/model.ts';
import { ownCookies, StorageState } from './config/resolve-accounts.ts';

export interface SetUpCommand {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly directory: string;
  readonly timeoutMs: number;
  readonly accounts: readonly string[];
  /** Hosts of the environment: cookies of others are left out. */
  readonly hosts: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** A token and a handful of cookies an account are far smaller. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

const Printed = z.union([
  z.strictObject({ token: z.string().min(1) }),
  z.strictObject({ cookies: z.array(StoredCookie) }),
  z.strictObject({ storageState: StorageState }),
]);

/**
 * Sessions by account. What the command prints is secret, on stderr too: no error repeats any of it.
 * Throws LOGIN_FAILED; on abort the signal's reason.
 */
export async function setUpSessions(setUp: SetUpCommand, signal: AbortSignal): Promise<ReadonlyMap<string, GivenSession>> {
  const text = await run(setUp, signal);
  const printed = parse(setUp, text);
  const mistakes = setUp.accounts.filter((account) => !Object.hasOwn(printed, account)).map((account) => `it holds nothing for "${account}"`);
  const sessions = Object.entries(printed).flatMap(([account, value]): [string, GivenSession][] => {
    const read = readSession(setUp, account, value);
    if (typeof read !== 'string') return [[account, read]];
    mistakes.push(read);
    return [];
  });
  if (mistakes.length > 0) throw failed(setUp, `printed JSON, but ${mistakes.join('; ')}`);
  return new Map(sessions);
}

function readSession({ accounts, hosts }: SetUpCommand, account: string, value: unknown): GivenSession | string {
  if (!accounts.includes(account)) return `"${account}" is none of \`auth.accounts\` (${accounts.join(', ')})`;
  const parsed = Printed.safeParse(value);
  if (!parsed.success) return `"${account}" has neither {token} nor {cookies} nor {storageState} as Playwright writes them`;
  if ('token' in parsed.data) return parsed.data;
  const cookies = ownCookies('cookies' in parsed.data ? parsed.data.cookies : parsed.data.storageState.cookies, hosts);
  return cookies === undefined ? `"${account}" has no cookie for ${hosts.join(' or ')}` : { cookies };
}

function parse(setUp: SetUpCommand, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Its words would quote what was printed; the error below says the same without.
  }
  throw failed(setUp, text.trim() === '' ? 'printed nothing' : 'printed something that is no JSON object');
}

/** What it wrote to stdout. In a process group of its own, so that nothing of it outlives its time. */
async function run(setUp: SetUpCommand, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const [program = '', ...args] = setUp.command;
  const child = spawn(program, args, { cwd: setUp.directory, env: { ...setUp.variables }, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > MAX_OUTPUT_BYTES) reject(failed(setUp, `printed more than ${MAX_OUTPUT_BYTES / 1024 / 1024} MiB`));
    else chunks.push(chunk);
  });
  child.once('error', (cause: NodeJS.ErrnoException) => reject(failed(setUp, `could not be started (${cause.code ?? cause.message})`)));
  child.once('close', (code, killedBy) => {
    if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
    else reject(failed(setUp, killedBy === null ? `ended with exit code ${code}` : `was ended by ${killedBy}`));
  });
  const timer = setTimeout(() => reject(failed(setUp, `did not end within ${setUp.timeoutMs / 1000} s`)), setUp.timeoutMs);
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    endGroup(child.pid);
  }
}

/** Kills what is left of it; nothing is, when it ended by itself. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // macOS says EPERM of a group whose last process has just ended.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function failed({ command, directory }: SetUpCommand, what: string): GateError {
  return new GateError('LOGIN_FAILED', `The set-up command ${what}: ${command.join(' ')}`, {
    remedy: `Run it by hand in ${directory}. Its output is not shown here, because it holds sessions.`,
  });
}
