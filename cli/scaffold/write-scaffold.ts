// Writes what was planned, in the house's format, and makes the generated files anew. Called by `new check`.
import { execFile } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GateError } from '../../gates/model.ts';
import type { Scaffold } from './plan-scaffold.ts';

const run = promisify(execFile);

/** Throws DISK, and TOOL_MISSING where the formatter or the generator does not run. */
export async function writeScaffold(root: string, { files }: Scaffold): Promise<void> {
  const paths = files.map(({ path }) => join(root, path));
  try {
    for (const { path, content } of files) writeFileSync(join(root, path), content);
  } catch (cause) {
    throw new GateError('DISK', 'Not all files could be written.', { remedy: 'git status tells which; see that the checkout is yours to write.', cause });
  }
  await tool(root, 'The formatter', () => realpathSync(join(root, 'node_modules/.bin/oxfmt')), paths);
  await tool(root, 'The generator of docs/reference.md', () => join(root, 'scripts/generate.ts'), []);
}

async function tool(root: string, what: string, find: () => string, args: readonly string[]): Promise<void> {
  try {
    await run(process.execPath, [find(), ...args], { cwd: root });
  } catch (cause) {
    throw new GateError('TOOL_MISSING', `${what} did not run: ${cause instanceof Error ? cause.message : String(cause)}`, {
      remedy: 'The files are written. Mend what it says, then: npm run fix',
      cause,
    });
  }
}
