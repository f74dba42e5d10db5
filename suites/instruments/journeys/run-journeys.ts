// Runs Playwright's test runner as a process of its own and hands on what it tells, until it has ended or is ended. Used by checks that run journeys.
import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openPrivateFolder } from '../private-folder.ts';
import { killProcessesIn } from './processes-in.ts';
import { JourneyMessage, type JourneyOrders } from './protocol.ts';

/** How long Playwright may take to close its browsers by itself once it is told to end, ms: half of what an aborted check has. */
const END_MS = 2_500;
/** How often and after how long it is looked whether what was killed has ended, ms: together less than a cleanup has. */
const LAST_TRIES = 30;
const TRY_AGAIN_MS = 100;
/** Last words of the process that are kept, characters. */
const KEPT_WORDS = 2_000;

/** Makes the folder that everything temporary of a run goes into; readable by this user alone. `remove`: with whatever still works in it. */
export function openJourneyFolder(): { readonly path: string; remove(): Promise<void> } {
  const path = openPrivateFolder('journeys');
  return { path, remove: () => removeWith(path) };
}

/** A browser that is just ending would write its profile anew. */
async function removeWith(path: string): Promise<void> {
  for (let tries = 0; killProcessesIn(path) > 0 && tries < LAST_TRIES; tries += 1) await delay(TRY_AGAIN_MS);
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/**
 * Ends when Playwright has ended, and never before all its processes have. Throws where it ended without a word on the outcome, with its last
 * words; and the signal's reason where that was aborted.
 */
export async function* runJourneys(orders: JourneyOrders, signal: AbortSignal): AsyncGenerator<JourneyMessage> {
  signal.throwIfAborted();
  const child = start(orders);
  const ended = endOf(child);
  // Told once more below; until then nobody may be listening.
  ended.catch(() => undefined);
  const end = (): void => void endGroup(child, ended);
  signal.addEventListener('abort', end, { once: true });
  const words = lastWords(child);
  let told = false;
  try {
    for await (const [message] of on(child, 'message', { close: ['disconnect'] })) {
      const parsed = JourneyMessage.parse(message);
      told ||= parsed.kind === 'end';
      yield parsed;
    }
    const how = await ended;
    signal.throwIfAborted();
    if (!told) throw new Error(`Playwright ended before its journeys did (${how}).${words() === '' ? '' : ` It said: ${words()}`}`);
  } finally {
    signal.removeEventListener('abort', end);
    await endGroup(child, ended);
  }
}

/** A group of its own: it can be ended whole, and Ctrl-C at a terminal reaches it through us alone, who clean up. */
function start(orders: JourneyOrders): ChildProcess {
  const main = join(import.meta.dirname, `main${extname(import.meta.filename)}`);
  return fork(main, [JSON.stringify(orders)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}

/** In words: `exit code 1`, `SIGKILL`. Workers that outlive their runner are ended with it, or they would hold its output open. */
async function endOf(child: ChildProcess): Promise<string> {
  child.once('exit', () => killGroup(child));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal ?? `exit code ${code}`;
}

function lastWords(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_WORDS)));
  return () => said.trim();
}

/** Asks Playwright to close what it has opened, then ends what is left. Its browsers end by themselves when whoever holds their pipe is gone. */
async function endGroup(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGINT');
  const timer = setTimeout(() => killGroup(child), END_MS);
  await ended;
  clearTimeout(timer);
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
