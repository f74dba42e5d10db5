// What `--runs` names: a folder or a PostgreSQL database; and how that is shown, which is never with a password. Called by open-store and by the program.
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { GateError } from '../../gates/model.ts';
import type { Host } from '../terminal.ts';

export const DEFAULT_RUNS = '.naap-gate/runs';
const VARIABLE = 'NAAP_GATE_RUNS';

export type RunPlace = { readonly kind: 'folder'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

/** The same words for every command. No default here: the environment variable comes before it. */
export function runsOption(): Option {
  return new Option(
    '--runs <place>',
    `where runs are kept: a folder, postgres://user@host/database, or env:NAME (default: $${VARIABLE}, else ${DEFAULT_RUNS})`,
  );
}

/** Throws USAGE, SECRET_MISSING. */
export function runPlace(named: string | undefined, { env, cwd }: Pick<Host, 'env' | 'cwd'>): RunPlace {
  const given = named ?? (env[VARIABLE] || DEFAULT_RUNS);
  const place = given.startsWith('env:') ? variable(given.slice('env:'.length), env) : given;
  if (place === '')
    throw new GateError('USAGE', '--runs is empty.', { remedy: 'Is a variable unset? Name a folder or a postgres:// address, or leave --runs out.' });
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(place) ?? [];
  if (scheme === undefined) return folder(resolve(cwd(), place));
  const isKnown = ['postgres', 'postgresql'].includes(scheme.toLowerCase());
  if (isKnown && URL.canParse(place)) return { kind: 'postgres', url: place };
  throw new GateError(
    'USAGE',
    `--runs is ${isKnown ? 'an address that cannot be read' : `an address of the kind "${scheme}"`}; runs are kept in a folder or in PostgreSQL.`,
    {
      remedy: 'For example: --runs postgres://naap@db.example/gates, with the password in PGPASSWORD; signs such as @ or / in a name are written as %40, %2F.',
    },
  );
}

function folder(path: string): RunPlace {
  if (!existsSync(path) || statSync(path).isDirectory()) return { kind: 'folder', path };
  throw new GateError('USAGE', `--runs names the file ${path}; runs are kept in a folder.`, { remedy: 'Name the folder that holds the folders of the runs.' });
}

function variable(name: string, env: Host['env']): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new GateError('SECRET_MISSING', `--runs names the environment variable ${name}, which is not set.`, {
    remedy: `Set ${name} to a folder or a postgres:// address.`,
  });
}

/** `user@host:port/database`. */
export function describeStore(url: string): string {
  const { username, hostname, port, pathname, searchParams } = new URL(url);
  const host = hostname || searchParams.get('host') || 'localhost';
  return `${username === '' ? '' : `${decodeURIComponent(username)}@`}${host}:${port || '5432'}${decodeURIComponent(pathname)}`;
}

/** The passwords that a connection may use, to be kept out of everything that is stored. */
export function passwordsOf(place: RunPlace, env: Host['env']): string[] {
  if (place.kind === 'folder') return [];
  const { password, searchParams } = new URL(place.url);
  const candidates = [password, decodeURIComponent(password), searchParams.get('password'), env['PGPASSWORD']];
  return [...new Set(candidates.filter((value) => value !== null && value !== undefined && value !== ''))] as string[];
}

/** An argument of the command line as it may be shown again. */
export function withoutPassword(argument: string): string {
  return argument.replace(/(postgres(?:ql)?:\/\/[^:@/\s]*):[^\s]*@/gi, '$1:***@').replace(/([?&]password=)[^&\s]*/gi, '$1***');
}
