// Puts the errors of a socket into words: what happened and what to do. Used by the http and sql instruments.

/** Code of an error or of the first cause (or member of an AggregateError) that has one. */
export function findErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return code;
  const inner = error instanceof AggregateError ? [...error.errors, error.cause] : [error.cause];
  return inner.map(findErrorCode).find((found) => found !== undefined);
}

export interface Words {
  readonly what: string;
  readonly remedy: string;
}

const WORDS: Readonly<Record<string, Words>> = {
  ECONNREFUSED: { what: 'refused the connection (nothing listens there)', remedy: 'Check that it is running and that host and port are right.' },
  ECONNRESET: { what: 'closed the connection before it answered', remedy: 'Look into its log, and into those of proxies before it, at this time.' },
  UND_ERR_SOCKET: { what: 'closed the connection before it answered', remedy: 'Look into its log, and into those of proxies before it, at this time.' },
  ENOTFOUND: {
    what: 'has a host name that DNS does not know',
    remedy: 'Check the spelling of the address, and whether this machine needs a VPN to resolve it.',
  },
  EAI_AGAIN: { what: 'could not be looked up: DNS did not answer', remedy: 'Check the network of this machine, then try again.' },
  EHOSTUNREACH: { what: 'cannot be reached from this network', remedy: 'Check VPN, firewall and address.' },
  ENETUNREACH: { what: 'cannot be reached from this network', remedy: 'Check VPN, firewall and address.' },
  ETIMEDOUT: { what: 'did not accept the connection in time', remedy: 'Check VPN, firewall and address.' },
  UND_ERR_CONNECT_TIMEOUT: { what: 'did not accept the connection in time', remedy: 'Check VPN, firewall and address.' },
  EPROTO: {
    what: 'does not speak TLS on this port, or no version in common',
    remedy: 'Check whether the address should begin with http:// or have another port.',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    what: 'does not speak TLS on this port',
    remedy: 'Check whether the address should begin with http:// or have another port.',
  },
  HPE_INVALID_CONSTANT: { what: 'answered with something that is no HTTP', remedy: 'Check the port, and whether the address should begin with https://.' },
  CERT_HAS_EXPIRED: { what: 'has a TLS certificate that has expired', remedy: 'Renew the certificate.' },
  ERR_TLS_CERT_ALTNAME_INVALID: { what: 'has a TLS certificate for another host name', remedy: 'Check the address against the names in the certificate.' },
};

const UNTRUSTED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
];

/** Errors of this machine, not of the other side: files, ports, memory. */
export const LOCAL_CODES: readonly string[] = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'];

/** What to say of a transport error; `subject` would come before `what`. */
export function describeTransportError(error: unknown): Words {
  const code = findErrorCode(error);
  if (code !== undefined && UNTRUSTED.includes(code)) {
    return {
      what: `has a TLS certificate that nobody here vouches for (${code})`,
      remedy: 'Name its certificate authority as `access.ca` of the environment, or correct the certificate chain.',
    };
  }
  if (code !== undefined && LOCAL_CODES.includes(code)) {
    return { what: `was not asked: this machine ran out of files, ports or memory (${code})`, remedy: 'Raise `ulimit -n`, or run with less beside it.' };
  }
  const known = code === undefined ? undefined : WORDS[code];
  if (known !== undefined) return { what: `${known.what} (${code})`, remedy: known.remedy };
  const message = error instanceof Error ? error.message : String(error);
  return {
    what: `could not be asked: ${message}${code === undefined ? '' : ` (${code})`}`,
    remedy: 'Check that it is running and can be reached from this machine.',
  };
}
