import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GateError } from '../model.ts';
import { alice, bob } from '../testing/sealed-run.ts';
import { openEnvelope, PAYLOAD_TYPE, preAuthEncoding, toBeSigned } from './dsse.ts';
import { ed25519PublicKey, type PublicKey, sshPublicKey } from './public-key.ts';
import { ed25519Signer, signStatement } from './signer.ts';
import { armour, NAMESPACE, unarmour } from './sshsig.ts';

const STATEMENT = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'a', digest: { sha256: 'b'.repeat(64) } }],
  predicateType: 'https://example.org/v1',
  predicate: {},
};
const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const needed = { skip: !hasSshKeygen };
const skipped = hasSshKeygen ? '' : ' (skipped: ssh-keygen, of the package openssh-client, is not on this machine)';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function keygen(type: string, ...options: string[]): { readonly path: string; readonly line: string } {
  const path = join(folder, `${type}-${options.join('')}-${Math.random().toString(36).slice(2)}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, ...options, '-N', '', '-C', 'alice@naap.dev', '-f', path]);
  return { path, line: readFileSync(`${path}.pub`, 'utf8') };
}
function sshSign(path: string, message: Uint8Array, namespace = NAMESPACE): Buffer {
  return execFileSync('ssh-keygen', ['-Y', 'sign', '-n', namespace, '-f', path], { input: message, stdio: ['pipe', 'pipe', 'ignore'] });
}
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof GateError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'no error';
};

test('the encoding that is signed is that of the DSSE specification', () => {
  // DSSE v1, protocol, "Test Vectors", with our payload type in place of theirs.
  expect(Buffer.from(preAuthEncoding(Buffer.from('hello world'))).toString()).toBe(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} 11 hello world`);
});

test("sigstore's verifier accepts an envelope that an Ed25519 key signed, and refuses it with another key or a changed payload", async () => {
  const envelope = await signStatement(STATEMENT, alice.signer);
  const verifyWith = (spki: string, payload = envelope.payload): unknown => {
    const publicKey = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
    const trust = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [], publicKey: () => ({ publicKey, validFor: () => true }) };
    const bundle = bundleFromJSON({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: envelope.signatures[0].keyid }, tlogEntries: [] },
      dsseEnvelope: { ...envelope, payload },
    });
    return new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }).verify(toSignedEntity(bundle));
  };
  expect(verifyWith(alice.key.ed25519)).toBeDefined();
  expect(() => verifyWith(bob.key.ed25519)).toThrow(/signature verification failed/);
  expect(() => verifyWith(alice.key.ed25519, Buffer.from('{}').toString('base64'))).toThrow(/signature verification failed/);
});

test.each([
  ['ed25519', []],
  ['ecdsa', ['-b', '256']],
  ['ecdsa', ['-b', '384']],
  ['ecdsa', ['-b', '521']],
  ['rsa', ['-b', '2048']],
])(`ssh-keygen accepts what an SSH key signed, and so do we: %s %s${skipped}`, needed, async (type, arguments_) => {
  const { path, line } = keygen(type, ...arguments_);
  const publicKey = sshPublicKey(line);
  const sign = async (message: Uint8Array): Promise<Uint8Array> => Buffer.from(armour(unarmour(sshSign(path, message).toString())));
  const { message, signature } = openEnvelope(await signStatement(STATEMENT, { publicKey, sign }));
  writeFileSync(join(folder, 'allowed_signers'), `alice@naap.dev ${publicKey.line}\n`);
  writeFileSync(join(folder, 'signature'), signature);
  const verified = spawnSync(
    'ssh-keygen',
    ['-Y', 'verify', '-f', join(folder, 'allowed_signers'), '-I', 'alice@naap.dev', '-n', NAMESPACE, '-s', join(folder, 'signature')],
    { input: message },
  );
  expect(verified.stdout.toString()).toMatch(/^Good "naap-gate" signature/);
  expect(publicKey.id).toBe(execFileSync('ssh-keygen', ['-lf', path]).toString().split(' ')[1]);
  expect(publicKey.why(Buffer.from('other'), signature)).toMatch(/not of this key over these bytes/);
});

