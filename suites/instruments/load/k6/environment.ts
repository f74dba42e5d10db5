// What k6 gets of the world: a folder of its own, no settings of the person's, the same trust as the built-in engine. Used by the process that runs it.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { openPrivateFolder } from '../../private-folder.ts';

export interface K6Folder {
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

/**
 * Go's garbage is collected when the heap has grown by so many percent (default 100): each collection takes CPU from the
 * schedule. Measured at 1000 req/s for 14 s with 1550 users: 3 collections instead of 12, for 780 MB instead of 470.
 */
const GOGC = '400';

/**
 * The script carries sessions, so that nobody else may read the folder. k6 has no option for an authority to trust: Go reads
 * `SSL_CERT_FILE` instead of the system's file (not on macOS, see ADR 5). No `K6_…` and no proxy of the person's shell reaches it:
 * either would change what is measured. HTTP/1.1, as the built-in engine and its truth.
 */
export function openK6Folder(script: string, ca: string | undefined): K6Folder {
  const folder = openPrivateFolder('k6');
  const path = join(folder, 'load.ts');
  writeFileSync(path, script, { mode: 0o600 });
  const environment: Record<string, string> = { HOME: folder, TZ: 'UTC', GODEBUG: 'http2client=0', GOGC, K6_AUTO_EXTENSION_RESOLUTION: 'false' };
  if (ca !== undefined) {
    const trusted = join(folder, 'trusted.pem');
    writeFileSync(trusted, [...rootCertificates, ca].join('\n'));
    Object.assign(environment, { SSL_CERT_FILE: trusted, SSL_CERT_DIR: folder });
  }
  return { script: path, environment, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
