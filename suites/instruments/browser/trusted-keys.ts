// Which public keys a browser may trust although no public authority vouches for them: those that the environment's own authority signed. Used by open-browser.ts.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, rootCertificates } from 'node:tls';

/** How long a handshake may take; a server that takes longer is found unreachable by whoever opens its page. */
const HANDSHAKE_MS = 5_000;

/**
 * SHA-256 of the public key (SPKI, base64) of each https origin whose certificate holds against `ca`. Chromium takes no authority from
 * its command line, but it takes these: so it trusts exactly the servers that the HTTP client trusts. An origin that does not hold is left out.
 */
export async function trustedKeys(origins: readonly string[], ca: string | undefined): Promise<readonly string[]> {
  if (ca === undefined) return [];
  const urls = origins.map((origin) => new URL(origin)).filter(({ protocol }) => protocol === 'https:');
  const keys = await Promise.all(urls.map((url) => keyOf(url, ca)));
  return [...new Set(keys.filter((key) => key !== undefined))];
}

async function keyOf({ hostname, port }: URL, ca: string): Promise<string | undefined> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const isName = /[a-z]/i.test(host) && !host.includes(':');
  const socket = connect({ host, port: Number(port || 443), ca: [ca, ...rootCertificates], ...(isName ? { servername: host } : {}) });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(HANDSHAKE_MS) });
    const spki = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
    return spki === undefined ? undefined : createHash('sha256').update(spki).digest('base64');
  } catch {
    // Not trusted, or not there: the browser will say so itself, by name, where the page is opened.
    return undefined;
  } finally {
    socket.destroy();
  }
}
