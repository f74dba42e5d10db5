// What an answer must not tell: stack traces, SQL, files of the server, secrets. Names the kind and the place, never the value. Used by the API checks.

/** Text that only the inside of a server writes. Newlines may be escaped, as in JSON. */
const INSIDES: readonly (readonly [string, RegExp])[] = [
  ['a stack trace', /(?:\n|\\n)\s*at [^\n"]{1,300}:\d+:\d+/],
  ['a path of the server', /\/node_modules\/|\/var\/task\/|\/\.next\/server\//],
  [
    'an error of the database',
    /syntax error at or near|unterminated quoted string|\bSQLSTATE\b|PrismaClient\w*Error|relation \\?"[^"]+" does not exist|violates [\w-]+ constraint/i,
  ],
  ['an SQL statement', /\bSELECT\b[^;]{1,300}\bFROM\b|\bINSERT INTO\b|\bUPDATE\b[^;]{1,200}\bSET\b/],
];

/** Forms of secrets that are known by their look. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['a URL with a password', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"]*:[^\s/@"]+@/i],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['an AWS access key', /\bAKIA[0-9A-Z]{16}\b/],
  ['a key of Stripe', /\b[sr]k_live_\w{16,}/],
  ['a token of GitHub', /\bgh[pousr]_\w{30,}/],
  ['a token of Slack', /\bxox[abprs]-[\w-]{10,}/],
  ['a token of Vercel Blob', /\bvercel_blob_rw_\w{10,}/],
  ['a key of Ably', /\b[\w-]{6}\.[\w-]{6}:[\w-]{32,}/],
];

const SECRET_NAME = /(?:password|passwd|secret|private_?key|api_?key|access_?key|connection_?string|database_?url|\bdsn)$/i;
/** A word about a secret is none. */
const MASKED = /^(?:\**|•*|\[?(?:set|unset|present|missing|configured|redacted|masked|hidden|ok)\]?)$/i;

/** Paths of fields whose name says that they hold a secret, and that hold some text. */
function listSecretFields(json: unknown, path = ''): readonly string[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return typeof value === 'string' && SECRET_NAME.test(key) && !MASKED.test(value) ? [here] : listSecretFields(value, here);
  });
}

function nameKinds(kinds: readonly (readonly [string, RegExp])[], text: string): readonly string[] {
  return kinds.filter(([, look]) => look.test(text)).map(([kind]) => kind);
}

/** What of the server's inside an answer tells, or undefined. */
export function findInside(text: string): string | undefined {
  const kinds = nameKinds(INSIDES, text);
  return kinds.length === 0 ? undefined : `it tells ${kinds.join(' and ')}`;
}

/** What secrets an answer tells, or undefined. */
export function findSecret({ text, json }: { readonly text: string; readonly json: unknown }): string | undefined {
  const found = [...nameKinds(SECRETS, text), ...listSecretFields(json).map((path) => `a value of \`${path}\``)];
  return found.length === 0 ? undefined : `it tells ${found.join(' and ')}`;
}
