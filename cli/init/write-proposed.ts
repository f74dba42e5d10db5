// Writes the proposed files, all or none; never over another's work unless told to. Called by `init`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GateError } from '../../gates/model.ts';
import { CONFIG_NAMES } from '../config/read-config.ts';
import { lineDiff } from './line-diff.ts';

export interface ProposedFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly content: string;
}
export type FileState = 'new' | 'same' | 'differs';

export function stateOf(directory: string, { path, content }: ProposedFile): FileState {
  const file = join(directory, path);
  if (!existsSync(file)) return 'new';
  return readFileSync(file, 'utf8') === content ? 'same' : 'differs';
}

/** Throws FILE_EXISTS with every difference, and where two configurations would lie side by side; DISK. */
export function writeProposed(directory: string, files: readonly ProposedFile[], force: boolean): void {
  refuseSecondConfig(directory, files);
  const differing = files.filter((file) => stateOf(directory, file) === 'differs');
  if (differing.length > 0 && !force) throw refusal(directory, differing);
  try {
    for (const { path, content } of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
  } catch (cause) {
    throw new GateError('DISK', `Not all files could be written to ${directory}: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}.`, {
      remedy: 'See that the folder is yours to write.',
      cause,
    });
  }
}

/** One would be read and the other believed. */
function refuseSecondConfig(directory: string, files: readonly ProposedFile[]): void {
  const other = CONFIG_NAMES.find((name) => existsSync(join(directory, name)) && !files.some(({ path }) => path === name));
  if (other === undefined) return;
  throw new GateError('FILE_EXISTS', `${other} is there already; a second configuration beside it would hide one of them. Nothing was written.`, {
    remedy: `Remove it first, or write the same kind: --format ${other.endsWith('.json') ? 'json' : 'ts'} (--dry-run shows the difference).`,
  });
}

function refusal(directory: string, differing: readonly ProposedFile[]): GateError {
  const shown = differing.map(
    ({ path, content }) => `${path} (- is there, + would be written)\n${lineDiff(readFileSync(join(directory, path), 'utf8'), content)}`,
  );
  const what = differing.length === 1 ? 'A file is there already and differs' : `${differing.length} files are there already and differ`;
  return new GateError('FILE_EXISTS', `${what}; nothing was written.\n${shown.join('\n')}`, { remedy: '--force overwrites; --dry-run only shows.' });
}
