// Brings what the database has of a run into its folder. What stands only in the folder is kept, beside it where both went different ways. Called before a run is read or added to.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GateError } from '../../gates/model.ts';
import { sha256 } from '../../gates/digest.ts';
import { type RunFolder, takeLock } from '../../gates/run-folder.ts';
import { isAlive } from '../../suites/instruments/is-alive.ts';
import type { Database } from './database.ts';
import { type ChainName, chainPath, CHAINS, isArtifactName, isReportName, reportNames, wholeLines } from './run-files.ts';

export interface Fetch {
  readonly database: Database;
  readonly folder: RunFolder;
  readonly processId: number;
  readonly tell: (text: string) => void;
}

/** Answers how many lines stand only in the folder. Throws RUN_STORE_UNREACHABLE, RUN_LOCKED while another process writes to the folder. */
export async function fetchRun(fetch: Fetch): Promise<number> {
  mkdirSync(join(fetch.folder.path, 'artifacts'), { recursive: true });
  let [ahead, came] = [0, 0];
  for (const chain of CHAINS) {
    const difference = await fetchLines(fetch, chain);
    if (difference > 0) ahead += difference;
    else came -= difference;
  }
  await fetchFiles(fetch, { ahead: ahead > 0, came: came > 0 });
  return ahead;
}

/** Lines that stand only in the folder; negative: lines that came into it. */
async function fetchLines(fetch: Fetch, chain: ChainName): Promise<number> {
  const { database, folder } = fetch;
  const path = chainPath(folder, chain);
  const [{ count } = { count: 0 }] = await database.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM naap_gate.lines WHERE run = $1 AND file = $2',
    [folder.id, chain],
  );
  const local = wholeLines(path);
  const common = Math.min(local.length, count);
  if (await isSame(fetch, chain, local, common)) {
    if (local.length >= count) return local.length - count;
    return whileLocked(fetch, chain, () => append(fetch, chain, count));
  }
  return whileLocked(fetch, chain, async () => {
    setAside(fetch, chain);
    return append(fetch, chain, count);
  });
}

/** Whether the first `common` lines are the same: each line carries the digest of the one before, so the last of them tells. */
async function isSame({ database, folder }: Fetch, chain: ChainName, local: readonly string[], common: number): Promise<boolean> {
  const own = local[common - 1];
  if (own === undefined) return true;
  const [stored] = await database.query<{ sha256: string }>('SELECT sha256 FROM naap_gate.lines WHERE run = $1 AND file = $2 AND seq = $3', [
    folder.id,
    chain,
    common - 1,
  ]);
  return stored?.sha256 === sha256(own);
}

/** Another process may be appending to the file: then it is not to be touched. */
async function whileLocked<Result>({ folder, processId }: Fetch, chain: ChainName, work: () => Promise<Result>): Promise<Result> {
  const release = takeLock(join(folder.path, chain === 'journal' ? 'run.lock' : 'ledger.lock'), { processId, isAlive });
  try {
    return await work();
  } finally {
    release();
  }
}

const PAGE = 500;

/** Writes the whole file anew, under another name until it is there. A torn tail is the beginning of a line that now comes whole. */
async function append({ database, folder }: Fetch, chain: ChainName, count: number): Promise<number> {
  const path = chainPath(folder, chain);
  const lines = wholeLines(path);
  const before = lines.length;
  while (lines.length < count) {
    const page = await database.query<{ line: string }>(
      'SELECT line FROM naap_gate.lines WHERE run = $1 AND file = $2 AND seq >= $3 AND seq < $4 ORDER BY seq',
      [folder.id, chain, lines.length, Math.min(count, lines.length + PAGE)],
    );
    if (page.length === 0)
      throw new GateError('JOURNAL_DAMAGED', `The store has no line ${lines.length} of the ${chain} of run ${folder.id}, but lines behind it.`, {
        remedy: 'Restore the database from a backup.',
      });
    lines.push(...page.map(({ line }) => line));
  }
  writeWhole(path, lines.map((line) => `${line}\n`).join(''));
  return before - lines.length;
}

function writeWhole(path: string, content: string | Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new GateError('DISK', `${path} could not be written.`, { remedy: 'Free some space, or run the command in a folder that is writable.', cause });
  }
}

/** What was made on the ground of these lines goes with them. */
function setAside(fetch: Fetch, chain: ChainName): void {
  const { folder, tell } = fetch;
  const chains = chain === 'journal' ? CHAINS : (['ledger'] as const);
  const reports = chain === 'journal' ? reportNames(folder).filter((name) => !name.includes('.unstored-')) : [];
  const paths = [...chains.map((name) => chainPath(folder, name)), ...reports.map((name) => join(folder.path, name))].filter(existsSync);
  const kept = paths.map((path) => {
    const aside = `${path}.unstored-${sha256(readFileSync(path)).slice(0, 8)}`;
    renameSync(path, aside);
    return aside;
  });
  const what = chain === 'journal' ? 'The run was continued elsewhere' : 'Others added to the run';
  tell(`${what} after lines that this machine had not stored. Those did not count; they are kept in ${kept.join(', ')}. What they said has to be said again.`);
}

async function fetchFiles({ database, folder, tell }: Fetch, { ahead, came }: { readonly ahead: boolean; readonly came: boolean }): Promise<void> {
  const files = await database.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM naap_gate.files WHERE run = $1 ORDER BY name', [folder.id]);
  for (const { name, sha256: digest } of files) {
    if (!isArtifactName(name) && !isReportName(name)) continue;
    const path = join(folder.path, name);
    // report.json is what was sealed. The others show what people added, and may have been made anew here: theirs are newer where lines came.
    const isStale = came || (name === 'report.json' && !ahead);
    if (existsSync(path) && (!isStale || sha256(readFileSync(path)) === digest)) continue;
    const bytes = await contentOf(database, digest);
    if (sha256(bytes) === digest) writeWhole(path, bytes);
    else tell(`The store ${database.place} holds other bytes than those of SHA-256 ${digest} for ${name}; they were not taken.`);
  }
}

async function contentOf({ query }: Database, digest: string): Promise<Uint8Array> {
  const parts = await query<{ part: number }>('SELECT part FROM naap_gate.parts WHERE sha256 = $1 ORDER BY part', [digest]);
  const bytes: Buffer[] = [];
  for (const { part } of parts) {
    const [row] = await query<{ bytes: Buffer }>('SELECT bytes FROM naap_gate.parts WHERE sha256 = $1 AND part = $2', [digest, part]);
    if (row !== undefined) bytes.push(row.bytes);
  }
  return Buffer.concat(bytes);
}
