// Whether a video of a failed journey can be made: Playwright does it with an ffmpeg of its own. Used by main.ts.
import { join } from 'node:path';

interface Place {
  /** What PLAYWRIGHT_BROWSERS_PATH says. */
  readonly folder: string | undefined;
  /** What XDG_CACHE_HOME says. */
  readonly caches: string | undefined;
  readonly home: string;
  readonly platform: string;
  list(folder: string): readonly string[];
}

/** Undefined: it can. */
export function whyNoVideo({ folder, caches, home, platform, list }: Place): string | undefined {
  const cache = platform === 'darwin' ? join(home, 'Library', 'Caches') : (caches ?? join(home, '.cache'));
  const place = folder === undefined || folder === '' || folder === '0' ? join(cache, 'ms-playwright') : folder;
  if (list(place).some((name) => /^ffmpeg-\d+$/.test(name))) return undefined;
  return `Playwright's ffmpeg is not in ${place}; "npx playwright install ffmpeg" brings it.`;
}
