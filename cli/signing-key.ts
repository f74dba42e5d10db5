// Finds the key that signs: the one that --key names, or the one in ~/.ssh that the configuration knows. SSH keys sign through ssh-keygen, which asks agents and passphrases.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { GateError } from '../gates/model.ts';
import type { TrustedRole } from '../gates/paper/approvers.ts';
import { sshPublicKey } from '../gates/signing/public-key.ts';
import { ed25519Signer, type Signer } from '../gates/signing/signer.ts';
import { armour, NAMESPACE, unarmour } from '../gates/signing/sshsig.ts';
import type { Host } from './terminal.ts';

/** Mode bits of group and others. */
const OTHERS = 0o077;

/** Throws KEY_UNUSABLE, TOOL_MISSING. */
export function signingKey(named: string | undefined, role: TrustedRole | undefined, host: Host): Signer {
  if (named !== undefined) return namedKey(resolve(host.cwd(), named));
  const folder = join(host.env['HOME'] ?? homedir(), '.ssh');
  const known = publicKeysIn(folder).find(({ signer }) => role?.keys.some(({ id }) => id === signer.publicKey.id));
  if (known !== undefined) return known.signer;
  throw new GateError('KEY_UNUSABLE', `None of the keys in ${folder} may sign for this role.`, {
    remedy: 'Name the key with --key PATH: an SSH private key, the .pub file of a key that your agent holds, or a PEM file with an Ed25519 key.',
  });
}

function namedKey(path: string): Signer {
  const text = readKey(path);
  if (/^(ssh|ecdsa|sk)-/.test(text)) return sshSigner(path, text);
  requirePrivate(path);
  if (text.includes('BEGIN OPENSSH PRIVATE KEY') || existsSync(`${path}.pub`)) return sshSigner(path, publicHalf(path));
  return ed25519Signer(text, path);
}

/** As OpenSSH has it: what others can read, others can sign with. Windows has no such bits. */
function requirePrivate(path: string): void {
  const open = statSync(path).mode & OTHERS;
  if (process.platform !== 'win32' && open !== 0)
    throw new GateError('KEY_UNUSABLE', `${path} can be read by others on this machine, who could sign with it.`, {
      remedy: `Keep it to yourself: chmod 600 ${path}`,
    });
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GateError('KEY_UNUSABLE', `${path} cannot be read.`, { remedy: 'Give the path of a key with --key.', cause });
  }
}

function publicHalf(path: string): string {
  return existsSync(`${path}.pub`) ? readKey(`${path}.pub`) : sshKeygen(['-y', '-f', path], path).toString();
}

/** Files there that are no public keys which we know are of no use here, and none of our business. */
function publicKeysIn(folder: string): { readonly signer: Signer }[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.pub'));
  return files.flatMap((file) => {
    const path = join(folder, file);
    const secret = path.slice(0, -'.pub'.length);
    try {
      return [{ signer: sshSigner(existsSync(secret) ? secret : path, readKey(path)) }];
    } catch (error) {
      if (error instanceof GateError) return [];
      throw error;
    }
  });
}

function sshSigner(path: string, publicLine: string): Signer {
  return {
    publicKey: sshPublicKey(publicLine),
    sign: async (message) => Buffer.from(armour(unarmour(sshKeygen(['-Y', 'sign', '-n', NAMESPACE, '-f', path], path, message).toString()))),
  };
}

/** Passphrases are asked for on the terminal itself, not on stdin. */
function sshKeygen(args: readonly string[], path: string, input: Uint8Array = new Uint8Array()): Buffer {
  const { error, status, stdout, stderr } = spawnSync('ssh-keygen', args, { input });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw new GateError('TOOL_MISSING', 'ssh-keygen is not on this machine; SSH keys sign through it.', {
      remedy: 'Install OpenSSH (the package openssh-client), or sign with an Ed25519 key in a PEM file.',
    });
  if (status === 0) return stdout;
  throw new GateError('KEY_UNUSABLE', `ssh-keygen did not sign with ${path}: ${stderr.toString().trim() || (error?.message ?? 'no reason given')}.`, {
    remedy: 'Is the passphrase right, or the key in your agent (ssh-add -l)?',
    cause: error,
  });
}
