// Brings what a run's folder has and the database has not into the database: artifacts first, so that no line names what is not there. Called while a run goes on, and at its end.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GateError } from '../../gates/model.ts';
import { sha256 } from '../../gates/digest.ts';
import type { RunFolder } from '../../gates/run-folder.ts';
import type { Database } from './database.ts';
import { type LeaseTerms, renewLease } from './lease.ts';
import { artifactNames, type ChainName, chainPath, CHAINS, reportNames, wholeLines } from './run-files.ts';

/** Parts of one content are of this size whoever writes them: two writers may each bring some. */
const PART_BYTES = 1024 * 1024;
/** Text of one INSERT, characters. */
const BATCH_CHARACTERS = 512 * 1024;

export interface Push {
  readonly database: Database;
  readonly folder: RunFolder;
  readonly lease: LeaseTerms;
  /** Artifacts that the database is known to have. */
  readonly stored: Set<string>;
}

/** `reports`: report.json and its like too, which change until a run is sealed. Throws RUN_LOCKED, RUN_CONFLICT, RUN_STORE_UNREACHABLE. */
export async function push({ database, folder, lease, stored }: Push, { reports }: { readonly reports: boolean }): Promise<void> {
  // Read before the artifacts are: a line that is written meanwhile may name one that was not seen.
  const chains = CHAINS.map((chain) => ({ chain, lines: wholeLines(chainPath(folder, chain)) }));
  for (const name of artifactNames(folder)) {
    if (stored.has(name)) continue;
    await storeContent(database, readFileSync(join(folder.path, name)));
    await database.query('INSERT INTO naap_gate.files (run, name, sha256) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [folder.id, name, name.split('/')[1]]);
    stored.add(name);
  }
  const files = reports ? reportNames(folder).map((name) => ({ name, bytes: readFileSync(join(folder.path, name)) })) : [];
  for (const { bytes } of files) await storeContent(database, bytes);
  await database.transaction(async (query) => {
    await renewLease(query, lease);
    for (const { chain, lines } of chains) await storeLines(query, folder.id, chain, lines);
    // A report.json is what a ledger stands on: the first one stays.
    for (const { name, bytes } of files)
      await query(
        "INSERT INTO naap_gate.files AS f (run, name, sha256) VALUES ($1, $2, $3) ON CONFLICT (run, name) DO UPDATE SET sha256 = excluded.sha256 WHERE f.name <> 'report.json'",
        [folder.id, name, sha256(bytes)],
      );
  });
}

/** Bytes of the chains and number of artifacts: while it stays, there is nothing to push. */
export function extentOf(folder: RunFolder): string {
  const sizes = CHAINS.map((chain) => chainPath(folder, chain)).map((path) => (existsSync(path) ? statSync(path).size : 0));
  return [...sizes, artifactNames(folder).length].join(' ');
}

async function storeContent({ query, transaction }: Database, bytes: Uint8Array): Promise<void> {
  const digest = sha256(bytes);
  const known = await query('SELECT 1 FROM naap_gate.contents WHERE sha256 = $1', [digest]);
  if (known.length > 0) return;
  const parts = Math.ceil(bytes.length / PART_BYTES);
  for (let part = 0; part < parts; part += 1) {
    await query('INSERT INTO naap_gate.parts (sha256, part, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      digest,
      part,
      bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
    ]);
  }
  await transaction((inside) =>
    inside('INSERT INTO naap_gate.contents (sha256, size, parts) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [digest, bytes.length, parts]),
  );
}

/** Those behind what is stored; where that is not the beginning of these, nothing is added. */
async function storeLines(query: Database['query'], run: string, chain: ChainName, lines: readonly string[]): Promise<void> {
  const [last] = await query<{ seq: number; sha256: string }>(
    'SELECT seq, sha256 FROM naap_gate.lines WHERE run = $1 AND file = $2 ORDER BY seq DESC LIMIT 1',
    [run, chain],
  );
  if (last !== undefined && !(await isStored(query, run, chain, lines, last)))
    throw new GateError('RUN_CONFLICT', `The ${chain} of run ${run} has other lines in the store than here.`, {
      remedy: 'Somebody added to this run meanwhile. Run the command again: it begins with what is stored; what stands only here is kept beside it.',
    });
  const from = last === undefined ? 0 : last.seq + 1;
  for (const batch of batches(lines.slice(from))) {
    await query(
      `INSERT INTO naap_gate.lines (run, file, seq, line)
       SELECT $1, $2, $3::integer + position - 1, line FROM unnest($4::text[]) WITH ORDINALITY AS new (line, position) ORDER BY position`,
      [run, chain, from + batch.from, batch.lines],
    );
  }
}

/** Whether these lines and the stored ones are one chain as far as both go. */
async function isStored(
  query: Database['query'],
  run: string,
  chain: ChainName,
  lines: readonly string[],
  last: { readonly seq: number; readonly sha256: string },
): Promise<boolean> {
  const own = lines[last.seq];
  if (own !== undefined) return sha256(own) === last.sha256;
  const end = lines.at(-1);
  if (end === undefined) return true;
  const [same] = await query('SELECT 1 FROM naap_gate.lines WHERE run = $1 AND file = $2 AND seq = $3 AND sha256 = $4', [
    run,
    chain,
    lines.length - 1,
    sha256(end),
  ]);
  return same !== undefined;
}

function batches(lines: readonly string[]): { readonly from: number; readonly lines: readonly string[] }[] {
  const made: { from: number; lines: string[]; size: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const last = made.at(-1);
    if (last === undefined || last.size + line.length > BATCH_CHARACTERS) made.push({ from: index, lines: [line], size: line.length });
    else {
      last.lines.push(line);
      last.size += line.length;
    }
  }
  return made;
}
