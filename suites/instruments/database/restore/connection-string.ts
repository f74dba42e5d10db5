// How libpq's programs are told where a database is: no password on a command line, where every user of the machine reads it. Used by restored-copy.ts.

/** Parameters of a URL that libpq knows; others (Prisma's `schema`, `pgbouncer`) are for drivers, and libpq refuses them. */
const KNOWN: ReadonlySet<string> = new Set([
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslcrl',
  'options',
  'channel_binding',
  'gssencmode',
  'host',
  'port',
]);

export interface ConnectionFiles {
  readonly url: string;
  /** Content of the file that `passfile` names; undefined: there is no password. */
  readonly password: string | undefined;
}

/** `passfile`: path of the file that the password will be written into, for this user alone. */
export function connectionString(address: string, passfile: string, database?: string): ConnectionFiles {
  const url = new URL(address);
  const { password } = url;
  url.password = '';
  if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
  const unknown = [...url.searchParams.keys()].filter((name) => !KNOWN.has(name));
  for (const name of unknown) url.searchParams.delete(name);
  if (password !== '') url.searchParams.set('passfile', passfile);
  url.searchParams.set('connect_timeout', '10');
  return { url: url.href, password: password === '' ? undefined : `*:*:*:*:${escaped(decodeURIComponent(password))}\n` };
}

/** PostgreSQL, "The Password File": colon and backslash are escaped. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(':', '\\:');
}
