// Dumps a database by pg_dump and restores the dump into a database of its own. Handed to the checks by sessions.ts as `Databases.restore`.
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GateError } from '../../../../gates/model.ts';
import type { DatabaseAddress, DatabaseSession, NoCopy, RestoreRequest, RestoredCopy } from '../../../../gates/model.ts';
import { openPrivateFolder } from '../../private-folder.ts';
import { connectionString } from './connection-string.ts';
import { type Programs, findPrograms, runProgram } from './programs.ts';
import { type DatabaseLocale, makeScratchDatabase, newScratchName, removeScratchDatabase } from './scratch-database.ts';
import { complaintsOf } from './complaints.ts';

export interface RestorePlaces {
  readonly target: DatabaseAddress;
  readonly scratch: DatabaseAddress;
  readonly signal: AbortSignal;
  open(address: DatabaseAddress, options: { readonly snapshot?: string; readonly statementTimeoutMs?: number }): Promise<DatabaseSession>;
}

/** pg_dump's own default costs most of the time; at 1 a dump is about a sixth larger. */
const COMPRESSION = 1;

/** Removes by itself what it made where it does not answer a copy. */
export async function restoreTarget(places: RestorePlaces, request: RestoreRequest): Promise<RestoredCopy | NoCopy> {
  const { signal, scratch } = places;
  const { holder } = request;
  const major = Math.floor(holder.version / 10_000);
  const { programs, found } = await findPrograms(major, signal);
  if (programs === undefined) return { why: noPrograms(major, found) };
  const name = newScratchName();
  const folder = openPrivateFolder('dump');
  let mayExist = true;
  const remove = async (): Promise<void> => {
    // The dump holds the data too, and goes whether the server can be reached or not.
    await rm(folder, { recursive: true, force: true });
    if (mayExist) await removeScratchDatabase(scratch, name);
    mayExist = false;
  };
  request.cleanup(`the restored copy ${name}`, remove);
  const database = await made(scratch, name, await localeOf(holder));
  if ('why' in database) {
    mayExist = false;
    await remove();
    return database;
  }
  const dumped = await dump(places, request, programs, folder);
  if ('why' in dumped) {
    await remove();
    return dumped;
  }
  const restored = await restore(places, programs, folder, name);
  return { tool: programs.version, compression: COMPRESSION, ...dumped, ...restored, open: (options = {}) => places.open(database, options), remove };
}

function noPrograms(major: number, found: readonly number[]): string {
  const there = found.length === 0 ? 'there is none' : `there ${found.length === 1 ? 'is' : 'are'} ${found.join(', ')}`;
  return `pg_dump and pg_restore of PostgreSQL ${major} or newer are needed, and ${there}. Install them (Debian: postgresql-client-${major}; macOS: brew install libpq)`;
}

async function made(scratch: DatabaseAddress, name: string, locale: DatabaseLocale): Promise<DatabaseAddress | NoCopy> {
  try {
    return (await makeScratchDatabase(scratch, name, locale)).address;
  } catch (error) {
    if (error instanceof GateError) return { why: `the scratch server is not to be had: ${error.message} ${error.remedy ?? ''}`.replace(/[.\s]+$/u, '') };
    return { why: `the scratch server lets us make no database: ${(error as Error).message}. Give a role that may (CREATEDB) in databases.scratch` };
  }
}

async function localeOf(holder: DatabaseSession): Promise<DatabaseLocale> {
  const [row] = await holder.rows(
    'SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collate, datctype AS ctype FROM pg_database WHERE datname = current_database()',
  );
  return { encoding: row?.['encoding'] ?? 'UTF8', collate: row?.['collate'] ?? 'C', ctype: row?.['ctype'] ?? 'C' };
}

const seconds = (since: number): number => Math.round(performance.now() - since) / 1000;

async function dump(
  { target, signal }: RestorePlaces,
  { snapshot, onProgress }: RestoreRequest,
  { dump: program }: Programs,
  folder: string,
): Promise<{ readonly dumpSeconds: number; readonly dumpBytes: number } | NoCopy> {
  const file = join(folder, 'target.dump');
  const from = connectionString(target.url, join(folder, 'target.pass'));
  if (from.password !== undefined) await writeFile(join(folder, 'target.pass'), from.password, { mode: 0o600 });
  onProgress('the target is dumped');
  const started = performance.now();
  const args = [
    '--format=custom',
    `--compress=${COMPRESSION}`,
    '--no-password',
    `--snapshot=${snapshot}`,
    '--lock-wait-timeout=2000',
    `--file=${file}`,
    `--dbname=${from.url}`,
  ];
  const { code, stderr } = await runProgram(program, args, signal);
  if (code !== 0) return { why: `pg_dump failed (exit code ${code}): ${firstLines(stderr)}` };
  return { dumpSeconds: seconds(started), dumpBytes: (await stat(file)).size };
}

async function restore(
  { scratch, signal }: RestorePlaces,
  { restore: program }: Programs,
  folder: string,
  name: string,
): Promise<Pick<RestoredCopy, 'restoreSeconds' | 'complaints' | 'missingRoles' | 'log'>> {
  const to = connectionString(scratch.url, join(folder, 'scratch.pass'), name);
  if (to.password !== undefined) await writeFile(join(folder, 'scratch.pass'), to.password, { mode: 0o600 });
  const started = performance.now();
  const { code, stderr } = await runProgram(program, ['--no-password', `--dbname=${to.url}`, join(folder, 'target.dump')], signal);
  const { complaints, missingRoles } = complaintsOf(stderr);
  const silent =
    code !== 0 && complaints.length === 0 && missingRoles.length === 0
      ? [{ object: 'pg_restore', text: `It ended with exit code ${code}: ${firstLines(stderr)}` }]
      : [];
  return { restoreSeconds: seconds(started), complaints: [...complaints, ...silent], missingRoles, log: stderr };
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, 3).join(' ').slice(0, 500);
}
