// Opens the store that `--runs` names, and closes it again. Called by every command that reads runs or writes one.
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import { fileStore } from '../../gates/file-store.ts';
import type { RunFolder } from '../../gates/run-folder.ts';
import type { HeldRun, RunStore } from '../../gates/run-store.ts';
import { SHORTEST_SECRET } from '../../gates/scrub.ts';
import { printError } from '../print-error.ts';
import type { Host } from '../terminal.ts';
import { whoRuns } from '../who.ts';
import { DEFAULT_RUNS, passwordsOf, runPlace } from './place.ts';
import { openPostgresStore, type PostgresStore } from './postgres-store.ts';

/** Throws USAGE, SECRET_MISSING, RUN_STORE_UNREACHABLE, RUN_STORE_UNUSABLE. `tell`: for what happens in the background. */
export async function openRunStore(
  named: string | undefined,
  host: Host,
  tell: (text: string) => void = (text) => void host.stderr.write(`${text}\n`),
): Promise<RunStore | PostgresStore> {
  const place = runPlace(named, host);
  if (place.kind === 'folder') return fileStore(place.path);
  return openPostgresStore({
    url: place.url,
    copies: resolve(host.cwd(), DEFAULT_RUNS),
    processId: host.pid,
    who: `${whoRuns(host.env)}@${hostname()}`,
    tell,
  });
}

export async function withRunStore<Result>(named: string | undefined, host: Host, work: (store: RunStore | PostgresStore) => Promise<Result>): Promise<Result> {
  const store = await openRunStore(named, host);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Holds a run while something is added to it, and stores what was added. What the work throws comes first. */
export async function whileHeld<Result>(store: RunStore, run: string, host: Host, work: (folder: RunFolder) => Promise<Result>): Promise<Result> {
  const held = await store.hold(run);
  let result: Result;
  try {
    result = await work(held.folder);
  } catch (error) {
    await held.release().catch((lost: unknown) => void printError(lost, host.stderr));
    throw error;
  }
  await held.release();
  return result;
}

/** The same for a run of a gate, which has a verdict whatever becomes of the store: one that would be 0 or 4 is 3 where the store has not everything. */
export async function inHeldRun(held: HeldRun, host: Host, work: () => Promise<ExitCode>): Promise<ExitCode> {
  let exit: ExitCode;
  try {
    exit = await work();
  } catch (error) {
    await held.release().catch((lost: unknown) => void printError(lost, host.stderr));
    throw error;
  }
  try {
    await held.release();
    return exit;
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    printError(error, host.stderr);
    return exit === EXIT.pass || exit === EXIT.pending ? EXIT.undecided : exit;
  }
}

/** With the names under which they are taken out of what is stored. Shorter ones could not be taken out without harm, and stand nowhere. */
export function passwordsOfStore(named: string | undefined, host: Host): [string, string][] {
  return passwordsOf(runPlace(named, host), host.env)
    .filter((password) => password.length >= SHORTEST_SECRET)
    .map((password) => ['password of --runs', password]);
}
