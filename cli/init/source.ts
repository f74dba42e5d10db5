// What `--discover` names: an address, a HAR or an OpenAPI document. Called by `init`.
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parse } from 'yaml';
import { GateError } from '../../gates/model.ts';
import { httpUrl } from '../config/schema.ts';
import { readHar } from './discover-har.ts';
import { discoverUrl } from './discover-url.ts';
import { type Findings, NOWHERE, type Unknown } from './findings.ts';
import type { LookOptions } from './look.ts';
import { readOpenapi, type ReadDocument } from './openapi-routes.ts';
import { surfaceOf } from './routes.ts';

/** Throws USAGE, DISCOVERY_UNREADABLE, TARGET_UNREACHABLE. Only an address is asked anything. */
export async function discover(named: string | undefined, directory: string, options: LookOptions): Promise<Findings> {
  const findings = named === undefined ? NOTHING_LOOKED_AT : await read(named, directory, options);
  return { ...findings, unknown: [...findings.unknown, ...NEVER_SEEN] };
}

/** What no look from outside can show. */
const NEVER_SEEN: readonly Unknown[] = [
  {
    field: 'databases.target.url, legacy',
    what: 'its database, and the side that it is migrated from',
    fill: 'name the variable with a read-only address; give legacy: { web } where it still runs',
  },
  {
    field: 'surface.coldStart',
    what: 'how an answer shows that its function had to start first',
    fill: 'docs/configuration.md, "Cold starts"; until then the row is inconclusive',
  },
  { field: 'auth.expiredSession', what: 'a session that has expired', fill: 'keep a token until it has; until then authentication is inconclusive' },
];

async function read(named: string, directory: string, options: LookOptions): Promise<Findings> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(named)) return discoverUrl(new URL(addressOf(named)), options);
  const path = resolve(directory, named);
  const content = readDocument(path, named);
  const name = basename(path);
  const har = readHar(content, name);
  if (har !== undefined) return har;
  const document = readOpenapi(content);
  if (document !== undefined) return ofDocument(document, name);
  throw new GateError('DISCOVERY_UNREADABLE', `${named} holds no HAR (\`log.entries\`) and no OpenAPI document (\`openapi\`, \`paths\`).`, {
    remedy: 'Give an address (https://…), a HAR as browsers save it, or an OpenAPI document.',
  });
}

function addressOf(named: string): string {
  const parsed = httpUrl.safeParse(named);
  if (parsed.success) return parsed.data;
  throw new GateError('USAGE', `--discover: ${parsed.error.issues[0]?.message ?? 'an address'} was expected.`, {
    remedy: 'For example: naap-gate init --discover https://staging.naap.dev',
  });
}

/** JSON is YAML too. The parser's own words would quote the file, which may hold secrets. */
function readDocument(path: string, named: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const isAddress = /^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)/.test(named);
    throw new GateError('DISCOVERY_UNREADABLE', `${path} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {
      remedy: isAddress ? `An address begins with https://: --discover https://${named}` : 'Give an address (https://…), a HAR, or an OpenAPI document.',
    });
  }
  try {
    return /^\s*[{[]/.test(text) ? JSON.parse(text) : parse(text);
  } catch {
    throw new GateError('DISCOVERY_UNREADABLE', `${named} is neither JSON nor YAML.`, { remedy: 'Save it again; a HAR that was cut off cannot be read.' });
  }
}

const NO_LOGIN_SEEN: Findings['login'] = { kind: 'unknown', providers: [], seen: 'nobody looked' };
const NO_ADDRESS: Unknown = { field: 'target.web', what: 'its address', fill: 'the origin of its pages, such as https://staging.naap.dev' };
const NO_AUTH: Unknown = {
  field: 'auth',
  what: 'how people log in',
  fill: 'choose auth.kind: password, token, storageState or setup, and give an account of each role',
};

const NOTHING_LOOKED_AT: Findings = {
  source: 'no application (--discover looks at one)',
  target: { web: NOWHERE },
  login: NO_LOGIN_SEEN,
  learned: [],
  unknown: [NO_ADDRESS, NO_AUTH],
  requests: [],
};

function ofDocument({ title, routes, server, cookie }: ReadDocument, name: string): Findings {
  const { surface, learned, unknown } = surfaceOf({ routes, more: cookie === undefined ? {} : { auth: { cookie } }, isComplete: true });
  const login = routes.find(({ method, path }) => method === 'POST' && /\/(login|sign-?in)$/i.test(path));
  return {
    source: `${name}, "${title}"; nothing was sent`,
    target: { web: server?.origin ?? NOWHERE },
    login: login === undefined ? NO_LOGIN_SEEN : { kind: 'password', providers: [], seen: `POST ${login.path} in the document` },
    ...(surface === undefined ? {} : { surface }),
    learned: [...(server === undefined ? [] : [`its API is at ${server.origin}${server.base}`]), ...learned],
    unknown: [
      ...(server === undefined
        ? [NO_ADDRESS]
        : [{ field: 'target.web', what: 'whether its pages are where its API is', fill: 'correct target.web, and give target.api where they differ' }]),
      ...(login === undefined
        ? [NO_AUTH]
        : [{ field: 'auth.accounts', what: 'accounts to log in with', fill: 'one of each role and a second member; name the variables with their passwords' }]),
      ...unknown,
    ],
    requests: [],
  };
}
