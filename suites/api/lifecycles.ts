// Walks each object of the surface through its life: made, shown, used by its id, removed, gone. Called by the check api-endpoints.
import type { Case, Endpoint, Session } from '../../gates/model.ts';
import { findAnswerFlaw, findRefusalFlaw } from './answers.ts';
import { ask, findEndpoint, listWhoMay, makeBody, openSession, requireWrite } from './asking.ts';
import type { Asking, Who } from './asking.ts';
import { runCase, skipCase } from './cases.ts';
import { isShown, removeObject, writeObject } from './written-object.ts';
import type { WrittenObject } from './written-object.ts';

/** Cases of the three metrics of api-endpoints. */
export interface EndpointCases {
  readonly endpoints: readonly Case[];
  readonly validation: readonly Case[];
  readonly roundTrips: readonly Case[];
}

/** An endpoint to be asked by somebody, about an object of another endpoint. */
interface Use {
  readonly endpoint: Endpoint;
  readonly who: Who;
  /** Whether the invalid body is asked here: once for each endpoint. */
  readonly validates: boolean;
}

export interface Lifecycle {
  readonly create: Endpoint;
  readonly creator: Who;
  /** In the order in which they are asked: those that remove come last. */
  readonly uses: readonly Use[];
}

/** The endpoint that an endpoint needs an object of: `community.create-post` of `@community.create-post`. */
export function findOrigin(endpoint: Endpoint): string | undefined {
  return Object.values(endpoint.params ?? {})
    .find((value) => value.startsWith('@') && value !== '@self')
    ?.slice(1);
}

/** A setting that is there before, so it is put back rather than removed. */
export function isSetting(endpoint: Endpoint): boolean {
  return endpoint.undo?.method === 'PATCH' || endpoint.undo?.method === 'PUT';
}

/** Whether the endpoint makes an object that must be walked through its life; one that needs an object itself goes with that. */
export function startsLifecycle(endpoint: Endpoint): boolean {
  return endpoint.undo !== undefined && findOrigin(endpoint) === undefined;
}

function isRemoval(create: Endpoint, endpoint: Endpoint): boolean {
  return create.undo !== undefined && findEndpoint([endpoint], create.undo.method, create.undo.path) !== undefined;
}

/** One life for each role that may create; roles that may only use what others made, use that of the first. */
export function planLifecycles(endpoints: readonly Endpoint[], roles: readonly string[]): readonly Lifecycle[] {
  return endpoints
    .filter((endpoint) => startsLifecycle(endpoint) && !isSetting(endpoint))
    .flatMap((create) => {
      const creators = listWhoMay(create, roles);
      const uses = endpoints
        .filter((endpoint) => findOrigin(endpoint) === create.id)
        .flatMap((endpoint) =>
          listWhoMay(endpoint, roles).map((who, index) => ({ endpoint, who, validates: index === 0 && endpoint.invalidBody !== undefined })),
        )
        .toSorted((a, b) => Number(isRemoval(create, a.endpoint)) - Number(isRemoval(create, b.endpoint)));
      return creators.map((creator, index) => ({ create, creator, uses: uses.filter(({ who }) => (creators.includes(who) ? who === creator : index === 0)) }));
    });
}

async function useObject(asking: Asking, { endpoint, who }: Use, object: WrittenObject): Promise<string | undefined> {
  const session = who === object.creator ? object.session : await openSession(asking, who);
  const response = await ask(asking, endpoint, { session, objectId: object.id, body: makeBody(asking, endpoint) });
  const flaw = findAnswerFlaw(endpoint, response, new URL(asking.context.url('/')).origin);
  if (flaw === undefined && isRemoval(object.create, endpoint)) object.removed = true;
  return flaw;
}

async function refuseInvalid(asking: Asking, { endpoint, who }: Use, object: WrittenObject): Promise<string | undefined> {
  const session = who === object.creator ? object.session : await openSession(asking, who);
  return findRefusalFlaw(await ask(asking, endpoint, { session, objectId: object.id, body: makeBody(asking, endpoint, endpoint.invalidBody) }), [400]);
}

/** Shown after it was made: the first half of a round trip. */
async function findShowingFlaw(asking: Asking, object: WrittenObject): Promise<string | undefined> {
  const seen = await isShown(asking, object);
  return seen === undefined || seen.shown ? undefined : `written, but not there: ${seen.told}`;
}

/** Gone after it was removed: the second half. */
async function findLeavingFlaw(asking: Asking, object: WrittenObject): Promise<string | undefined> {
  const problem = await removeObject(asking, object);
  if (problem !== undefined) return `written, but cannot be removed: ${problem}`;
  const seen = await isShown(asking, object);
  return seen?.shown === true ? `removed, but still there: ${seen.told}` : undefined;
}

/** Every case of one life, in order. A life that cannot begin leaves its later cases `not-run` with the reason. */
export async function runLifecycle(asking: Asking, { create, creator, uses }: Lifecycle): Promise<EndpointCases> {
  let session: Session | undefined;
  let object: WrittenObject | undefined;
  const made = await runCase(
    `${create.id}/${creator}`,
    async () => {
      requireWrite(asking);
      session = await openSession(asking, creator);
      const written = await writeObject(asking, create, creator, session);
      object = written.object;
      return written.flaw;
    },
    create.authQuota,
  );
  const subject = object;
  if (subject === undefined) return skipLife({ create, creator, uses }, made);

  const roundTrip = create.readBack === undefined ? undefined : await runCase(made.id, () => findShowingFlaw(asking, subject));
  const endpoints = [made];
  const validation: Case[] = [];
  for (const use of uses) {
    if (use.validates) validation.push(await runCase(use.endpoint.id, () => refuseInvalid(asking, use, subject)));
    endpoints.push(await runCase(`${use.endpoint.id}/${use.who}`, () => useFresh(asking, use, subject)));
  }
  return { endpoints, validation, roundTrips: roundTrip === undefined ? [] : [await closeRoundTrip(asking, roundTrip, subject)] };
}

/** A second endpoint or role that removes needs an object of its own. */
async function useFresh(asking: Asking, use: Use, first: WrittenObject): Promise<string | undefined> {
  if (!first.removed) return useObject(asking, use, first);
  const again = await writeObject(asking, first.create, first.creator, first.session);
  return again.object === undefined ? `could not make another object: ${again.flaw}` : useObject(asking, use, again.object);
}

async function closeRoundTrip(asking: Asking, opened: Case, object: WrittenObject): Promise<Case> {
  const closed = await runCase(opened.id, () => findLeavingFlaw(asking, object));
  if (closed.state === 'ok' || opened.state === 'failed') return opened;
  return closed;
}

/** A life that did not begin: its round trip failed with it, or could not be put; what needs the object was not asked. */
function skipLife({ create, creator, uses }: Lifecycle, made: Case): EndpointCases {
  const why = made.state === 'not-run' ? made.detail : `needs an object of ${create.id}, which failed`;
  const trip: Case = { id: made.id, state: made.state === 'not-run' ? 'not-run' : 'failed', detail: made.detail };
  return {
    endpoints: [made, ...uses.map(({ endpoint, who }) => skipCase(`${endpoint.id}/${who}`, why))],
    validation: uses.filter(({ validates }) => validates).map(({ endpoint }) => skipCase(endpoint.id, why)),
    roundTrips: create.readBack === undefined ? [] : [{ ...trip, id: `${create.id}/${creator}` }],
  };
}
