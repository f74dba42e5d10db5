// A document as somebody hands it in: read, bounded, and without the value of a secret. Called by `evidence add` and `evidence check`.
import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GateError } from '../gates/model.ts';
import { sha256 } from '../gates/digest.ts';
import type { EvidenceSource } from '../gates/paper/ledger-event.ts';
import type { Config } from './config/schema.ts';
import { secretsWithin } from './config/secrets-within.ts';
import { isFile } from './papers.ts';
import type { Host } from './terminal.ts';

/** Kept in the run's folder and in every bundle of it. */
const MAX_BYTES = 64 * 1024 * 1024;
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.md': 'text/markdown',
  '.txt': 'text/plain',
  '.log': 'text/plain',
  '.html': 'text/html',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.tar': 'application/x-tar',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
};

export interface EvidenceFile {
  readonly path: string;
  readonly source: Extract<EvidenceSource, { kind: 'file' }>;
  readonly bytes: Uint8Array;
}

export function isAddress(what: string): boolean {
  return /^https?:\/\//i.test(what);
}

/** Nothing is stored. Throws EVIDENCE_UNUSABLE. */
export function readEvidence(what: string, config: Config, host: Host): EvidenceFile {
  const path = what.startsWith('file:') ? fileURLToPath(what) : resolve(host.cwd(), what);
  const bytes = readBounded(path);
  const secret = secretsWithin(bytes.toString('latin1'), config, host.env);
  if (secret !== undefined)
    throw unusable(`${path} holds the value of the secret ${secret}.`, 'Take it out and add the file again; if others have seen it, change the secret.');
  const mediaType = MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  return { path, source: { kind: 'file', name: basename(path), sha256: sha256(bytes), bytes: bytes.length, mediaType }, bytes };
}

function readBounded(path: string): Buffer {
  if (!isFile(path)) throw unusable(`There is no file ${path}.`, 'Give a file, or an http(s) address with --sha256.');
  const size = statSync(path).size;
  if (size === 0) throw unusable(`${path} is empty: it proves nothing.`, 'Give the document itself.');
  if (size > MAX_BYTES)
    throw unusable(`${path} has ${size} bytes; at most ${MAX_BYTES} are kept with a run.`, 'Put it where it stays and add its address with --sha256.');
  return readFileSync(path);
}

/** Nobody asks the address. Throws EVIDENCE_UNUSABLE. */
export function readAddress(what: string, digest: string | undefined): EvidenceSource {
  if (!URL.canParse(what) || new URL(what).username + new URL(what).password !== '')
    throw unusable(`"${what}" is no address, or one with a name or password in it.`, 'Give it without: reports show it.');
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
    throw unusable(`"${digest}" is no SHA-256.`, 'It has 64 hexadecimal digits in lower case: sha256sum FILE.');
  return { kind: 'url', url: what, ...(digest === undefined ? {} : { sha256: digest }) };
}

export function unusable(message: string, remedy: string): GateError {
  return new GateError('EVIDENCE_UNUSABLE', message, { remedy });
}
