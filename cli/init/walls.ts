// Knows the protection that stands before deployments by its answers: Vercel's, Cloudflare's, Basic. Used by discover-url.
import type { Wall } from './findings.ts';
import type { Answer } from './look.ts';

type Sign = (answer: Answer) => string | undefined;

const cookie =
  (name: string): Sign =>
  ({ headers }) =>
    new RegExp(`(^|\\n)${name}=`).test(headers['set-cookie'] ?? '') ? `the cookie ${name}` : undefined;
const leadsTo =
  (pattern: RegExp): Sign =>
  ({ leadsTo: to }) =>
    to !== undefined && pattern.test(to) ? `a redirect to ${to}` : undefined;

interface KnownWall extends Omit<Wall, 'seen'> {
  readonly signs: readonly Sign[];
}

const KNOWN: readonly KnownWall[] = [
  {
    what: "Vercel's deployment protection",
    // Vercel, "Protection Bypass for Automation": header x-vercel-protection-bypass.
    headers: [{ name: 'x-vercel-protection-bypass', env: 'VERCEL_PROTECTION_BYPASS' }],
    how: 'make a secret in the project: Settings, Deployment Protection, Protection Bypass for Automation',
    signs: [
      cookie('_vercel_sso_nonce'),
      leadsTo(/^https:\/\/vercel\.com\/(sso-api|login)/),
      leadsTo(/\/sso-api$/),
      ({ status, text, headers }) =>
        status === 401 && (/vercel/i.test(headers['server'] ?? '') || /vercel\.com\/(sso|login)|_vercel_password/i.test(text))
          ? 'the signs of Vercel'
          : undefined,
    ],
  },
  {
    what: 'Cloudflare Access',
    // Cloudflare One, "Service tokens".
    headers: [
      { name: 'CF-Access-Client-Id', env: 'CF_ACCESS_CLIENT_ID' },
      { name: 'CF-Access-Client-Secret', env: 'CF_ACCESS_CLIENT_SECRET' },
    ],
    how: 'make a service token (Zero Trust, Access, Service auth) and allow it in the policy of the application',
    signs: [leadsTo(/\.cloudflareaccess\.com\//), cookie('CF_AppSession')],
  },
  {
    what: 'HTTP Basic authentication',
    headers: [{ name: 'authorization', env: 'BASIC_AUTHORIZATION' }],
    how: 'set the variable to the word Basic, a space, and name:password in base64',
    signs: [({ status, headers }) => (status === 401 && /^basic\b/i.test(headers['www-authenticate'] ?? '') ? 'WWW-Authenticate: Basic' : undefined)],
  },
];

/** Undefined: nothing stands before it that is known. */
export function findWall(answer: Answer): Wall | undefined {
  for (const { signs, ...wall } of KNOWN) {
    const seen = signs.map((sign) => sign(answer)).find((one) => one !== undefined);
    if (seen !== undefined) return { ...wall, seen: `GET ${answer.path} answered ${answer.status} with ${seen}` };
  }
  if (answer.leadsTo !== undefined && /login|signin|sign-in|sso|oauth|authorize|saml/i.test(answer.leadsTo))
    return {
      what: 'a login of another host',
      seen: `GET ${answer.path} answered ${answer.status} with a redirect to ${answer.leadsTo}`,
      headers: [],
      how: 'ask whoever runs it for a header that lets automation through',
    };
  return undefined;
}
