// How people log in, as a login page or the provider list of NextAuth shows it. Pure; used by discover-url.
import type { Login } from './findings.ts';

/** Names as they stand on buttons and in addresses. */
const PROVIDERS = ['GitHub', 'Google', 'GitLab', 'Microsoft', 'Discord', 'Apple', 'Facebook', 'Twitter', 'Okta', 'Auth0', 'Keycloak'];
const OAUTH_WORDS = /\b(?:continue|sign[ -]?in|log[ -]?in|sign[ -]?up) with\b/i;
const OAUTH_ADDRESS = /\/(?:oauth2?|auth\/(?:signin|oauth|login))\/[\w-]+|\/authorize\b/i;

/** From the HTML of the page at `path`, as it is served: what only a browser would see is not there. */
export function loginOnPage(path: string, html: string): Login {
  const hasPassword = /<input\b[^>]*\btype\s*=\s*["']?password\b/i.test(html);
  const providers = providersIn(html);
  if (hasPassword) {
    const beside = providers.length === 0 ? '' : `, beside ${providers.join(' and ')}`;
    return { kind: 'password', providers, seen: `a password field on ${path}${beside}` };
  }
  if (providers.length > 0) return { kind: 'oauth', providers, seen: `buttons of ${providers.join(' and ')} on ${path}, and no password field` };
  const isEmpty = text(html).length < 200 && /<script\b/i.test(html);
  return {
    kind: 'unknown',
    providers: [],
    seen: isEmpty ? `${path} is drawn by its scripts, so its HTML shows no form` : `${path} shows no password field and no provider`,
  };
}

/** From `/api/auth/providers` of NextAuth (Auth.js): an object of providers with `type`. Undefined: that is not what answered. */
export function loginOfProviders(json: unknown): Login | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const providers = Object.values(json as Record<string, unknown>).flatMap((one) => {
    const { type, name } = (one ?? {}) as { type?: unknown; name?: unknown };
    return typeof type === 'string' && typeof name === 'string' ? [{ type, name }] : [];
  });
  if (providers.length === 0) return undefined;
  const outside = providers.filter(({ type }) => type !== 'credentials').map(({ name }) => name.slice(0, 40));
  const hasPassword = outside.length < providers.length;
  return {
    kind: hasPassword ? 'password' : 'oauth',
    providers: outside,
    seen: `/api/auth/providers lists ${providers.map(({ name, type }) => `${name.slice(0, 40)} (${type})`).join(', ')}`,
  };
}

/** Only beside an OAuth address or the words of such a button: a footer's link to GitHub is no login. */
function providersIn(html: string): string[] {
  const parts = html.match(/<(a|button|form)\b[\s\S]*?<\/\1>/gi) ?? [];
  const buttons = parts.filter((part) => OAUTH_WORDS.test(text(part)) || OAUTH_ADDRESS.test(part.replace(/>[\s\S]*$/, '')));
  return PROVIDERS.filter((name) => buttons.some((part) => part.toLowerCase().includes(name.toLowerCase())));
}

function text(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