test(`a signature for another purpose, or of another key, does not count${skipped}`, needed, () => {
  const { path, line } = keygen('ed25519');
  const { message } = toBeSigned(STATEMENT);
  const key = sshPublicKey(line);
  const formed = (bytes: Buffer): Uint8Array => Buffer.from(armour(unarmour(bytes.toString())));
  expect(key.why(message, formed(sshSign(path, message, 'git')))).toBe('it was made for "git", not for "naap-gate"');
  expect(sshPublicKey(keygen('ed25519').line).why(message, formed(sshSign(path, message)))).toBe('it was made with another key');
});

test(`every flipped byte of an SSH signature is found${skipped}`, needed, () => {
  const { path, line } = keygen('ed25519');
  const { message } = toBeSigned(STATEMENT);
  const signature = Buffer.from(armour(unarmour(sshSign(path, message).toString())));
  const key: PublicKey = sshPublicKey(line);
  expect(key.why(message, signature)).toBeUndefined();
  const unseen = [...signature.keys()].filter((at) =>
    [1, 0x20, 0x80].some((bit) => key.why(message, Buffer.from(signature).fill((signature[at] ?? 0) ^ bit, at, at + 1)) === undefined),
  );
  expect(unseen).toEqual([]);
});

test(`keys of other types, too short or private are refused with words${skipped}`, needed, () => {
  expect(codeOf(() => sshPublicKey(keygen('rsa', '-b', '1024').line))).toMatch(/^KEY_UNUSABLE An RSA key of 1024 bits is too short/);
  expect(codeOf(() => sshPublicKey(readFileSync(keygen('ed25519').path, 'utf8')))).toMatch(/^KEY_UNUSABLE This is a private key/);
  expect(codeOf(() => sshPublicKey(keygen('ed25519').line.slice(0, 60)))).toMatch(/^KEY_UNUSABLE The SSH key ".*" cannot be read/);
  expect(codeOf(() => sshPublicKey('sk-ssh-ed25519@openssh.com AAAA alice'))).toMatch(/lives in a security key/);
  expect(codeOf(() => sshPublicKey('hello'))).toMatch(/^KEY_UNUSABLE "hello" is no SSH public key/);
});

test('an Ed25519 key is known as PEM, as SPKI and as its 32 bytes, by one id; SSH would give it the same', () => {
  const pem = createPublicKey({ key: Buffer.from(alice.key.ed25519, 'base64'), format: 'der', type: 'spki' })
    .export({ type: 'spki', format: 'pem' })
    .toString();
  const bare = Buffer.from(alice.key.ed25519, 'base64').subarray(-32).toString('base64');
  const ids = [pem, alice.key.ed25519, bare].map((text) => ed25519PublicKey(text).id);
  expect(new Set([...ids, sshPublicKey(alice.signer.publicKey.line).id]).size).toBe(1);
});

test('a key of the wrong type is refused, without quoting it', () => {
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = p256.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(codeOf(() => ed25519Signer(pem, 'key.pem'))).toBe('KEY_UNUSABLE key.pem is a key of the type ec, not Ed25519.');
  expect(codeOf(() => ed25519Signer('nonsense', 'key.pem'))).toBe('KEY_UNUSABLE key.pem is no private key that can be read.');
  expect(codeOf(() => ed25519PublicKey(p256.publicKey.export({ type: 'spki', format: 'pem' }).toString()))).toMatch(/type ec, not Ed25519/);
  expect(codeOf(() => ed25519PublicKey(alice.pem))).toMatch(/^KEY_UNUSABLE This is a private key/);
  const encrypted = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
  expect(codeOf(() => ed25519Signer(encrypted, 'key.pem'))).toBe('KEY_UNUSABLE key.pem is encrypted.');
});
