// Temporary folders for what nobody else may read: sessions, passwords, a dump of somebody's data. Used by whatever must give such things to another program in a file.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';

/**
 * Makes `naap-gate-<kind>-<pid>-<random>`, readable by this user alone, and removes those of its kind whose process was killed: nothing else
 * could. Whoever opens it removes it. `kind`: kebab-case.
 */
export function openPrivateFolder(kind: string): string {
  const prefix = `naap-gate-${kind}-`;
  const ofKind = new RegExp(`^${prefix}([0-9]+)-[^-]+$`, 'u');
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(ofKind.exec(name)?.[1]);
    if (Number.isInteger(pid) && !isAlive(pid)) removeOwn(join(tmpdir(), name));
  }
  return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
}

/** Another user's, or one that another run is removing too, is theirs to remove. */
function removeOwn(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It stays, and is tried again by the next run.
  }
}
