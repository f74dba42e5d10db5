// A storage state as Playwright saves it, for the tests of sessions that were made elsewhere.
import type { StoredCookie } from '../../gates/model.ts';

/** A session on this machine, with a cookie of the provider that logged in beside it. */
export function storageState(token: string): { readonly cookies: readonly StoredCookie[]; readonly origins: readonly unknown[] } {
  const cookie = { path: '/', httpOnly: true, secure: true, sameSite: 'Lax' } as const;
  return {
    cookies: [
      { ...cookie, name: 'naap_auth_token', value: token, domain: '127.0.0.1', expires: Date.now() / 1000 + 6 * 24 * 3600 },
      { ...cookie, name: 'user_session', value: 'the-providers-own-secret-session', domain: '.github.com', expires: -1 },
    ],
    origins: [],
  };
}
