// Finds pg_dump and pg_restore of a major that fits the server, and runs them. Used by restored-copy.ts.
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Programs {
  readonly dump: string;
  readonly restore: string;
  readonly major: number;
  /** `pg_dump (PostgreSQL) 15.18`. */
  readonly version: string;
}
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where packages put each major apart: Debian, RPM, Homebrew on either processor, Postgres.app. */
const HOMES: readonly (readonly [folder: string, entry: RegExp, below: string])[] = [
  ['/usr/lib/postgresql', /^\d+$/u, 'bin'],
  ['/usr', /^pgsql-\d+$/u, 'bin'],
  ['/opt/homebrew/opt', /^(postgresql@\d+|libpq)$/u, 'bin'],
  ['/usr/local/opt', /^(postgresql@\d+|libpq)$/u, 'bin'],
  ['/Applications/Postgres.app/Contents/Versions', /^\d+$/u, 'bin'],
];

/** The oldest that can dump this major, since a dump is to be read by what is installed elsewhere too; undefined: there is none. `found`: majors that are there. */
export async function findPrograms(
  serverMajor: number,
  signal: AbortSignal,
): Promise<{ readonly programs: Programs | undefined; readonly found: readonly number[] }> {
  const folders = ['', ...(await homes())];
  const all = (await Promise.all(folders.map((folder) => inFolder(folder, signal)))).filter((one) => one !== undefined);
  const fitting = all.filter(({ major }) => major >= serverMajor).toSorted((a, b) => a.major - b.major);
  return { programs: fitting[0], found: [...new Set(all.map(({ major }) => major))].toSorted((a, b) => a - b) };
}

async function homes(): Promise<readonly string[]> {
  const listed = HOMES.map(async ([folder, entry, below]) => {
    const names = await readdir(folder).catch(() => []);
    return names.filter((name) => entry.test(name)).map((name) => join(folder, name, below));
  });
  return (await Promise.all(listed)).flat();
}

/** `''`: by PATH. */
async function inFolder(folder: string, signal: AbortSignal): Promise<Programs | undefined> {
  const [dump, restore] = ['pg_dump', 'pg_restore'].map((name) => (folder === '' ? name : join(folder, name))) as [string, string];
  const said = await Promise.all([dump, restore].map((program) => runProgram(program, ['--version'], signal).catch(() => undefined)));
  const [version, other] = said.map((one) => /\s(\d+)[.\d]*/u.exec(one?.stdout ?? '')?.[1]);
  if (version === undefined || version !== other) return undefined;
  return { dump, restore, major: Number(version), version: (said[0]?.stdout ?? '').trim() };
}

/** Kept of what a program says: a restore of a broken dump has much to say. */
const KEPT_CHARACTERS = 1_000_000;

/** Rejects where it cannot be run at all, and on abort, which ends it. */
export function runProgram(program: string, args: readonly string[], signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        if (text[name].length < KEPT_CHARACTERS) text[name] += chunk;
      });
    child.once('error', reject);
    child.once('close', (code) => (signal.aborted ? reject(signal.reason as Error) : resolve({ code, ...text })));
  });
}
