// What journeys write, how it is known again, and how it goes. Used by the journeys for what they wrote themselves, and by the sweep for what a killed run left.
import { createHash } from 'node:crypto';
import { type HttpClient, type HttpResponse, type Session, type Surface, Method } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';
import { dataOf, rowsOf } from './answers.ts';
import { type JourneyAccount, type JourneyWorld, sessionOf } from './world.ts';

export interface Tools {
  readonly world: JourneyWorld;
  readonly http: HttpClient;
}
/** A collection that journeys write to: where it is listed, where `{id}` of it is removed, and who may list it. */
interface Collection {
  readonly list: string;
  readonly remove: string;
  readonly idField: string;
  readonly by: readonly JourneyAccount[];
}
export type IsTagged = (text: string) => boolean;

const TAG = 'naap-gate-';
/** `naap-gate` in ASCII: the first nine of an address's twenty bytes. */
const ADDRESS_MARK = `0x${Buffer.from('naap-gate').toString('hex')}`;

const hash = (text: string, digits: number): string => createHash('sha256').update(text).digest('hex').slice(0, digits);

/** An Ethereum address that nobody holds the key of, by which a run's connections are known: a label could not be typed in. */
export function addressOf(run: string, tag: string): string {
  return `${ADDRESS_MARK}${hash(run, 10)}${hash(tag, 12)}`;
}

/** What stands before the @ has 64 characters at most (RFC 5321 §4.5.3.1.1). */
const LONGEST_LOCAL_PART = 64;

/** An address of mail that nobody reads (RFC 2606). */
export function emailOf(tag: string): string {
  return `${tag.length <= LONGEST_LOCAL_PART ? tag : TAG + hash(tag, 32)}@example.com`;
}

/** What this run wrote, and nothing else. */
export function ofRun({ tag }: Pick<JourneyWorld, 'tag'>): IsTagged {
  return (text) => text.startsWith(tag) || text.toLowerCase().startsWith(addressOf(tag, '').slice(0, -12));
}

/** What any run of this harness wrote. */
export function isOfHarness(text: string): boolean {
  return text.startsWith(TAG) || text.toLowerCase().startsWith(ADDRESS_MARK);
}

/** What any other run of this harness wrote. */
export function ofOthers(world: Pick<JourneyWorld, 'tag'>): IsTagged {
  return (text) => isOfHarness(text) && !ofRun(world)(text);
}

const registration = ({ endpoints }: Surface): Surface['endpoints'][number] | undefined =>
  endpoints.find(({ id, undo }) => id === 'auth.register' && undo !== undefined);

/** Whether the role may ask what removes a registered user. */
export function mayRemoveUsers(surface: Surface, role: string): boolean {
  const undo = registration(surface)?.undo;
  const access = surface.endpoints.find(({ method, path }) => method === undo?.method && path === undo?.path)?.access;
  return Array.isArray(access) && access.includes(role);
}

function collections({ surface, accounts }: JourneyWorld): readonly Collection[] {
  const { 'wallet-connect': wallet, 'community-post': post } = surface.web?.journeys ?? {};
  const undo = registration(surface)?.undo;
  return [
    ...(wallet === undefined || 'spec' in wallet ? [] : [{ list: wallet.connections, remove: wallet.undo, idField: wallet.idField, by: accounts }]),
    ...(post === undefined || 'spec' in post ? [] : [{ list: post.posts, remove: post.undo, idField: post.idField, by: accounts }]),
    ...(undo === undefined
      ? []
      : [
          {
            list: undo.path.replace(/\/\{id\}$/, ''),
            remove: undo.path,
            idField: undo.idField.split('.').at(-1) ?? 'id',
            by: accounts.filter(({ role }) => mayRemoveUsers(surface, role)),
          },
        ]),
  ];
}

/** Fields by which written rows are known. A user's display name is not among them: accounts that others gave us have one too. */
const KNOWN_BY = ['title', 'label', 'name', 'address', 'email'];

