// What a HAR tells: routes, statuses, and how requests say who they are. Pure. Of headers, cookies, queries and bodies no value is ever kept.
import { z } from 'zod';
import { Method, type FieldType } from '../../gates/model.ts';
import type { Findings, Login, Unknown } from './findings.ts';
import { foldPath, type SeenRoute, surfaceOf } from './routes.ts';

const Named = z.object({ name: z.string(), value: z.string().optional() });
const Entry = z.object({
  request: z.object({ method: z.string(), url: z.string(), headers: z.array(Named).default([]), cookies: z.array(z.object({ name: z.string() })).default([]) }),
  response: z.object({
    status: z.number(),
    headers: z.array(Named).default([]),
    content: z.object({ mimeType: z.string().optional(), text: z.string().optional(), encoding: z.string().optional() }).optional(),
  }),
});
type Entry = z.infer<typeof Entry>;
const Har = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });

interface Asked extends Entry {
  readonly url: URL;
}

/** Undefined where it is no HAR. `name`: of the file. */
export function readHar(content: unknown, name: string): Findings | undefined {
  const har = Har.safeParse(content);
  if (!har.success) return undefined;
  const asked = har.data.log.entries.flatMap((entry): Asked[] => {
    const parsed = Entry.safeParse(entry);
    const url = parsed.success ? URL.parse(parsed.data.request.url) : null;
    return parsed.success && url !== null && /^https?:$/.test(url.protocol) ? [{ ...parsed.data, url }] : [];
  });
  const web = pagesOrigin(asked);
  const api = asked.filter(({ url, request }) => isApi(url) && isOwn(url, web) && request.method !== 'OPTIONS');
  const apiOrigin = mostFrequent(api.map(({ url }) => url.origin));
  const own = api.filter(({ url }) => url.origin === apiOrigin);
  const bearer = own.some(({ request }) => schemeOf(request).startsWith('bearer'));
  const cookies = sessionCookies(asked.filter(({ url }) => url.origin === web || url.origin === apiOrigin));
  const routes = seenRoutes(own, cookies);
  const { surface, learned, unknown } = surfaceOf({ routes, more: cookies[0] === undefined ? {} : { auth: { cookie: cookies[0] } }, isComplete: false });
  return {
    source: `${name}, ${har.data.log.entries.length} entries; nothing was sent`,
    target: { web: web ?? 'https://staging.invalid', ...(apiOrigin === undefined || apiOrigin === web ? {} : { api: `${apiOrigin}/api` }) },
    login: loginOf(own),
    ...(surface === undefined ? {} : { surface }),
    learned: [
      ...(web === undefined ? [] : [`its pages are at ${web}${apiOrigin === undefined || apiOrigin === web ? '' : `, its API at ${apiOrigin}`}`]),
      ...learned,
      `requests say who they are by ${[...(bearer ? ['Authorization: Bearer'] : []), ...cookies.map((cookie) => `the cookie ${cookie}`)].join(' and ') || 'nothing that was seen'}`,
      ...realtime(asked),
    ],
    unknown: [...unknownOf(web, own.length), ...unknown],
    requests: [],
  };
}

