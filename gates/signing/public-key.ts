// The public keys of approvers: SSH keys as people have them, and bare Ed25519 keys. Called by the approvers' list, by sign-off and by verify.
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import { GateError } from '../model/errors.ts';
import { readWire, unsignedNumber, wireString } from './ssh-wire.ts';
import { whySshSignatureFails } from './sshsig.ts';

export interface PublicKey {
  /** `SHA256:…` as `ssh-keygen -l` shows it. A bare Ed25519 key has the id of the same key in SSH's form, so that no key counts twice. */
  readonly id: string;
  /** In which form it signs: a signature of SSH (PROTOCOL.sshsig), or the bare one of Ed25519. */
  readonly form: 'ssh' | 'ed25519';
  /** `ssh-ed25519 AAAA…`: what an allowed_signers file takes. */
  readonly line: string;
  /** Undefined: the signature holds. Otherwise what is wrong with it. */
  why(message: Uint8Array, signature: Uint8Array): string | undefined;
}

const CURVES: Readonly<Record<string, { readonly crv: string; readonly size: number }>> = {
  'ecdsa-sha2-nistp256': { crv: 'P-256', size: 32 },
  'ecdsa-sha2-nistp384': { crv: 'P-384', size: 48 },
  'ecdsa-sha2-nistp521': { crv: 'P-521', size: 66 },
};
const KNOWN = ['ssh-ed25519', ...Object.keys(CURVES), 'ssh-rsa'].join(', ');
const SHORTEST_RSA_BITS = 2048;
const ED25519_BYTES = 32;

/** `ssh-ed25519 AAAA… comment`. Throws KEY_UNUSABLE. */
export function sshPublicKey(text: string): PublicKey {
  const [type = '', encoded = ''] = text.trim().split(/\s+/);
  if (text.includes('PRIVATE KEY'))
    throw unusable('This is a private key; it belongs to its owner alone.', 'Give the line of the .pub file, and replace the key: it has been shown.');
  if (!/^(ssh|ecdsa|sk)-/.test(type)) throw unusable(`"${shortened(text)}" is no SSH public key.`, `A line of a .pub file was expected: ${KNOWN}.`);
  const blob = Buffer.from(encoded, 'base64');
  if (type.startsWith('sk-'))
    throw unusable(`A key of the type ${type} lives in a security key and signs in a form of its own, which is not verified here.`, `Known: ${KNOWN}.`);
  try {
    const key = keyOfBlob(type, blob);
    return {
      id: fingerprint(blob),
      form: 'ssh',
      line: `${type} ${blob.toString('base64')}`,
      why: (message, signature) => whySshSignatureFails(key, blob, message, signature),
    };
  } catch (cause) {
    if (cause instanceof GateError) throw cause;
    throw unusable(
      `The SSH key "${shortened(text)}" cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Copy the whole line of the .pub file.',
      cause,
    );
  }
}

function keyOfBlob(type: string, blob: Buffer): KeyObject {
  const wire = readWire(blob);
  if (wire.text() !== type) throw new RangeError('its type and its content disagree');
  const jwk = jwkOf(type, wire);
  wire.end();
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < SHORTEST_RSA_BITS)
    throw unusable(`An RSA key of ${bits} bits is too short.`, `At least ${SHORTEST_RSA_BITS} bits; better a new key: ssh-keygen -t ed25519.`);
  return key;
}

function jwkOf(type: string, wire: ReturnType<typeof readWire>): JsonWebKey {
  const curve = CURVES[type];
  if (type === 'ssh-ed25519') return okp(wire.string());
  if (type === 'ssh-rsa') {
    const e = unsignedNumber(wire.string());
    return { kty: 'RSA', e: e.toString('base64url'), n: unsignedNumber(wire.string()).toString('base64url') };
  }
  if (curve === undefined) throw unusable(`Keys of the type ${type} are not known here.`, `Known: ${KNOWN}.`);
  if (`ecdsa-sha2-${wire.text()}` !== type) throw new RangeError('its type and its curve disagree');
  const point = wire.string();
  if (point[0] !== 4 || point.length !== 1 + 2 * curve.size) throw new RangeError('its point is compressed or of a wrong size');
  const part = (from: number): string => point.subarray(from, from + curve.size).toString('base64url');
  return { kty: 'EC', crv: curve.crv, x: part(1), y: part(1 + curve.size) };
}

/** PEM (SPKI), or base64 of the 32 bytes or of the SPKI. Throws KEY_UNUSABLE. */
export function ed25519PublicKey(text: string): PublicKey {
  if (text.includes('PRIVATE KEY'))
    throw unusable(
      'This is a private key; it belongs to its owner alone.',
      'Give the public key: openssl pkey -in key.pem -pubout. And replace the key: it has been shown.',
    );
  const key = readEd25519(text.trim());
  const { x = '' } = key.export({ format: 'jwk' });
  const blob = Buffer.concat([wireString('ssh-ed25519'), wireString(Buffer.from(x, 'base64url'))]);
  return {
    id: fingerprint(blob),
    form: 'ed25519',
    line: `ssh-ed25519 ${blob.toString('base64')}`,
    why: (message, signature) => (verifySignature(null, message, key, signature) ? undefined : 'the signature is not of this key over these bytes'),
  };
}

function readEd25519(text: string): KeyObject {
  try {
    const bytes = Buffer.from(text, 'base64');
    const key = text.startsWith('-----')
      ? createPublicKey(text)
      : bytes.length === ED25519_BYTES
        ? createPublicKey({ key: okp(bytes), format: 'jwk' })
        : createPublicKey({ key: bytes, format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw unusable(`This is a key of the type ${key.asymmetricKeyType ?? 'unknown'}, not Ed25519.`, 'Other types are known in SSH form: { ssh: "…" }.');
  } catch (cause) {
    if (cause instanceof GateError) throw cause;
    throw unusable(`"${shortened(text)}" is no Ed25519 public key.`, 'Give a PEM, or base64 of the 32 bytes: openssl pkey -in key.pem -pubout.', cause);
  }
}

function okp(bytes: Buffer): JsonWebKey {
  return { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') };
}
function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replaceAll('=', '')}`;
}
function shortened(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
function unusable(message: string, remedy: string, cause?: unknown): GateError {
  return new GateError('KEY_UNUSABLE', message, { remedy, cause });
}
