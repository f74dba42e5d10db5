// One object that a check writes through the surface: made, read back, removed, and removed in any case when the check ends. Used by the API checks.
import type { Endpoint, HttpResponse, Session } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';
import { findAnswerFlaw, nameAnswer, readData } from './answers.ts';
import { ask, fillPath, findEndpoint, listWhoMay, makeBody, openSession, sendPaced } from './asking.ts';
import type { Asking, Who } from './asking.ts';

export interface WrittenObject {
  readonly create: Endpoint;
  /** Who made it. */
  readonly creator: Who;
  readonly session: Session | undefined;
  readonly id: string;
  removed: boolean;
}

/** Where the id stands in the answer of a creating endpoint; undefined where the surface names no undo. */
function readObjectId(create: Endpoint, response: HttpResponse): string | undefined {
  const id = create.undo === undefined ? undefined : readField(readData(create, response), create.undo.idField);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

/** Who may ask the endpoint behind a path of `undo` or `readBack`: the creator where possible, else the first role that may. */
export function chooseWho(asking: Asking, method: Endpoint['method'], path: string, creator: Who): Who {
  const { endpoints, roles } = asking.context.surface;
  const endpoint = findEndpoint(endpoints, method, path);
  const may = endpoint === undefined ? [creator] : listWhoMay(endpoint, roles);
  return may.includes(creator) ? creator : (may[0] ?? creator);
}

async function sessionFor(asking: Asking, object: WrittenObject, who: Who): Promise<Session | undefined> {
  return who === object.creator ? object.session : openSession(asking, who);
}

/** Asks the surface's `undo`. Answers undefined when the object went, else what was answered. */
export async function removeObject(asking: Asking, object: WrittenObject): Promise<string | undefined> {
  const { undo } = object.create;
  if (undo === undefined || object.removed) return undefined;
  const who = chooseWho(asking, undo.method, undo.path, object.creator);
  const endpoint = findEndpoint(asking.context.surface.endpoints, undo.method, undo.path) ?? {
    id: `${object.create.id} (undo)`,
    method: undo.method,
    path: undo.path,
    access: 'authenticated',
    effect: 'write',
    expect: { status: [200, 202, 204] },
  };
  const response = await ask(asking, endpoint, { session: await sessionFor(asking, object, who), objectId: object.id });
  if (response.status >= 300) return `${undo.method} ${undo.path} as ${who} answers ${nameAnswer(response)}`;
  object.removed = true;
  return undefined;
}

/** Notes that the object must go when the check ends, however it ends. */
function promiseRemoval(asking: Asking, object: WrittenObject): void {
  asking.context.cleanup(`${object.create.id} ${object.id}`, async () => {
    const problem = await removeObject(asking, object);
    if (problem !== undefined) throw new Error(`left behind: ${problem}`);
  });
}

/** Makes an object. What was made is removed even where the answer is not as specified. */
export async function writeObject(
  asking: Asking,
  create: Endpoint,
  creator: Who,
  session: Session | undefined,
  body = makeBody(asking, create),
): Promise<{ readonly object?: WrittenObject; readonly flaw?: string; readonly response: HttpResponse }> {
  const response = await ask(asking, create, { session, body });
  const id = response.status < 300 ? readObjectId(create, response) : undefined;
  const object = id === undefined ? undefined : { create, creator, session, id, removed: false };
  if (object !== undefined) promiseRemoval(asking, object);
  const flaw = findAnswerFlaw(create, response, new URL(asking.context.url('/')).origin);
  if (flaw !== undefined) return { object, flaw, response };
  return object === undefined ? { response, flaw: `${response.status}, but no \`${create.undo?.idField}\` to find what was written` } : { object, response };
}

/** Whether `value` is somewhere in the answer, as a value of its own. */
function contains(json: unknown, value: string): boolean {
  if (typeof json === 'object' && json !== null) return Object.values(json).some((inner) => contains(inner, value));
  return (typeof json === 'string' || typeof json === 'number') && String(json) === value;
}

/** Whether `readBack` shows the object; undefined where the surface names no `readBack`. */
export async function isShown(asking: Asking, object: WrittenObject): Promise<{ readonly shown: boolean; readonly told: string } | undefined> {
  const { readBack } = object.create;
  if (readBack === undefined) return undefined;
  const who = chooseWho(asking, 'GET', readBack.path, object.creator);
  const session = await sessionFor(asking, object, who);
  const response = await sendPaced(asking, 'GET', fillPath(readBack.path, {}, { objectId: object.id }), { session });
  const shown = response.status === 200 && contains(response.json, object.id);
  return {
    shown,
    told: `GET ${readBack.path} as ${who} answers ${nameAnswer(response)}${response.status === 200 ? (shown ? ' with it' : ' without it') : ''}`,
  };
}