function pagesOrigin(asked: readonly Asked[]): string | undefined {
  const page = asked.find(({ response }) => response.status === 200 && response.content?.mimeType?.includes('text/html') === true);
  return (page ?? asked[0])?.url.origin;
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

const isApi = ({ pathname }: URL): boolean => /^\/api(\/|$)/.test(pathname);

/** The pages' host, or one beside it: `api.naap.dev` beside `www.naap.dev`. */
function isOwn(url: URL, web: string | undefined): boolean {
  if (web === undefined || url.origin === web) return true;
  const site = (host: string): string => host.split('.').slice(-2).join('.');
  return /[a-z]/i.test(url.hostname) && site(url.hostname) === site(new URL(web).hostname);
}

const headerOf = (headers: readonly z.infer<typeof Named>[], name: string): string => headers.find((one) => one.name.toLowerCase() === name)?.value ?? '';
/** `bearer`, `basic` or nothing; what follows it is not looked at. */
const schemeOf = ({ headers }: Entry['request']): string => /^\w+/.exec(headerOf(headers, 'authorization'))?.[0].toLowerCase() ?? '';

const SESSION_NAME = /sess|auth|token|jwt|sid$/i;
const OTHER_COOKIE = /csrf|xsrf|^_ga|^_gid|nonce|state|pkce|callback|consent/i;

/** Names alone, the most likely first. */
function sessionCookies(asked: readonly Asked[]): string[] {
  const names = asked.flatMap(({ request }) => [
    ...request.cookies.map(({ name }) => name),
    ...headerOf(request.headers, 'cookie')
      .split(';')
      .map((pair) => pair.split('=')[0]?.trim() ?? ''),
  ]);
  return [...new Set(names)].filter((name) => /^[\w!#$%&'*+.^`|~-]{1,64}$/.test(name) && SESSION_NAME.test(name) && !OTHER_COOKIE.test(name));
}

function seenRoutes(asked: readonly Asked[], cookies: readonly string[]): SeenRoute[] {
  const groups = new Map<string, Asked[]>();
  for (const one of asked) {
    const key = `${one.request.method.toUpperCase()} ${foldPath(one.url.pathname)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].flatMap(([key, ones]) => {
    const [method, path = ''] = key.split(' ');
    const parsed = Method.safeParse(method);
    return parsed.success ? [routeOf(parsed.data, path, ones, cookies)] : [];
  });
}

function routeOf(method: Method, path: string, ones: readonly Asked[], cookies: readonly string[]): SeenRoute {
  const served = ones.filter(({ response }) => response.status >= 200 && response.status < 300);
  const identified = ones.some(
    ({ request }) =>
      schemeOf(request) !== '' ||
      cookies.some((name) => `; ${headerOf(request.headers, 'cookie')}`.includes(`; ${name}=`) || request.cookies.some((one) => one.name === name)),
  );
  const bodies = served.map(({ response }) => jsonOf(response.content)).filter((body) => body !== undefined);
  const envelope = bodies.length > 0 && bodies.every((body) => 'success' in body && 'data' in body);
  return {
    method,
    path,
    params: {},
    access: identified ? 'authenticated' : 'public',
    statuses: [...new Set(served.map(({ response }) => response.status))].toSorted((a, b) => a - b),
    envelope,
    fields: commonFields(bodies.map((body) => (envelope ? body['data'] : body))),
  };
}

function jsonOf(content: Entry['response']['content']): Record<string, unknown> | undefined {
  if (content?.mimeType?.includes('json') !== true || content.text === undefined) return undefined;
  try {
    const body: unknown = JSON.parse(content.encoding === 'base64' ? Buffer.from(content.text, 'base64').toString('utf8') : content.text);
    return isRecord(body) ? body : undefined;
  } catch {
    // A browser may have cut the body off: then nothing is known of its fields.
    return undefined;
  }
}
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names and types of what all bodies have. A key that is no word of a programmer's may be data, and is left out. */
function commonFields(bodies: readonly unknown[]): Record<string, FieldType> {
  const [first, ...others] = bodies.filter(isRecord);
  if (first === undefined || others.length + 1 < bodies.length) return {};
  const common = Object.keys(first).filter(
    (key) => /^[a-z][A-Za-z]{0,23}$/.test(key) && others.every((other) => typeName(other[key]) === typeName(first[key])),
  );
  return Object.fromEntries(common.map((key) => [key, typeName(first[key])]));
}

function typeName(value: unknown): FieldType {
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : type === 'object' && value !== null ? 'object' : 'any';
}

function loginOf(own: readonly Asked[]): Login {
  const paths = own.filter(({ request }) => request.method === 'POST').map(({ url }) => url.pathname);
  const password = paths.find((path) => /\/(login|sign-?in|callback\/credentials)$/i.test(path));
  if (password !== undefined) return { kind: 'password', providers: [], seen: `a POST to ${foldPath(password)}` };
  const oauth = own.map(({ url }) => url.pathname).find((path) => /\/(oauth2?|callback|signin)\/[\w-]+/i.test(path));
  if (oauth !== undefined) return { kind: 'oauth', providers: [], seen: `a request to ${foldPath(oauth)}` };
  return { kind: 'unknown', providers: [], seen: 'nobody logged in while it was recorded' };
}

function realtime(asked: readonly Asked[]): string[] {
  const ably = asked.find(({ url }) => /(^|\.)ably(-realtime)?\.(io|net|com)$/.test(url.hostname));
  return ably === undefined ? [] : [`realtime: it talks to ${ably.url.hostname}`];
}

function unknownOf(web: string | undefined, requests: number): Unknown[] {
  return [
    ...(web === undefined ? [{ field: 'target.web', what: 'its address: the file holds no request', fill: 'the origin of its pages' }] : []),
    ...(requests === 0
      ? [{ field: 'surface.endpoints', what: 'its routes: no request to /api/… was recorded', fill: 'record again while you use the application' }]
      : []),
  ];
}
