// A session as a browser holds it: the application's cookie made from a token, or the cookies that were given. Used by open-browser.ts and by the journeys.
import type { Session, StoredCookie, Surface } from '../../../gates/model.ts';

/** Cookies that log a browser in at `web`, the origin of the pages. */
export function sessionCookies(
  { token, cookies = [] }: Pick<Session, 'token' | 'cookies'>,
  { auth }: Pick<Surface, 'auth'>,
  web: string,
): readonly StoredCookie[] {
  if (token === undefined) return cookies;
  const { hostname, protocol } = new URL(web);
  return [{ name: auth.cookie, value: token, domain: hostname, path: '/', expires: -1, httpOnly: true, secure: protocol === 'https:', sameSite: 'Lax' }];
}
