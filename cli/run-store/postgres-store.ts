// Runs kept in PostgreSQL, for a team: the folder of a run is made here, what is written to it is brought there (docs/adr/0008-run-store.md). Opened by open-store.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GateError } from '../../gates/model.ts';
import { createRunFolder, type RunFolder } from '../../gates/run-folder.ts';
import type { HeldRun, RunStore } from '../../gates/run-store.ts';
import { isAlive } from '../../suites/instruments/is-alive.ts';
import { type Database, openDatabase } from './database.ts';
import { fetchRun } from './fetch.ts';
import { keepRun, type Timing, TIMING } from './keep.ts';
import { endLease, takeLease, whileRenewed } from './lease.ts';
import { migrate } from './migrations.ts';
import { isRunId } from './run-files.ts';
import { scanDatabase } from './scan-database.ts';

/** A holder is believed dead after so long without a word. */
const LEASE_MS = 30_000;

export interface PostgresStoreOptions {
  readonly url: string;
  /** Folder of the runs' folders on this machine. */
  readonly copies: string;
  readonly processId: number;
  /** For people: `erin@laptop`. */
  readonly who: string;
  /** What people have to know while something else goes on. */
  readonly tell: (text: string) => void;
  readonly leaseMs?: number;
  readonly timing?: Timing;
}
export interface PostgresStore extends RunStore {
  /** Brings a run of a folder here, or what it has more than is stored. Throws RUN_CONFLICT where both went different ways. */
  push(folder: RunFolder): Promise<void>;
}

/** Connects, and brings the tables to this version. Throws RUN_STORE_UNREACHABLE, RUN_STORE_UNUSABLE. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const database = openDatabase(options.url);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  const fetch = (folder: RunFolder): Promise<number> => fetchRun({ ...options, database, folder });
  return {
    place: database.place,
    async begin(id) {
      const folder = createRunFolder(options.copies, id);
      await register(database, id, options.who);
      return take(database, folder, options);
    },
    async hold(id) {
      await requireRun(database, id);
      const folder = createRunFolder(options.copies, id);
      return take(database, folder, options, async () => void (await fetch(folder)));
    },
    async open(id) {
      await requireRun(database, id);
      const folder = createRunFolder(options.copies, id);
      await fetchUnlessWritten(() => fetch(folder), folder, options.tell);
      return folder;
    },
    scan: (wanted) => scanDatabase(database, wanted),
    async push(folder) {
      await register(database, folder.id, options.who);
      await (await take(database, folder, options)).release();
    },
    close: () => database.close(),
  };
}

async function register({ query }: Database, id: string, who: string): Promise<void> {
  if (!isRunId(id)) throw new GateError('USAGE', `"${id}" cannot be the name of a run.`, { remedy: 'Letters, digits, dots and dashes can.' });
  await query('INSERT INTO naap_gate.runs (id, created_by) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, who]);
}

async function requireRun({ query, place }: Database, id: string): Promise<void> {
  const [found] = isRunId(id) ? await query('SELECT 1 FROM naap_gate.runs WHERE id = $1', [id]) : [];
  if (found !== undefined) return;
  const newest = await query<{ id: string }>('SELECT id FROM naap_gate.runs ORDER BY created_at DESC LIMIT 5');
  throw new GateError('UNKNOWN_RUN', `No run "${id}" in ${place}.`, {
    remedy: newest.length === 0 ? 'There are no runs yet.' : `Newest: ${newest.map((run) => run.id).join(', ')}.`,
  });
}

/** `prepare`: what the folder needs before it is kept in step with the database. */
async function take(
  database: Database,
  folder: RunFolder,
  options: PostgresStoreOptions,
  prepare: () => Promise<void> = async () => undefined,
): Promise<HeldRun> {
  const { processId, who, tell, leaseMs = LEASE_MS, timing = TIMING } = options;
  const lease = { run: folder.id, holder: randomUUID(), who, leaseMs, dead: deadHolder(folder), tell };
  const holder = (pid: number | null): void => writeFileSync(holderPath(folder), JSON.stringify({ holder: lease.holder, pid }));
  const ended = (leased: boolean): void => (leased ? holder(null) : rmSync(holderPath(folder), { force: true }));
  await takeLease(database, lease);
  try {
    holder(processId);
    await whileRenewed(database, lease, timing.renewMs, prepare);
    const stored = await database.query<{ name: string }>('SELECT name FROM naap_gate.files WHERE run = $1', [folder.id]);
    return keepRun({ database, folder, lease, stored: new Set(stored.map(({ name }) => name)), timing, tell, ended });
  } catch (error) {
    // Where the store cannot be told, the lease ends by itself; the first error says why.
    const isTold = await endLease(database, lease).then(
      () => true,
      () => false,
    );
    ended(!isTold);
    throw error;
  }
}

/** `pid` null: it let go and could not tell the store. */
const Holder = z.object({ holder: z.string(), pid: z.int().positive().nullable() });
type Holder = z.infer<typeof Holder>;

function holderIn(folder: RunFolder): Holder | undefined {
  const path = holderPath(folder);
  return existsSync(path) ? Holder.safeParse(textAsJson(readFileSync(path, 'utf8'))).data : undefined;
}
function isLiving({ pid }: Holder): boolean {
  return pid !== null && isAlive(pid);
}

/** A process of this machine that was killed has left its name in the folder: its lease need not be waited for. */
function deadHolder(folder: RunFolder): string | undefined {
  const left = holderIn(folder);
  return left === undefined || isLiving(left) ? undefined : left.holder;
}
function textAsJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
function holderPath(folder: RunFolder): string {
  return join(folder.path, 'store.lock');
}

/** Who writes the run on this machine has its newest lines; what else is missing to read it comes from the store. */
async function fetchUnlessWritten(fetch: () => Promise<number>, folder: RunFolder, tell: (text: string) => void): Promise<void> {
  try {
    const ahead = await fetch();
    const holder = holderIn(folder);
    if (ahead > 0 && (holder === undefined || !isLiving(holder)))
      tell(`${folder.path} has ${ahead} ${ahead === 1 ? 'line' : 'lines'} of this run that the store has not. To store them: naap-gate runs push ${folder.id}`);
  } catch (error) {
    if (!(error instanceof GateError) || error.code !== 'RUN_LOCKED') throw error;
  }
}
