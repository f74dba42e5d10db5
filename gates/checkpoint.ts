// What an interrupted execution leaves for the one that goes on with it: one file in the run's folder, beside the journal. Used by execute-check.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Checkpoint } from './model/check.ts';
import { GateError } from './model/errors.ts';
import { sha256 } from './digest.ts';
import type { RunFolder } from './run-folder.ts';
import type { Scrubber } from './scrub.ts';

export interface StoredCheckpoint extends Checkpoint {
  /** Once the execution has finished nobody goes on with it. */
  clear(): void;
}

/** It is no evidence: what it says is measured again wherever it is in doubt, so a file that is damaged counts as none. */
export function openCheckpoint(folder: RunFolder, execution: string, scrubber: Scrubber): StoredCheckpoint {
  const path = join(folder.path, 'checkpoints', `${execution}.json`);
  return {
    read() {
      if (!existsSync(path)) return undefined;
      const [digest, text = ''] = readFileSync(path, 'utf8').split('\n', 2);
      return digest === sha256(text) ? JSON.parse(text) : undefined;
    },
    write(value) {
      const text = scrubber.text(JSON.stringify(value));
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(`${path}.new`, `${sha256(text)}\n${text}\n`);
        renameSync(`${path}.new`, path);
      } catch (cause) {
        throw new GateError('DISK', `The checkpoint ${path} could not be written.`, {
          remedy: 'Free some space, or give another folder with --runs DIR; then --resume.',
          cause,
        });
      }
    },
    clear: () => rmSync(path, { force: true }),
  };
}
