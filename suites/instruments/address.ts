// Where a path of the surface lives on a side of the environment, and which origins are the environment's own; used by every instrument that sends.
import { GateError } from '../../gates/model.ts';
import type { CheckContext, Environment, SideName } from '../../gates/model.ts';

export type Sides = Pick<Environment, 'target' | 'legacy'>;

function ownOrigins(sides: Sides, side: SideName): readonly string[] {
  const address = sides[side];
  return address === undefined ? [] : [new URL(address.web).origin, new URL(address.api).origin];
}

/** `/api/…` goes below the API's base, any other path to the pages' origin. */
function join(sides: Sides, path: string, side: SideName): string | undefined {
  const address = sides[side];
  if (address === undefined) return undefined;
  if (!path.startsWith('/')) return URL.parse(path)?.href;
  const isApi = /^\/api(?=[/?]|$)/.test(path);
  const base = isApi ? address.api.replace(/\/$/, '') : new URL(address.web).origin;
  return URL.parse(base + (isApi ? path.slice('/api'.length) : path))?.href;
}

/**
 * Absolute URL of `path` (a path of the surface, or an absolute URL of the environment's own) on `side`.
 * Throws GateError FOREIGN_ORIGIN for a side that the environment has not, and for any host that is not that side's.
 */
export function resolveUrl(sides: Sides, path: string, side: SideName = 'target'): string {
  const own = ownOrigins(sides, side);
  const url = join(sides, path, side);
  if (url !== undefined && own.includes(new URL(url).origin)) return url;
  const wanted = url === undefined ? JSON.stringify(path.split('?')[0]) : new URL(url).origin;
  throw new GateError(
    'FOREIGN_ORIGIN',
    `${wanted} is not part of the ${side} side; nothing was sent. Its origins: ${[...new Set(own)].join(', ') || 'none'}.`,
    {
      remedy:
        own.length === 0
          ? `Add \`${side}: { web, api }\` to the environment.`
          : `If it belongs to the application, name it as \`${side}.web\` or \`${side}.api\` of the environment.`,
    },
  );
}

/** Whether the environment has a side, as a check's context tells it. */
export function hasSide({ url }: Pick<CheckContext, 'url'>, side: SideName): boolean {
  try {
    url('/', side);
    return true;
  } catch (error) {
    if (error instanceof GateError && error.code === 'FOREIGN_ORIGIN') return false;
    throw error;
  }
}
