// The mix of requests that the surface puts under load, ready to be sent. Used by the load checks.
import type { CheckContext, Endpoint, LoadRequest, SideName, Surface } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';
import { sessionHeaders } from '../instruments/session-headers.ts';

/** The account whose session the mix carries; where it is not configured, the first one. */
const ACCOUNT = 'member';

/**
 * For a side; the access headers go to the target alone, whose they are.
 * Throws GateError CONFIG_INVALID when no endpoint has a weight or one asks for an object that a check would have to make first; LOGIN_FAILED.
 */
export async function loadMix(context: CheckContext, side: SideName = 'target'): Promise<readonly LoadRequest[]> {
  const endpoints = weighted(context.surface);
  if (endpoints.length === 0)
    throw new GateError('CONFIG_INVALID', 'No endpoint of the surface has a loadWeight, so there is nothing to send.', {
      remedy: 'Give at least one read endpoint a loadWeight in surface.endpoints.',
    });
  const session = endpoints.some(({ access }) => access !== 'public') ? await context.accounts.session(accountOf(context), side) : undefined;
  const access = side === 'target' ? context.access.headers : {};
  return endpoints.map((endpoint) => {
    const url = context.url(pathOf(endpoint), side);
    return {
      route: endpoint.id,
      method: endpoint.method,
      url,
      headers: { accept: 'application/json', ...access, ...(endpoint.access === 'public' || session === undefined ? {} : sessionHeaders(session, url)) },
      weight: endpoint.loadWeight ?? 0,
      ok: endpoint.expect.status,
    };
  });
}

const weighted = (surface: Surface): readonly Endpoint[] => surface.endpoints.filter(({ loadWeight }) => loadWeight !== undefined);

/** Throws GateError LOGIN_FAILED when the environment has no account at all. */
function accountOf({ accounts }: CheckContext): string {
  const account = accounts.names.includes(ACCOUNT) ? ACCOUNT : accounts.names[0];
  if (account === undefined)
    throw new GateError('LOGIN_FAILED', 'The load mix has endpoints behind a login, and the environment has no account.', {
      remedy: 'Add auth.accounts to the environment.',
    });
  return account;
}

function pathOf({ id, path, params }: Endpoint): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params?.[name];
    if (value === undefined || value.startsWith('@'))
      throw new GateError('CONFIG_INVALID', `The endpoint ${id} is under load, but its {${name}} has no fixed value.`, {
        remedy: 'Take its loadWeight away, or give the param a value that exists.',
      });
    return encodeURIComponent(value);
  });
}
