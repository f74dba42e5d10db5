// The accounts of a configured environment, of whatever kind: passwords, tokens, storage states, or a command that makes sessions. Called by resolve-environment.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { type Environment, GateError, StoredCookie } from '../../gates/model.ts';
import { isOfHost } from '../../suites/instruments/session-headers.ts';
import type { AuthConfig, Secret } from './schema.ts';

/** The parts of a storage state that are a session; what else Playwright keeps there (local storage) is not sent by HTTP. */
export const StorageState = z.object({ cookies: z.array(StoredCookie) });

export interface AccountsPlace {
  /** Where relative paths start. */
  readonly directory: string;
  /** `environments.staging.auth.accounts` */
  readonly place: string;
  /** Hosts of the environment, target and legacy. */
  readonly hosts: readonly string[];
  readonly value: (secret: string | Secret) => string;
}

/** Throws CONFIG_INVALID with every storage state that is none. */
export function resolveAccounts(auth: AuthConfig | undefined, place: AccountsPlace): Environment['accounts'] {
  switch (auth?.kind) {
    case undefined:
      return {};
    case 'password':
      return mapValues(auth.accounts, ({ email, password, role }, name) => ({
        email: place.value(email),
        password: place.value(password),
        role: role ?? name,
      }));
    case 'token':
      return mapValues(auth.accounts, ({ token, role, disposable = false }, name) => ({
        role: role ?? name,
        disposable,
        session: { token: place.value(token) },
      }));
    case 'storageState':
      return readStorageStates(auth.accounts, place);
    case 'setup':
      return mapValues(auth.accounts, ({ role, disposable = false }, name) => ({ role: role ?? name, disposable }));
    default:
      return auth satisfies never;
  }
}

function mapValues<From, To>(values: Readonly<Record<string, From>>, map: (value: From, name: string) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value, name)]));
}

type StorageAccounts = Extract<AuthConfig, { kind: 'storageState' }>['accounts'];

function readStorageStates(accounts: StorageAccounts, { directory, place, hosts }: AccountsPlace): Environment['accounts'] {
  const mistakes: string[] = [];
  const read = mapValues(accounts, ({ path, role, disposable = false }, name) => {
    const cookies = readCookies(isAbsolute(path) ? path : join(directory, path), hosts);
    if (typeof cookies === 'string') mistakes.push(`${place}.${name}.path: ${cookies}`);
    return { role: role ?? name, disposable, session: { cookies: typeof cookies === 'string' ? [] : cookies } };
  });
  if (mistakes.length === 0) return read;
  throw new GateError(
    'CONFIG_INVALID',
    `${mistakes.length === 1 ? 'A storage state is' : 'Storage states are'} of no use:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`,
    {
      remedy: 'Log in with Playwright and save it: await context.storageState({ path }).',
    },
  );
}

/** What is wrong, or the cookies of the environment's own hosts; those of others (the provider's that logged in) are left where they are. */
function readCookies(path: string, hosts: readonly string[]): StoredCookie[] | string {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // The text of a parser's error would quote the file, which is secret.
    return error instanceof SyntaxError ? `${path} is no JSON.` : `${path} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`;
  }
  const parsed = StorageState.safeParse(content);
  if (!parsed.success) return `${path} is no storage state (at ${parsed.error.issues[0]?.path.join('.') || 'its top'}).`;
  return ownCookies(parsed.data.cookies, hosts) ?? `${path} holds no cookie for ${hosts.join(' or ')}.`;
}

/** Undefined where there is none. */
export function ownCookies(cookies: readonly StoredCookie[], hosts: readonly string[]): StoredCookie[] | undefined {
  const own = cookies.filter((cookie) => hosts.some((host) => isOfHost(cookie, host)));
  return own.length === 0 ? undefined : own;
}
