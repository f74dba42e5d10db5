// Which endpoints of a surface stand for its kinds: a public read, one that needs a session, one for some roles, one that takes a body. Used by the API checks.
import type { Endpoint, Surface } from '../../gates/model.ts';

/** Its path is known beforehand: it needs no object that another endpoint makes. */
export function isFixed({ params = {} }: Endpoint): boolean {
  return !Object.values(params).some((value) => value.startsWith('@') && value !== '@self');
}

function isRead(endpoint: Endpoint): boolean {
  return endpoint.method === 'GET' && endpoint.effect === 'read' && endpoint.authQuota !== true && endpoint.expect.location === undefined;
}

/** Reads of a fixed path that everybody may ask, in the envelope; the route of the double-submit token is none: what it gives is one client's. */
export function listPublicReads({ endpoints, auth }: Surface): readonly Endpoint[] {
  return endpoints.filter(
    (endpoint) => isRead(endpoint) && isFixed(endpoint) && endpoint.access === 'public' && endpoint.expect.envelope !== false && endpoint.path !== auth.csrf,
  );
}

/** Public answers without the envelope: health, for monitors. */
export function listBareReads({ endpoints }: Surface): readonly Endpoint[] {
  return endpoints.filter((endpoint) => isRead(endpoint) && isFixed(endpoint) && endpoint.access === 'public' && endpoint.expect.envelope === false);
}

/** The session's own route where the surface lists it, else any read that needs a session. */
export function findProtectedRead({ endpoints, auth }: Surface): Endpoint | undefined {
  const reads = endpoints.filter((endpoint) => isRead(endpoint) && isFixed(endpoint) && endpoint.access === 'authenticated');
  return reads.find(({ path }) => path === auth.me) ?? reads[0];
}

/** A read for some roles, and a role that is not among them. */
export function findRoleRead({ endpoints, roles }: Surface): { readonly endpoint: Endpoint; readonly stranger: string } | undefined {
  for (const endpoint of endpoints.filter((one) => isRead(one) && isFixed(one))) {
    const stranger = roles.find((role) => Array.isArray(endpoint.access) && !endpoint.access.includes(role));
    if (stranger !== undefined) return { endpoint, stranger };
  }
  return undefined;
}

/** Reads whose path holds a value: a name, or the id of an object that may not be there. */
export function listReadsByName({ endpoints }: Surface): readonly Endpoint[] {
  return endpoints.filter((endpoint) => isRead(endpoint) && Object.values(endpoint.params ?? {}).some((value) => value !== '@self'));
}

/** Takes a JSON body and refuses a bad one, without rate limit, double submit or an object of its own. */
export function findBodyTaker({ endpoints }: Surface): Endpoint | undefined {
  return endpoints.find(
    (endpoint) =>
      endpoint.method === 'POST' && endpoint.invalidBody !== undefined && endpoint.authQuota !== true && endpoint.csrf !== true && isFixed(endpoint),
  );
}
