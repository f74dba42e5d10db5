// Where the files of a run are read from: its folder, or a bundle. What verify, bundle and the commands after the seal look at.
import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunFolder, readArtifact } from '../run-folder.ts';
import { broken, Damage, type FindingCode } from './finding.ts';

/** The files that a run stands on; everything else in its folder is made from them. */
export const RUN_FILES = ['report.json', 'run.ndjson', 'ledger.ndjson'] as const;
export type RunFile = (typeof RUN_FILES)[number];

export interface SealedRun {
  /** A folder's or a bundle's path, for people. */
  readonly place: string;
  file(name: RunFile): Uint8Array | undefined;
  /** Undefined where it is missing or has another digest. */
  artifact(sha256: string): Uint8Array | undefined;
}

export function runInFolder(folder: RunFolder): SealedRun {
  return {
    place: folder.path,
    file: (name) => {
      const path = join(folder.path, name);
      return existsSync(path) ? readFileSync(path) : undefined;
    },
    artifact: (digest) => readArtifact(folder, digest),
  };
}

/** Throws Damage where it is missing or no UTF-8: two ways to write a letter would be two files with one meaning. */
export function utf8File(source: SealedRun, name: RunFile, code: FindingCode): Uint8Array {
  const bytes = source.file(name);
  if (bytes === undefined)
    throw new Damage(
      broken(code, `${name} is missing. If the run was ended before it was written, the command of the run with --resume and its id writes it.`),
    );
  if (!isUtf8(bytes)) throw new Damage(broken(code, `${name} is no UTF-8.`));
  return bytes;
}
