// What a session sends to an address: its bearer token, or those of its cookies that belong there. Used by the HTTP client and the load mix.
import type { Session, StoredCookie } from '../../gates/model.ts';

/** `authorization`, `cookie`, or nothing where no cookie belongs to `url`. */
export function sessionHeaders(session: Pick<Session, 'token' | 'cookies'>, url: string, now = new Date()): Readonly<Record<string, string>> {
  if (session.token !== undefined) return { authorization: `Bearer ${session.token}` };
  const cookies = (session.cookies ?? []).filter((cookie) => belongsTo(cookie, new URL(url)) && !isOver(cookie, now));
  return cookies.length === 0 ? {} : { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
}

/** RFC 6265 §5.1.3: the host itself, and its subdomains where the domain begins with a dot. */
export function isOfHost({ domain }: StoredCookie, host: string): boolean {
  return domain.startsWith('.') ? `.${host}`.endsWith(domain) : host === domain;
}

export function isOver({ expires }: StoredCookie, now: Date): boolean {
  return expires >= 0 && expires * 1000 <= now.getTime();
}

function belongsTo(cookie: StoredCookie, { protocol, hostname, pathname }: URL): boolean {
  const isSafe = protocol === 'https:' || !cookie.secure || isThisMachine(hostname);
  return isSafe && isOfHost(cookie, hostname) && isBelow(pathname, cookie.path);
}

/** Browsers send Secure cookies over plain HTTP to nobody else. */
function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** RFC 6265 §5.1.4. */
function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}
