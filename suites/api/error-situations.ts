// Requests that must be refused, one for each kind of error that a client can cause. Called by the check api-errors.
import type { HttpResponse, Surface } from '../../gates/model.ts';
import { ANONYMOUS, ask, listWhoMay, makeBody, NO_OBJECT, openSession, requireWrite } from './asking.ts';
import type { Asking } from './asking.ts';
import { findBodyTaker, findProtectedRead, findRoleRead, isFixed, listPublicReads, listReadsByName } from './sample-endpoints.ts';

export interface Situation {
  readonly id: string;
  /** Status that it is refused with. */
  readonly status: number;
  ask(asking: Asking): Promise<HttpResponse>;
}

function situation(id: string, status: number, put: Situation['ask']): Situation {
  return { id, status, ask: put };
}

function planBodies(surface: Surface): readonly Situation[] {
  const endpoint = findBodyTaker(surface);
  if (endpoint === undefined) return [];
  const { maxBodyBytes } = surface;
  const session = (asking: Asking): ReturnType<typeof openSession> => openSession(asking, listWhoMay(endpoint, surface.roles)[0] ?? ANONYMOUS);
  const tooLarge = (bytes: number): string => JSON.stringify({ ...endpoint.invalidBody, naapGatePadding: 'x'.repeat(bytes) });
  return [
    situation('malformed-json', 400, async (asking) => ask(asking, endpoint, { session: await session(asking), rawBody: '{"unfinished": ' })),
    situation('invalid-body', 400, async (asking) => {
      if (endpoint.effect !== 'read') requireWrite(asking);
      return ask(asking, endpoint, { session: await session(asking), body: makeBody(asking, endpoint, endpoint.invalidBody) });
    }),
    // Invalid besides, so that an application that takes it writes nothing.
    ...(maxBodyBytes === undefined
      ? []
      : [situation('too-large', 413, async (asking) => ask(asking, endpoint, { session: await session(asking), rawBody: tooLarge(maxBodyBytes) }))]),
    situation('not-json', 415, async (asking) =>
      asking.http.send({
        path: endpoint.path,
        method: endpoint.method,
        as: await session(asking),
        rawBody: 'naap-gate',
        headers: { 'content-type': 'text/plain' },
      }),
    ),
  ];
}

function planSessions(surface: Surface): readonly Situation[] {
  const guarded = findProtectedRead(surface);
  const roleOnly = findRoleRead(surface);
  return [
    ...(guarded === undefined ? [] : [situation('no-session', 401, (asking) => ask(asking, guarded))]),
    ...(roleOnly === undefined
      ? []
      : [situation('wrong-role', 403, async (asking) => ask(asking, roleOnly.endpoint, { session: await openSession(asking, roleOnly.stranger) }))]),
  ];
}

function planPaths(surface: Surface): readonly Situation[] {
  const byName = listReadsByName(surface).find((endpoint) => !isFixed(endpoint));
  const open = listPublicReads(surface).find(({ path }) => !surface.endpoints.some((other) => other.method === 'PUT' && other.path === path));
  return [
    situation('unknown-route', 404, ({ http }) => http.send({ path: `/api/${NO_OBJECT}` })),
    ...(byName === undefined
      ? []
      : [
          situation('unknown-object', 404, async (asking) =>
            ask(asking, byName, { session: await openSession(asking, listWhoMay(byName, surface.roles)[0] ?? ANONYMOUS) }),
          ),
        ]),
    ...(open === undefined ? [] : [situation('wrong-method', 405, ({ http }) => http.send({ path: open.path, method: 'PUT' }))]),
  ];
}

/** Those whose status the surface documents. A 429 is the matter of the check rate-limit, a 5xx of nobody: a client cannot cause one. */
export function planSituations(surface: Surface): readonly Situation[] {
  const documented = new Set(surface.errors?.map(({ status }) => status));
  return [...planBodies(surface), ...planSessions(surface), ...planPaths(surface)].filter(({ status }) => documented.has(status));
}
