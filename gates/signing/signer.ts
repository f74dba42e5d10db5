// Who signs: something that has a key and answers signatures. Ed25519 is signed here; SSH keys are asked through cli/, where agents and passphrases are.
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { GateError } from '../model/errors.ts';
import { type Envelope, envelopeOf, toBeSigned } from './dsse.ts';
import { ed25519PublicKey, type PublicKey } from './public-key.ts';

export interface Signer {
  readonly publicKey: PublicKey;
  /** The signature in the form of the key. Throws KEY_UNUSABLE. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** `pem`: PKCS#8, not encrypted. Throws KEY_UNUSABLE; its text never quotes the key. */
export function ed25519Signer(pem: string, path: string): Signer {
  const key = readPrivateKey(pem, path);
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new GateError('KEY_UNUSABLE', `${path} is a key of the type ${key.asymmetricKeyType ?? 'unknown'}, not Ed25519.`, {
      remedy: 'Make one with "openssl genpkey -algorithm ed25519", or sign with an SSH key (Ed25519, ECDSA or RSA).',
    });
  }
  const publicKey = ed25519PublicKey(createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString());
  return { publicKey, sign: async (message) => sign(null, message, key) };
}

function readPrivateKey(pem: string, path: string): KeyObject {
  if (pem.includes('ENCRYPTED')) {
    throw new GateError('KEY_UNUSABLE', `${path} is encrypted.`, {
      remedy: 'For a key behind a passphrase use an SSH key: ssh-keygen asks for it, or an agent holds it.',
    });
  }
  if (pem.includes('PUBLIC KEY-----')) {
    throw new GateError('KEY_UNUSABLE', `${path} is a public key, and with that nobody can sign.`, { remedy: 'Give the private key that belongs to it.' });
  }
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new GateError('KEY_UNUSABLE', `${path} is no private key that can be read.`, {
      remedy: 'Give a PEM file (PKCS#8) with an Ed25519 key, an SSH private key, or the .pub file of a key that your agent holds.',
      cause,
    });
  }
}

/** Signs and holds the signature against the key: what cannot be verified is never recorded. Throws KEY_UNUSABLE. */
export async function signStatement(statement: object, { publicKey, sign: signMessage }: Signer): Promise<Envelope> {
  const { payload, message } = toBeSigned(statement);
  const signature = await signMessage(message);
  const why = publicKey.why(message, signature);
  if (why === undefined) return envelopeOf(payload, publicKey.id, signature);
  throw new GateError('KEY_UNUSABLE', `What ${publicKey.id} signed does not verify: ${why}.`, { remedy: 'Try again with another key.' });
}