/** Removes what is tagged, as everybody who may. Answers in words what is left, and where nobody can tell: a list that is not shown is no empty one. */
export async function removeWritten(tools: Tools, isTagged: IsTagged): Promise<readonly string[]> {
  const left: string[] = [];
  for (const collection of collections(tools.world)) left.push(...(await removeRows(tools, collection, isTagged)));
  return [...left, ...(await restoreNames(tools, isTagged))];
}

async function removeRows({ http }: Tools, { list, remove, idField, by }: Collection, isTagged: IsTagged): Promise<readonly string[]> {
  const left = new Map<string, string>();
  for (const account of by) {
    const as = sessionOf(account);
    const listed = await http.send({ path: list, as });
    if (!isShown(listed))
      left.set(`${account.name} ${list}`, `whether anything is left at GET ${list} is not known: as ${account.name} it ${answerWords(listed)}`);
    for (const row of rowsOf(dataOf(listed.json))) {
      const known = KNOWN_BY.map((field) => row[field]).find((value) => typeof value === 'string' && isTagged(value));
      if (known === undefined) continue;
      const path = remove.replace('{id}', String(row[idField]));
      const { status } = await http.send({ method: 'DELETE', path, as });
      if (status < 300 || status === 404) left.delete(path);
      else left.set(path, `${String(known)}: DELETE ${path} as ${account.name} answers ${status}`);
    }
  }
  return [...left.values()];
}

const isShown = ({ status, json }: HttpResponse): boolean => status >= 200 && status < 300 && json !== undefined;

function answerWords({ status, json }: HttpResponse): string {
  return `answers ${status}${json === undefined ? ', and no JSON' : ''}`;
}

/** In words: a user whom nobody of this run may remove, so that nobody can tell whether it is there. */
export function irremovable({ surface, accounts }: Pick<JourneyWorld, 'surface' | 'accounts'>, email: string): readonly string[] {
  if (accounts.some(({ role }) => mayRemoveUsers(surface, role))) return [];
  return [`whether the user ${email} is left is not known: no account of this run may remove users`];
}

interface Profile {
  readonly method: Method;
  readonly path: string;
  readonly field: string;
}

/** What changes the name that `profile` shows: the endpoint whose change is read back there. */
export function profileChange({ endpoints }: Surface, profile: string): Profile | undefined {
  const row = endpoints.find(({ undo, readBack }) => readBack?.path === profile && (undo?.method === 'PATCH' || undo?.method === 'PUT'));
  return row?.undo === undefined ? undefined : { method: row.undo.method, path: row.undo.path, field: row.undo.idField };
}

export async function displayName({ http }: Tools, profile: string, field: string, as: Session): Promise<string | undefined> {
  return nameIn(await http.send({ path: profile, as }), field);
}

function nameIn({ json }: HttpResponse, field: string): string | undefined {
  const name = readField(dataOf(json), field);
  return typeof name === 'string' ? name : undefined;
}

export function rename({ http }: Tools, { method, path, field }: Profile, name: string, as: Session): Promise<HttpResponse> {
  return http.send({ method, path, as, body: { [field.split('.').at(-1) ?? field]: name } });
}

async function restoreNames(tools: Tools, isTagged: IsTagged): Promise<readonly string[]> {
  const { surface, accounts } = tools.world;
  const journey = surface.web?.journeys['settings-update'];
  if (journey === undefined || 'spec' in journey) return [];
  const change = profileChange(surface, journey.profile);
  if (change === undefined) return [];
  const left: string[] = [];
  for (const account of accounts) {
    const as = sessionOf(account);
    const shown = await tools.http.send({ path: journey.profile, as });
    if (!isShown(shown)) left.push(`whether ${account.name} has its own name is not known: GET ${journey.profile} ${answerWords(shown)}`);
    const name = nameIn(shown, change.field);
    if (name === undefined || !isTagged(name)) continue;
    // What it was before, nobody knows any more.
    const { status } = await rename(tools, change, neutralName(account), as);
    if (status >= 300) left.push(`${name}: ${change.method} ${change.path} as ${account.name} answers ${status}`);
  }
  return left;
}

/** For an account whose name a killed run has changed. */
export function neutralName({ name }: JourneyAccount): string {
  return `Account ${name}`;
}
