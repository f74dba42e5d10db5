// Requests that take more than they were given: a role sent along, a redirect to elsewhere, a double-submit token that does not fit. Called by the check api-security.
import type { Endpoint, HttpResponse, Session, Surface } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';
import { findErrorEnvelopeFlaw, nameAnswer } from './answers.ts';
import { ANONYMOUS, ask, fillPath, listWhoMay, NotRun, openAccount, openSession, requireWrite, sendPaced } from './asking.ts';
import type { Asking } from './asking.ts';
import type { Attempt } from './cases.ts';
import { readCookiePairs } from './cookies.ts';
import { isSetting } from './lifecycles.ts';

/** Names by which applications take the page to go to after a login. */
const TARGETS = ['next', 'returnTo', 'return_to', 'redirect', 'redirect_uri', 'callbackUrl', 'url'] as const;
const ELSEWHERE = 'https://naap-gate.evil.example';

/**
 * The first account with a role below the highest: its session is open already, and another login would wait for the auth quota.
 * Checks that look at what its role may not have ended before (`after` of api-security); the others ask as the highest role.
 */
function chooseClimber({ context: { accounts, surface } }: Asking): string {
  const climber = accounts.names.find((name) => accounts.roleOf(name) !== surface.roles[0]);
  if (climber === undefined) throw new NotRun(`needs an account of another role than "${surface.roles[0]}"`);
  return climber;
}

async function readMe(asking: Asking, session: Session): Promise<{ readonly role: unknown; readonly me: unknown }> {
  const { json } = await sendPaced(asking, 'GET', asking.context.surface.auth.me, { session });
  const me = readField(json, 'data') ?? json;
  return { me, role: readField(me, 'user.role') ?? readField(me, 'role') };
}

/** The own profile with its former value and a role: refused or left out is right, taken is not. What was taken is put back the way it came. */
async function findClimb(asking: Asking, endpoint: Endpoint): Promise<string | undefined> {
  requireWrite(asking);
  const session = await openAccount(asking.context, chooseClimber(asking));
  const before = await readMe(asking, session);
  const highest = asking.context.surface.roles[0];
  if (typeof before.role !== 'string') throw new NotRun(`GET ${asking.context.surface.auth.me} does not tell the role`);
  const field = endpoint.undo?.idField ?? '';
  const known = { [field.split('.').at(-1) ?? field]: readField(before.me, field) };
  const send = (role: unknown): Promise<HttpResponse> => ask(asking, endpoint, { session, body: { ...known, role, isAdmin: role === highest } });
  let isRaised = true;
  asking.context.cleanup(`role of ${session.account}`, async () => {
    if (isRaised) await send(before.role);
  });
  const answer = await send(highest);
  const after = await readMe(asking, session);
  isRaised = after.role !== before.role;
  if (!isRaised) return undefined;
  await send(before.role);
  isRaised = (await readMe(asking, session)).role !== before.role;
  return `${answer.status}: ${before.role} became ${String(after.role)} by sending \`role\`${isRaised ? ', and could not be put back' : ''}`;
}

function planClimbs(asking: Asking): Readonly<Record<string, Attempt>> {
  const { surface } = asking.context;
  const settings = surface.endpoints.filter((endpoint) => isSetting(endpoint) && endpoint.access === 'authenticated' && endpoint.csrf !== true);
  return Object.fromEntries(settings.map((endpoint) => [`mass-assignment/${endpoint.id}`, () => findClimb(asking, endpoint)]));
}

/** Where an answer sends the browser, and where a provider of logins would send it back to. */
function listDestinations(location: string, own: string): readonly string[] {
  const url = URL.parse(location, own);
  const back = url?.searchParams.get('redirect_uri');
  return [url?.origin ?? '', ...(typeof back === 'string' ? [URL.parse(back, own)?.origin ?? ''] : [])];
}

async function findOpenRedirect(asking: Asking, { path }: Endpoint): Promise<string | undefined> {
  const own = new URL(asking.context.url('/')).origin;
  const query = TARGETS.map((name) => `${name}=${encodeURIComponent(`${ELSEWHERE}/`)}`).join('&');
  const answer = await asking.http.send({ path: `${path}?${query}` });
  const location = answer.headers['location'];
  if (location === undefined || !listDestinations(location, own).includes(ELSEWHERE)) return undefined;
  return `${answer.status} to where the query says (${ELSEWHERE}): a link to us leads to any site`;
}

function planRedirects(asking: Asking): Readonly<Record<string, Attempt>> {
  const redirects = asking.context.surface.endpoints.filter(({ method, expect }) => method === 'GET' && expect.location !== undefined);
  return Object.fromEntries(redirects.map((endpoint) => [`open-redirect/${endpoint.id}`, () => findOpenRedirect(asking, endpoint)]));
}

/** The right cookie with a header that is not its own: whoever plants neither knows the other. A body of nothing, so that a hole writes nothing. */
async function findMismatch(asking: Asking, endpoint: Endpoint, csrf: string): Promise<string | undefined> {
  const session = await openSession(asking, listWhoMay(endpoint, asking.context.surface.roles)[0] ?? ANONYMOUS);
  const given = await sendPaced(asking, 'GET', csrf, { session });
  const token = readField(given.json, 'data.token') ?? readField(given.json, 'token');
  if (typeof token !== 'string') throw new NotRun(`${csrf} gave no token (${given.status})`);
  const answer = await asking.http.send({
    path: fillPath(endpoint.path, endpoint.params ?? {}, { session }),
    method: endpoint.method,
    as: session,
    headers: { 'x-csrf-token': `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`, cookie: readCookiePairs(given.headers['set-cookie']) },
    body: endpoint.body === undefined ? undefined : {},
  });
  return answer.status === 403 ? findErrorEnvelopeFlaw(answer) : `expected 403 for a token that is not the cookie's, got ${nameAnswer(answer)}`;
}

function planMismatches(asking: Asking): Readonly<Record<string, Attempt>> {
  const { endpoints, auth } = asking.context.surface;
  const { csrf } = auth;
  if (csrf === undefined) return {};
  const guarded = endpoints.filter((endpoint) => endpoint.csrf === true);
  return Object.fromEntries(guarded.map((endpoint) => [`csrf-mismatch/${endpoint.id}`, () => findMismatch(asking, endpoint, csrf)]));
}

/** By case id. */
export function planTampering(asking: Asking): Readonly<Record<string, Attempt>> {
  return { ...planClimbs(asking), ...planRedirects(asking), ...planMismatches(asking) };
}

/** Upper bound of a healthy run: three for each setting, one for each redirect, two for each double submit. */
export function countTamperingRequests({ endpoints }: Surface): number {
  return endpoints.reduce(
    (sum, { undo, csrf, expect }) => sum + (undo?.method === 'PATCH' ? 3 : 0) + (csrf === true ? 2 : 0) + (expect.location === undefined ? 0 : 1),
    0,
  );
}
