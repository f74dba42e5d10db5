// Where everything that naap-gate fetches or builds is kept outside the checkout; read by set-up, the twin and the CLI.
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The one definition of the cache folder; the folder need not exist yet.
 *
 * Root on Linux gets `/var/cache`, because `/root` is closed (0700) and PostgreSQL runs from the cache as another user.
 *
 * @param {{ env?: Readonly<Record<string, string | undefined>>, platform?: string, uid?: number, home?: string }} [machine]
 *   Defaults to this process's own.
 * @returns {string} An absolute path, unless NAAP_GATE_CACHE is a relative one.
 */
export function cacheFolder({ env = process.env, platform = process.platform, uid = process.getuid?.(), home = homedir() } = {}) {
  if (env.NAAP_GATE_CACHE) return env.NAAP_GATE_CACHE;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'naap-gate');
  if (platform === 'linux' && uid === 0) return '/var/cache/naap-gate';
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'naap-gate');
}
