// Who may not, as cases: each role at each endpoint that is not for it, and one account at another's objects. Called by the check api-auth.
import type { Case, Endpoint, Session, Surface } from '../../gates/model.ts';
import { findErrorEnvelopeFlaw, nameAnswer } from './answers.ts';
import { ask, findEndpoint, makeBody, NotRun, openAccount, openSession, requireWrite } from './asking.ts';
import type { Asking, Who } from './asking.ts';
import { runCase, skipCase } from './cases.ts';
import { isShown, writeObject } from './written-object.ts';
import type { WrittenObject } from './written-object.ts';

type Ownership = Surface['ownership'][number];

/** Asked with an empty object about nothing that exists: a role is refused before the rest is looked at, and a hole writes nothing. */
async function refuseRole(asking: Asking, endpoint: Endpoint, who: Who): Promise<string | undefined> {
  const session = await openSession(asking, who);
  const response = await ask(asking, endpoint, { session, body: endpoint.body === undefined ? undefined : {} });
  if (response.status === 403) return findErrorEnvelopeFlaw(response);
  if (response.status === 401) return 'expected 403, got 401: it does not know who asks, though the session is good elsewhere';
  return `expected 403 for ${who}, got ${nameAnswer(response)}: the role was let in`;
}

/** Every endpoint with a list of roles × each role that is not on it. */
export function planRoleCases(asking: Asking): readonly (() => Promise<readonly Case[]>)[] {
  const { endpoints, roles } = asking.context.surface;
  return endpoints.flatMap((endpoint) => {
    const { access } = endpoint;
    const denied = Array.isArray(access) ? roles.filter((role) => !access.includes(role)) : [];
    return denied.map((who) => async () => [await runCase(`${endpoint.id}/${who}`, () => refuseRole(asking, endpoint, who), endpoint.authQuota)]);
  });
}

function statusWords(response: { readonly status: number }, row: Ownership): string {
  if (response.status === 401) return ': it does not know who asks, though the session is good';
  return response.status < 300 ? `: a stranger may ${row.method} it` : '';
}

async function refuseStranger(asking: Asking, row: Ownership, object: WrittenObject, stranger: Session): Promise<string | undefined> {
  const endpoint = findEndpoint(asking.context.surface.endpoints, row.method, row.path) ?? {
    id: row.id,
    method: row.method,
    path: row.path,
    access: 'authenticated' as const,
    effect: 'write' as const,
    expect: { status: [200] },
  };
  const response = await ask(asking, endpoint, { session: stranger, objectId: object.id, body: makeBody(asking, endpoint) });
  if (!row.refused.includes(response.status)) return `expected ${row.refused.join(' or ')}, got ${nameAnswer(response)}${statusWords(response, row)}`;
  return findErrorEnvelopeFlaw(response);
}

/** A refusal that removes all the same is no refusal. */
async function findLoss(asking: Asking, row: Ownership, object: WrittenObject): Promise<string | undefined> {
  const seen = row.method === 'DELETE' ? await isShown(asking, object) : undefined;
  return seen?.shown === false ? `refused, but the object is gone: ${seen.told}` : undefined;
}

/** The account that owns: the first of the stranger's role other than the stranger. */
function findOwner(asking: Asking, stranger: Session): string {
  const { accounts } = asking.context;
  const owner = accounts.names.find((name) => name !== stranger.account && accounts.roleOf(name) === stranger.role);
  if (owner === undefined) throw new NotRun(`needs two accounts of the role "${stranger.role}"`);
  return owner;
}

async function makeOwned(asking: Asking, create: Endpoint, stranger: Session): Promise<WrittenObject> {
  requireWrite(asking);
  const session = await openAccount(asking.context, findOwner(asking, stranger));
  const { object, flaw } = await writeObject(asking, create, session.role, session);
  if (object === undefined) throw new NotRun(`${create.id} made nothing to ask for: ${flaw}`);
  return object;
}

/** Rows about objects of one endpoint share an object, one after the other; after a row that may have taken it there is another. */
async function runOwnership(asking: Asking, createId: string, rows: readonly Ownership[], stranger: Session): Promise<readonly Case[]> {
  const create = asking.context.surface.endpoints.find(({ id }) => id === createId);
  let object: WrittenObject | undefined;
  const cases: Case[] = [];
  for (const row of rows) {
    cases.push(
      await runCase(`owner-only/${row.id}`, async () => {
        if (create === undefined) throw new NotRun(`the surface has no endpoint ${createId}`);
        object ??= await makeOwned(asking, create, stranger);
        const subject = object;
        const flaw = (await refuseStranger(asking, row, subject, stranger)) ?? (await findLoss(asking, row, subject));
        if (flaw !== undefined) object = undefined;
        return flaw;
      }),
    );
  }
  return cases;
}

/** Objects of one account, asked for by another of the same role. `stranger` undefined: the login that they need failed. */
export function planOwnershipCases(asking: Asking, stranger: Session | undefined): readonly (() => Promise<readonly Case[]>)[] {
  const byCreate = Map.groupBy(asking.context.surface.ownership, ({ create }) => create);
  return [...byCreate].map(([create, rows]) => async () => {
    if (stranger === undefined) return rows.map(({ id }) => skipCase(`owner-only/${id}`, 'needs a login, which failed'));
    return runOwnership(asking, create, rows, stranger);
  });
}
