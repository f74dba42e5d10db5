// Signatures that `ssh-keygen -Y sign` makes (OpenSSH, PROTOCOL.sshsig): read, verified without OpenSSH. Called by the SSH keys and by sign-off.
import { createHash, type KeyObject, verify } from 'node:crypto';
import { readWire, unsignedNumber, wireString } from './ssh-wire.ts';

/** What a signature is for: one made for git or for a mail does not count here. */
export const NAMESPACE = 'naap-gate';

const MAGIC = 'SSHSIG';
const VERSION = 1;
const BEGIN = '-----BEGIN SSH SIGNATURE-----\n';
const END = '\n-----END SSH SIGNATURE-----\n';
/** As ssh-keygen breaks its lines. */
const COLUMNS = 70;

export function armour(blob: Uint8Array): string {
  const lines =
    Buffer.from(blob)
      .toString('base64')
      .match(new RegExp(`.{1,${COLUMNS}}`, 'g')) ?? [];
  return `${BEGIN}${lines.join('\n')}${END}`;
}

/** The blob within, whatever the length of its lines. Throws RangeError where it is none. */
export function unarmour(text: string): Buffer {
  const found = /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+)\r?\n-----END SSH SIGNATURE-----\s*$/.exec(text);
  if (found?.[1] === undefined) throw new RangeError('this is no armoured SSH signature');
  return Buffer.from(found[1], 'base64');
}

/** Undefined: `signature` (armoured text) is of this key over the message, for our namespace. */
export function whySshSignatureFails(key: KeyObject, keyBlob: Uint8Array, message: Uint8Array, signature: Uint8Array): string | undefined {
  try {
    const text = Buffer.from(signature).toString('latin1');
    const blob = unarmour(text);
    if (armour(blob) !== text) return 'the signature is not written in its one form';
    return whyBlobFails(key, keyBlob, message, blob);
  } catch (error) {
    if (error instanceof RangeError) return `the signature cannot be read: ${error.message}`;
    throw error;
  }
}

function whyBlobFails(key: KeyObject, keyBlob: Uint8Array, message: Uint8Array, blob: Buffer): string | undefined {
  const wire = readWire(blob);
  if (wire.bytes(MAGIC.length).toString('latin1') !== MAGIC) return 'it does not begin with SSHSIG';
  const version = wire.uint32();
  if (version !== VERSION) return `its version is ${version}; ${VERSION} is known`;
  if (!wire.string().equals(keyBlob)) return 'it was made with another key';
  const namespace = wire.text();
  if (namespace !== NAMESPACE) return `it was made for "${namespace}", not for "${NAMESPACE}"`;
  const reserved = wire.string();
  const hash = wire.text();
  const inner = readWire(wire.string());
  wire.end();
  if (hash !== 'sha512' && hash !== 'sha256') return `its hash is ${hash}; sha512 and sha256 are known`;
  const digest = createHash(hash).update(message).digest();
  const signed = Buffer.concat([Buffer.from(MAGIC), wireString(namespace), wireString(reserved), wireString(hash), wireString(digest)]);
  const algorithm = inner.text();
  const value = inner.string();
  inner.end();
  return holds(key, algorithm, signed, value) ? undefined : 'the signature is not of this key over these bytes';
}

/** RFC 8709 §6, RFC 5656 §3.1.2, RFC 8332 §3: how each algorithm writes its signature. */
function holds(key: KeyObject, algorithm: string, signed: Uint8Array, value: Buffer): boolean {
  const ecdsa = (hash: string, size: number): boolean => {
    const wire = readWire(value);
    const numbers = Buffer.concat([unsignedNumber(wire.string(), size), unsignedNumber(wire.string(), size)]);
    wire.end();
    return key.asymmetricKeyType === 'ec' && verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, numbers);
  };
  switch (algorithm) {
    case 'ssh-ed25519':
      return key.asymmetricKeyType === 'ed25519' && verify(null, signed, key, value);
    case 'ecdsa-sha2-nistp256':
      return ecdsa('sha256', 32);
    case 'ecdsa-sha2-nistp384':
      return ecdsa('sha384', 48);
    case 'ecdsa-sha2-nistp521':
      return ecdsa('sha512', 66);
    case 'rsa-sha2-512':
      return key.asymmetricKeyType === 'rsa' && verify('sha512', signed, key, value);
    case 'rsa-sha2-256':
      return key.asymmetricKeyType === 'rsa' && verify('sha256', signed, key, value);
    default:
      throw new RangeError(`the algorithm ${algorithm} is not known here`);
  }
}
